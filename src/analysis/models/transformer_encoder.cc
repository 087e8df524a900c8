#include "analysis/models/transformer_encoder.h"

#include <algorithm>
#include <vector>

#include "analysis/models/listing_text.h"
#include "analysis/models/sentence_piece.h"
#include "analysis/models/wordpiece.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

Result<std::shared_ptr<const FileBytes>> file_of(const storage::Artefact& artefact, std::string_view name) {
  const auto found = artefact.files.find(std::string(name));
  if (found != artefact.files.end()) return found->second;
  return fail(Code::kCorrupt, "encoder {} has no file {}; import the model again", artefact.manifest.id, name);
}

std::string called(const storage::Artefact& artefact, std::string_view name) {
  return artefact.manifest.id.empty() ? std::string(name) : fmt::format("encoder {}: {}", artefact.manifest.id, name);
}

Result<std::unique_ptr<Tokenizer>> open_tokenizer(const storage::Artefact& artefact,
                                                  const TransformerSettings& settings) {
  if (settings.tokenizer == TokenizerKind::kWordPiece) {
    HANDSEL_ASSIGN(auto vocabulary, file_of(artefact, kWordPieceFile));
    return WordPiece::open(std::move(vocabulary), called(artefact, kWordPieceFile),
                           {.lower_case = settings.lower_case,
                            .strip_accents = settings.strip_accents,
                            .split_ideographs = settings.split_ideographs});
  }
  HANDSEL_ASSIGN(const auto model, file_of(artefact, kSentencePieceFile));
  return open_sentence_piece(model->bytes(), called(artefact, kSentencePieceFile),
                             {.lower_case = settings.lower_case, .strip_accents = settings.strip_accents});
}

// Of the files' checksums where the store gave some, else of the bytes.
std::string fingerprint_of(const storage::Artefact& artefact) {
  std::uint64_t hash = 0;
  for (const auto& [name, file] : artefact.files) {
    const auto checksum = artefact.manifest.files.find(name);
    hash = mix64(hash64(name, hash));
    hash = mix64(hash ^ (checksum != artefact.manifest.files.end() ? checksum->second : hash64(file->bytes())));
  }
  return fmt::format("transformer-{:016x}", hash);
}

}  // namespace

// Texts go to the model in batches of about kBatchTokens.
template <typename TextOf>
void TransformerEncoder::encode(std::size_t count, std::string_view prefix, const TextOf& text_of,
                                std::span<float> out) const {
  const std::size_t width = dimensions();
  TokenBatch batch;
  std::vector<bool> known;
  for (std::size_t first = 0; first < count; first += batch.size()) {
    batch.clear();
    known.clear();
    while (first + batch.size() < count && batch.tokens.size() < kBatchTokens) {
      const auto& text = text_of(first + batch.size());
      known.push_back(append_tokens(prefix, text, batch.tokens));
      batch.ends.push_back(batch.tokens.size());
    }
    const std::span<float> rows = out.subspan(first * width, batch.size() * width);
    parts_.transformer->encode(batch, rows);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!known[i]) std::ranges::fill(rows.subspan(i * width, width), 0.0f);
    }
  }
}

// Whether `text` itself holds something known, whatever the prefix does.
bool TransformerEncoder::append_tokens(std::string_view prefix, std::string_view text,
                                       std::vector<std::int32_t>& out) const {
  if (prefix.empty()) return parts_.tokenizer->append_tokens(text, parts_.settings.tokens_max, out);
  std::vector<std::int32_t> alone;
  const bool known = parts_.tokenizer->append_tokens(text, parts_.settings.tokens_max, alone);
  parts_.tokenizer->append_tokens(std::string(prefix) + std::string(text), parts_.settings.tokens_max, out);
  return known;
}

Result<void> TransformerEncoder::encode_queries(std::span<const QueryInput> queries, std::span<float> out) const {
  HANDSEL_CHECK(out.size() == queries.size() * dimensions());
  encode(queries.size(), parts_.settings.query_prefix, [&](std::size_t i) { return queries[i].text; }, out);
  return {};
}

Result<void> TransformerEncoder::encode_listings(std::span<const catalog::Listing* const> listings,
                                                 std::span<float> out) const {
  HANDSEL_CHECK(out.size() == listings.size() * dimensions());
  encode(
      listings.size(), parts_.settings.listing_prefix, [&](std::size_t i) { return listing_text(*listings[i]); }, out);
  return {};
}

Result<std::unique_ptr<TransformerEncoder>> open_transformer(const storage::Artefact& artefact) {
  HANDSEL_ASSIGN(const auto settings_file, file_of(artefact, kSettingsFile));
  HANDSEL_ASSIGN(auto weights, file_of(artefact, kWeightsFile));
  TransformerEncoder::Parts parts;
  HANDSEL_ASSIGN(parts.settings, parse_settings(settings_file->bytes(), called(artefact, kSettingsFile)));
  HANDSEL_ASSIGN(parts.tokenizer, open_tokenizer(artefact, parts.settings));
  if (parts.tokenizer->vocabulary_size() > parts.settings.vocabulary) {
    return fail(Code::kInvalidData, "{}: the tokenizer has {} pieces, the weights have {}",
                called(artefact, "vocabulary"), parts.tokenizer->vocabulary_size(), parts.settings.vocabulary);
  }
  HANDSEL_ASSIGN(parts.transformer,
                 Transformer::open(parts.settings, std::move(weights), called(artefact, kWeightsFile)));
  parts.fingerprint = fingerprint_of(artefact);
  return std::make_unique<TransformerEncoder>(std::move(parts));
}

}  // namespace handsel::models
