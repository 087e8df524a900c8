#include "proof/evaluate/compare.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/math/statistics.h"

namespace handsel::evaluate {
namespace {

// A metric's values of the queries that both runs have and that say something in both.
struct Pairs {
  std::vector<double> a;
  std::vector<double> b;
};

class QueryIndex {
 public:
  explicit QueryIndex(const Evaluation& run) {
    for (const QueryOutcome& query : run.queries) by_id_.emplace(query.id, &query);
  }
  const QueryOutcome* find(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const QueryOutcome*> by_id_;  // borrows from the run
};

Pairs pair_up(const Evaluation& a, std::size_t metric_a, const QueryIndex& b, std::size_t metric_b) {
  Pairs pairs;
  for (const QueryOutcome& query : a.queries) {
    const QueryOutcome* other = b.find(query.id);
    if (other == nullptr || std::isnan(query.values[metric_a]) || std::isnan(other->values[metric_b])) continue;
    pairs.a.push_back(query.values[metric_a]);
    pairs.b.push_back(other->values[metric_b]);
  }
  return pairs;
}

MetricComparison compare_pairs(const std::string& metric, const Pairs& pairs, std::uint64_t seed) {
  std::vector<double> differences;
  MetricComparison out{.metric = metric, .mean_a = mean(pairs.a), .mean_b = mean(pairs.b), .queries = pairs.a.size()};
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    differences.push_back(pairs.b[i] - pairs.a[i]);
    out.better += differences.back() > 0;
    out.worse += differences.back() < 0;
  }
  const Interval interval = bootstrap_mean(differences, kResamples, seed);
  out.difference = interval.estimate;
  out.low = interval.low;
  out.high = interval.high;
  out.p_t = paired_t_test(differences);
  out.p_randomisation = randomisation_test(differences, kResamples, seed);
  return out;
}

}  // namespace

Result<Comparison> compare(const Evaluation& a, const Evaluation& b) {
  if (a.fingerprint != b.fingerprint)
    return fail(Code::kInvalidArgument,
                "the runs were judged by different queries, judgments or gains ({:016x} and {:016x}); measure both "
                "with the same files",
                a.fingerprint, b.fingerprint);
  const QueryIndex in_a(a);
  const QueryIndex in_b(b);
  Comparison out{.name_a = a.name, .name_b = b.name};
  for (const QueryOutcome& query : a.queries) out.queries_only_a += in_b.find(query.id) == nullptr;
  for (const QueryOutcome& query : b.queries) out.queries_only_b += in_a.find(query.id) == nullptr;
  for (std::size_t m = 0; m < a.metrics.size(); ++m) {
    const auto other = std::ranges::find(b.metrics, a.metrics[m]);
    if (other == b.metrics.end()) continue;
    const Pairs pairs = pair_up(a, m, in_b, static_cast<std::size_t>(other - b.metrics.begin()));
    if (!pairs.a.empty()) out.metrics.push_back(compare_pairs(a.metrics[m], pairs, a.seed));
  }
  if (out.metrics.empty()) return fail(Code::kInvalidArgument, "the runs have no query and metric in common");
  return out;
}

std::string to_table(const Comparison& comparison) {
  std::string out = fmt::format("a: {}\nb: {}\n", comparison.name_a, comparison.name_b);
  if (comparison.queries_only_a + comparison.queries_only_b > 0)
    out += fmt::format("left out: {} queries only in a, {} only in b\n", comparison.queries_only_a,
                       comparison.queries_only_b);
  out += fmt::format("{:<16}{:>8}{:>8}{:>9}  {:<20}{:>7}{:>8}{:>9}{:>8}{:>8}\n", "metric", "a", "b", "b - a",
                     "95 % interval", "p (t)", "p (rand)", "queries", "better", "worse");
  for (const MetricComparison& m : comparison.metrics) {
    const std::string interval = fmt::format("{:+.4f} .. {:+.4f}", m.low, m.high);
    out += fmt::format("{:<16}{:>8.4f}{:>8.4f}{:>+9.4f}  {:<20}{:>7.4f}{:>8.4f}{:>9}{:>8}{:>8}\n", m.metric, m.mean_a,
                       m.mean_b, m.difference, interval, m.p_t, m.p_randomisation, m.queries, m.better, m.worse);
  }
  return out;
}

}  // namespace handsel::evaluate
