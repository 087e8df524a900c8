#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "proof/reports/mediation_report.h"
#include "proof/reports/page.h"
#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

using mediation::Effect;
using mediation::Mediation;

std::string style_of(const Effect& effect) {
  return effect.low > 0 || effect.high < 0 ? "decided" : "open";
}

std::string box(double x, double y, std::string_view label) {
  return fmt::format(R"(<rect x="{0}" y="{1}" width="170" height="44" rx="8" class="box"/>)"
                     R"(<text x="{2}" y="{3}" text-anchor="middle">{4}</text>)",
                     x, y, x + 85, y + 27, escaped(label.substr(0, 24)));
}

std::string amount(const Effect& effect) {
  return std::isfinite(effect.percent) ? percent_text(effect.percent) : signed_text(effect.estimate);
}

// Treatment to outcome directly, and over the mediator; the total below.
std::string diagram(const MediationReport& report, const MediatorResult& result, const Mediation& m) {
  const Effect& direct = m.direct[0];
  const Effect& indirect = m.indirect[1];
  std::string content = box(10, 130, report.treatment) + box(295, 20, result.mediator) + box(580, 130, report.outcome);
  content += fmt::format(R"(<path d="M 180 140 L 295 50" class="{0}" stroke-width="2.5" fill="none"/>)"
                         R"(<path d="M 465 50 L 580 140" class="{0}" stroke-width="2.5" fill="none"/>)"
                         R"(<path d="M 572 127 L 580 140 L 566 136 Z" class="{0}"/>)",
                         style_of(indirect));
  content += fmt::format(R"(<path d="M 180 157 L 580 157" class="{0}" stroke-width="2.5"/>)"
                         R"(<path d="M 570 152 L 580 157 L 570 162 Z" class="{0}"/>)",
                         style_of(direct));
  content += fmt::format(R"(<text x="380" y="95" text-anchor="middle">indirect {}</text>)", amount(indirect));
  content += fmt::format(R"(<text x="380" y="180" text-anchor="middle">direct {}</text>)", amount(direct));
  content += fmt::format(R"(<text x="380" y="220" text-anchor="middle">total {} = direct {} + indirect {}</text>)",
                         amount(m.total), amount(direct), amount(indirect));
  return fmt::format(R"(<svg viewBox="0 0 760 235" width="760" role="img" aria-label="paths of the effect">{}</svg>)",
                     content);
}

Bar bar_of(std::string label, const Effect& e) {
  const bool decided = e.low > 0 || e.high < 0;
  if (std::isfinite(e.percent)) return {std::move(label), e.percent, e.percent_low, e.percent_high, decided};
  return {std::move(label), e.estimate, e.low, e.high, decided};
}

std::vector<Bar> bars_of(const Mediation& m, bool classical) {
  if (classical)
    return {bar_of("direct ADE", m.direct[0]), bar_of("indirect ACME", m.indirect[0]), bar_of("total", m.total)};
  return {bar_of("direct GADE(0)", m.direct[0]), bar_of("direct GADE(1)", m.direct[1]),
          bar_of("indirect GACME(0)", m.indirect[0]), bar_of("indirect GACME(1)", m.indirect[1]),
          bar_of("total", m.total)};
}

std::vector<std::string> row_of(std::string name, const Effect& e) {
  return {std::move(name),    signed_text(e.estimate), number_text(e.error),   p_text(e.p),
          signed_text(e.low), signed_text(e.high),     percent_text(e.percent)};
}

std::string table_of(const Mediation& m, bool classical) {
  std::vector<std::vector<std::string>> rows = {{"effect", "estimate", "error", "p", "low", "high", "of control"}};
  if (classical) {
    rows.push_back(row_of("direct ADE", m.direct[0]));
    rows.push_back(row_of("indirect ACME", m.indirect[0]));
  } else {
    rows.push_back(row_of("direct GADE(0)", m.direct[0]));
    rows.push_back(row_of("direct GADE(1)", m.direct[1]));
    rows.push_back(row_of("indirect GACME(0)", m.indirect[0]));
    rows.push_back(row_of("indirect GACME(1)", m.indirect[1]));
  }
  rows.push_back(row_of("total = direct + indirect", m.total));
  rows.push_back(row_of("difference of the arms", m.arm_difference));
  return html_table(rows);
}

std::string section(const MediationReport& report, const MediatorResult& result) {
  const Mediation& m = report.classical ? result.classical : result.generalised;
  std::string out = fmt::format("<h2>Through {}</h2>\n", escaped(result.mediator));
  out += diagram(report, result, m);
  out += interval_plot(bars_of(m, report.classical),
                       std::isfinite(m.total.percent) ? "percent of the control arm's mean" : "units of the outcome");
  out += table_of(m, report.classical);
  out += report.classical ? "<h3>Generalised effects</h3>\n" : "<h3>If there is no other mediator</h3>\n";
  out += table_of(report.classical ? result.generalised : result.classical, !report.classical);
  if (!result.sensitivity) return out;
  std::vector<Step> steps;
  for (const auto& p : result.sensitivity->points) steps.push_back({p.rho, p.indirect, p.low, p.high});
  out +=
      "<h3>Sensitivity</h3>\n<p>How the indirect effect changes if something unmeasured moves both mediator and "
      "outcome, so that their errors correlate by rho.</p>\n";
  return out +
         band_plot(steps, "rho",
                   {{result.sensitivity->rho_at_zero, fmt::format("0 at {:.2f}", result.sensitivity->rho_at_zero)}});
}

}  // namespace

std::string to_html(const MediationReport& report) {
  std::string body = fmt::format("<h1>{} on {}</h1>\n", escaped(report.treatment), escaped(report.outcome));
  for (const MediatorResult& result : report.mediators) {
    body += fmt::format("<p class=\"lead\">{}</p>\n", escaped(headline(report, result)));
    for (const std::string& warning : warnings(report, result))
      body += fmt::format("<p><strong>Warning:</strong> {}</p>\n", escaped(warning));
  }
  const Mediation& first = report.mediators.front().generalised;
  body += fmt::format(
      "<p class=\"soft\">{}: {} of {} rows, {} treated ({}), {} control ({}). Errors: {}. Intervals of {:g} %."
      " Covariates: {}.</p>\n",
      escaped(report.source), first.units, report.rows_read, first.treated, escaped(report.treated_label),
      first.units - first.treated, escaped(report.control_label), escaped(report.errors), report.confidence * 100,
      report.covariates.empty() ? "none" : escaped(fmt::format("{}", fmt::join(report.covariates, ", "))));
  for (const MediatorResult& result : report.mediators) body += section(report, result);
  body += "<h2>These numbers hold if</h2>\n<ul>";
  for (const std::string_view sentence : mediation::assumptions(!report.classical))
    body += fmt::format("<li>{}</li>\n", escaped(sentence));
  return page(fmt::format("{} on {}", report.treatment, report.outcome), body + "</ul>\n");
}

}  // namespace handsel::experiments
