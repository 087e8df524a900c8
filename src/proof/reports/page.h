// Pieces of the HTML pages: escaped text, a document with its style inside, and plots drawn as SVG without
// any script. Pages load nothing from anywhere. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace handsel::experiments {

std::string escaped(std::string_view text);
// A whole document; `body` is HTML already.
std::string page(std::string_view title, std::string_view body);
// A table; the first row is the header, the first column words. Cells are escaped.
std::string html_table(const std::vector<std::vector<std::string>>& rows);

// A row of a plot: an estimate with its interval.
struct Bar {
  std::string label;
  double estimate = 0;
  double low = 0;
  double high = 0;
  bool is_decided = false;  // drawn strongly: the interval leaves 0 out
};
// Intervals under each other on one scale, with a line at 0. Of nothing: "".
std::string interval_plot(const std::vector<Bar>& bars, std::string_view unit);

// Shares of several arms at one step, from 0 to 1.
struct ShareBar {
  std::string label;
  double share = 0;
  std::string note;  // in words, after the bar
  bool is_control = false;
};
struct ShareGroup {
  std::string label;
  std::vector<ShareBar> bars;
};
// Horizontal bars from 0 on one scale, those of a group beside each other. Of nothing: "".
std::string share_plot(const std::vector<ShareGroup>& groups, std::string_view unit);

// A line with a band over x.
struct Step {
  double x = 0;
  double estimate = 0;
  double low = 0;
  double high = 0;
};
// Marks are vertical lines with a label. Fewer than two steps: "".
struct Mark {
  double x = 0;
  std::string label;
};
std::string band_plot(const std::vector<Step>& steps, std::string_view x_title, const std::vector<Mark>& marks);

}  // namespace handsel::experiments
