// Did it get better? Two runs over the same judgments, paired query by query.
//
// Beside the mean difference stand a bootstrap interval and two p-values: Student's
// paired t, and a randomisation test that swaps the runs' values of random queries
// (Smucker, Allan & Carterette 2007, "A comparison of statistical significance
// tests for information retrieval evaluation"). Where they disagree, believe the
// randomisation test.
#pragma once

#include <string>
#include <vector>

#include "base/core/result.h"
#include "proof/evaluate/evaluation.h"

namespace handsel::evaluate {

struct MetricComparison {
  std::string metric;
  double mean_a = 0;
  double mean_b = 0;
  double difference = 0;  // b - a
  double low = 0;         // its 95 % interval
  double high = 0;
  double p_t = 1;
  double p_randomisation = 1;
  std::size_t queries = 0;  // in both runs, with a value in both
  std::size_t better = 0;   // where b is above a
  std::size_t worse = 0;
};

struct Comparison {
  std::string name_a;
  std::string name_b;
  std::vector<MetricComparison> metrics;  // those that both runs have
  std::size_t queries_only_a = 0;
  std::size_t queries_only_b = 0;
};

// kInvalidArgument where the runs were judged by different judgments or share nothing.
Result<Comparison> compare(const Evaluation& a, const Evaluation& b);

std::string to_table(const Comparison& comparison);
std::string to_json(const Comparison& comparison);

}  // namespace handsel::evaluate
