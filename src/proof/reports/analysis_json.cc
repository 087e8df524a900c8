// The only file about analyses that sees the JSON library.
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "proof/reports/analysis_report.h"
#include "proof/reports/funnel_table.h"

namespace handsel::experiments {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json effect_json(const Effect& e) {
  Json out = {
      {"metric", e.metric}, {"arm", e.arm}, {"control_units", e.control_units}, {"treated_units", e.treated_units}};
  if (!e.problem.empty()) {
    out["problem"] = e.problem;
    return out;
  }
  out["control"] = number(e.control);
  out["treated"] = number(e.treated);
  out["control_error"] = number(e.control_error);
  out["treated_error"] = number(e.treated_error);
  const estimators::Difference& d = e.difference;
  out["difference"] = number(d.estimate);
  out["error"] = number(d.error);
  out["low"] = number(d.low);
  out["high"] = number(d.high);
  out["p"] = number(d.p);
  out["p_adjusted"] = number(e.p_adjusted);
  out["lift"] = number(d.lift);
  out["lift_low"] = number(d.lift_low);
  out["lift_high"] = number(d.lift_high);
  out["variance_kept"] = number(e.variance_kept);
  if (e.sequential) {
    out["always_valid"] = {
        {"low", number(e.sequential->low)}, {"high", number(e.sequential->high)}, {"p", number(e.sequential->p)}};
  }
  if (e.posterior) {
    out["posterior"] = {{"mean", e.posterior->mean},
                        {"deviation", e.posterior->deviation},
                        {"low", e.posterior->low},
                        {"high", e.posterior->high},
                        {"better", e.posterior->better},
                        {"loss_treated", e.posterior->loss_treated},
                        {"loss_control", e.posterior->loss_control}};
  }
  return out;
}

Json segmentation_json(const Segmentation& s) {
  Json levels = Json::array();
  for (const SegmentEffect& level : s.levels) {
    Json entry = effect_json(level.effect);
    entry["segment"] = level.level;
    levels.push_back(std::move(entry));
  }
  Json out = {{"column", s.column},
              {"metric", s.metric},
              {"arm", s.arm},
              {"heterogeneity_p", number(s.heterogeneity_p)},
              {"levels", std::move(levels)}};
  if (s.honest) out["honest"] = {{"segment", s.chosen}, {"effect", effect_json(*s.honest)}};
  return out;
}

Json path_json(const Path& path) {
  Json points = Json::array();
  for (const PathPoint& p : path.points) {
    points.push_back({{"day", p.day},
                      {"units", p.units},
                      {"difference", number(p.estimate)},
                      {"error", number(p.error)},
                      {"low", number(p.low)},
                      {"high", number(p.high)}});
  }
  return {{"metric", path.metric},
          {"arm", path.arm},
          {"slope", number(path.slope)},
          {"slope_p", number(path.slope_p)},
          {"points", std::move(points)}};
}

Json funnel_arm_json(const Effect& e) {
  Json out = {{"arm", e.arm}};
  if (!e.problem.empty()) {
    out["problem"] = e.problem;
    return out;
  }
  out["difference"] = number(e.difference.estimate);
  out["error"] = number(e.difference.error);
  out["low"] = number(e.difference.low);
  out["high"] = number(e.difference.high);
  if (e.sequential) out["always_valid"] = {{"low", number(e.sequential->low)}, {"high", number(e.sequential->high)}};
  return out;
}

Json funnel_json(const Analysis& analysis) {
  const Funnel& funnel = analysis.funnel;
  Json steps = Json::array();
  for (const FunnelStep& step : funnel.steps) {
    Json arms = Json::array();
    for (std::size_t arm = 0; arm < step.reached.size(); ++arm) {
      Json entry = arm == 0 ? Json{{"arm", analysis.arms[arm].name}} : funnel_arm_json(step.effects[arm - 1]);
      entry["units"] = funnel.units[arm];
      entry["reached"] = step.reached[arm];
      entry["share"] = number(share_of(step.reached[arm], funnel.units[arm]));
      arms.push_back(std::move(entry));
    }
    steps.push_back({{"step", step.name}, {"arms", std::move(arms)}});
  }
  return {{"units_missing", funnel.missing}, {"steps", std::move(steps)}};
}

}  // namespace

std::string to_json(const AnalysisReport& report) {
  const Analysis& analysis = report.analysis;
  constexpr std::array kCorrections = {"none", "holm", "bh"};
  Json out = {{"format", "handsel.experiment.1"},
              {"headline", headline(report)},
              {"may_be_read", analysis.may_be_read()},
              {"source", report.source},
              {"rows", analysis.rows},
              {"rows_without_variant", analysis.rows_without_variant},
              {"units", analysis.units},
              {"repeated_units", analysis.repeated_units},
              {"control", analysis.arms.front().name},
              {"alpha", report.request.alpha},
              {"correction", kCorrections[static_cast<std::size_t>(report.request.correction)]},
              {"seed", report.request.seed}};
  out["arms"] = Json::array();
  for (const Arm& arm : analysis.arms) out["arms"].push_back({{"name", arm.name}, {"units", arm.units}});
  out["checks"] = Json::array();
  for (const Check& check : analysis.checks) {
    out["checks"].push_back({{"name", check.name},
                             {"passed", check.passed},
                             {"stops", check.stops},
                             {"p", number(check.p)},
                             {"sentence", check.sentence}});
  }
  out["effects"] = Json::array();
  for (const Effect& effect : analysis.effects) {
    Json entry = effect_json(effect);
    entry["decided"] = is_decided(report, effect);
    out["effects"].push_back(std::move(entry));
  }
  out["paths"] = Json::array();
  for (const Path& path : analysis.paths) out["paths"].push_back(path_json(path));
  if (!analysis.funnel.steps.empty()) out["funnel"] = funnel_json(analysis);
  out["segments"] = Json::array();
  for (const Segmentation& s : analysis.segmentations) out["segments"].push_back(segmentation_json(s));
  if (!analysis.boundaries.empty()) out["boundaries"] = analysis.boundaries;
  if (!report.novelty.points.empty()) out["by_day_since_exposure"] = path_json(report.novelty);
  if (!report.facts.empty()) out["facts"] = report.facts;
  out["notes"] = analysis.notes;
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace handsel::experiments
