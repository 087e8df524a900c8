// The only file about mediation that sees the JSON library.
#include <cmath>

#include <nlohmann/json.hpp>

#include "proof/reports/mediation_report.h"

namespace handsel::experiments {
namespace {

using Json = nlohmann::ordered_json;
using mediation::Effect;
using mediation::Mediation;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json effect_json(const Effect& effect) {
  Json out = {{"estimate", effect.estimate},
              {"error", effect.error},
              {"z", effect.z},
              {"p", effect.p},
              {"low", effect.low},
              {"high", effect.high},
              {"percent", number(effect.percent)},
              {"percent_low", number(effect.percent_low)},
              {"percent_high", number(effect.percent_high)},
              {"half_variance_units", effect.half_variance_units}};
  if (effect.bootstrap) out["bootstrap"] = {{"low", effect.bootstrap->low}, {"high", effect.bootstrap->high}};
  return out;
}

Json common_json(const Mediation& m) {
  return {{"units", m.units},
          {"treated", m.treated},
          {"control_mean", m.control_mean},
          {"mediator_control", m.mediator_control},
          {"mediator_change", m.mediator_change},
          {"mediator_change_p", m.mediator_change_p}};
}

Json generalised_json(const Mediation& m) {
  Json out = common_json(m);
  out["gade_0"] = effect_json(m.direct[0]);
  out["gade_1"] = effect_json(m.direct[1]);
  out["gacme_0"] = effect_json(m.indirect[0]);
  out["gacme_1"] = effect_json(m.indirect[1]);
  out["total"] = effect_json(m.total);
  out["arm_difference"] = effect_json(m.arm_difference);
  out["identity_gap"] = m.identity_gap;
  out["share_mediated"] = number(m.share);
  return out;
}

Json classical_json(const Mediation& m) {
  Json out = common_json(m);
  out["ade"] = effect_json(m.direct[0]);
  out["acme"] = effect_json(m.indirect[0]);
  out["total"] = effect_json(m.total);
  out["sobel_error"] = m.sobel_error;
  out["share_mediated"] = number(m.share);
  return out;
}

Json sensitivity_json(const mediation::Sensitivity& s) {
  Json points = Json::array();
  for (const auto& point : s.points)
    points.push_back({{"rho", point.rho}, {"acme", point.indirect}, {"low", point.low}, {"high", point.high}});
  return {{"rho_at_zero", s.rho_at_zero},
          {"residual_share_at_zero", s.residual_share_at_zero},
          {"total_share_at_zero", s.total_share_at_zero},
          {"rho_first_insignificant", s.rho_first_insignificant},
          {"points", std::move(points)}};
}

}  // namespace

std::string to_json(const MediationReport& report) {
  Json mediators = Json::array();
  for (const MediatorResult& result : report.mediators) {
    Json entry = {{"mediator", result.mediator},
                  {"headline", headline(report, result)},
                  {"warnings", warnings(report, result)},
                  {"generalised", generalised_json(result.generalised)},
                  {"classical", classical_json(result.classical)}};
    if (result.sensitivity) entry["sensitivity"] = sensitivity_json(*result.sensitivity);
    mediators.push_back(std::move(entry));
  }
  Json assumptions = Json::array();
  for (const std::string_view sentence : mediation::assumptions(!report.classical)) assumptions.push_back(sentence);
  const Json out = {{"format", "handsel.mediation.1"},
                    {"source", report.source},
                    {"treatment", report.treatment},
                    {"control", report.control_label},
                    {"treated", report.treated_label},
                    {"outcome", report.outcome},
                    {"covariates", report.covariates},
                    {"confidence", report.confidence},
                    {"errors", report.errors},
                    {"rows_read", report.rows_read},
                    {"rows_incomplete", report.rows_incomplete},
                    {"rows_other_arms", report.rows_other_arms},
                    {"classical_first", report.classical},
                    {"mediators", std::move(mediators)},
                    {"assumptions", std::move(assumptions)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace handsel::experiments
