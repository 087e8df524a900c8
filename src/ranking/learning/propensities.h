// How likely a place of a result list is looked at, learned from clicks, without having
// shuffled any results.
//
// A click needs a look and an attraction: P(click) = propensity(place) * attraction(query,
// listing). Where the same listing was shown for the same query at several places, the
// attraction is the same and only the places differ (Aslanyan & Porwal 2019, "Position Bias
// Estimation for Unbiased Learning-to-Rank in eCommerce Search", arXiv 1812.09338). Of a pair
// that got C clicks, the expected ones at place k are
//
//   C * n_k p_k / sum over places j of n_j p_j          (n: how often it stood there)
//
// so the attraction has dropped out. The p that make expected clicks and clicks equal at every
// place are found by the fixed point p_k = clicks_k / sum over pairs of C n_k / sum_j n_j p_j,
// which raises the conditional likelihood at every step (Hunter 2004, "MM algorithms for
// generalized Bradley-Terry models"). p of the first place is 1.
//
// This stands only where pairs moved: without a chain of pairs from every place to the first,
// nothing is identified, and with few clicks it is noise. `trusted` says no then, `reason` why;
// the caller then uses none. Errors come from the observed information of log p.
//
// Places are told apart up to kSinglePlaces, then in growing ranges. One thread. Memory is
// bounded by pairs_max pairs, about 100 bytes each; above that a sample by hash is kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/result.h"

namespace handsel::learning {

inline constexpr std::size_t kSinglePlaces = 20;
inline constexpr std::size_t kPlaceRanges = 26;  // and 20-29, 30-49, 50-99, 100-199, 200-499, 500-
inline constexpr double kPropensityMin = 1e-3;

// The range that a place (0 is the first) belongs to, below kPlaceRanges.
std::size_t range_of_place(std::int64_t place);

struct PropensityOptions {
  std::size_t pairs_max = 2'000'000;
  std::size_t clicks_min = 200;  // of pairs that were shown in more than one range
  double log_error_max = 0.25;   // standard error of log p, of every range that is trusted
  std::size_t ranges_min = 3;    // trusted without a gap from the first; fewer: no estimate
};

struct Propensities {
  // By range; beyond the last trusted range its value goes on. All 1 where not trusted.
  std::array<double, kPlaceRanges> values;
  std::array<double, kPlaceRanges> log_errors;  // infinity where nothing is known
  bool trusted = false;
  std::string reason;        // why not
  std::size_t ranges = 0;    // trusted, from the first
  std::uint64_t pairs = 0;   // that were shown in more than one range and clicked
  std::uint64_t clicks = 0;  // on them

  Propensities();
  // Every place as likely as any: who learns with these takes each click at its word.
  static Propensities even();
  double at(std::int64_t place) const { return values[range_of_place(place)]; }

  // One line a range; parse() takes nothing else. kCorrupt where the text is not that.
  std::string serialise() const;
  static Result<Propensities> parse(std::string_view text);
};

class PropensityEstimator {
 public:
  explicit PropensityEstimator(PropensityOptions options = {}) : options_(options) {}

  // One listing that was shown for a query: by hash64 of the normalised query and the id.
  struct Seen {
    std::uint64_t query = 0;
    std::uint64_t listing = 0;
    std::int64_t place = 0;
    bool clicked = false;
  };
  void add(const Seen& seen);

  Propensities estimate() const;

  struct Cell {
    std::uint8_t range = 0;
    std::uint32_t shown = 0;
    std::uint32_t clicks = 0;
  };

 private:
  void thin_out();

  PropensityOptions options_;
  std::uint64_t keep_below_ = ~std::uint64_t{0};  // hashes of pairs
  std::unordered_map<std::uint64_t, std::vector<Cell>> pairs_;
};

}  // namespace handsel::learning
