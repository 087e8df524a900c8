#include "proof/reports/page.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/core/html.h"

namespace handsel::experiments {
namespace {

constexpr double kWidth = 760;
constexpr double kCharacterWidth = 7.3;  // of the plots' letters, about
constexpr std::size_t kLabelCharactersMax = 45;
constexpr std::size_t kShareLabelCharactersMax = 20;
constexpr double kRowHeight = 30;
constexpr double kMargin = 12;

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--ink:#1c2430;--soft:#667085;--line:#d0d5dd;--good:#1f6f54;--wait:#98a2b3;--bad:#b42318;--band:#1f6f5426;--page:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#98a2b3;--line:#3b4454;--good:#5fc79d;--wait:#667085;--bad:#f97066;--band:#5fc79d33;--page:#12161d}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:820px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.25rem}h2{font-size:1.15rem;margin-top:2rem}.lead{font-size:1.1rem}
.stop{border-left:4px solid var(--bad);padding:.5rem 1rem}.soft{color:var(--soft)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.875rem;width:100%}
.wide{overflow-x:auto}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}svg text{fill:var(--ink);font:13px system-ui,sans-serif}
svg .soft{fill:var(--soft)}svg .axis{stroke:var(--line)}svg .zero{stroke:var(--soft);stroke-dasharray:4 3}
svg .decided{stroke:var(--good);fill:var(--good)}svg .open{stroke:var(--wait);fill:var(--wait)}svg .band{fill:var(--band)}
svg .path{stroke:var(--good);fill:none;stroke-width:2}svg .box{fill:none;stroke:var(--line)}
)";

// Where values lie on a line of pixels.
struct Scale {
  double low;
  double high;
  double first;
  double last;
  double at(double value) const { return first + (value - low) / (high - low) * (last - first); }
};

Scale scale_over(double low, double high, double first, double last) {
  if (!(high > low)) {
    low -= 1;
    high += 1;
  }
  const double room = 0.05 * (high - low);
  return {low - room, high + room, first, last};
}

// A round distance between about five ticks: 1, 2 or 5 times a power of ten.
double tick_step(const Scale& scale) {
  const double raw = (scale.high - scale.low) / 5;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw) return factor * power;
  }
  return 10 * power;
}

std::vector<double> ticks(const Scale& scale) {
  const double step = tick_step(scale);
  std::vector<double> out;
  for (double k = std::ceil(scale.low / step); k * step <= scale.high; ++k) out.push_back(k == 0 ? 0 : k * step);
  return out;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text, std::string_view style = "") {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="{}">{}</text>)", x, y, anchor, style,
                     escaped(text));
}

std::string line_at(double x1, double y1, double x2, double y2, std::string_view style, double width = 1) {
  return fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}" stroke-width="{}"/>)", x1, y1,
                     x2, y2, style, width);
}

// At most as many characters as plots of shares have room for.
std::string shortened(const std::string& label) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < label.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(label[at]) & 0xc0) != 0x80;
    if (begins && ++characters == kShareLabelCharactersMax && label.size() > at + 1) return label.substr(0, at) + "…";
  }
  return label;
}

std::string svg(double height, std::string_view name, const std::string& content) {
  return fmt::format(R"(<svg viewBox="0 0 {} {:.0f}" width="{}" role="img" aria-label="{}">{}</svg>)", kWidth, height,
                     kWidth, escaped(name), content);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  append_html_escaped(out, text);
  return out;
}

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{}</title><style>{}</style></head>\n<body>{}</body></html>\n",
      escaped(title), kStyle, body);
}

std::string html_table(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"wide\"><table>";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view tag = i == 0 ? "th" : "td";
    out += "<tr>";
    for (const std::string& cell : rows[i]) out += fmt::format("<{0}>{1}</{0}>", tag, escaped(cell));
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string interval_plot(const std::vector<Bar>& bars, std::string_view unit) {
  if (bars.empty()) return "";
  double low = 0;
  double high = 0;
  for (const Bar& bar : bars) {
    low = std::min({low, bar.low, bar.estimate});
    high = std::max({high, bar.high, bar.estimate});
  }
  std::size_t longest = 0;
  for (const Bar& bar : bars) longest = std::max(longest, std::min(kLabelCharactersMax, bar.label.size()));
  const double label_width = 2 * kMargin + kCharacterWidth * static_cast<double>(longest);
  const Scale scale = scale_over(low, high, label_width, kWidth - kMargin);
  const double bottom = kMargin + kRowHeight * static_cast<double>(bars.size());
  std::string content;
  for (const double tick : ticks(scale)) {
    content += line_at(scale.at(tick), kMargin, scale.at(tick), bottom, tick == 0 ? "zero" : "axis");
    content += text_at(scale.at(tick), bottom + 18, "middle", fmt::format("{:g}", tick), "soft");
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const double y = kMargin + kRowHeight * (static_cast<double>(i) + 0.5);
    const std::string_view style = bar.is_decided ? "decided" : "open";
    content += text_at(label_width - kMargin, y + 5, "end", bar.label);
    content += line_at(scale.at(bar.low), y, scale.at(bar.high), y, style, 3);
    content += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="5" class="{}"/>)", scale.at(bar.estimate), y, style);
  }
  content += text_at(kWidth - kMargin, bottom + 36, "end", unit, "soft");
  return svg(bottom + 44, "estimates with intervals", content);
}

std::string share_plot(const std::vector<ShareGroup>& groups, std::string_view unit) {
  constexpr double kBar = 18;
  constexpr double kBetween = 14;
  std::size_t step_characters = 0, arm_characters = 0, note_characters = 0, bars = 0;
  double highest = 0;
  for (const ShareGroup& group : groups) {
    step_characters = std::max(step_characters, std::min(kShareLabelCharactersMax, group.label.size()));
    for (const ShareBar& bar : group.bars) {
      arm_characters = std::max(arm_characters, std::min(kShareLabelCharactersMax, bar.label.size()));
      note_characters = std::max(note_characters, bar.note.size());
      if (bar.share > highest) highest = bar.share;
      ++bars;
    }
  }
  if (bars == 0) return "";
  const double arm_at = 2 * kMargin + kCharacterWidth * static_cast<double>(step_characters);
  const double first = arm_at + kMargin + kCharacterWidth * static_cast<double>(arm_characters);
  const double last = kWidth - kMargin - kCharacterWidth * static_cast<double>(note_characters);
  const Scale scale = {0, highest > 0 ? 100 * highest : 100, first, last};
  const double bottom =
      kMargin + (kBar + 2) * static_cast<double>(bars) + kBetween * static_cast<double>(groups.size());
  std::string content;
  for (const double tick : ticks(scale)) {
    content += line_at(scale.at(tick), kMargin, scale.at(tick), bottom, "axis");
    content += text_at(scale.at(tick), bottom + 18, "middle", fmt::format("{:g}", tick), "soft");
  }
  double y = kMargin + kBetween / 2;
  for (const ShareGroup& group : groups) {
    content += text_at(kMargin, y + 13, "start", shortened(group.label));
    for (const ShareBar& bar : group.bars) {
      const double share = std::isfinite(bar.share) ? 100 * bar.share : 0;
      content += text_at(arm_at, y + 13, "start", shortened(bar.label), "soft");
      content += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" class="{}"/>)", first, y,
                             scale.at(share) - first, kBar, bar.is_control ? "open" : "decided");
      content += text_at(scale.at(share) + 6, y + 13, "start", bar.note);
      y += kBar + 2;
    }
    y += kBetween;
  }
  content += text_at(kWidth - kMargin, bottom + 36, "end", unit, "soft");
  return svg(bottom + 44, "shares of units by step and arm", content);
}

std::string band_plot(const std::vector<Step>& steps, std::string_view x_title, const std::vector<Mark>& marks) {
  if (steps.size() < 2) return "";
  constexpr double kHeight = 300;
  constexpr double kLeft = 70;
  constexpr double kBottom = kHeight - 50;
  double low = 0;
  double high = 0;
  for (const Step& step : steps) {
    low = std::min(low, step.low);
    high = std::max(high, step.high);
  }
  const Scale across = {steps.front().x, steps.back().x, kLeft, kWidth - kMargin};
  const Scale up = scale_over(low, high, kBottom, kMargin);
  std::string content;
  for (const double tick : ticks(up)) {
    content += line_at(kLeft, up.at(tick), kWidth - kMargin, up.at(tick), tick == 0 ? "zero" : "axis");
    content += text_at(kLeft - 8, up.at(tick) + 5, "end", fmt::format("{:g}", tick), "soft");
  }
  for (const double tick : ticks(across))
    content += text_at(across.at(tick), kBottom + 18, "middle", fmt::format("{:g}", tick), "soft");
  std::string above;
  std::string below;
  std::string middle;
  for (const Step& step : steps) {
    above += fmt::format("{:.1f},{:.1f} ", across.at(step.x), up.at(step.high));
    below = fmt::format("{:.1f},{:.1f} ", across.at(step.x), up.at(step.low)) + below;
    middle += fmt::format("{:.1f},{:.1f} ", across.at(step.x), up.at(step.estimate));
  }
  content +=
      fmt::format(R"(<polygon points="{}{}" class="band"/><polyline points="{}" class="path"/>)", above, below, middle);
  for (const Mark& mark : marks) {
    content += line_at(across.at(mark.x), kMargin, across.at(mark.x), kBottom, "zero");
    content += text_at(across.at(mark.x) + 5, kMargin + 12, "start", mark.label);
  }
  content += text_at(kWidth - kMargin, kBottom + 38, "end", x_title, "soft");
  return svg(kHeight, x_title, content);
}

}  // namespace handsel::experiments
