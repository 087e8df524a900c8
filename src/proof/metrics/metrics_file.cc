// The metrics file. The only place of this room that sees toml++.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/ranges.h>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/core/ascii_toml.h"
#include "base/core/toml_reader.h"
#include "proof/metrics/event_metric.h"

namespace handsel::experiments {
namespace {

constexpr std::string_view kValueWords = "count, any, revenue, quantity, dwell, sessions, retention";
constexpr double kHourMs = 3'600'000;
constexpr double kAtMostMax = 1e12;

struct ValueWord {
  std::string_view word;
  UnitValue value;
};
constexpr std::array kValues = {
    ValueWord{"count", UnitValue::kCount},        ValueWord{"any", UnitValue::kAny},
    ValueWord{"revenue", UnitValue::kRevenue},    ValueWord{"quantity", UnitValue::kQuantity},
    ValueWord{"dwell", UnitValue::kDwell},        ValueWord{"sessions", UnitValue::kSessions},
    ValueWord{"retention", UnitValue::kRetention}};

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMetricNameBytesMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

class Reader : TomlReader {
 public:
  using TomlReader::TomlReader;

  Result<MetricsFile> read(const toml::table& document) {
    MetricsFile out;
    for (const auto& [raw_key, node] : document) {
      const std::string key = from_ascii_toml(raw_key.str());
      if (key == "currency") {
        HANDSEL_ASSIGN(out.currency, text(node, key));
      } else if (key == "metric") {
        HANDSEL_TRY(read_metrics(node, out));
      } else {
        return wrong(node, key, "is not known; expected currency, [[metric]]");
      }
    }
    if (out.metrics.empty()) return fail(Code::kInvalidData, "{} defines no metric, as in [[metric]]", file_name());
    for (const EventMetric& metric : out.metrics) HANDSEL_TRY(check(metric, out));
    return out;
  }

 private:
  Result<std::vector<std::string>> texts(const toml::node& node, std::string_view key, std::size_t most) const {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty() || list->size() > most) {
      return wrong(node, key, fmt::format("must be a list of 1 to {} strings", most));
    }
    std::vector<std::string> out;
    for (const toml::node& entry : *list) {
      HANDSEL_ASSIGN(std::string word, text(entry, key));
      out.push_back(std::move(word));
    }
    return out;
  }

  Result<void> read_metrics(const toml::node& node, MetricsFile& out) const {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > kEventMetricsMax) {
      return wrong(node, "metric", fmt::format("must be up to {} tables, as in [[metric]]", kEventMetricsMax));
    }
    for (const toml::node& entry : *list) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) return wrong(entry, "metric", "must be a table, as in [[metric]]");
      EventMetric metric;
      for (const auto& [raw_key, value] : *table) HANDSEL_TRY(read_key(from_ascii_toml(raw_key.str()), value, metric));
      if (!is_name(metric.name)) {
        return wrong(entry, "name",
                     fmt::format("must be 1 to {} letters, digits, dots, dashes or underscores", kMetricNameBytesMax));
      }
      if (out.find(metric.name) != nullptr) return wrong(entry, metric.name, "is defined twice");
      out.metrics.push_back(std::move(metric));
    }
    return {};
  }

  Result<void> read_key(const std::string& key, const toml::node& node, EventMetric& to) const {
    if (key == "name") {
      HANDSEL_ASSIGN(to.name, text(node, key));
    } else if (key == "events") {
      return read_kinds(node, to);
    } else if (key == "surface") {
      HANDSEL_ASSIGN(to.surfaces, texts(node, key, kSurfacesMax));
    } else if (key == "first_places") {
      HANDSEL_ASSIGN(const double places, number(node, key, 1, 1000));
      to.places = static_cast<std::int32_t>(places);
    } else if (key == "value") {
      return read_value(node, to);
    } else if (key == "ratio") {
      HANDSEL_ASSIGN(auto names, texts(node, key, 2));
      if (names.size() != 2) return wrong(node, key, "must name two metrics, as in [\"clicks\", \"searches\"]");
      to.above = names[0];
      to.below = names[1];
    } else if (key == "window_days" || key == "window_hours") {
      const double most = static_cast<double>(kWindowDaysMax) * (key == "window_days" ? 1 : 24);
      HANDSEL_ASSIGN(const double length, number(node, key, 0.001, most));
      if (to.window_ms != 0) return wrong(node, key, "is a second window; one of window_days and window_hours");
      to.window_ms = static_cast<std::int64_t>(std::llround(length * kHourMs * (key == "window_days" ? 24 : 1)));
    } else {
      return read_comparison(key, node, to);
    }
    return {};
  }

  Result<void> read_comparison(const std::string& key, const toml::node& node, EventMetric& to) const {
    if (key == "quantile") {
      HANDSEL_ASSIGN(to.quantile, number(node, key, 0.001, 0.999));
    } else if (key == "winsorise") {
      HANDSEL_ASSIGN(to.winsorise, number(node, key, 0.5, 0.9999));
    } else if (key == "at_most") {
      HANDSEL_ASSIGN(to.at_most, number(node, key, 0.01, kAtMostMax));
    } else if (key == "guard") {
      HANDSEL_ASSIGN(to.guard, number(node, key, 0, 1));
    } else if (key == "better") {
      HANDSEL_ASSIGN(const std::string word, text(node, key));
      if (word != "more" && word != "less") return wrong(node, key, "must be \"more\" or \"less\"");
      to.more_is_better = word == "more";
    } else {
      return wrong(node, key,
                   "is not known; expected name, events, value, surface, first_places, ratio, window_days, "
                   "window_hours, quantile, winsorise, at_most, better, guard");
    }
    return {};
  }

  Result<void> read_kinds(const toml::node& node, EventMetric& to) const {
    HANDSEL_ASSIGN(const auto words, texts(node, "events", 10));
    for (const std::string& word : words) {
      const auto kind = countable_kind(word);
      if (!kind) {
        return wrong(node, "events",
                     fmt::format("has '{}'; expected search, impression, click, view, favourite, cart, purchase, "
                                 "dwell, report, hide",
                                 word));
      }
      if (std::ranges::find(to.kinds, *kind) == to.kinds.end()) to.kinds.push_back(*kind);
    }
    return {};
  }

  Result<void> read_value(const toml::node& node, EventMetric& to) const {
    HANDSEL_ASSIGN(const std::string word, text(node, "value"));
    const auto found = std::ranges::find(kValues, word, &ValueWord::word);
    if (found == kValues.end()) return wrong(node, "value", fmt::format("must be one of {}", kValueWords));
    to.value = found->value;
    return {};
  }

  // What no single key can tell.
  Result<void> check(const EventMetric& metric, const MetricsFile& all) const {
    const auto refuse = [&](std::string_view what) {
      return fail(Code::kInvalidData, "{}: metric '{}' {}", file_name(), metric.name, what);
    };
    if (metric.is_ratio()) return check_ratio(metric, all);
    const bool of_any_event = metric.value == UnitValue::kSessions || metric.value == UnitValue::kRetention;
    if (metric.kinds.empty() && !of_any_event) return refuse("needs events, as in events = [\"click\"], or a ratio");
    if (metric.value == UnitValue::kRetention && metric.window_ms <= kDayMs) {
      return refuse("is a retention and needs window_days over 1");
    }
    const bool is_share = metric.value == UnitValue::kAny || metric.value == UnitValue::kRetention;
    if (is_share && (metric.quantile > 0 || metric.winsorise > 0)) {
      return refuse("is a share of units, which has neither quantile nor winsorise");
    }
    if (metric.quantile > 0 && metric.winsorise > 0) return refuse("has quantile and winsorise; one of them");
    const bool has_amounts = metric.value == UnitValue::kRevenue || metric.value == UnitValue::kQuantity ||
                             metric.value == UnitValue::kDwell;
    if (metric.at_most > 0 && !has_amounts) {
      return refuse("has at_most, which goes with the values revenue, quantity and dwell");
    }
    return {};
  }

  Result<void> check_ratio(const EventMetric& metric, const MetricsFile& all) const {
    if (!metric.kinds.empty() || !metric.surfaces.empty() || metric.places != 0 || metric.window_ms != 0 ||
        metric.quantile > 0 || metric.winsorise > 0 || metric.at_most > 0 || metric.value != UnitValue::kCount) {
      return fail(Code::kInvalidData, "{}: metric '{}' is a ratio of two metrics; only better and guard go with that",
                  file_name(), metric.name);
    }
    for (const std::string& part : {metric.above, metric.below}) {
      const EventMetric* of = all.find(part);
      if (of == nullptr || of->is_ratio()) {
        return fail(Code::kInvalidData, "{}: metric '{}' is a ratio of '{}', which is {}", file_name(), metric.name,
                    part, of == nullptr ? "not defined" : "a ratio itself");
      }
    }
    return {};
  }
};

}  // namespace

Result<MetricsFile> parse_metrics(std::string_view toml, std::string_view file_name) {
  HANDSEL_ASSIGN(const std::string ascii, checked_ascii_toml(toml, file_name, kMetricsFileBytesMax));
  const toml::parse_result document = toml::parse(ascii, file_name);
  if (!document) return TomlReader(file_name).wrong_toml(document.error());
  return Reader(file_name).read(document.table());
}

}  // namespace handsel::experiments
