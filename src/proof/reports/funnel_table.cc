#include "proof/reports/funnel_table.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

std::string points_text(double share) {
  return std::isfinite(share) ? fmt::format("{:+.2f}", 100 * share) : "-";
}

// Low and high, always valid where that was asked for.
std::vector<std::string> difference_texts(const Effect& effect) {
  if (!effect.problem.empty()) return {"-", "-", "-"};
  const double low = effect.sequential ? effect.sequential->low : effect.difference.low;
  const double high = effect.sequential ? effect.sequential->high : effect.difference.high;
  return {points_text(effect.difference.estimate), points_text(low), points_text(high)};
}

}  // namespace

double share_of(std::uint64_t reached, std::uint64_t units) {
  if (units == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(reached) / static_cast<double>(units);
}

std::string share_text(double share) {
  return std::isfinite(share) ? fmt::format("{:.2f} %", 100 * share) : "-";
}

std::vector<std::vector<std::string>> funnel_rows(const AnalysisReport& report) {
  const Funnel& funnel = report.analysis.funnel;
  std::vector<std::vector<std::string>> rows = {
      {"step", "arm", "units", "of the arm", "of the step before", "points more", "low", "high"}};
  for (std::size_t step = 0; step < funnel.steps.size(); ++step) {
    const FunnelStep& at = funnel.steps[step];
    const std::vector<std::uint64_t>& before = step == 0 ? funnel.units : funnel.steps[step - 1].reached;
    for (std::size_t arm = 0; arm < at.reached.size(); ++arm) {
      std::vector<std::string> row = {at.name, report.analysis.arms[arm].name, fmt::format("{}", at.reached[arm]),
                                      share_text(share_of(at.reached[arm], funnel.units[arm])),
                                      share_text(share_of(at.reached[arm], before[arm]))};
      const auto difference = arm == 0 ? std::vector<std::string>{"", "", ""} : difference_texts(at.effects[arm - 1]);
      row.insert(row.end(), difference.begin(), difference.end());
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string funnel_words(const AnalysisReport& report) {
  std::string out = fmt::format(
      "A unit counts at a step if it reached all steps before it too. Points more: percentage points more than the "
      "control, each with {}interval of {:g} % for itself.",
      report.request.sequential ? "an always-valid " : "an ", 100 * (1 - report.request.alpha));
  if (report.analysis.funnel.missing > 0) {
    out += fmt::format(" Left out: {} units without a value of a step.", report.analysis.funnel.missing);
  }
  return out;
}

}  // namespace handsel::experiments
