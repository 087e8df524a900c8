#include "views/vectors/search.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/math/vector_kernels.h"

namespace handsel::vectors {
bool is_better(const VectorHit& a, const VectorHit& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.id_hash != b.id_hash) return a.id_hash < b.id_hash;
  return a.id < b.id;
}

bool TopHits::keeps(float score, std::uint64_t hash) const {
  if (hits_.size() < top_) return true;
  if (top_ == 0 || score < hits_.front().score) return false;
  return score > hits_.front().score || hash <= hits_.front().id_hash;
}

void TopHits::push(const VectorHit& hit) {
  if (!keeps(hit.score, hit.id_hash)) return;
  if (hits_.size() == top_) {
    if (!is_better(hit, hits_.front())) return;
    std::ranges::pop_heap(hits_, is_better);
    hits_.pop_back();
  }
  hits_.push_back(hit);
  std::ranges::push_heap(hits_, is_better);
}

std::vector<VectorHit> TopHits::take_sorted() {
  std::ranges::sort(hits_, is_better);
  return std::move(hits_);
}

float exact_score(const VectorQuery& query, const std::uint16_t* halves) {
  const std::size_t dimensions = query.vector.size();
  return vector_kernels().dot_f16(query.vector.data(), halves, dimensions) +
         query.quality_weight * from_half(halves[dimensions]);
}

bool can_be_asked(const VectorQuery& query, std::size_t dimensions) {
  if (query.vector.size() != dimensions || query.top == 0 || !std::isfinite(query.quality_weight)) return false;
  const auto is_finite = [](float value) { return std::isfinite(value); };
  const auto is_zero = [](float value) { return value == 0; };
  return std::ranges::all_of(query.vector, is_finite) && !std::ranges::all_of(query.vector, is_zero);
}

void ask_accept(const VectorQuery& query, std::span<const VectorHit> hits, std::span<bool> yes) {
  std::ranges::fill(yes, !query.accept);
  if (query.accept && !hits.empty()) query.accept(hits, yes);
}

void scan(const Part& part, const VectorQuery& query, TopHits& top) {
  // A filter that few pass is asked first; one that most pass only about those that would be kept.
  constexpr double kFewPass = 0.5;
  const Segment& segment = *part.segment;
  const bool filter_first = query.accept && query.accept_share < kFewPass;
  std::vector<VectorHit> hits;  // of some rows
  std::array<std::uint32_t, kAskedAtOnce> rows;
  std::array<bool, kAskedAtOnce> yes;
  for (std::uint32_t row = 0; row < segment.rows();) {
    hits.clear();
    for (; row < segment.rows() && hits.size() < kAskedAtOnce; ++row) {
      if (part.dead->has(row)) continue;
      const float score = filter_first ? 0 : exact_score(query, segment.halves(row));
      if (!filter_first && !top.keeps(score, segment.hash(row))) continue;
      rows[hits.size()] = row;
      hits.push_back({.id = segment.id(row), .id_hash = segment.hash(row), .score = score});
    }
    ask_accept(query, hits, std::span(yes).first(hits.size()));
    for (std::size_t i = 0; i < hits.size(); ++i) {
      if (!yes[i]) continue;
      if (filter_first) hits[i].score = exact_score(query, segment.halves(rows[i]));
      top.push(hits[i]);
    }
  }
}

}  // namespace handsel::vectors
