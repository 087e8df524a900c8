// All features of all candidates: what the ranker sees, what training learns from, and what
// explain shows. One place says which features there are, in which order.
//
// Pure; any thread. 300 candidates cost about a millisecond before anything was learned.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ranking/features/feature.h"

namespace handsel::features {

// Row by row what each feature said of each candidate.
struct FeatureMatrix {
  std::vector<std::string_view> names;
  std::vector<double> weights;  // in the untrained score
  std::vector<double> values;   // candidates x features

  std::span<const double> row(std::size_t candidate) const {
    return std::span(values).subspan(candidate * names.size(), names.size());
  }
};

// The two columns that every matrix begins with, and that no file of their own makes.
inline constexpr std::string_view kMatch = "match";          // the index's score, idf units
inline constexpr std::string_view kUntrained = "untrained";  // the score before anything was learned, idf units

// In the order of the columns.
std::span<const std::string_view> feature_names();

// Four stages, because each learns from the best of the one before:
//
//   text  = match + 0.15 title_pairs + 0.5 exact_title + 2 stated_absence
//   words = text + 0.3 taxonomy_prior + 0.2 feedback_terms
//   all   = words + what the table in matrix.cc says of meaning
//   score = all + what it says of what the best have in common, and of the session
//
// All in idf units. `hits`: the first `peers` (FeatureInput) in any order, then the others.
FeatureMatrix compute_features(const index::Snapshot& snapshot, const query::QueryPlan& plan,
                               std::span<const index::Hit> hits, std::size_t peers, const Signals& signals);

// What the index thinks of a hit, in idf units: the `match` column.
double match_score(const index::Hit& hit);

}  // namespace handsel::features
