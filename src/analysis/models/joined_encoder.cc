#include "analysis/models/joined_encoder.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace handsel::models {
namespace {

// `part` of length 1, or empty where it says nothing.
std::vector<float> unit(std::span<const float> part) {
  double squares = 0;
  for (const float x : part) squares += static_cast<double>(x) * x;
  std::vector<float> out;
  if (squares <= 0) return out;
  for (const float x : part) out.push_back(static_cast<float>(x / std::sqrt(squares)));
  return out;
}

}  // namespace

Result<std::shared_ptr<const JoinedEncoder>> JoinedEncoder::create(std::shared_ptr<const TextEncoder> first,
                                                                   std::shared_ptr<const TextEncoder> second) {
  const std::size_t dimensions = first->dimensions() + second->dimensions();
  if (dimensions > kJoinedDimensionsMax) {
    return fail(Code::kInvalidArgument, "encoders of {} and {} dimensions are {} together, more than {}",
                first->dimensions(), second->dimensions(), dimensions, kJoinedDimensionsMax);
  }
  return std::shared_ptr<const JoinedEncoder>(new JoinedEncoder(std::move(first), std::move(second)));
}

void JoinedEncoder::join(std::span<const float> first, std::span<const float> second, std::span<float> out) const {
  const std::size_t d1 = first_->dimensions();
  const std::size_t d2 = second_->dimensions();
  for (std::size_t i = 0; i * d1 < first.size(); ++i) {
    const auto a = first.subspan(i * d1, d1);
    const auto b = second.subspan(i * d2, d2);
    const auto is_zero = [](float x) { return x == 0; };
    const bool both = !std::ranges::all_of(a, is_zero) && !std::ranges::all_of(b, is_zero);
    const float share = both ? std::sqrt(0.5F) : 1.0F;
    const auto row = out.subspan(i * (d1 + d2), d1 + d2);
    for (std::size_t k = 0; k < d1; ++k) row[k] = share * a[k];
    for (std::size_t k = 0; k < d2; ++k) row[d1 + k] = share * b[k];
  }
}

Result<void> JoinedEncoder::encode_queries(std::span<const QueryInput> queries, std::span<float> out) const {
  std::vector<QueryInput> firsts(queries.begin(), queries.end());
  std::vector<QueryInput> seconds = firsts;
  std::vector<std::vector<float>> sessions;
  sessions.reserve(2 * queries.size());  // queries point into it
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto session = queries[i].session;
    if (session.size() != dimensions()) {
      firsts[i].session = seconds[i].session = {};
      continue;
    }
    firsts[i].session = sessions.emplace_back(unit(session.first(first_->dimensions())));
    seconds[i].session = sessions.emplace_back(unit(session.subspan(first_->dimensions())));
  }
  std::vector<float> a(queries.size() * first_->dimensions());
  std::vector<float> b(queries.size() * second_->dimensions());
  HANDSEL_TRY(first_->encode_queries(firsts, a));
  HANDSEL_TRY(second_->encode_queries(seconds, b));
  join(a, b, out);
  return {};
}

Result<void> JoinedEncoder::encode_listings(std::span<const catalog::Listing* const> listings,
                                            std::span<float> out) const {
  std::vector<float> a(listings.size() * first_->dimensions());
  std::vector<float> b(listings.size() * second_->dimensions());
  HANDSEL_TRY(first_->encode_listings(listings, a));
  HANDSEL_TRY(second_->encode_listings(listings, b));
  join(a, b, out);
  return {};
}

}  // namespace handsel::models
