// What a mediation analysis says to people and to programs: text with a sentence on top, JSON, and a page
// with the diagram total = direct + indirect. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proof/mediation/mediation.h"
#include "proof/mediation/sensitivity.h"

namespace handsel::experiments {

// One candidate mediator, analysed.
struct MediatorResult {
  std::string mediator;
  mediation::Mediation generalised;                   // with interaction
  mediation::Mediation classical;                     // without
  std::optional<mediation::Sensitivity> sensitivity;  // absent where nothing is left to vary
};

struct MediationReport {
  std::string source;  // the file
  std::string treatment;
  std::string control_label;
  std::string treated_label;
  std::string outcome;
  std::vector<std::string> covariates;
  double confidence = 0.95;
  bool classical = false;  // which of the two comes first
  std::string errors;      // "independent units", "clusters of shop_id", "series of 7 lags"
  std::size_t rows_read = 0;
  std::size_t rows_incomplete = 0;  // left out, because a value was missing
  std::size_t rows_other_arms = 0;  // left out, because they are neither control nor treated
  std::vector<MediatorResult> mediators;
};

// The first sentence, worded from the intervals by rule.
std::string headline(const MediationReport& report, const MediatorResult& result);

// What speaks against the intervals of this mediator, a sentence each; none where nothing does.
std::vector<std::string> warnings(const MediationReport& report, const MediatorResult& result);

std::string to_text(const MediationReport& report);
std::string to_json(const MediationReport& report);
std::string to_html(const MediationReport& report);

}  // namespace handsel::experiments
