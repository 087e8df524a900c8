// What must be known of an imported transformer beside its weights; settings.json of
// its artefact. Foreign configuration files are read once, at import
// (import_transformer.h), and become this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/models/packed_matrix.h"
#include "base/core/result.h"

namespace handsel::models {

inline constexpr std::size_t kSettingsBytesMax = 1u << 20;

enum class Architecture : std::uint8_t {
  kBert,    // Devlin et al. 2019, arXiv:1810.04805; MiniLM too
  kAlbert,  // Lan et al. 2020, arXiv:1909.11942: small embeddings, one layer used many times
};
enum class TokenizerKind : std::uint8_t { kWordPiece, kSentencePiece };
enum class Pooling : std::uint8_t { kMean, kFirst };

struct TransformerSettings {
  Architecture architecture = Architecture::kBert;
  std::size_t vocabulary = 0;
  std::size_t embedding = 0;     // width of a token's embedding; BERT: as `hidden`
  std::size_t hidden = 0;        // width of a row between layers, and of the result
  std::size_t intermediate = 0;  // width inside a layer's feed-forward part
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t positions = 0;
  double layer_norm_epsilon = 1e-12;
  Activation activation = Activation::kGelu;

  TokenizerKind tokenizer = TokenizerKind::kWordPiece;
  bool lower_case = true;
  bool strip_accents = true;
  bool split_ideographs = true;
  std::size_t tokens_max = 0;  // of a text, both marks included

  Pooling pooling = Pooling::kMean;
  // Put before a query, a listing; some models were trained with such.
  std::string query_prefix;
  std::string listing_prefix;

  bool operator==(const TransformerSettings&) const = default;
};

// kInvalidData or kTooLarge; the message names `name` and the setting.
Result<void> check_settings(const TransformerSettings& settings, std::string_view name);

std::string settings_json(const TransformerSettings& settings);
// Checked.
Result<TransformerSettings> parse_settings(std::string_view json, std::string_view name);

}  // namespace handsel::models
