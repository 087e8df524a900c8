#include "analysis/models/two_tower.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "analysis/models/two_tower_kernels.h"

namespace handsel::models {
namespace {

// Shorter than this, a vector has no direction that means anything.
constexpr float kLengthMin = 1e-12F;

// How many rows ahead the table is asked for: a row lies anywhere in it.
constexpr std::size_t kPrefetchRows = 8;

using Vector = std::array<float, kDimensionsMax>;

// False, and all zero, where there is no direction.
bool make_unit(std::span<float> vector) {
  const float length = std::sqrt(row_kernels().dot(vector.data(), vector.data(), vector.size()));
  if (!(length > kLengthMin) || !std::isfinite(length)) {
    std::ranges::fill(vector, 0.0F);
    return false;
  }
  const float scale = 1.0F / length;
  for (float& value : vector) value *= scale;
  return true;
}

// out += input x matrix
void add_product(std::span<const float> input, const std::vector<float>& matrix, std::span<float> out) {
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (input[i] == 0) continue;
    row_kernels().add_floats(out.data(), matrix.data() + i * out.size(), input[i], out.size());
  }
}

bool all_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

}  // namespace

TwoTower::TwoTower(std::shared_ptr<const FileBytes> bytes, TwoTowerWeights weights)
    : bytes_(std::move(bytes)), weights_(std::move(weights)), features_(weights_.shape.features) {}

void TwoTower::encode(const TowerWeights& tower, const FeatureBag& bag, std::span<const float> side,
                      std::span<float> out) const {
  const std::size_t dimensions = out.size();
  const RowKernels& kernels = row_kernels();
  std::ranges::fill(out, 0.0F);
  if (!bag.has_text()) return;

  Vector input_space{};
  const std::span<float> input(input_space.data(), dimensions);
  for (std::size_t segment = 0; segment < bag.segments; ++segment) {
    for (std::size_t i = bag.begin_of(segment); i < bag.ends[segment]; ++i) {
      if (i + kPrefetchRows < bag.rows.size()) {
        const std::int8_t* ahead = table_ + std::size_t{bag.rows[i + kPrefetchRows]} * dimensions;
        for (std::size_t at = 0; at < dimensions; at += 64) __builtin_prefetch(ahead + at);
      }
      const float scale = tower.gates[segment] * bag.weights[i] * scales_[bag.rows[i]];
      if (scale == 0) continue;
      kernels.add_bytes(input.data(), table_ + std::size_t{bag.rows[i]} * dimensions, scale, dimensions);
    }
  }
  if (!make_unit(input)) return;

  add_product(input, tower.matrix, out);
  if (!tower.offset.empty()) {
    Vector hidden_space{};
    const std::span<float> hidden(hidden_space.data(), tower.offset.size());
    std::ranges::copy(tower.offset, hidden.begin());
    add_product(input, tower.inner, hidden);
    for (float& value : hidden) value = std::max(value, 0.0F);
    add_product(hidden, tower.outer, out);
  }
  if (!side.empty() && side.size() * dimensions == tower.side.size() && all_finite(side)) {
    add_product(side, tower.side, out);
  }
  make_unit(out);
}

void TwoTower::encode_query_bag(const FeatureBag& bag, std::span<const float> session, std::span<float> out) const {
  HANDSEL_CHECK(out.size() == dimensions());
  encode(weights_.query, bag, session, out);
}

void TwoTower::encode_listing_bag(const FeatureBag& bag, std::span<const float> graph, std::span<float> out) const {
  HANDSEL_CHECK(out.size() == dimensions());
  encode(weights_.listing, bag, graph, out);
}

Result<void> TwoTower::encode_queries(std::span<const QueryInput> queries, std::span<float> out) const {
  if (out.size() != queries.size() * dimensions()) {
    return fail(Code::kInvalidArgument, "{} queries need {} floats of room, not {}", queries.size(),
                queries.size() * dimensions(), out.size());
  }
  FeatureBag bag;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    features_.of_query(queries[i], bag);
    encode_query_bag(bag, queries[i].session, out.subspan(i * dimensions(), dimensions()));
  }
  return {};
}

Result<void> TwoTower::encode_listings(std::span<const catalog::Listing* const> listings, std::span<float> out) const {
  if (out.size() != listings.size() * dimensions()) {
    return fail(Code::kInvalidArgument, "{} listings need {} floats of room, not {}", listings.size(),
                listings.size() * dimensions(), out.size());
  }
  FeatureBag bag;
  std::vector<float> side(graph_ == nullptr ? 0 : graph_dimensions());
  for (std::size_t i = 0; i < listings.size(); ++i) {
    features_.of_listing(*listings[i], bag);
    if (graph_ != nullptr) graph_->find(listings[i]->id, side);
    encode_listing_bag(bag, side, out.subspan(i * dimensions(), dimensions()));
  }
  return {};
}

Result<std::unique_ptr<TextEncoder>> open_two_tower(std::shared_ptr<const FileBytes> bytes,
                                                    std::shared_ptr<const FileBytes> graph) {
  const bool has_graph = graph != nullptr;
  HANDSEL_ASSIGN(std::unique_ptr<TwoTower> encoder, TwoTower::open(std::move(bytes), std::move(graph)));
  if (encoder->graph_dimensions() > 0 && !has_graph) {
    return fail(Code::kCorrupt, "the two-tower model was trained with graph vectors, and has no {} beside it",
                kGraphVectorsFile);
  }
  return encoder;
}

}  // namespace handsel::models
