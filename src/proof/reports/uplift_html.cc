#include <fmt/format.h>

#include "proof/reports/page.h"
#include "proof/reports/text_table.h"
#include "proof/reports/uplift_report.h"

namespace handsel::experiments {

std::string to_html(const UpliftReport& report) {
  const estimators::Uplift& uplift = report.uplift;
  std::string body = fmt::format("<h1>Uplift: {} on {}</h1>\n<p class=\"lead\">{}</p>\n", escaped(report.treated_label),
                                 escaped(report.request.outcome), escaped(headline(report)));
  std::vector<Step> steps;
  for (const auto& point : uplift.qini.curve)
    steps.push_back({point.share, point.gain.estimate, point.gain.low, point.gain.high});
  body +=
      "<h2>What is gained by treating the best first</h2>\n<p>Per unit of all, by the share treated. A random "
      "order would be the straight line from 0 to the right end.</p>\n";
  body += band_plot(steps, "share treated, best forecasts first", {});
  body += "<h2>Did what was forecast happen?</h2>\n<p>Fifths of the units, the least forecast first.</p>\n";
  std::vector<Bar> bars;
  std::vector<std::vector<std::string>> rows = {{"fifth", "units", "forecast", "effect", "low", "high"}};
  for (std::size_t i = 0; i < uplift.groups.size(); ++i) {
    const estimators::UpliftGroup& group = uplift.groups[i];
    const bool is_decided = group.effect.low > 0 || group.effect.high < 0;
    bars.push_back({fmt::format("fifth {} (forecast {})", i + 1, signed_text(group.forecast)), group.effect.estimate,
                    group.effect.low, group.effect.high, is_decided});
    rows.push_back({std::to_string(i + 1), std::to_string(group.units), signed_text(group.forecast),
                    signed_text(group.effect.estimate), signed_text(group.effect.low), signed_text(group.effect.high)});
  }
  body += interval_plot(bars, "units of the outcome") + html_table(rows);
  rows = {{"feature", "share of the splits' gain"}};
  for (std::size_t i = 0; i < report.features.size(); ++i)
    rows.push_back({report.features[i], number_text(uplift.feature_importance[i])});
  body += "<h2>What the trees looked at</h2>\n" + html_table(rows);
  return page(fmt::format("Uplift on {}", report.request.outcome), body);
}

}  // namespace handsel::experiments
