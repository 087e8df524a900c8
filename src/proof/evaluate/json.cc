// The runs' and comparisons' JSON. The only file of this room that sees the library.
#include <cmath>
#include <limits>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "proof/evaluate/compare.h"
#include "proof/evaluate/evaluation.h"

namespace handsel::evaluate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kEvaluationFormat = "handsel.evaluation.1";

Json value_or_null(double value) {
  return std::isnan(value) ? Json(nullptr) : Json(value);
}

// The library would convert 1e99, too.
std::uint64_t whole_number(const Json& json, const char* key) {
  const Json& value = json.at(key);
  if (!value.is_number_unsigned()) throw std::invalid_argument(fmt::format("'{}' is not a whole number", key));
  return value.get<std::uint64_t>();
}

Json outcome_json(const QueryOutcome& query, const std::vector<std::string>& metrics) {
  Json values;
  for (std::size_t m = 0; m < metrics.size(); ++m) values[metrics[m]] = value_or_null(query.values[m]);
  Json out = {{"id", query.id}, {"query", query.text}};
  if (!query.band.empty()) out["band"] = query.band;
  out["returned"] = query.returned;
  out["values"] = std::move(values);
  return out;
}

QueryOutcome outcome_from(const Json& json, const std::vector<std::string>& metrics) {
  QueryOutcome query{.id = json.at("id").get<std::string>(),
                     .text = json.at("query").get<std::string>(),
                     .band = json.value("band", ""),
                     .returned = whole_number(json, "returned")};
  for (const std::string& metric : metrics) {
    const Json& value = json.at("values").at(metric);
    query.values.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
  }
  return query;
}

Json summaries_json(const std::vector<MetricSummary>& summaries) {
  Json out = Json::array();
  for (const MetricSummary& s : summaries)
    out.push_back({{"name", s.metric},
                   {"mean", value_or_null(s.mean)},
                   {"low", value_or_null(s.low)},
                   {"high", value_or_null(s.high)},
                   {"queries", s.queries}});
  return out;
}

}  // namespace

std::string to_json(const Evaluation& run) {
  Json bands = Json::array();
  for (const BandSummary& band : summarise_bands(run))
    bands.push_back({{"band", band.band}, {"queries", band.queries}, {"metrics", summaries_json(band.metrics)}});
  Json queries = Json::array();
  for (const QueryOutcome& query : run.queries) queries.push_back(outcome_json(query, run.metrics));
  const Json out = {{"format", kEvaluationFormat},
                    {"name", run.name},
                    {"judgments", run.judgments},
                    {"fingerprint", fmt::format("{:016x}", run.fingerprint)},
                    {"seed", run.seed},
                    {"metrics", summaries_json(summarise(run))},
                    {"bands", std::move(bands)},
                    {"queries", std::move(queries)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Evaluation> evaluation_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != kEvaluationFormat)
      return fail(Code::kInvalidData, "not an evaluation: its format is not '{}'", kEvaluationFormat);
    Evaluation run{.name = json.at("name").get<std::string>(),
                   .judgments = whole_number(json, "judgments"),
                   .fingerprint = std::stoull(json.at("fingerprint").get<std::string>(), nullptr, 16),
                   .seed = whole_number(json, "seed")};
    for (const Json& metric : json.at("metrics")) run.metrics.push_back(metric.at("name").get<std::string>());
    for (const Json& query : json.at("queries")) run.queries.push_back(outcome_from(query, run.metrics));
    return run;
  } catch (const std::exception& error) {
    return fail(Code::kInvalidData, "not an evaluation made by `handsel evaluate search --json`: {}", error.what());
  }
}

std::string to_json(const Comparison& comparison) {
  Json metrics = Json::array();
  for (const MetricComparison& m : comparison.metrics)
    metrics.push_back({{"name", m.metric},
                       {"a", m.mean_a},
                       {"b", m.mean_b},
                       {"difference", m.difference},
                       {"low", m.low},
                       {"high", m.high},
                       {"p_t", m.p_t},
                       {"p_randomisation", m.p_randomisation},
                       {"queries", m.queries},
                       {"better", m.better},
                       {"worse", m.worse}});
  const Json out = {{"format", "handsel.comparison.1"},
                    {"a", comparison.name_a},
                    {"b", comparison.name_b},
                    {"queries_only_a", comparison.queries_only_a},
                    {"queries_only_b", comparison.queries_only_b},
                    {"metrics", std::move(metrics)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace handsel::evaluate
