#include "proof/evaluate/evaluation.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/math/statistics.h"
#include "proof/evaluate/metrics.h"

namespace handsel::evaluate {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

Result<void> check_cutoffs(const std::vector<std::size_t>& cutoffs) {
  if (cutoffs.empty()) return fail(Code::kInvalidArgument, "at: no cut-off; write for example 10,100");
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    if (cutoffs[i] == 0 || cutoffs[i] > kCutoffMax)
      return fail(Code::kInvalidArgument, "at: cut-off {} is not in 1..{}", cutoffs[i], kCutoffMax);
    if (std::ranges::count(cutoffs, cutoffs[i]) > 1)
      return fail(Code::kInvalidArgument, "at: cut-off {} is there twice", cutoffs[i]);
  }
  return {};
}

std::vector<std::string> metric_names(const std::vector<std::size_t>& cutoffs) {
  std::vector<std::string> names;
  for (const std::size_t k : cutoffs)
    for (const char* metric : {"ndcg", "recall", "precision", "mrr", "judged"})
      names.push_back(fmt::format("{}@{}", metric, k));
  return names;
}

// In the order of metric_names.
std::vector<double> values_of(const JudgedRanking& ranking, const std::vector<std::size_t>& cutoffs) {
  std::vector<double> values;
  for (const std::size_t k : cutoffs) {
    values.push_back(ndcg(ranking, k).value_or(kNothing));
    values.push_back(recall(ranking, k).value_or(kNothing));
    values.push_back(precision(ranking, k));
    values.push_back(reciprocal_rank(ranking, k).value_or(kNothing));
    values.push_back(judged_share(ranking, k).value_or(kNothing));
  }
  return values;
}

// A field as RFC 4180 writes it: quoted where it needs quotes.
std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (const char c : value) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

}  // namespace

Result<Evaluation> measure(const JudgedSet& set, const Ranker& ranker, const EvaluationOptions& options) {
  HANDSEL_TRY(check_cutoffs(options.cutoffs));
  Evaluation run{.name = options.name,
                 .metrics = metric_names(options.cutoffs),
                 .judgments = set.judgments,
                 .fingerprint = set.fingerprint,
                 .seed = options.seed};
  for (const JudgedQuery& query : set.queries) {
    const auto ranking = ranker(query);
    if (!ranking)
      return fail(ranking.error().code, "query '{}' ({}): {}", query.id, query.text, ranking.error().message);
    run.queries.push_back({.id = query.id,
                           .text = query.text,
                           .returned = ranking->size(),
                           .values = values_of(judge(*ranking, query.gains, set.relevant_from), options.cutoffs)});
  }
  return run;
}

std::vector<MetricSummary> summarise(const Evaluation& run) {
  std::vector<MetricSummary> summaries;
  for (std::size_t m = 0; m < run.metrics.size(); ++m) {
    std::vector<double> values;
    for (const QueryOutcome& query : run.queries)
      if (!std::isnan(query.values[m])) values.push_back(query.values[m]);
    const Interval interval = bootstrap_mean(values, kResamples, run.seed);
    summaries.push_back({.metric = run.metrics[m],
                         .mean = interval.estimate,
                         .low = interval.low,
                         .high = interval.high,
                         .queries = values.size()});
  }
  return summaries;
}

std::vector<BandSummary> summarise_bands(const Evaluation& run) {
  std::vector<BandSummary> bands;
  for (const std::string_view band : {"head", "torso", "tail", "unasked"}) {
    Evaluation part{.name = run.name, .metrics = run.metrics, .seed = run.seed};
    std::ranges::copy_if(run.queries, std::back_inserter(part.queries),
                         [&](const QueryOutcome& query) { return query.band == band; });
    if (part.queries.empty()) continue;
    bands.push_back({.band = std::string(band), .queries = part.queries.size(), .metrics = summarise(part)});
  }
  return bands;
}

std::string to_table(const Evaluation& run) {
  std::string out = fmt::format("{}{}{} queries, {} judgments\n", run.name, run.name.empty() ? "" : ": ",
                                run.queries.size(), run.judgments);
  out += fmt::format("{:<16}{:>8}  {:<18}{:>8}\n", "metric", "mean", "95 % interval", "queries");
  for (const MetricSummary& s : summarise(run)) {
    const std::string interval = fmt::format("{:.4f} .. {:.4f}", s.low, s.high);
    out += fmt::format("{:<16}{:>8.4f}  {:<18}{:>8}\n", s.metric, s.mean, interval, s.queries);
  }
  // The first metric alone: the rest is in the JSON.
  const std::vector<BandSummary> bands = summarise_bands(run);
  if (bands.empty() || run.metrics.empty()) return out;
  out += fmt::format("\n{} by how often the queries are asked\n", run.metrics.front());
  for (const BandSummary& band : bands) {
    const MetricSummary& s = band.metrics.front();
    const std::string interval = fmt::format("{:.4f} .. {:.4f}", s.low, s.high);
    out += fmt::format("{:<16}{:>8.4f}  {:<18}{:>8}\n", band.band, s.mean, interval, s.queries);
  }
  return out;
}

std::string to_csv(const Evaluation& run) {
  std::string out = "query_id,query,band,returned";
  for (const std::string& metric : run.metrics) out += "," + metric;
  out += "\n";
  for (const QueryOutcome& query : run.queries) {
    out += fmt::format("{},{},{},{}", csv_field(query.id), csv_field(query.text), query.band, query.returned);
    for (const double value : query.values) out += std::isnan(value) ? "," : fmt::format(",{:.6f}", value);
    out += "\n";
  }
  return out;
}

}  // namespace handsel::evaluate
