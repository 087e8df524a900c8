// How far units came, as rows of words: what the text and the page of an analysis share. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proof/reports/analysis_report.h"

namespace handsel::experiments {

// Not a number of no units.
double share_of(std::uint64_t reached, std::uint64_t units);
std::string share_text(double share);  // "41.20 %"

// A header and a row for every step and arm.
std::vector<std::vector<std::string>> funnel_rows(const AnalysisReport& report);
// How the rows are to be read, and what was left out.
std::string funnel_words(const AnalysisReport& report);

}  // namespace handsel::experiments
