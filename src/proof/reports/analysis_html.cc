#include <cmath>

#include <fmt/format.h>

#include "proof/reports/analysis_report.h"
#include "proof/reports/funnel_table.h"
#include "proof/reports/page.h"
#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

std::string lift_text(double lift) {
  return percent_text(100 * lift);
}

// Lifts, where all metrics have them, are on one scale; else each metric would need its own.
std::string effects_plot(const AnalysisReport& report) {
  std::vector<Bar> bars;
  for (const Effect& effect : report.analysis.effects) {
    const estimators::Difference& d = effect.difference;
    if (!effect.problem.empty() || !std::isfinite(d.lift_low)) continue;
    bars.push_back({effect.metric + ", " + effect.arm, 100 * d.lift, 100 * d.lift_low, 100 * d.lift_high,
                    is_decided(report, effect)});
  }
  return interval_plot(bars, "percent of the control arm");
}

std::string checks_list(const Analysis& analysis) {
  std::string out = "<ul>";
  for (const Check& check : analysis.checks) {
    out += fmt::format("<li{}>{} <span class=\"soft\">(p {})</span></li>\n", check.passed ? "" : " class=\"stop\"",
                       escaped(check.sentence), escaped(p_text(check.p)));
  }
  return out + "</ul>\n";
}

std::string effects_table(const AnalysisReport& report) {
  std::vector<std::vector<std::string>> rows = {
      {"metric", "arm", "units", "control", "treated", "difference", "low", "high", "p", "adjusted", "lift"}};
  if (report.request.sequential) rows[0].insert(rows[0].end(), {"always low", "always high"});
  if (report.request.bayes) rows[0].emplace_back("P(better)");
  for (const Effect& e : report.analysis.effects) {
    std::vector<std::string> row = {e.metric, e.arm, fmt::format("{}", e.control_units + e.treated_units)};
    if (!e.problem.empty()) {
      row.push_back(e.problem);
      row.resize(rows[0].size());
      rows.push_back(std::move(row));
      continue;
    }
    const estimators::Difference& d = e.difference;
    row.insert(row.end(), {number_text(e.control), number_text(e.treated), signed_text(d.estimate), signed_text(d.low),
                           signed_text(d.high), p_text(d.p), p_text(e.p_adjusted), lift_text(d.lift)});
    if (e.sequential) row.insert(row.end(), {signed_text(e.sequential->low), signed_text(e.sequential->high)});
    if (e.posterior) row.push_back(number_text(e.posterior->better));
    rows.push_back(std::move(row));
  }
  return html_table(rows);
}

std::string path_section(const Path& path) {
  std::vector<Step> steps;
  for (const PathPoint& p : path.points) {
    if (std::isfinite(p.low)) steps.push_back({p.day, p.estimate, p.low, p.high});
  }
  if (steps.size() < 2) return "";
  return fmt::format(
             "<h2>{} of {} so far, day by day</h2>\n<p class=\"soft\">The band holds on every day at once, so it may "
             "be "
             "looked at any time. Slope of the daily effect {} (p {}).</p>\n",
             escaped(path.metric), escaped(path.arm), signed_text(path.slope), p_text(path.slope_p)) +
         band_plot(steps, "day", {});
}

std::string novelty_section(const Path& novelty) {
  std::vector<Step> steps;
  for (const PathPoint& p : novelty.points) steps.push_back({p.day, p.estimate, p.low, p.high});
  if (steps.size() < 2) return "";
  return fmt::format(
             "<h2>{} of {} by day since exposure</h2>\n<p class=\"soft\">Does it wear off? One interval for each "
             "day.</p>\n",
             escaped(novelty.metric), escaped(novelty.arm)) +
         band_plot(steps, "day since exposure", {});
}

std::string funnel_section(const AnalysisReport& report) {
  const Analysis& analysis = report.analysis;
  if (analysis.funnel.steps.empty()) return "";
  std::vector<ShareGroup> groups;
  for (const FunnelStep& step : analysis.funnel.steps) {
    ShareGroup group{.label = step.name, .bars = {}};
    for (std::size_t arm = 0; arm < step.reached.size(); ++arm) {
      const double share = share_of(step.reached[arm], analysis.funnel.units[arm]);
      group.bars.push_back({.label = analysis.arms[arm].name,
                            .share = share,
                            .note = fmt::format("{} ({} units)", share_text(share), step.reached[arm]),
                            .is_control = arm == 0});
    }
    groups.push_back(std::move(group));
  }
  return fmt::format("<h2>How far units came</h2>\n<p class=\"soft\">{}</p>\n", escaped(funnel_words(report))) +
         share_plot(groups, "percent of the arm's units") + html_table(funnel_rows(report));
}

std::string segment_section(const Segmentation& s, double alpha) {
  std::vector<Bar> bars;
  for (const SegmentEffect& level : s.levels) {
    if (!level.effect.problem.empty()) continue;
    const estimators::Difference& d = level.effect.difference;
    bars.push_back({level.level, d.estimate, d.low, d.high, level.effect.p_adjusted < alpha});
  }
  std::string out = fmt::format("<h2>{} by {}</h2>\n<p class=\"soft\">Same effect everywhere? p {}.</p>\n",
                                escaped(s.metric), escaped(s.column), p_text(s.heterogeneity_p)) +
                    interval_plot(bars, "difference");
  if (s.honest && s.honest->problem.empty()) {
    out += fmt::format(
        "<p>{} stood out in one half of the units; in the other half its difference is {} ({} to {}).</p>\n",
        escaped(s.chosen), signed_text(s.honest->difference.estimate), signed_text(s.honest->difference.low),
        signed_text(s.honest->difference.high));
  }
  return out;
}

}  // namespace

std::string to_html(const AnalysisReport& report) {
  const Analysis& analysis = report.analysis;
  const bool readable = analysis.may_be_read();
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"lead{}\">{}</p>\n", escaped(report.source),
                                 readable ? "" : " stop", escaped(headline(report)));
  for (const std::string& fact : report.facts) body += fmt::format("<p class=\"soft\">{}</p>\n", escaped(fact));
  body += "<h2>Checks</h2>\n" + checks_list(analysis);
  if (readable) body += "<h2>Effects</h2>\n" + effects_plot(report);
  body += readable
              ? effects_table(report)
              : "<details><summary>Numbers that cannot be trusted</summary>" + effects_table(report) + "</details>\n";
  if (readable) {
    for (const Path& path : analysis.paths) body += path_section(path);
    body += novelty_section(report.novelty) + funnel_section(report);
    for (const Segmentation& s : analysis.segmentations) body += segment_section(s, report.request.alpha);
  }
  for (const std::string& note : analysis.notes) body += fmt::format("<p class=\"soft\">{}</p>\n", escaped(note));
  return page(report.source, body);
}

}  // namespace handsel::experiments
