#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "proof/reports/analysis_report.h"
#include "proof/reports/funnel_table.h"
#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

std::string lift_text(double lift) {
  return percent_text(100 * lift);
}

std::string amount(const Effect& effect) {
  return std::isfinite(effect.difference.lift) ? lift_text(effect.difference.lift)
                                               : signed_text(effect.difference.estimate);
}

std::string sentence_about(const AnalysisReport& report, const Effect& effect) {
  if (!effect.problem.empty())
    return fmt::format("{} of {} cannot be compared: {}", effect.metric, effect.arm, effect.problem);
  const double low = effect.sequential ? effect.sequential->low : effect.difference.low;
  const double high = effect.sequential ? effect.sequential->high : effect.difference.high;
  const std::string interval = fmt::format("{}, difference between {:+.4g} and {:+.4g}", amount(effect), low, high);
  if (!is_decided(report, effect)) {
    return fmt::format("{} did not measurably change {} ({})", effect.arm, effect.metric, interval);
  }
  return fmt::format("{} {} {} ({})", effect.arm, effect.difference.estimate > 0 ? "raised" : "lowered", effect.metric,
                     interval);
}

std::string effects_table(const AnalysisReport& report) {
  const AnalysisRequest& request = report.request;
  std::vector<std::string> header = {"metric", "arm", "units",    "control", "treated", "difference", "low",
                                     "high",   "p",   "adjusted", "lift",    "low",     "high"};
  if (request.adjustment != estimators::Adjustment::kNone) header.emplace_back("variance kept");
  if (request.sequential) header.insert(header.end(), {"always low", "always high", "always p"});
  if (request.bayes) header.insert(header.end(), {"P(better)", "loss if chosen"});
  std::vector<std::vector<std::string>> rows = {header};
  std::string problems;
  for (const Effect& effect : report.analysis.effects) {
    if (!effect.problem.empty()) {
      problems += fmt::format("  {} of {}: {}\n", effect.metric, effect.arm, effect.problem);
      continue;
    }
    const estimators::Difference& d = effect.difference;
    std::vector<std::string> row = {effect.metric,
                                    effect.arm,
                                    fmt::format("{}", effect.control_units + effect.treated_units),
                                    number_text(effect.control),
                                    number_text(effect.treated),
                                    signed_text(d.estimate),
                                    signed_text(d.low),
                                    signed_text(d.high),
                                    p_text(d.p),
                                    p_text(effect.p_adjusted),
                                    lift_text(d.lift),
                                    lift_text(d.lift_low),
                                    lift_text(d.lift_high)};
    if (request.adjustment != estimators::Adjustment::kNone) row.push_back(number_text(effect.variance_kept));
    if (request.sequential) {
      row.insert(row.end(), {signed_text(effect.sequential->low), signed_text(effect.sequential->high),
                             p_text(effect.sequential->p)});
    }
    if (request.bayes) {
      row.insert(row.end(), {number_text(effect.posterior->better), number_text(effect.posterior->loss_treated)});
    }
    rows.push_back(std::move(row));
  }
  return (rows.size() > 1 ? aligned(rows) : "") + problems;
}

std::string segments_text(const Segmentation& s) {
  std::string out = fmt::format("\n{} by {} ({}): ", s.metric, s.column, s.arm);
  out += s.heterogeneity_p < 0.05
             ? fmt::format("the effect is not the same everywhere (p {})\n", p_text(s.heterogeneity_p))
             : fmt::format("no sign that the effect differs (p {})\n", p_text(s.heterogeneity_p));
  std::vector<std::vector<std::string>> rows = {
      {"segment", "units", "difference", "low", "high", "p", "adjusted", "lift"}};
  for (const SegmentEffect& level : s.levels) {
    const Effect& e = level.effect;
    if (!e.problem.empty()) {
      rows.push_back({level.level, fmt::format("{}", e.control_units + e.treated_units), "-", "-", "-", "-", "-", "-"});
      continue;
    }
    rows.push_back({level.level, fmt::format("{}", e.control_units + e.treated_units),
                    signed_text(e.difference.estimate), signed_text(e.difference.low), signed_text(e.difference.high),
                    p_text(e.difference.p), p_text(e.p_adjusted), lift_text(e.difference.lift)});
  }
  out += aligned(rows);
  if (s.honest && s.honest->problem.empty()) {
    out += fmt::format(
        "  Honestly: {} stood out in one half of the units; in the other half its difference is {} "
        "({} to {}).\n",
        s.chosen, signed_text(s.honest->difference.estimate), signed_text(s.honest->difference.low),
        signed_text(s.honest->difference.high));
  }
  return out;
}

std::string path_text(const Path& path) {
  if (path.points.empty()) return "";
  const std::string_view novelty = path.slope_p >= 0.05
                                       ? "no sign that the effect of a day changes"
                                       : "the effect of a day changes over time, so the average is no forecast";
  return fmt::format("{} over {} days: {} (slope {} a day, p {})\n", path.metric, path.points.size(), novelty,
                     signed_text(path.slope), p_text(path.slope_p));
}

std::string novelty_text(const Path& novelty) {
  if (novelty.points.empty()) return "";
  std::vector<std::vector<std::string>> rows = {{"day since exposure", "units", "difference", "low", "high"}};
  for (const PathPoint& point : novelty.points) {
    rows.push_back({fmt::format("{:g}", point.day), fmt::format("{:g}", point.units), signed_text(point.estimate),
                    signed_text(point.low), signed_text(point.high)});
  }
  return fmt::format("\n{} by day since exposure ({}): does it wear off?\n", novelty.metric, novelty.arm) +
         aligned(rows);
}

std::string funnel_text(const AnalysisReport& report) {
  const Funnel& funnel = report.analysis.funnel;
  if (funnel.steps.empty()) return "";
  return "\nHow far units came\n" + aligned(funnel_rows(report)) + "  " + funnel_words(report) + "\n";
}

std::string boundaries_text(const AnalysisReport& report) {
  const GroupLook& group = report.request.group;
  if (group.looks == 0) return "";
  return fmt::format("Look {} of {}: |z| has to pass {:.4f} ({}; all looks: {:.4f})\n", group.look, group.looks,
                     report.analysis.boundaries[std::max<std::size_t>(1, group.look) - 1],
                     group.spending == estimators::Spending::kPocock ? "Pocock" : "O'Brien-Fleming",
                     fmt::join(report.analysis.boundaries, ", "));
}

}  // namespace

bool is_decided(const AnalysisReport& report, const Effect& effect) {
  if (!effect.problem.empty()) return false;
  if (effect.sequential) return effect.sequential->low > 0 || effect.sequential->high < 0;
  const GroupLook& group = report.request.group;
  if (group.looks > 0) {
    const double z = effect.difference.error > 0 ? std::fabs(effect.difference.estimate) / effect.difference.error : 0;
    return z > report.analysis.boundaries[std::max<std::size_t>(1, group.look) - 1];
  }
  return effect.p_adjusted < report.request.alpha;
}

std::string headline(const AnalysisReport& report) {
  const Analysis& analysis = report.analysis;
  if (!analysis.may_be_read()) {
    const auto failed =
        std::ranges::find_if(analysis.checks, [](const Check& check) { return check.stops && !check.passed; });
    return fmt::format("Do not read the effects: {}", failed->sentence);
  }
  std::string out = sentence_about(report, analysis.effects.front()) + ".";
  std::vector<std::string> moved;
  for (std::size_t i = 1; i < analysis.effects.size(); ++i) {
    const Effect& effect = analysis.effects[i];
    if (is_decided(report, effect))
      moved.push_back(fmt::format("{} in {} ({})", effect.metric, effect.arm, amount(effect)));
  }
  if (!moved.empty()) out += fmt::format(" Also moved: {}.", fmt::join(moved, ", "));
  return out;
}

std::string to_text(const AnalysisReport& report) {
  const Analysis& analysis = report.analysis;
  std::string out = headline(report) + "\n\n";
  out += fmt::format("{}: {} rows", report.source, analysis.rows);
  for (const Arm& arm : analysis.arms) out += fmt::format(", {} {}", arm.name, arm.units);
  if (analysis.rows_without_variant > 0)
    out += fmt::format("; left out without an arm: {}", analysis.rows_without_variant);
  out += fmt::format("; control is {}; intervals of {:g} %\n", analysis.arms.front().name,
                     100 * (1 - report.request.alpha));
  for (const std::string& fact : report.facts) out += fact + "\n";
  out += "Checks\n";
  for (const Check& check : analysis.checks)
    out += fmt::format("  {}  {} (p {})\n", check.passed ? "ok    " : "FAILED", check.sentence, p_text(check.p));
  if (!analysis.may_be_read()) {
    out += "\nWhat follows cannot be trusted until the cause is found.\n";
  }
  out += "\n" + effects_table(report) + boundaries_text(report);
  for (const Path& path : analysis.paths) out += path_text(path);
  out += novelty_text(report.novelty) + funnel_text(report);
  for (const Segmentation& s : analysis.segmentations) out += segments_text(s);
  for (const std::string& note : analysis.notes) out += note + "\n";
  return out;
}

}  // namespace handsel::experiments
