#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "proof/reports/mediation_report.h"
#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

using mediation::Effect;
using mediation::Mediation;

// "raised", "lowered" or "did not measurably change".
std::string verb(const Effect& effect) {
  if (effect.low > 0) return "raised";
  if (effect.high < 0) return "lowered";
  return "did not measurably change";
}

// Near zero: the interval holds zero, and not what either path did by itself.
std::string_view total_words(const Mediation& m) {
  if (m.total.low > 0 || m.total.high < 0) return "";
  const double path = std::min(std::fabs(m.direct[0].estimate), std::fabs(m.indirect[1].estimate));
  const bool is_narrow = std::max(-m.total.low, m.total.high) < path;
  return is_narrow ? " and the total is near zero" : " and the total cannot be told from zero";
}

std::string amount(const Effect& effect) {
  if (std::isfinite(effect.percent)) return fmt::format("{:+.2f} %", effect.percent);
  return fmt::format("{:+.4g}", effect.estimate);
}

std::vector<std::string> row_of(std::string name, const Effect& effect) {
  std::vector<std::string> cells = {
      std::move(name),  signed_text(effect.estimate), number_text(effect.error), fmt::format("{:+.2f}", effect.z),
      p_text(effect.p), signed_text(effect.low),      signed_text(effect.high),  percent_text(effect.percent)};
  if (effect.bootstrap) {
    cells.push_back(signed_text(effect.bootstrap->low));
    cells.push_back(signed_text(effect.bootstrap->high));
  }
  return cells;
}

std::string effects_table(const Mediation& m, bool interaction) {
  std::vector<std::vector<std::string>> rows = {{"effect", "estimate", "error", "z", "p", "low", "high", "of control"}};
  if (m.total.bootstrap) rows[0].insert(rows[0].end(), {"bootstrap low", "high"});
  if (interaction) {
    rows.push_back(row_of("direct GADE(0)", m.direct[0]));
    rows.push_back(row_of("direct GADE(1)", m.direct[1]));
    rows.push_back(row_of("indirect GACME(0)", m.indirect[0]));
    rows.push_back(row_of("indirect GACME(1)", m.indirect[1]));
  } else {
    rows.push_back(row_of("direct ADE", m.direct[0]));
    rows.push_back(row_of("indirect ACME", m.indirect[0]));
  }
  rows.push_back(row_of("total = direct + indirect", m.total));
  rows.push_back(row_of("difference of the arms", m.arm_difference));
  return aligned(rows);
}

std::string generalised_text(const MediatorResult& result) {
  const Mediation& m = result.generalised;
  return effects_table(m, true) +
         fmt::format(
             "  Identity: GADE(0) {:+.6g} + GACME(1) {:+.6g} = {:+.6g}; GADE(1) {:+.6g} + GACME(0) {:+.6g} = "
             "{:+.6g} (gap {:.1g})\n",
             m.direct[0].estimate, m.indirect[1].estimate, m.direct[0].estimate + m.indirect[1].estimate,
             m.direct[1].estimate, m.indirect[0].estimate, m.direct[1].estimate + m.indirect[0].estimate,
             std::fabs(m.identity_gap));
}

std::string sensitivity_text(const mediation::Sensitivity& s) {
  std::string out = fmt::format(
      "  Sensitivity (linear equations, no interaction): the indirect effect would be 0 if the errors of mediator and "
      "outcome correlated by rho = {:.3f};\n  that is something unmeasured whose shares of the two residual variances "
      "multiply to {:.4f} (of the total variances: {:.4f}).\n",
      s.rho_at_zero, s.residual_share_at_zero, s.total_share_at_zero);
  std::vector<std::vector<std::string>> rows = {{"rho", "ACME(rho)", "low", "high"}};
  for (const auto& point : s.points) {
    rows.push_back({fmt::format("{:+.1f}", point.rho), signed_text(point.indirect), signed_text(point.low),
                    signed_text(point.high)});
  }
  return out + aligned(rows);
}

std::string classical_text(const MediatorResult& result) {
  const Mediation& m = result.classical;
  return effects_table(m, false) +
         fmt::format("  Share mediated {}, Sobel error of ACME {:.6g}\n", number_text(m.share), m.sobel_error);
}

std::string mediator_text(const MediationReport& report, const MediatorResult& result) {
  const Mediation& m = report.classical ? result.classical : result.generalised;
  std::string out = fmt::format("\nMediator {}: control mean {:.6g}, moved by {:+.6g} (p {})\n", result.mediator,
                                m.mediator_control, m.mediator_change, p_text(m.mediator_change_p));
  const std::string generalised =
      " Generalised effects (other mediators may exist unmeasured)\n" + generalised_text(result);
  const std::string classical = " Classical effects (no other mediator, no interaction)\n" + classical_text(result);
  out += report.classical ? classical + generalised : generalised + classical;
  if (result.sensitivity) out += sensitivity_text(*result.sensitivity);
  return out;
}

std::string side_by_side(const MediationReport& report) {
  std::vector<std::vector<std::string>> rows = {
      {"mediator", "moved by", "p", "indirect (mean)", "of control", "share of total"}};
  for (const MediatorResult& result : report.mediators) {
    const Mediation& m = report.classical ? result.classical : result.generalised;
    const double indirect = (m.indirect[0].estimate + m.indirect[1].estimate) / 2;
    rows.push_back({result.mediator, signed_text(m.mediator_change), p_text(m.mediator_change_p), signed_text(indirect),
                    percent_text((m.indirect[0].percent + m.indirect[1].percent) / 2), number_text(m.share)});
  }
  return "\nCandidate mediators side by side (each alone; their indirect effects may overlap and do not add up)\n" +
         aligned(rows);
}

}  // namespace

std::string headline(const MediationReport& report, const MediatorResult& result) {
  const Mediation& m = report.classical ? result.classical : result.generalised;
  const Effect& direct = m.direct[0];
  const Effect& indirect = m.indirect[1];
  const Effect& total = m.total;
  const bool opposed = (direct.low > 0 && indirect.high < 0) || (direct.high < 0 && indirect.low > 0);
  // An arm with a name of its own says more than the column's.
  const std::string& subject = report.treated_label == "1" ? report.treatment : report.treated_label;
  std::string out = fmt::format("{} {} {} ({}, interval {:.4g} to {:.4g})", subject, verb(total), report.outcome,
                                amount(total), total.low, total.high);
  out += fmt::format("; by itself it {} it ({}), through {} it {} it ({})", verb(direct), amount(direct),
                     result.mediator, verb(indirect), amount(indirect));
  if (opposed) out += ": what one path gave, the other took away";
  if (opposed && direct.low > 0 && m.mediator_change < 0) {
    out += fmt::format(", {} is cannibalised{}", result.mediator, total_words(m));
  }
  return out + ".";
}

std::vector<std::string> warnings(const MediationReport& report, const MediatorResult& result) {
  const Mediation& m = report.classical ? result.classical : result.generalised;
  struct Named {
    std::string_view name;
    const Effect& effect;
  };
  const Named all[] = {{"direct", m.direct[0]},
                       {"direct", m.direct[1]},
                       {"indirect", m.indirect[0]},
                       {"indirect", m.indirect[1]},
                       {"total", m.total}};
  const Named* worst = nullptr;
  for (const Named& named : all) {
    const std::size_t units = named.effect.half_variance_units;
    if (units == 0 || units >= mediation::kHalfVarianceUnitsMin) continue;
    if (worst == nullptr || units < worst->effect.half_variance_units) worst = &named;
  }
  if (worst == nullptr) return {};
  return {fmt::format(
      "Half of the variance of the {} effect comes from {} of {} units. Values of {} are so uneven that intervals miss "
      "more often than they say, mostly by being too near to zero. Take an outcome with a cap (gms.capped; at_most in "
      "the metrics file), or wait for more units.",
      worst->name, worst->effect.half_variance_units, m.units, report.outcome)};
}

std::string to_text(const MediationReport& report) {
  std::string out;
  for (const MediatorResult& result : report.mediators) {
    out += headline(report, result) + "\n";
    for (const std::string& warning : warnings(report, result)) out += "Warning: " + warning + "\n";
  }
  const Mediation& first = report.mediators.front().generalised;
  out += fmt::format("\n{}: {} of {} rows: {} treated ({}), {} control ({})\n", report.source, first.units,
                     report.rows_read, first.treated, report.treated_label, first.units - first.treated,
                     report.control_label);
  if (report.rows_incomplete > 0)
    out += fmt::format("Left out: {} rows with a missing value\n", report.rows_incomplete);
  if (report.rows_other_arms > 0) out += fmt::format("Left out: {} rows of other arms\n", report.rows_other_arms);
  out += fmt::format("Outcome {}, control mean {:.6g}; covariates: {}; errors: {}; intervals of {:g} %\n",
                     report.outcome, first.control_mean,
                     report.covariates.empty()
                         ? "none"
                         : fmt::format("{}, linear in both equations", fmt::join(report.covariates, ", ")),
                     report.errors, report.confidence * 100);
  if (report.mediators.size() > 1) out += side_by_side(report);
  for (const MediatorResult& result : report.mediators) out += mediator_text(report, result);
  out += "\nThese numbers hold if:\n";
  for (const std::string_view sentence : mediation::assumptions(!report.classical))
    out += fmt::format("  - {}\n", sentence);
  return out;
}

}  // namespace handsel::experiments
