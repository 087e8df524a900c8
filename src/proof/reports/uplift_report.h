// Whom an experiment moved most, from a file to what people and programs read: text with a sentence on top, JSON, and a
// page with the Qini curve. What is computed stands in proof/estimators/uplift.h. Rows with a missing value in any
// column used are left out and counted. Memory as in unit_table.h; one thread.
#pragma once

#include <string>
#include <vector>

#include "facts/catalog/import/byte_source.h"
#include "proof/estimators/uplift.h"

namespace handsel::experiments {

struct UpliftRequest {
  std::string treatment;
  std::string outcome;
  std::vector<std::string> features;       // columns of numbers from before the experiment
  std::vector<std::string> word_features;  // columns of words
  std::string control;                     // labels of the arms; both empty: 0 and 1
  std::string treated;
  estimators::UpliftOptions options;
};

struct UpliftReport {
  std::string source;
  UpliftRequest request;
  std::string control_label;
  std::string treated_label;
  std::size_t rows_read = 0;
  std::size_t rows_incomplete = 0;
  std::size_t rows_other_arms = 0;
  std::vector<std::string> features;  // as the trees see them
  estimators::Uplift uplift;
};

Result<UpliftReport> uplift_file(catalog::ByteSource& source, const UpliftRequest& request);

// One sentence, worded by rule from the coefficient's interval and the curve.
std::string headline(const UpliftReport& report);
std::string to_text(const UpliftReport& report);
std::string to_json(const UpliftReport& report);
std::string to_html(const UpliftReport& report);

}  // namespace handsel::experiments
