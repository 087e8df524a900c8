// Two encoders as one: vectors side by side, so that the cosine is the mean of both.
//
// An imported transformer knows the language, a two-tower model learned from this
// marketplace knows its words; they err on different queries. Where only one of them can
// read a text, its vector counts alone.
#pragma once

#include <memory>

#include "analysis/models/text_encoder.h"

namespace handsel::models {

// Of both together: a transformer as wide as one may be, beside a model of our own.
inline constexpr std::size_t kJoinedDimensionsMax = 2 * kDimensionsMax;

class JoinedEncoder final : public TextEncoder {
 public:
  // kInvalidArgument where their dimensions are more than kJoinedDimensionsMax.
  static Result<std::shared_ptr<const JoinedEncoder>> create(std::shared_ptr<const TextEncoder> first,
                                                             std::shared_ptr<const TextEncoder> second);

  std::size_t dimensions() const override { return first_->dimensions() + second_->dimensions(); }
  std::string fingerprint() const override { return first_->fingerprint() + "+" + second_->fingerprint(); }
  bool reads_text_alone() const override { return first_->reads_text_alone() && second_->reads_text_alone(); }
  // A session vector is a listing's: each encoder is given its own part of it.
  Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const override;
  Result<void> encode_listings(std::span<const catalog::Listing* const> listings, std::span<float> out) const override;

 private:
  JoinedEncoder(std::shared_ptr<const TextEncoder> first, std::shared_ptr<const TextEncoder> second)
      : first_(std::move(first)), second_(std::move(second)) {}
  void join(std::span<const float> first, std::span<const float> second, std::span<float> out) const;

  const std::shared_ptr<const TextEncoder> first_;
  const std::shared_ptr<const TextEncoder> second_;
};

}  // namespace handsel::models
