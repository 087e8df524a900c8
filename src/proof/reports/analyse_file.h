// An A/B test in a file, from the names of its columns to the report. Memory as in unit_table.h; one thread.
#pragma once

#include "facts/catalog/import/byte_source.h"
#include "proof/reports/analysis_report.h"

namespace handsel::experiments {

Result<AnalysisReport> analyse_file(catalog::ByteSource& source, const AnalysisRequest& request);

}  // namespace handsel::experiments
