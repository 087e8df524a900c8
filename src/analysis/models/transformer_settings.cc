#include "analysis/models/transformer_settings.h"

#include <nlohmann/json.hpp>

#include "analysis/models/text_encoder.h"
#include "analysis/models/tokenizer.h"

namespace handsel::models {
namespace {

using Json = nlohmann::json;

// More than any model that answers a buyer in time.
constexpr std::size_t kLayersMax = 64;
constexpr std::size_t kIntermediateMax = 8192;
constexpr std::size_t kPositionsMax = 8192;
constexpr std::size_t kPrefixBytesMax = 1000;

template <typename T>
struct Named {
  std::string_view name;
  T value;
};

constexpr Named<Architecture> kArchitectures[] = {{"bert", Architecture::kBert}, {"albert", Architecture::kAlbert}};
constexpr Named<Activation> kActivations[] = {{"gelu", Activation::kGelu}, {"gelu_tanh", Activation::kGeluTanh}};
constexpr Named<TokenizerKind> kTokenizers[] = {{"wordpiece", TokenizerKind::kWordPiece},
                                                {"sentencepiece", TokenizerKind::kSentencePiece}};
constexpr Named<Pooling> kPoolings[] = {{"mean", Pooling::kMean}, {"first", Pooling::kFirst}};

constexpr Named<std::size_t TransformerSettings::*> kSizes[] = {
    {"vocabulary", &TransformerSettings::vocabulary}, {"embedding", &TransformerSettings::embedding},
    {"hidden", &TransformerSettings::hidden},         {"intermediate", &TransformerSettings::intermediate},
    {"layers", &TransformerSettings::layers},         {"heads", &TransformerSettings::heads},
    {"positions", &TransformerSettings::positions},   {"tokens_max", &TransformerSettings::tokens_max}};
constexpr Named<bool TransformerSettings::*> kSwitches[] = {
    {"lower_case", &TransformerSettings::lower_case},
    {"strip_accents", &TransformerSettings::strip_accents},
    {"split_ideographs", &TransformerSettings::split_ideographs}};
constexpr Named<std::string TransformerSettings::*> kTexts[] = {
    {"query_prefix", &TransformerSettings::query_prefix}, {"listing_prefix", &TransformerSettings::listing_prefix}};

template <typename T, std::size_t kCount>
std::string name_of(const Named<T> (&names)[kCount], T value) {
  for (const Named<T>& named : names) {
    if (named.value == value) return std::string(named.name);
  }
  return "";
}

// False where the value is missing or of another kind.
template <typename T, std::size_t kCount>
bool read_name(const Json& json, const char* key, const Named<T> (&names)[kCount], T& out) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return false;
  for (const Named<T>& named : names) {
    if (found->template get_ref<const std::string&>() != named.name) continue;
    out = named.value;
    return true;
  }
  return false;
}

// The key that is missing or wrong; empty where all is well.
std::string_view read_fields(const Json& json, TransformerSettings& settings) {
  if (!read_name(json, "architecture", kArchitectures, settings.architecture)) return "architecture";
  if (!read_name(json, "activation", kActivations, settings.activation)) return "activation";
  if (!read_name(json, "tokenizer", kTokenizers, settings.tokenizer)) return "tokenizer";
  if (!read_name(json, "pooling", kPoolings, settings.pooling)) return "pooling";
  for (const auto& [name, member] : kSizes) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_unsigned()) return name;
    settings.*member = found->get<std::size_t>();
  }
  for (const auto& [name, member] : kSwitches) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_boolean()) return name;
    settings.*member = found->get<bool>();
  }
  for (const auto& [name, member] : kTexts) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return name;
    settings.*member = found->get<std::string>();
  }
  const auto epsilon = json.find("layer_norm_epsilon");
  if (epsilon == json.end() || !epsilon->is_number()) return "layer_norm_epsilon";
  settings.layer_norm_epsilon = epsilon->get<double>();
  return "";
}

}  // namespace

Result<void> check_settings(const TransformerSettings& settings, std::string_view name) {
  struct Limit {
    std::string_view what;
    std::size_t value;
    std::size_t low;
    std::size_t high;
  };
  const Limit limits[] = {{"vocabulary", settings.vocabulary, 1, kVocabularyMax},
                          {"embedding width", settings.embedding, 1, kDimensionsMax},
                          {"hidden width", settings.hidden, 1, kDimensionsMax},
                          {"intermediate width", settings.intermediate, 1, kIntermediateMax},
                          {"number of layers", settings.layers, 1, kLayersMax},
                          {"number of heads", settings.heads, 1, settings.hidden},
                          {"number of positions", settings.positions, 3, kPositionsMax},
                          {"most tokens of a text", settings.tokens_max, 3, settings.positions},
                          {"query prefix", settings.query_prefix.size(), 0, kPrefixBytesMax},
                          {"listing prefix", settings.listing_prefix.size(), 0, kPrefixBytesMax}};
  for (const Limit& limit : limits) {
    if (limit.low <= limit.value && limit.value <= limit.high) continue;
    return fail(Code::kInvalidData, "{}: its {} is {}; from {} to {} can be read", name, limit.what, limit.value,
                limit.low, limit.high);
  }
  if (settings.hidden % settings.heads != 0) {
    return fail(Code::kInvalidData, "{}: a width of {} cannot be shared by {} heads", name, settings.hidden,
                settings.heads);
  }
  if (settings.architecture == Architecture::kBert && settings.embedding != settings.hidden) {
    return fail(Code::kInvalidData, "{}: BERT's embeddings are as wide as its rows, not {} and {}", name,
                settings.embedding, settings.hidden);
  }
  if (!(settings.layer_norm_epsilon > 0 && settings.layer_norm_epsilon < 1)) {
    return fail(Code::kInvalidData, "{}: its layer norm epsilon is {}", name, settings.layer_norm_epsilon);
  }
  return {};
}

std::string settings_json(const TransformerSettings& settings) {
  Json json = {{"architecture", name_of(kArchitectures, settings.architecture)},
               {"activation", name_of(kActivations, settings.activation)},
               {"tokenizer", name_of(kTokenizers, settings.tokenizer)},
               {"pooling", name_of(kPoolings, settings.pooling)},
               {"layer_norm_epsilon", settings.layer_norm_epsilon}};
  for (const auto& [name, member] : kSizes) json[std::string(name)] = settings.*member;
  for (const auto& [name, member] : kSwitches) json[std::string(name)] = settings.*member;
  for (const auto& [name, member] : kTexts) json[std::string(name)] = settings.*member;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<TransformerSettings> parse_settings(std::string_view json, std::string_view name) {
  if (json.size() > kSettingsBytesMax) return fail(Code::kTooLarge, "{}: more than {} bytes", name, kSettingsBytesMax);
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return fail(Code::kInvalidData, "{} is not a JSON object", name);
  TransformerSettings settings;
  const std::string_view wrong = read_fields(parsed, settings);
  if (!wrong.empty()) return fail(Code::kInvalidData, "{}: its {} is missing or wrong", name, wrong);
  HANDSEL_TRY(check_settings(settings, name));
  return settings;
}

}  // namespace handsel::models
