#include "proof/reports/plan_report.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

using Json = nlohmann::json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string count_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.0f}", std::ceil(value)) : "-";
}

std::string share_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.2f} %", 100 * value) : "-";
}

// One row of marks a week, as long as what is detectable, with a bar where the change asked for lies.
std::string picture(const ExperimentPlan& plan, const PlanRequest& request) {
  constexpr double kWidth = 50;
  double most = request.change;
  for (const PlannedWeek& week : plan.weeks)
    if (std::isfinite(week.detectable)) most = std::max(most, week.detectable);
  const auto place = static_cast<std::size_t>(std::lround(request.change / most * kWidth));
  std::string out = "\nDetectable change by weeks ('|' is what is looked for)\n";
  for (const PlannedWeek& week : plan.weeks) {
    const double part = std::isfinite(week.detectable) ? week.detectable / most : 0;
    std::string line(static_cast<std::size_t>(std::lround(part * kWidth)), week.is_extrapolated ? '.' : '=');
    line.resize(std::max(line.size(), place + 1), ' ');
    line[place] = '|';
    out += fmt::format("{:>3}  {}\n", week.weeks, line);
  }
  return out;
}

}  // namespace

std::string headline(const ExperimentPlan& plan, const PlanRequest& request) {
  const std::string aim = fmt::format("a change of {} by {}", plan.comparison.name, share_text(request.change));
  if (!plan.enough) {
    const PlannedWeek& last = plan.weeks.back();
    return fmt::format("{} weeks are not enough to find {}: they can find {}.", last.weeks, aim,
                       share_text(last.detectable));
  }
  const PlannedWeek& week = plan.weeks[*plan.enough - 1];
  return fmt::format("{} {} find {} with a chance of {:g} %: {} units take part.", week.weeks,
                     week.weeks == 1 ? "week is enough to" : "weeks are enough to", aim, 100 * request.power,
                     count_text(week.units));
}

std::string to_text(const ExperimentPlan& plan, const PlanRequest& request) {
  std::string out = headline(plan, request) + "\n\n";
  out += fmt::format("{:.1f} weeks of history; {} arms of one size, {} of the units ({}); alpha {:g}, power {:g}\n",
                     plan.history_weeks, request.arms, share_text(request.share), request.unit, request.alpha,
                     request.power);
  std::vector<std::vector<std::string>> rows = {
      {"weeks", "units", "mean", "deviation", "variance kept", "detectable", "without CUPED", "units needed"}};
  bool extrapolates = false;
  for (const PlannedWeek& week : plan.weeks) {
    extrapolates = extrapolates || week.is_extrapolated;
    rows.push_back({fmt::format("{}{}", week.weeks, week.is_extrapolated ? "*" : ""), count_text(week.units),
                    number_text(week.mean), number_text(week.deviation), number_text(week.variance_kept),
                    share_text(week.detectable), share_text(week.detectable_plain), count_text(week.units_needed)});
  }
  out += aligned(rows);
  if (extrapolates) {
    out += "* beyond the history: as many new units a week as in the last week that is known\n";
  }
  out += picture(plan, request);
  out += "\nA metric that few units have, or that varies much, needs many units; 'winsorised' metrics need fewer.\n";
  return out;
}

std::string to_json(const ExperimentPlan& plan, const PlanRequest& request) {
  Json out = {{"format", "handsel.experiment-plan.1"},
              {"headline", headline(plan, request)},
              {"metric", plan.comparison.name},
              {"unit", request.unit},
              {"alpha", request.alpha},
              {"power", request.power},
              {"change", request.change},
              {"share", request.share},
              {"arms", request.arms},
              {"history_weeks", plan.history_weeks},
              {"weeks_enough", plan.enough ? Json(*plan.enough) : Json(nullptr)}};
  out["weeks"] = Json::array();
  for (const PlannedWeek& week : plan.weeks) {
    out["weeks"].push_back({{"weeks", week.weeks},
                            {"extrapolated", week.is_extrapolated},
                            {"units", week.units},
                            {"mean", number(week.mean)},
                            {"deviation", number(week.deviation)},
                            {"variance_kept", number(week.variance_kept)},
                            {"detectable", number(week.detectable)},
                            {"detectable_plain", number(week.detectable_plain)},
                            {"units_needed", number(week.units_needed)}});
  }
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string definition_skeleton(const std::string& name, const PlanRequest& request) {
  std::string out = fmt::format(
      "# Looks for a change of {} by {}. Copy into experiments.toml, say what the treated arm gets, then\n"
      "# set running to true.\n[[experiment]]\nname = \"{}\"\nunit = \"{}\"\nrunning = false\n",
      request.metric, share_text(request.change), name, request.unit);
  if (request.share < 1) out += fmt::format("slice = [0.0, {}]\n", request.share);
  out += "\n[[experiment.variant]]\nname = \"control\"\n";
  for (std::size_t arm = 1; arm < request.arms; ++arm) {
    out += fmt::format("\n[[experiment.variant]]\nname = \"{}\"\nparameters = {{ }}\n",
                       request.arms == 2 ? std::string("treated") : fmt::format("treated-{}", arm));
  }
  return out;
}

}  // namespace handsel::experiments
