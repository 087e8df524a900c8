// The only file about uplift that sees the JSON library.
#include <nlohmann/json.hpp>

#include "proof/reports/uplift_report.h"

namespace handsel::experiments {
namespace {

using Json = nlohmann::ordered_json;

Json estimate_json(const estimators::Estimate& e) {
  return {{"estimate", e.estimate}, {"error", e.error}, {"low", e.low}, {"high", e.high}};
}

}  // namespace

std::string to_json(const UpliftReport& report) {
  const estimators::Uplift& uplift = report.uplift;
  Json curve = Json::array();
  for (const auto& point : uplift.qini.curve)
    curve.push_back({{"share", point.share}, {"gain", estimate_json(point.gain)}});
  Json groups = Json::array();
  for (const auto& group : uplift.groups) {
    groups.push_back({{"units", group.units}, {"forecast", group.forecast}, {"effect", estimate_json(group.effect)}});
  }
  Json features = Json::array();
  for (std::size_t i = 0; i < report.features.size(); ++i)
    features.push_back({{"name", report.features[i]}, {"share", uplift.feature_importance[i]}});
  const Json out = {{"format", "handsel.uplift.1"},
                    {"source", report.source},
                    {"headline", headline(report)},
                    {"treatment", report.request.treatment},
                    {"control", report.control_label},
                    {"treated", report.treated_label},
                    {"outcome", report.request.outcome},
                    {"learner", report.request.options.learner == estimators::UpliftLearner::kX ? "x" : "t"},
                    {"folds", report.request.options.folds},
                    {"confidence", report.request.options.confidence},
                    {"rows_read", report.rows_read},
                    {"rows_incomplete", report.rows_incomplete},
                    {"rows_other_arms", report.rows_other_arms},
                    {"units", uplift.units},
                    {"treated_units", uplift.treated},
                    {"qini", estimate_json(uplift.qini.coefficient)},
                    {"qini_p", uplift.qini.p},
                    {"effect", estimate_json(uplift.qini.effect)},
                    {"curve", std::move(curve)},
                    {"groups", std::move(groups)},
                    {"features", std::move(features)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace handsel::experiments
