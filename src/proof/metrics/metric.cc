#include "proof/metrics/metric.h"

#include <array>
#include <charconv>

namespace handsel::experiments {
namespace {

struct Kind {
  std::string_view word;
  MetricKind kind;
};
constexpr std::array kKinds = {Kind{"mean", MetricKind::kMean}, Kind{"proportion", MetricKind::kProportion},
                               Kind{"ratio", MetricKind::kRatio}, Kind{"quantile", MetricKind::kQuantile},
                               Kind{"winsorised", MetricKind::kWinsorised}};

Result<void> split_ratio(std::string_view columns, Metric& metric) {
  const std::size_t slash = columns.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == columns.size()) {
    return fail(Code::kInvalidArgument, "metric '{}': a ratio needs two columns, as in ratio:clicks/visits",
                metric.name);
  }
  metric.kind = MetricKind::kRatio;
  metric.column = columns.substr(0, slash);
  metric.below = columns.substr(slash + 1);
  return {};
}

Result<void> split_quantile(std::string_view rest, Metric& metric) {
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && colon > 0) {
    const std::string_view number = rest.substr(colon + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), metric.quantile);
    if (error == std::errc{} && end == number.data() + number.size() && metric.quantile > 0 && metric.quantile < 1) {
      metric.column = rest.substr(0, colon);
      return {};
    }
  }
  return fail(Code::kInvalidArgument, "metric '{}': a column and a share between 0 and 1 are needed, as in {}",
              metric.name, metric.kind == MetricKind::kQuantile ? "quantile:latency:0.9" : "winsorised:spend:0.99");
}

}  // namespace

Result<Metric> parse_metric(std::string_view text) {
  Metric metric{.name = std::string(text)};
  if (text.empty()) return fail(Code::kInvalidArgument, "a metric has no name");
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    metric.column = text;
    if (text.find('/') != std::string_view::npos) HANDSEL_TRY(split_ratio(text, metric));
    return metric;
  }
  const std::string_view word = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  for (const Kind& kind : kKinds) {
    if (kind.word != word) continue;
    metric.kind = kind.kind;
    metric.column = rest;
    if (rest.empty()) return fail(Code::kInvalidArgument, "metric '{}' names no column", text);
    if (kind.kind == MetricKind::kRatio) HANDSEL_TRY(split_ratio(rest, metric));
    if (kind.kind == MetricKind::kQuantile || kind.kind == MetricKind::kWinsorised) {
      HANDSEL_TRY(split_quantile(rest, metric));
    }
    return metric;
  }
  return fail(Code::kInvalidArgument, "metric '{}': '{}' is none of mean, proportion, ratio, quantile, winsorised",
              text, word);
}

}  // namespace handsel::experiments
