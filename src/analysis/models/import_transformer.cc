#include "analysis/models/import_transformer.h"

#include <cmath>
#include <optional>

#include "analysis/models/foreign_config.h"
#include "analysis/models/transformer_encoder.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::string_view kProbe = "a hand made mug";

// Names where the artefact has them, and the bytes as they lie in the folder or, where
// they had to be made, in memory.
using Files = std::map<std::string, std::shared_ptr<const FileBytes>>;

Result<std::shared_ptr<const FileBytes>> map_within(FileSystem& files, const std::string& path, std::size_t bytes_max) {
  HANDSEL_ASSIGN(auto bytes, files.map_file(path));
  if (bytes->bytes().size() > bytes_max) return fail(Code::kTooLarge, "{}: more than {} bytes", path, bytes_max);
  return bytes;
}

Result<std::shared_ptr<const FileBytes>> weights_of(FileSystem& files, const std::string& folder) {
  const std::string path = folder + "/" + std::string(kWeightsFile);
  if (files.exists(path)) return map_within(files, path, kWeightsBytesMax);
  if (files.exists(path + ".index.json")) {
    return fail(Code::kUnsupported, "{} is in several parts; save the model as one file", path);
  }
  if (files.exists(folder + "/pytorch_model.bin")) {
    return fail(Code::kUnsupported,
                "{} is missing; pytorch_model.bin is not read, since loading it runs code: save the model with "
                "safe_serialization=True",
                path);
  }
  return fail(Code::kNotFound, "{} is missing; it holds the weights", path);
}

Result<void> add_vocabulary(FileSystem& files, const std::string& folder, TokenizerKind kind, Files& out) {
  if (kind == TokenizerKind::kSentencePiece) {
    const std::string path = folder + "/" + std::string(kSentencePieceFile);
    if (!files.exists(path)) return fail(Code::kNotFound, "{} is missing; it holds the model's vocabulary", path);
    HANDSEL_ASSIGN(out[std::string(kSentencePieceFile)], map_within(files, path, kVocabularyBytesMax));
    return {};
  }
  auto& target = out[std::string(kWordPieceFile)];
  const std::string path = folder + "/" + std::string(kWordPieceFile);
  if (files.exists(path)) {
    HANDSEL_ASSIGN(target, map_within(files, path, kVocabularyBytesMax));
    return {};
  }
  const std::string tokenizer = folder + "/tokenizer.json";
  if (!files.exists(tokenizer)) {
    return fail(Code::kNotFound, "{} is missing, and so is tokenizer.json; one must hold the vocabulary", path);
  }
  HANDSEL_ASSIGN(const auto json, map_within(files, tokenizer, kTokenizerJsonBytesMax));
  HANDSEL_ASSIGN(std::string lines, word_pieces_of(json->bytes(), tokenizer));
  target = std::make_shared<HeapBytes>(std::move(lines));
  return {};
}

// Opens the model and has it read a few words.
Result<void> try_out(const storage::Artefact& artefact, const std::string& folder) {
  auto encoder = open_transformer(artefact);
  if (!encoder) return fail(encoder.error().code, "{}: {}", folder, encoder.error().message);
  std::vector<float> vector((*encoder)->dimensions());
  const QueryInput probe{.text = kProbe};
  HANDSEL_TRY((*encoder)->encode_queries({&probe, 1}, vector));
  for (const float x : vector) {
    if (x != 0) return {};
  }
  return fail(Code::kInvalidData,
              "{}: for '{}' the model gives no vector; its weights are damaged or its vocabulary is another's", folder,
              kProbe);
}

storage::Manifest manifest_of(const TransformerSettings& settings, const std::string& folder) {
  const std::string_view path(folder);
  const std::string_view trimmed = path.substr(0, path.find_last_not_of('/') + 1);
  storage::Manifest manifest{.kind = std::string(kEncoderKind)};
  manifest.details[std::string(kFormatDetail)] = kTransformerFormat;
  manifest.details["name"] = trimmed.substr(trimmed.find_last_of('/') + 1);
  manifest.details["architecture"] = settings.architecture == Architecture::kAlbert ? "ALBERT" : "BERT";
  manifest.details["dimensions"] = std::to_string(settings.hidden);
  manifest.details["layers"] = std::to_string(settings.layers);
  manifest.details["tokens_max"] = std::to_string(settings.tokens_max);
  return manifest;
}

}  // namespace

Result<ImportedModel> import_transformer(FileSystem& files, const std::string& folder) {
  HANDSEL_ASSIGN(const TransformerSettings settings, read_foreign_settings(files, folder));
  storage::Artefact artefact;
  HANDSEL_ASSIGN(artefact.files[std::string(kWeightsFile)], weights_of(files, folder));
  HANDSEL_TRY(add_vocabulary(files, folder, settings.tokenizer, artefact.files));
  artefact.files[std::string(kSettingsFile)] = std::make_shared<HeapBytes>(settings_json(settings));
  HANDSEL_TRY(try_out(artefact, folder));

  ImportedModel model{.manifest = manifest_of(settings, folder), .files = {}};
  const std::string_view weights = artefact.files[std::string(kWeightsFile)]->bytes();
  model.manifest.data_fingerprint = fmt::format("{:016x}", hash64(weights));
  for (const auto& [name, file] : artefact.files) model.files.emplace(name, file->bytes());
  return model;
}

}  // namespace handsel::models
