// Columns of a report in plain text: the first to the left, numbers to the right, aligned.
#pragma once

#include <string>
#include <vector>

namespace handsel::experiments {

// The first row is the header; all rows are of its length.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

// Six significant digits, a sign where asked for; "-" for what is not a number.
std::string number_text(double value);
std::string signed_text(double value);
std::string percent_text(double value);  // "+1.23 %", of a value in percent
std::string p_text(double p);            // "0.0312", "<0.0001"

}  // namespace handsel::experiments
