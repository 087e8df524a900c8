#include "ranking/learning/propensities.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "base/core/hash.h"

namespace handsel::learning {
namespace {

using Cell = PropensityEstimator::Cell;
using Values = std::array<double, kPlaceRanges>;

constexpr std::array<std::int64_t, 6> kRangeStarts = {20, 30, 50, 100, 200, 500};
static_assert(kSinglePlaces + kRangeStarts.size() == kPlaceRanges);

constexpr std::size_t kStepsMax = 2'000;
constexpr double kConverged = 1e-7;  // change of any p, relative
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::string_view kHead = "handsel propensities 1\n";

// A pair that says something: shown in several ranges, clicked at least once.
struct Pair {
  std::vector<Cell> cells;
  double clicks = 0;
};

// Ranges that a chain of pairs joins with the first.
std::array<bool, kPlaceRanges> joined(const std::vector<Pair>& pairs) {
  std::array<std::size_t, kPlaceRanges> root;
  std::iota(root.begin(), root.end(), std::size_t{0});
  const auto find = [&](std::size_t range) {
    while (root[range] != range) range = root[range];
    return range;
  };
  for (const Pair& pair : pairs) {
    for (const Cell& cell : pair.cells) root[find(cell.range)] = find(pair.cells.front().range);
  }
  std::array<bool, kPlaceRanges> out{};
  for (std::size_t range = 0; range < kPlaceRanges; ++range) out[range] = find(range) == find(0);
  return out;
}

Values fit(const std::vector<Pair>& pairs) {
  Values p;
  p.fill(1);
  Values clicks{};
  for (const Pair& pair : pairs) {
    for (const Cell& cell : pair.cells) clicks[cell.range] += cell.clicks;
  }
  for (std::size_t step = 0; step < kStepsMax; ++step) {
    Values expected{};  // for p = 1
    for (const Pair& pair : pairs) {
      double sum = 0;
      for (const Cell& cell : pair.cells) sum += cell.shown * p[cell.range];
      for (const Cell& cell : pair.cells) expected[cell.range] += pair.clicks * cell.shown / sum;
    }
    double change = 0;
    Values next = p;
    for (std::size_t range = 0; range < kPlaceRanges; ++range) {
      if (expected[range] > 0) next[range] = std::max(clicks[range] / expected[range], 1e-12);
    }
    const double first = next[0];
    for (std::size_t range = 0; range < kPlaceRanges; ++range) {
      next[range] /= first;
      change = std::max(change, std::abs(next[range] / p[range] - 1));
    }
    p = next;
    if (change < kConverged) break;
  }
  return p;
}

// In place, by Gauss-Jordan; nothing where the matrix has no inverse.
using Matrix = std::vector<std::vector<double>>;
std::optional<Matrix> inverse(Matrix a) {
  const std::size_t n = a.size();
  Matrix out(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) out[i][i] = 1;
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column; row < n; ++row) {
      if (std::abs(a[row][column]) > std::abs(a[pivot][column])) pivot = row;
    }
    if (std::abs(a[pivot][column]) < 1e-9) return std::nullopt;
    std::swap(a[pivot], a[column]);
    std::swap(out[pivot], out[column]);
    const double scale = a[column][column];
    for (std::size_t i = 0; i < n; ++i) {
      a[column][i] /= scale;
      out[column][i] /= scale;
    }
    for (std::size_t row = 0; row < n; ++row) {
      const double factor = a[row][column];
      if (row == column || factor == 0) continue;
      for (std::size_t i = 0; i < n; ++i) {
        a[row][i] -= factor * a[column][i];
        out[row][i] -= factor * out[column][i];
      }
    }
  }
  return out;
}

// Standard errors of log p: of a pair's clicks, a multinomial, the information is
// C (diag(q) - q q'), with q the shares that the places expect.
Values log_errors(const std::vector<Pair>& pairs, const Values& p, const std::array<bool, kPlaceRanges>& is_joined) {
  std::vector<std::size_t> used;  // but the first, which is fixed
  std::array<std::size_t, kPlaceRanges> number{};
  for (std::size_t range = 1; range < kPlaceRanges; ++range) {
    if (!is_joined[range]) continue;
    number[range] = used.size();
    used.push_back(range);
  }
  Matrix information(used.size(), std::vector<double>(used.size()));
  for (const Pair& pair : pairs) {
    double sum = 0;
    for (const Cell& cell : pair.cells) sum += cell.shown * p[cell.range];
    for (const Cell& a : pair.cells) {
      if (a.range == 0 || !is_joined[a.range]) continue;
      const double share = a.shown * p[a.range] / sum;
      information[number[a.range]][number[a.range]] += pair.clicks * share;
      for (const Cell& b : pair.cells) {
        if (b.range == 0 || !is_joined[b.range]) continue;
        information[number[a.range]][number[b.range]] -= pair.clicks * share * b.shown * p[b.range] / sum;
      }
    }
  }
  Values errors;
  errors.fill(kInfinity);
  errors[0] = 0;
  if (const auto covariance = inverse(std::move(information))) {
    for (std::size_t i = 0; i < used.size(); ++i) errors[used[i]] = std::sqrt(std::max((*covariance)[i][i], 0.0));
  }
  return errors;
}

}  // namespace

std::size_t range_of_place(std::int64_t place) {
  if (place < static_cast<std::int64_t>(kSinglePlaces))
    return static_cast<std::size_t>(std::max<std::int64_t>(place, 0));
  const auto next = std::ranges::upper_bound(kRangeStarts, place);
  return kSinglePlaces + static_cast<std::size_t>(next - kRangeStarts.begin()) - 1;
}

Propensities::Propensities() {
  values.fill(1);
  log_errors.fill(kInfinity);
}

Propensities Propensities::even() {
  Propensities even;
  even.trusted = true;
  even.ranges = kPlaceRanges;
  return even;
}

void PropensityEstimator::add(const Seen& seen) {
  const std::uint64_t key = mix64(mix64(seen.query) ^ (seen.listing * 0x9e3779b97f4a7c15ull));
  if (key > keep_below_) return;
  auto& cells = pairs_[key];
  const auto range = static_cast<std::uint8_t>(range_of_place(seen.place));
  auto cell = std::ranges::find(cells, range, &Cell::range);
  if (cell == cells.end()) cell = cells.insert(cells.end(), {.range = range});
  cell->shown += 1;
  cell->clicks += seen.clicked ? 1 : 0;
  if (pairs_.size() > options_.pairs_max) thin_out();
}

void PropensityEstimator::thin_out() {
  keep_below_ /= 2;
  std::erase_if(pairs_, [&](const auto& pair) { return pair.first > keep_below_; });
}

Propensities PropensityEstimator::estimate() const {
  Propensities out;
  std::vector<Pair> pairs;
  for (const auto& [key, cells] : pairs_) {
    if (cells.size() < 2) continue;
    Pair pair{.cells = cells};
    for (const Cell& cell : cells) pair.clicks += cell.clicks;
    if (pair.clicks > 0) pairs.push_back(std::move(pair));
  }
  // The map's order is no order; sums of doubles should not depend on it.
  std::ranges::sort(pairs, {}, [](const Pair& pair) {
    std::vector<std::array<std::uint32_t, 3>> key;
    for (const Cell& cell : pair.cells) key.push_back({cell.range, cell.shown, cell.clicks});
    return key;
  });
  out.pairs = pairs.size();
  for (const Pair& pair : pairs) out.clicks += static_cast<std::uint64_t>(pair.clicks);
  if (out.clicks < options_.clicks_min) {
    out.reason = fmt::format("{} clicks on listings that were shown at several places for one query; {} are needed",
                             out.clicks, options_.clicks_min);
    return out;
  }
  const auto is_joined = joined(pairs);
  const Values p = fit(pairs);
  const Values errors = log_errors(pairs, p, is_joined);
  while (out.ranges < kPlaceRanges && is_joined[out.ranges] && errors[out.ranges] <= options_.log_error_max)
    ++out.ranges;
  if (out.ranges < options_.ranges_min) {
    out.reason = fmt::format("only the first {} places are joined by enough clicked listings that moved", out.ranges);
    return out;
  }
  out.trusted = true;
  for (std::size_t range = 0; range < kPlaceRanges; ++range) {
    out.log_errors[range] = is_joined[range] ? errors[range] : kInfinity;
    out.values[range] = std::max(range < out.ranges ? p[range] : out.values[out.ranges - 1], kPropensityMin);
  }
  return out;
}

std::string Propensities::serialise() const {
  std::string text(kHead);
  text += fmt::format("{} {} {} {}\n", trusted ? 1 : 0, ranges, pairs, clicks);
  for (std::size_t range = 0; range < kPlaceRanges; ++range)
    text += fmt::format("{} {}\n", values[range], log_errors[range]);
  text += reason;
  return text;
}

Result<Propensities> Propensities::parse(std::string_view text) {
  const auto damaged = [] { return fail(Code::kCorrupt, "the propensities do not parse"); };
  if (!text.starts_with(kHead)) return damaged();
  text.remove_prefix(kHead.size());
  const auto number = [&](auto& value, char end) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop == text.data() + text.size() || *stop != end) return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
    return true;
  };
  Propensities out;
  int trusted = 0;
  if (!number(trusted, ' ') || !number(out.ranges, ' ') || !number(out.pairs, ' ') || !number(out.clicks, '\n'))
    return damaged();
  for (std::size_t range = 0; range < kPlaceRanges; ++range) {
    if (!number(out.values[range], ' ') || !number(out.log_errors[range], '\n')) return damaged();
    if (!(out.values[range] >= kPropensityMin) || !std::isfinite(out.values[range]) || !(out.log_errors[range] >= 0)) {
      return damaged();
    }
  }
  if (trusted < 0 || trusted > 1 || out.ranges > kPlaceRanges) return damaged();
  out.trusted = trusted == 1;
  out.reason = std::string(text);
  return out;
}

}  // namespace handsel::learning
