// Candidates become a ranked list: the part of the read path that search,
// recommendations and gifts share.
//
//   CandidateList -> FeatureMatrix -> RankedList
//
// Untrained: a linear combination of a few features with weights that are written
// down here for every catalogue alike. Two stages, because the second learns from
// the best of the first:
//
//   text  = match + 0.15 title_pairs + 0.5 exact_title + 2 stated_absence
//   score = text + 0.3 taxonomy_prior + 0.2 feedback_terms
//
// All in idf units. Pure; any thread. 300 candidates cost about a millisecond.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::pipeline {

// So many of the index's best are ranked; what follows keeps the index's order. The
// same for every page, so that pages neither overlap nor lose anything.
inline constexpr std::size_t kRankedMax = 300;

// Row by row what each feature said of each candidate.
struct FeatureMatrix {
  std::vector<std::string_view> names;
  std::vector<double> weights;
  std::vector<double> values;  // candidates x features

  std::span<const double> row(std::size_t candidate) const {
    return std::span(values).subspan(candidate * names.size(), names.size());
  }
};

struct RankedItem {
  index::Hit hit;
  double score = 0;           // idf units
  std::size_t candidate = 0;  // row of the matrix
};

struct RankedList {
  std::vector<RankedItem> items;  // best first: by score, then by id_hash
  FeatureMatrix features;
};

// `hits`: the index's best, at most kRankedMax, sorted by score.
RankedList rank(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> hits);

// What the index thinks of a hit, in idf units: the `match` feature.
double match_score(const index::Hit& hit);

}  // namespace handsel::pipeline
