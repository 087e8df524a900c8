#include "analysis/models/foreign_config.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/models/import_transformer.h"
#include "analysis/models/tokenizer.h"

namespace handsel::models {
namespace {

using Json = nlohmann::json;

// One configuration file: its values by key, with errors that say where they stand.
// An absent value is an empty optional or the default given; a null counts as absent.
class Config {
 public:
  static Result<Config> read(FileSystem& files, std::string path) {
    HANDSEL_ASSIGN(const auto bytes, files.map_file(path));
    if (bytes->bytes().size() > kConfigBytesMax) {
      return fail(Code::kTooLarge, "{}: more than {} bytes", path, kConfigBytesMax);
    }
    Json json = Json::parse(bytes->bytes(), nullptr, false);
    if (json.is_discarded()) return fail(Code::kInvalidData, "{} is not JSON", path);
    return Config(std::move(path), std::move(json));
  }

  // The same, of no values where there is no such file.
  static Result<Config> read_if_there(FileSystem& files, std::string path) {
    if (!files.exists(path)) return Config(std::move(path), Json::object());
    return read(files, std::move(path));
  }

  Result<std::size_t> size(const char* key, std::optional<std::size_t> otherwise = std::nullopt) const {
    const Json* value = find(key);
    if (value == nullptr && otherwise) return *otherwise;
    // A tokenizer without a limit writes 1e30.
    if (value != nullptr && otherwise && value->is_number_float() && value->get<double>() > 1e9) return *otherwise;
    if (value != nullptr && value->is_number_unsigned()) return value->get<std::size_t>();
    return fail(Code::kInvalidData, "{}: {} must be a whole number", path_, key);
  }

  Result<double> real(const char* key, double otherwise) const {
    const Json* value = find(key);
    if (value == nullptr) return otherwise;
    if (value->is_number()) return value->get<double>();
    return fail(Code::kInvalidData, "{}: {} must be a number", path_, key);
  }

  Result<bool> boolean(const char* key, bool otherwise) const {
    const Json* value = find(key);
    if (value == nullptr) return otherwise;
    if (value->is_boolean()) return value->get<bool>();
    return fail(Code::kInvalidData, "{}: {} must be true or false", path_, key);
  }

  Result<std::string> text(const char* key, std::string_view otherwise) const {
    const Json* value = find(key);
    if (value == nullptr) return std::string(otherwise);
    if (value->is_string()) return value->get<std::string>();
    return fail(Code::kInvalidData, "{}: {} must be a text", path_, key);
  }

  // Null where it is absent.
  const Json* find(const char* key) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }

  const Json& json() const { return json_; }
  const std::string& path() const { return path_; }

 private:
  Config(std::string path, Json json) : path_(std::move(path)), json_(std::move(json)) {}

  std::string path_;
  Json json_;
};

Result<void> read_kind(const Config& config, TransformerSettings& out) {
  HANDSEL_ASSIGN(const std::string type, config.text("model_type", "nothing"));
  if (type == "albert") {
    out.architecture = Architecture::kAlbert;
    out.tokenizer = TokenizerKind::kSentencePiece;
  } else if (type != "bert") {
    return fail(Code::kUnsupported, "{}: model_type is {}; bert (MiniLM too) and albert can be imported", config.path(),
                type);
  }
  HANDSEL_ASSIGN(const std::string position, config.text("position_embedding_type", "absolute"));
  if (position != "absolute") {
    return fail(Code::kUnsupported, "{}: position_embedding_type is {}; only absolute can be imported", config.path(),
                position);
  }
  for (const char* key : {"num_hidden_groups", "inner_group_num"}) {
    HANDSEL_ASSIGN(const std::size_t groups, config.size(key, 1));
    if (groups == 1) continue;
    return fail(Code::kUnsupported, "{}: {} is {}; only 1 can be imported", config.path(), key, groups);
  }
  return {};
}

Result<void> read_activation(const Config& config, TransformerSettings& out) {
  HANDSEL_ASSIGN(const std::string name,
                 config.text("hidden_act", out.architecture == Architecture::kAlbert ? "gelu_new" : "gelu"));
  if (name == "gelu" || name == "gelu_python") {
    out.activation = Activation::kGelu;
  } else if (name == "gelu_new" || name == "gelu_pytorch_tanh") {
    out.activation = Activation::kGeluTanh;
  } else {
    return fail(Code::kUnsupported, "{}: hidden_act is {}; gelu and gelu_new can be imported", config.path(), name);
  }
  return {};
}

Result<void> read_shape(const Config& config, TransformerSettings& out) {
  HANDSEL_ASSIGN(out.vocabulary, config.size("vocab_size"));
  HANDSEL_ASSIGN(out.hidden, config.size("hidden_size"));
  HANDSEL_ASSIGN(out.intermediate, config.size("intermediate_size"));
  HANDSEL_ASSIGN(out.layers, config.size("num_hidden_layers"));
  HANDSEL_ASSIGN(out.heads, config.size("num_attention_heads"));
  HANDSEL_ASSIGN(out.positions, config.size("max_position_embeddings"));
  HANDSEL_ASSIGN(out.layer_norm_epsilon, config.real("layer_norm_eps", 1e-12));
  out.embedding = out.hidden;
  if (out.architecture == Architecture::kAlbert) {
    HANDSEL_ASSIGN(out.embedding, config.size("embedding_size"));
  }
  return {};
}

Result<void> read_tokenizer(FileSystem& files, const std::string& folder, TransformerSettings& out) {
  HANDSEL_ASSIGN(const Config config, Config::read_if_there(files, folder + "/tokenizer_config.json"));
  HANDSEL_ASSIGN(const Config sentence, Config::read_if_there(files, folder + "/sentence_bert_config.json"));
  HANDSEL_ASSIGN(out.lower_case, config.boolean("do_lower_case", true));
  HANDSEL_ASSIGN(const bool lowered_before, sentence.boolean("do_lower_case", false));
  if (out.architecture == Architecture::kAlbert) {
    HANDSEL_ASSIGN(const bool keep_accents, config.boolean("keep_accents", false));
    out.strip_accents = !keep_accents;
  } else {
    HANDSEL_ASSIGN(out.strip_accents, config.boolean("strip_accents", out.lower_case));
    HANDSEL_ASSIGN(out.split_ideographs, config.boolean("tokenize_chinese_chars", true));
  }
  out.lower_case = out.lower_case || lowered_before;
  HANDSEL_ASSIGN(const std::size_t of_tokenizer, config.size("model_max_length", out.positions));
  HANDSEL_ASSIGN(const std::size_t of_sentence, sentence.size("max_seq_length", of_tokenizer));
  out.tokens_max = std::min(of_sentence, out.positions);
  return {};
}

std::string text_in(const Json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// Where the pooling is configured; modules that we do not have are refused.
Result<std::string> pooling_folder(FileSystem& files, const std::string& folder) {
  HANDSEL_ASSIGN(const Config config, Config::read_if_there(files, folder + "/modules.json"));
  std::string found = "1_Pooling";
  if (!config.json().is_array()) return found;
  for (const Json& module : config.json()) {
    const std::string type = text_in(module, "type");
    const std::string last = type.substr(type.find_last_of('.') + 1);
    if (last == "Pooling") found = text_in(module, "path");
    if (last != "Transformer" && last != "Pooling" && last != "Normalize") {
      return fail(Code::kUnsupported, "{}: module '{}'; Transformer, Pooling and Normalize can be imported",
                  config.path(), type);
    }
  }
  if (found.empty() || found.front() == '/' || found.find("..") != std::string::npos) {
    return fail(Code::kInvalidData, "{}: the path of its pooling leads out of the folder", config.path());
  }
  return found;
}

Result<void> read_pooling(FileSystem& files, const std::string& folder, TransformerSettings& out) {
  HANDSEL_ASSIGN(const std::string within, pooling_folder(files, folder));
  HANDSEL_ASSIGN(const Config config, Config::read_if_there(files, folder + "/" + within + "/config.json"));
  if (!config.json().is_object()) return fail(Code::kInvalidData, "{} is not a JSON object", config.path());
  std::vector<std::string> modes;
  for (const auto& [key, value] : config.json().items()) {
    if (key.starts_with("pooling_mode_") && value == true) modes.push_back(key);
  }
  if (modes.empty() || modes == std::vector<std::string>{"pooling_mode_mean_tokens"}) {
    out.pooling = Pooling::kMean;
  } else if (modes == std::vector<std::string>{"pooling_mode_cls_token"}) {
    out.pooling = Pooling::kFirst;
  } else {
    return fail(Code::kUnsupported, "{}: {} is on; pooling by mean or by the first token can be imported",
                config.path(), modes.back());
  }
  return {};
}

Result<void> read_prompts(FileSystem& files, const std::string& folder, TransformerSettings& out) {
  HANDSEL_ASSIGN(const Config config, Config::read_if_there(files, folder + "/config_sentence_transformers.json"));
  const Json* prompts = config.find("prompts");
  if (prompts == nullptr) return {};
  if (!prompts->is_object()) return fail(Code::kInvalidData, "{}: prompts must be an object", config.path());
  for (const auto& [name, prompt] : prompts->items()) {
    if (!prompt.is_string()) return fail(Code::kInvalidData, "{}: prompt {} must be a text", config.path(), name);
    if (name == "query") out.query_prefix = prompt.get<std::string>();
    if (name == "passage" || name == "document") out.listing_prefix = prompt.get<std::string>();
  }
  return {};
}

}  // namespace

Result<TransformerSettings> read_foreign_settings(FileSystem& files, const std::string& folder) {
  const std::string path = folder + "/config.json";
  if (!files.exists(path)) {
    return fail(Code::kNotFound, "{} is missing; name the folder that holds the model's config.json", path);
  }
  HANDSEL_ASSIGN(const Config config, Config::read(files, path));
  TransformerSettings settings;
  HANDSEL_TRY(read_kind(config, settings));
  HANDSEL_TRY(read_activation(config, settings));
  HANDSEL_TRY(read_shape(config, settings));
  HANDSEL_TRY(read_tokenizer(files, folder, settings));
  HANDSEL_TRY(read_pooling(files, folder, settings));
  HANDSEL_TRY(read_prompts(files, folder, settings));
  HANDSEL_TRY(check_settings(settings, path));
  return settings;
}

Result<std::string> word_pieces_of(std::string_view tokenizer_json, std::string_view name) {
  const Json json = Json::parse(tokenizer_json, nullptr, false);
  const auto wrong = [&](std::string_view what) { return fail(Code::kInvalidData, "{}: {}", name, what); };
  if (!json.is_object() || !json.contains("model") || !json["model"].is_object()) return wrong("it has no model");
  const Json& model = json["model"];
  if (!model.contains("vocab") || !model["vocab"].is_object()) return wrong("its model is not WordPiece");
  std::vector<std::string_view> pieces(model["vocab"].size());
  for (const auto& [piece, token] : model["vocab"].items()) {
    if (!token.is_number_unsigned() || token.get<std::size_t>() >= pieces.size()) {
      return wrong("its vocabulary is not numbered from 0 on");
    }
    if (piece.find('\n') != std::string::npos) return wrong("a piece of its vocabulary holds a line break");
    pieces[token.get<std::size_t>()] = piece;
  }
  std::string lines;
  for (const std::string_view piece : pieces) {
    lines += piece;
    lines += '\n';
  }
  return lines;
}

}  // namespace handsel::models
