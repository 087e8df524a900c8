// A ranking feature: one number for each candidate, computed for all of them at once.
//
// Each lives in a file of its own beside this one, is a pure function of its input,
// costs at most a few microseconds a candidate, and documents its formula, its
// range and where it comes from. rank.cc says how they add up.
#pragma once

#include <span>
#include <string_view>

#include "ranking/pipeline/title_table.h"
#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::pipeline {

struct FeatureInput {
  const index::Snapshot& snapshot;
  const query::QueryPlan& plan;
  std::span<const index::Hit> candidates;  // best first, as the index gave them
  const TitleTable& titles;
  // What is known of each candidate before this feature, in idf units; features that
  // learn from the top candidates weigh them by it.
  std::span<const double> scores;
};

// `out` has one place for each candidate, zero at first.
using ComputeFeature = void (*)(const FeatureInput& input, std::span<double> out);

struct Feature {
  std::string_view name;
  double weight;
  ComputeFeature compute;
};

void title_pairs(const FeatureInput& input, std::span<double> out);
void exact_title(const FeatureInput& input, std::span<double> out);
void stated_absence(const FeatureInput& input, std::span<double> out);
void taxonomy_prior(const FeatureInput& input, std::span<double> out);
void feedback_terms(const FeatureInput& input, std::span<double> out);

}  // namespace handsel::pipeline
