// What an analysis says to people and to programs: text with a sentence on top, JSON, and a page with plots. Where a
// check that stops has failed, that comes first and the effects are called unreadable. Pure functions, any thread.
#pragma once

#include <string>

#include "proof/metrics/analysis.h"

namespace handsel::experiments {

struct AnalysisReport {
  std::string source;  // the file
  AnalysisRequest request;
  Analysis analysis;
  std::vector<std::string> facts;  // where the units come from, a sentence each
  // The first metric's effect on each day since a unit's exposure, of units that have had that day; with plain
  // intervals, one for each day. `day` counts from 0. Empty: not computed.
  Path novelty;
};

// One sentence about the first metric and what else moved, worded by rule from checks and intervals.
std::string headline(const AnalysisReport& report);

// Whether the effect is decided under what was asked for: the always-valid interval leaves 0 out, or |z| is past the
// boundary of this look, or the adjusted p-value is under alpha.
bool is_decided(const AnalysisReport& report, const Effect& effect);

std::string to_text(const AnalysisReport& report);
std::string to_json(const AnalysisReport& report);
std::string to_html(const AnalysisReport& report);

}  // namespace handsel::experiments
