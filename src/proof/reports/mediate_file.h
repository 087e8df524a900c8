// A mediation analysis of a file, from the names of its columns to the report.
//
// Rows with a missing value in any column used are left out and counted. A treatment that is not 0 and 1
// needs the names of both arms; rows of other arms are left out and counted. Memory as in unit_table.h,
// plus the influences (least_squares.h). One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "facts/catalog/import/byte_source.h"
#include "proof/metrics/unit_table.h"
#include "proof/reports/mediation_report.h"

namespace handsel::experiments {

inline constexpr std::size_t kMediatorsMax = 50;

struct MediationRequest {
  std::string treatment;
  std::vector<std::string> mediators;
  std::string outcome;
  std::vector<std::string> covariates;
  std::vector<std::string> word_covariates;  // columns of words
  std::string control;                       // labels of the arms; both empty: 0 and 1
  std::string treated;
  bool classical = false;
  std::string cluster;   // column
  std::size_t lags = 0;  // rows in order of time
  mediation::Options options;
};

// Of a table that has the request's columns; `source` is what the report calls it.
Result<MediationReport> mediate_table(const UnitTable& table, const std::string& source,
                                      const MediationRequest& request);

Result<MediationReport> mediate_file(catalog::ByteSource& source, const MediationRequest& request);

}  // namespace handsel::experiments
