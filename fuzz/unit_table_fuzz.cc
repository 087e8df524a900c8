// A table of units, which users bring, through both analyses and every form of their reports.
#include <cstdint>
#include <string_view>

#include "proof/reports/analyse_file.h"
#include "proof/reports/mediate_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  experiments::AnalysisRequest request;
  request.unit = "unit";
  request.variant = "arm";
  for (const char* metric : {"y", "y/x", "proportion:x", "quantile:y:0.5", "winsorised:y:0.9"})
    request.metrics.push_back(*experiments::parse_metric(metric));
  request.covariates = {"x"};
  request.adjustment = estimators::Adjustment::kCuped;
  request.sequential = true;
  request.bayes = true;
  request.segments = {"arm"};
  request.day = "x";
  const auto source = catalog::memory_source("fuzz", text);
  if (const auto report = experiments::analyse_file(*source, request)) {
    static_cast<void>(experiments::to_text(*report));
    static_cast<void>(experiments::to_json(*report));
    static_cast<void>(experiments::to_html(*report));
  }
  experiments::MediationRequest mediation;
  mediation.treatment = "arm";
  mediation.mediators = {"x"};
  mediation.outcome = "y";
  mediation.control = "control";
  mediation.treated = "new";
  const auto again = catalog::memory_source("fuzz", text);
  if (const auto report = experiments::mediate_file(*again, mediation)) {
    static_cast<void>(experiments::to_text(*report));
    static_cast<void>(experiments::to_json(*report));
    static_cast<void>(experiments::to_html(*report));
  }
  return 0;
}
