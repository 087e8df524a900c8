#include "analysis/models/two_tower_batch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace handsel::models {
namespace {

constexpr std::size_t kBatchUniform = 128;
constexpr std::uint32_t kNearestOfBatch = 8;
constexpr std::uint32_t kNearestOfUniform = 16;

constexpr float kUniformAtEnd = 0.2F;
constexpr float kNoBound = 9.0F;  // no cosine reaches it
constexpr float kTableRate = 0.05F;

std::uint8_t number(PairKind kind) {
  return static_cast<std::uint8_t>(kind);
}

// Bounds of cosines by what a pair is. Purchases 0.9, seen and not bought 0.55, drawn
// blindly 0.2 as the hinge of arXiv 1907.00937; the levels between stand between.
void set_pair_kinds(double share_done, HandselBatch& batch) {
  const auto hard = static_cast<float>(std::max(0.0, (share_done - kWarmUpShare) / (1 - kWarmUpShare)));
  const float uniform = 1 - hard * (1 - kUniformAtEnd);
  const auto at_least = [&](PairKind kind, float lower) {
    batch.pair_kinds[number(kind)] = {.lower = lower, .upper = kNoBound, .weight = 1, .nearest_only = 0};
  };
  const auto at_most = [&](PairKind kind, float upper, float weight, std::uint32_t nearest_only) {
    batch.pair_kinds[number(kind)] = {
        .lower = -kNoBound, .upper = upper, .weight = weight, .nearest_only = nearest_only};
  };
  at_least(PairKind::kPurchase, 0.9F);
  at_least(PairKind::kCart, 0.85F);
  at_least(PairKind::kFavourite, 0.8F);
  at_least(PairKind::kClick, 0.7F);
  at_least(PairKind::kPseudo, 0.9F);
  at_most(PairKind::kImpression, 0.55F, 1, 0);
  at_most(PairKind::kUniform, 0.2F, uniform, kNearestOfUniform);
  at_most(PairKind::kInBatch, 0.2F, hard, kNearestOfBatch);
  at_most(PairKind::kMined, 0.3F, hard, 0);
}

// A kind that no pair of the batch has costs libtorch as much as one that all have.
void drop_absent_kinds(std::span<const std::uint8_t> kinds, HandselBatch& batch) {
  std::array<bool, kHandselPairKindsMax> is_there{};
  for (const std::uint8_t kind : kinds) is_there[kind] = true;
  for (std::size_t kind = 0; kind < is_there.size(); ++kind) {
    if (!is_there[kind]) batch.pair_kinds[kind].weight = 0;
  }
}

}  // namespace

void TrainingBatch::fill(std::span<const PreparedExample> examples, std::span<const std::uint32_t> mined,
                         const NearestListings* sessions, Rng rng) {
  columns_.clear();
  for (const PreparedExample& example : examples) columns_.push_back(example.listing);
  for (std::size_t i = 0; i < kBatchUniform; ++i) {
    columns_.push_back(static_cast<std::uint32_t>(rng.below(corpus_.size())));
  }
  for (std::size_t i = 0; i < mined.size(); ++i) {
    columns_.push_back(mined[i] == NearestListings::kNothing ? examples[i].listing : mined[i]);
  }
  fill_queries(examples, sessions);
  fill_listings(examples);
  fill_graph(examples, rng.split(1));
  fill_kinds(examples, mined);
  row_weights_.assign(examples.size(), 1.0F);
}

void TrainingBatch::fill_queries(std::span<const PreparedExample> examples, const NearestListings* sessions) {
  has_sessions_ = sessions != nullptr;
  query_bags_.resize(examples.size());
  query_side_.assign(examples.size() * dimensions_, 0.0F);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    query_bags_[i] = examples[i].query;
    if (sessions == nullptr || examples[i].session.empty()) continue;
    sessions->mean(examples[i].session, std::span(query_side_).subspan(i * dimensions_, dimensions_));
  }
}

void TrainingBatch::fill_listings(std::span<const PreparedExample> examples) {
  listing_bags_.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::span<const std::uint32_t> without;
    if (i < examples.size() && examples[i].listing_is_masked) without = examples[i].query.rows;
    corpus_.bag_without(columns_[i], without, listing_bags_[i]);
  }
}

void TrainingBatch::fill_graph(std::span<const PreparedExample> examples, Rng rng) {
  listing_side_.assign(columns_.size() * graph_.dimensions(), 0.0F);
  for (std::size_t i = 0; graph_.dimensions() > 0 && i < columns_.size(); ++i) {
    if (!rng.chance(kGraphShare)) continue;
    const auto side = std::span(listing_side_).subspan(i * graph_.dimensions(), graph_.dimensions());
    if (i < examples.size()) {
      graph_.without(columns_[i], examples[i].query_number, examples[i].query, side);
    } else {
      graph_.vector(columns_[i], side);
    }
  }
}

void TrainingBatch::fill_kinds(std::span<const PreparedExample> examples, std::span<const std::uint32_t> mined) {
  std::unordered_multimap<std::uint32_t, std::size_t> places;
  for (std::size_t i = 0; i < columns_.size(); ++i) places.emplace(columns_[i], i);
  kinds_.assign(examples.size() * columns_.size(), number(PairKind::kNone));
  for (std::size_t row = 0; row < examples.size(); ++row) {
    const std::span<std::uint8_t> kinds = kinds_of(row);
    std::ranges::fill(kinds.first(examples.size()), number(PairKind::kInBatch));
    std::ranges::fill(kinds.subspan(examples.size(), kBatchUniform), number(PairKind::kUniform));
    const bool has_hard = row < mined.size() && mined[row] != NearestListings::kNothing;
    if (has_hard) kinds[examples.size() + kBatchUniform + row] = number(PairKind::kMined);
    // Another answer to the same query is no negative.
    const auto forget = [&](std::uint32_t listing) {
      const auto [from, to] = places.equal_range(listing);
      for (auto place = from; place != to; ++place) kinds[place->second] = number(PairKind::kNone);
    };
    forget(examples[row].listing);
    std::ranges::for_each(examples[row].known, forget);
    kinds[row] = number(examples[row].kind);
  }
}

Result<double> TrainingBatch::learn(TrainingTable& table, TrainerModule& module, double share_done) {
  table.sums(query_bags_, kQuerySegments, query_sums_);
  table.sums(listing_bags_, kListingSegments, listing_sums_);
  query_gradients_.resize(query_sums_.size());
  listing_gradients_.resize(listing_sums_.size());
  HandselBatch batch{.queries = query_bags_.size(),
                     .listings = listing_bags_.size(),
                     .query_sums = query_sums_.data(),
                     .listing_sums = listing_sums_.data(),
                     .query_side = has_sessions_ ? query_side_.data() : nullptr,
                     .listing_side = graph_.dimensions() > 0 ? listing_side_.data() : nullptr,
                     .kinds = kinds_.data(),
                     .row_weights = row_weights_.data(),
                     .pair_kinds = {},
                     .learning_rate_scale = 1 - share_done,
                     .query_gradients = query_gradients_.data(),
                     .listing_gradients = listing_gradients_.data(),
                     .loss = 0};
  set_pair_kinds(share_done, batch);
  drop_absent_kinds(kinds_, batch);
  HANDSEL_TRY(module.step(batch));
  if (!std::isfinite(batch.loss)) return fail(Code::kInvalidData, "training went astray: its loss is not finite");
  const auto rate = static_cast<float>(kTableRate * (1 - share_done));
  table.learn(query_bags_, kQuerySegments, query_gradients_, rate);
  table.learn(listing_bags_, kListingSegments, listing_gradients_, rate);
  return batch.loss;
}

}  // namespace handsel::models
