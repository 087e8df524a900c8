// Measures a way to rank on a judged set, and keeps the outcome of every query, so
// that two runs can be compared query by query (compare.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "proof/evaluate/judgments.h"

namespace handsel::evaluate {

inline constexpr std::size_t kCutoffMax = 10'000;
inline constexpr std::size_t kResamples = 10'000;

// Product ids, best first; at least as many as the deepest cut-off where there are
// that many. Called once a query, in order, from the caller's thread.
using Ranker = std::function<Result<std::vector<std::string>>(const JudgedQuery&)>;

struct EvaluationOptions {
  std::string name;  // what was measured, for people
  std::vector<std::size_t> cutoffs = {10, 100};
  std::uint64_t seed = 1;  // of the bootstrap
};

struct QueryOutcome {
  std::string id;
  std::string text;
  std::string band;  // how often it is asked (bands.h); empty: not known
  std::size_t returned = 0;
  std::vector<double> values;  // as Evaluation::metrics; not a number: the query says nothing
};

struct Evaluation {
  std::string name;
  std::vector<std::string> metrics;  // "ndcg@10", "recall@10", "precision@10", "mrr@10", "judged@10", "ndcg@100", ...
  std::vector<QueryOutcome> queries;
  std::uint64_t judgments = 0;
  std::uint64_t fingerprint = 0;  // of the judged set
  std::uint64_t seed = 1;
};

// kInvalidArgument: a cut-off of 0, twice, or above kCutoffMax. An error of the
// ranker ends the run and names the query.
Result<Evaluation> measure(const JudgedSet& set, const Ranker& ranker, const EvaluationOptions& options);

// The mean of a metric over the queries that say something about it, with a 95 %
// interval by bootstrap over those queries (percentiles, kResamples, seeded).
struct MetricSummary {
  std::string metric;
  double mean = 0;
  double low = 0;
  double high = 0;
  std::size_t queries = 0;
};
std::vector<MetricSummary> summarise(const Evaluation& run);
// Of the queries of each band that has some, from head to unasked.
struct BandSummary {
  std::string band;
  std::size_t queries = 0;
  std::vector<MetricSummary> metrics;
};
std::vector<BandSummary> summarise_bands(const Evaluation& run);

// For people, for `handsel evaluate compare`, and for spreadsheets.
std::string to_table(const Evaluation& run);
std::string to_json(const Evaluation& run);
std::string to_csv(const Evaluation& run);
// Reads what to_json wrote. kInvalidData says what is wrong.
Result<Evaluation> evaluation_from_json(std::string_view json);

}  // namespace handsel::evaluate
