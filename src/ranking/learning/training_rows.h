// A search with its outcomes becomes a group to learn from: who is a positive, who a
// negative, what each is worth and how much it weighs.
//
// Positives are what was acted on, with the objective's gain. Searches without a positive
// teach nothing. What the negatives are depends on what is known of the places:
//   propensities   everything else on the page, and each row has log propensity(place) as an offset.
//                  A click in place k has the odds propensity(k) * attraction, about, so of two
//                  rows of which one was clicked it was i with
//                    1 / (1 + exp(s_j + log p_j - s_i - log p_i))    s: log attraction
//                  and what is learned is s alone (the additive model of Yan et al. 2022, "Revisiting
//                  two-tower models for unbiased learning to rank", with p known). Clicks weighted
//                  by 1 / p instead (Joachims, Swaminathan & Schnabel 2017) have the same aim and
//                  far more variance: docs/decisions/0010.
//   none           what the person must have passed over: everything above the lowest positive,
//                  and `below` places after it (Joachims 2002, "Optimizing search engines using
//                  clickthrough data": 'skip above', with some 'skip next'). No offsets.
//
// Groups are bounded: all positives stay, up to rows_max, and the negatives nearest to one.
// Which searches are learned from is decided by a hash of the query_id with the seed, so a
// sample is the same whatever came before it. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/learning/objective.h"
#include "ranking/learning/propensities.h"
#include "ranking/learning/search_collector.h"

namespace handsel::learning {

struct RowOptions {
  Objective objective;
  std::size_t below = 2;  // where propensities are not trusted
  std::size_t rows_max = 60;
  double share = 1;  // of the searches with a positive
  std::uint64_t seed = 1;
  // The age of a listing at a moment, in days, below 0 where it is not known; for the objective's freshness.
  std::function<double(const std::string& listing_id, std::int64_t time_ms)> age_days;
  // What a purchase usually is worth in a currency, 0 where it is not known; for the objective's profit.
  std::function<double(std::string_view currency)> usual_purchase;
};

struct LabelledRow {
  std::string listing_id;
  std::int64_t place = 0;
  float gain = 0;
  float offset = 0;
  bool operator==(const LabelledRow&) const = default;
};

struct LabelledSearch {
  std::string query_id;
  std::vector<LabelledRow> rows;     // by place
  std::vector<std::uint64_t> shown;  // hash64 of the ids of all that were, on any page, labelled or not
};

// Nothing where the search teaches nothing or is not in the sample. An order by a column teaches nothing: what was
// passed over there was not worse, but dearer.
std::optional<LabelledSearch> label_search(const CollectedSearch& search, const Propensities& propensities,
                                           const RowOptions& options);

// What the estimator learns of a search: every listing that was shown. `query`: hash64 of the
// normalised query.
void add_to(PropensityEstimator& estimator, const CollectedSearch& search, std::uint64_t query);

}  // namespace handsel::learning
