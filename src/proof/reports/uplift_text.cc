#include <algorithm>

#include <fmt/format.h>

#include "proof/reports/text_table.h"
#include "proof/reports/uplift_report.h"

namespace handsel::experiments {
namespace {

using estimators::Estimate;
using estimators::Qini;
using estimators::QiniPoint;

std::vector<std::string> row_of(std::string name, std::string second, const Estimate& e) {
  return {std::move(name), std::move(second), signed_text(e.estimate), signed_text(e.low), signed_text(e.high)};
}

std::string interval(const Estimate& e) {
  return fmt::format("{} ({} to {})", signed_text(e.estimate), signed_text(e.low), signed_text(e.high));
}

// The smallest share after which treating more gained nothing that was found.
const QiniPoint& best_point(const Qini& qini) {
  return *std::ranges::max_element(qini.curve, {}, [](const QiniPoint& point) { return point.gain.estimate; });
}

std::string order_sentence(const UpliftReport& report) {
  const Qini& qini = report.uplift.qini;
  const std::string numbers = fmt::format("Qini {}", interval(qini.coefficient));
  if (qini.coefficient.low > 0) {
    return fmt::format("The forecast tells who gains more from '{}' on {} ({}).", report.treated_label,
                       report.request.outcome, numbers);
  }
  if (qini.coefficient.high < 0) {
    return fmt::format("The forecast has the order upside down ({}): do not use it.", numbers);
  }
  return fmt::format("Nothing in these columns tells reliably who gains more from '{}' on {} ({}): treat all alike.",
                     report.treated_label, report.request.outcome, numbers);
}

}  // namespace

std::string headline(const UpliftReport& report) {
  const Qini& qini = report.uplift.qini;
  std::string out = order_sentence(report);
  if (qini.coefficient.low <= 0) return out;
  const QiniPoint& best = best_point(qini);
  if (best.share < 1) {
    out +=
        fmt::format(" Most was gained by treating the best {:.0f} %: {} per unit of all, against {} for treating all.",
                    100 * best.share, signed_text(best.gain.estimate), signed_text(qini.effect.estimate));
  } else {
    out += fmt::format(" Treating all still gains most: {} per unit.", signed_text(qini.effect.estimate));
  }
  return out;
}

std::string to_text(const UpliftReport& report) {
  const estimators::Uplift& uplift = report.uplift;
  std::string out = headline(report) + "\n\n";
  out += fmt::format("{}: {} units, {} of them treated ({} against {}); {} rows incomplete, {} of other arms\n",
                     report.source, uplift.units, uplift.treated, report.treated_label, report.control_label,
                     report.rows_incomplete, report.rows_other_arms);
  out += fmt::format(
      "{}-learner on boosted trees, {} folds; a forecast is from the folds before the unit's own, and the first fold "
      "is not judged\n\n",
      report.request.options.learner == estimators::UpliftLearner::kX ? "X" : "T", report.request.options.folds);
  std::vector<std::vector<std::string>> rows = {{"", "", "estimate", "low", "high"}};
  rows.push_back(row_of("Qini coefficient", fmt::format("p {}", p_text(uplift.qini.p)), uplift.qini.coefficient));
  rows.push_back(row_of("average effect", "", uplift.qini.effect));
  out += aligned(rows) + "\n";
  rows = {{"fifths, least forecast first", "forecast", "effect", "low", "high"}};
  for (const estimators::UpliftGroup& group : uplift.groups)
    rows.push_back(row_of(fmt::format("{} units", group.units), signed_text(group.forecast), group.effect));
  out += aligned(rows) + "\n";
  rows = {{"treated, best first", "", "gain per unit of all", "low", "high"}};
  for (std::size_t i = 0; i < uplift.qini.curve.size(); i += 4)
    rows.push_back(row_of(fmt::format("{:.0f} %", 100 * uplift.qini.curve[i].share), "", uplift.qini.curve[i].gain));
  out += aligned(rows) + "\n";
  rows = {{"feature", "share of the splits' gain"}};
  for (std::size_t i = 0; i < report.features.size(); ++i)
    rows.push_back({report.features[i], number_text(uplift.feature_importance[i])});
  return out + aligned(rows);
}

}  // namespace handsel::experiments
