#include "proof/reports/analyse_file.h"

namespace handsel::experiments {

Result<AnalysisReport> analyse_file(catalog::ByteSource& source, const AnalysisRequest& request) {
  HANDSEL_ASSIGN(const UnitTable table, read_unit_table(source, number_columns(request), word_columns(request)));
  HANDSEL_ASSIGN(auto analysis, analyse(table, request));
  return AnalysisReport{.source = source.name(), .request = request, .analysis = std::move(analysis)};
}

}  // namespace handsel::experiments
