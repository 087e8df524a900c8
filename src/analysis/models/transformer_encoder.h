// An imported transformer as a TextEncoder.
//
// Its artefact, of kind "encoder" with the detail format = "transformer", holds
//
//   settings.json       transformer_settings.h
//   model.safetensors   the weights
//   vocab.txt           where the tokenizer is WordPiece
//   spiece.model        where it is SentencePiece
//
// A query is read as it is, a listing as listing_text.h says; language, country and
// session are not looked at. A text of which the vocabulary knows nothing gets zeros.
//
// Opening copies the linear layers (about 60 ms). A query of a few words costs about
// 4 ms for six layers of width 384, a listing of seventy words about 27 ms
// (bench/encoder_bench.cc). One thread a call, any number of calls.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "analysis/models/text_encoder.h"
#include "analysis/models/tokenizer.h"
#include "analysis/models/transformer.h"
#include "base/storage/artefact_store.h"

namespace handsel::models {

inline constexpr std::string_view kEncoderKind = "encoder";
inline constexpr std::string_view kFormatDetail = "format";
inline constexpr std::string_view kTransformerFormat = "transformer";
inline constexpr std::string_view kSettingsFile = "settings.json";
inline constexpr std::string_view kWeightsFile = "model.safetensors";
inline constexpr std::string_view kWordPieceFile = "vocab.txt";
inline constexpr std::string_view kSentencePieceFile = "spiece.model";

// Texts are given to the model until they have so many tokens together.
inline constexpr std::size_t kBatchTokens = 512;

class TransformerEncoder final : public TextEncoder {
 public:
  struct Parts {
    TransformerSettings settings;
    std::unique_ptr<const Tokenizer> tokenizer;
    std::unique_ptr<const Transformer> transformer;
    std::string fingerprint;
  };
  explicit TransformerEncoder(Parts parts) : parts_(std::move(parts)) {}

  std::size_t dimensions() const override { return parts_.settings.hidden; }
  std::string fingerprint() const override { return parts_.fingerprint; }
  bool reads_text_alone() const override { return true; }
  Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const override;
  Result<void> encode_listings(std::span<const catalog::Listing* const> listings, std::span<float> out) const override;

 private:
  template <typename TextOf>
  void encode(std::size_t count, std::string_view prefix, const TextOf& text_of, std::span<float> out) const;
  bool append_tokens(std::string_view prefix, std::string_view text, std::vector<std::int32_t>& out) const;

  const Parts parts_;
};

// Errors name the artefact's file and what is wrong with it.
Result<std::unique_ptr<TransformerEncoder>> open_transformer(const storage::Artefact& artefact);

}  // namespace handsel::models
