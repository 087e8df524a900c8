#include "proof/reports/archive_report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "base/core/html.h"
#include "proof/estimators/shrinkage.h"
#include "proof/reports/analyse_log.h"
#include "proof/reports/page.h"
#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

using Json = nlohmann::json;

constexpr double kReach95 = 1.959963984540054;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

// ASCII only: enough for words that people search for; other letters have to be typed as they are.
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool matches(const ArchivedDecision& decision, const std::vector<std::string>& search) {
  const std::string text =
      lower(fmt::format("{} {} {} {}", decision.experiment, decision.verdict, decision.by, decision.why));
  return std::ranges::all_of(search, [&](const std::string& word) { return text.contains(lower(word)); });
}

// By metric and then experiment and arm, the newest number that has an error.
std::map<std::string, std::map<std::pair<std::string, std::string>, ArchivedNumber>> newest_numbers(
    const std::vector<ArchivedDecision>& decisions) {
  std::map<std::string, std::map<std::pair<std::string, std::string>, ArchivedNumber>> out;
  for (const ArchivedDecision& decision : decisions) {
    for (const ArchivedNumber& one : decision.numbers) {
      if (!std::isfinite(one.lift) || !(one.lift_high > one.lift_low) || !std::isfinite(one.lift_high - one.lift_low)) {
        continue;
      }
      out[one.metric][{decision.experiment, one.arm}] = one;
    }
  }
  return out;
}

void add_meta(const std::vector<ArchivedDecision>& decisions, Archive& archive) {
  for (const auto& [metric, effects] : newest_numbers(decisions)) {
    MetricHistory history{.metric = metric, .effects = {}};
    std::vector<estimators::MeasuredEffect> measured;
    for (const auto& [key, one] : effects) {
      const double error = (one.lift_high - one.lift_low) / (2 * kReach95);
      history.effects.push_back({.experiment = key.first, .arm = key.second, .lift = one.lift, .error = error});
      measured.push_back({one.lift, error});
    }
    const auto shrunk = estimators::shrink(measured);
    if (!shrunk) continue;  // too few
    history.usual = shrunk->mean;
    history.deviation = shrunk->deviation;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      history.effects[i].shrunk = shrunk->effects[i].estimate;
      history.effects[i].shrunk_error = shrunk->effects[i].error;
    }
    archive.metrics.push_back(std::move(history));
  }
}

std::string lift_text(double lift) {
  return std::isfinite(lift) ? fmt::format("{:+.2f} %", 100 * lift) : "-";
}

std::string number_line(const ArchivedNumber& one) {
  return fmt::format("{} of {}: {} ({} to {}), p {}, {} units", one.metric, one.arm, lift_text(one.lift),
                     lift_text(one.lift_low), lift_text(one.lift_high), p_text(one.p), one.units);
}

std::string summary(const Archive& archive) {
  if (archive.experiments == 0) return "Nothing was decided yet.";
  return fmt::format("{} experiments: {} shipped ({:.0f} %), {} stopped, {} still running.", archive.experiments,
                     archive.shipped,
                     100 * static_cast<double>(archive.shipped) / static_cast<double>(archive.experiments),
                     archive.stopped, archive.running);
}

std::vector<std::vector<std::string>> shrunk_rows(const MetricHistory& history) {
  std::vector<std::vector<std::string>> rows = {
      {"experiment", "arm", "measured", "low", "high", "shrunk", "low", "high"}};
  for (const ShrunkEffect& e : history.effects) {
    rows.push_back({e.experiment, e.arm, lift_text(e.lift), lift_text(e.lift - kReach95 * e.error),
                    lift_text(e.lift + kReach95 * e.error), lift_text(e.shrunk),
                    lift_text(e.shrunk - kReach95 * e.shrunk_error), lift_text(e.shrunk + kReach95 * e.shrunk_error)});
  }
  return rows;
}

std::string usual_text(const MetricHistory& history) {
  return fmt::format("{}: {} effects, usually {} give or take {:.2f} %", history.metric, history.effects.size(),
                     lift_text(history.usual), 100 * history.deviation);
}

}  // namespace

Archive archive_of(const std::vector<ArchivedDecision>& decisions, const std::vector<std::string>& search) {
  Archive archive;
  std::map<std::string, std::string> newest;  // verdicts
  std::map<std::string, bool> is_found;
  for (const ArchivedDecision& decision : decisions) {
    newest[decision.experiment] = decision.verdict;
    is_found[decision.experiment] = is_found[decision.experiment] || matches(decision, search);
  }
  for (const ArchivedDecision& decision : decisions)
    if (is_found[decision.experiment]) archive.decisions.push_back(decision);
  std::ranges::reverse(archive.decisions);
  archive.experiments = newest.size();
  for (const auto& [name, verdict] : newest) {
    if (verdict == "ship") ++archive.shipped;
    if (verdict.starts_with("stop")) ++archive.stopped;
  }
  archive.running = archive.experiments - archive.shipped - archive.stopped;
  add_meta(decisions, archive);
  return archive;
}

std::string to_text(const Archive& archive) {
  std::string out = summary(archive) + "\n";
  for (const ArchivedDecision& decision : archive.decisions) {
    out += fmt::format("\n{}  {}: {}, by {}\n  {}\n", moment_text(decision.time_ms), decision.experiment,
                       decision.verdict, decision.by, decision.why);
    for (const ArchivedNumber& one : decision.numbers) out += "  " + number_line(one) + "\n";
  }
  if (!archive.metrics.empty()) {
    out += "\nAll effects of a metric, pulled towards what its effects usually are (empirical Bayes)\n";
  }
  for (const MetricHistory& history : archive.metrics) {
    out += usual_text(history) + "\n" + aligned(shrunk_rows(history));
  }
  return out;
}

std::string to_json(const Archive& archive) {
  Json out = {{"format", "handsel.experiment-archive.1"},
              {"summary", summary(archive)},
              {"experiments", archive.experiments},
              {"shipped", archive.shipped},
              {"stopped", archive.stopped},
              {"running", archive.running}};
  out["decisions"] = Json::array();
  for (const ArchivedDecision& decision : archive.decisions) {
    Json numbers = Json::array();
    for (const ArchivedNumber& one : decision.numbers) {
      numbers.push_back({{"metric", one.metric},
                         {"arm", one.arm},
                         {"units", one.units},
                         {"control", number(one.control)},
                         {"treated", number(one.treated)},
                         {"lift", number(one.lift)},
                         {"lift_low", number(one.lift_low)},
                         {"lift_high", number(one.lift_high)},
                         {"p", number(one.p)}});
    }
    out["decisions"].push_back({{"experiment", decision.experiment},
                                {"decision", decision.verdict},
                                {"time_ms", decision.time_ms},
                                {"by", decision.by},
                                {"why", decision.why},
                                {"numbers", std::move(numbers)}});
  }
  out["metrics"] = Json::array();
  for (const MetricHistory& history : archive.metrics) {
    Json effects = Json::array();
    for (const ShrunkEffect& e : history.effects) {
      effects.push_back({{"experiment", e.experiment},
                         {"arm", e.arm},
                         {"lift", number(e.lift)},
                         {"error", number(e.error)},
                         {"shrunk", number(e.shrunk)},
                         {"shrunk_error", number(e.shrunk_error)}});
    }
    out["metrics"].push_back({{"metric", history.metric},
                              {"usual", number(history.usual)},
                              {"deviation", number(history.deviation)},
                              {"effects", std::move(effects)}});
  }
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_html(const Archive& archive) {
  std::string body = fmt::format("<h1>Experiments</h1>\n<p class=\"lead\">{}</p>\n", escaped(summary(archive)));
  for (const MetricHistory& history : archive.metrics) {
    std::vector<Bar> bars;
    for (const ShrunkEffect& e : history.effects) {
      const double low = 100 * (e.shrunk - kReach95 * e.shrunk_error);
      const double high = 100 * (e.shrunk + kReach95 * e.shrunk_error);
      bars.push_back({e.experiment + " measured", 100 * e.lift, 100 * (e.lift - kReach95 * e.error),
                      100 * (e.lift + kReach95 * e.error), false});
      bars.push_back({e.experiment + " shrunk", 100 * e.shrunk, low, high, low > 0 || high < 0});
    }
    body += fmt::format(
                "<h2>{}</h2>\n<p class=\"soft\">The larger of many noisy effects are mostly noise; each is "
                "pulled towards the others as far as its error says.</p>\n",
                escaped(usual_text(history))) +
            interval_plot(bars, "percent");
  }
  body += "<h2>Decisions</h2>\n";
  for (const ArchivedDecision& decision : archive.decisions) {
    body += fmt::format("<h3>{}: {}</h3>\n<p class=\"soft\">{} UTC, by {}</p>\n<p>{}</p>\n",
                        escaped(decision.experiment), escaped(decision.verdict), moment_text(decision.time_ms),
                        escaped(decision.by), escaped(decision.why));
    for (const ArchivedNumber& one : decision.numbers) body += fmt::format("<p>{}</p>\n", escaped(number_line(one)));
  }
  return page("Experiments", body);
}

}  // namespace handsel::experiments
