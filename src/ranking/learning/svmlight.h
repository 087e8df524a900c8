// Judged rows as ranking data sets are handed around: SVMlight lines with query groups.
//
//   GRADE [qid:N] COLUMN:VALUE ...   [# comment]
//
// Groups are either neighbouring lines with the same qid, or come from a second text with
// the size of one group a line (as LightGBM has them, in FILE.query). Grades are whole
// numbers 0..31. Columns need not be in order; what a line does not mention is 0.
//
// Pure; one pass. Errors name the line. Limits are checked before memory is taken.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/core/result.h"
#include "ranking/trees/ranking_rows.h"

namespace handsel::learning {

inline constexpr std::size_t kSvmlightValuesMax = 250'000'000;  // rows x columns: 1 GB
inline constexpr unsigned kGradeMax = 31;

enum class GainKind : std::uint8_t {
  kExponential,  // 2^grade - 1, as LightGBM and XGBoost count it
  kLinear,       // the grade
};

struct SvmlightOptions {
  GainKind gain = GainKind::kExponential;
  // Of the rows to be made; columns beyond are dropped, as unknown to the model. 0: as many
  // as the text mentions.
  std::size_t columns = 0;
};

// `groups`: the second text; empty where lines have a qid. Features are called by their
// column's number. kInvalidData: what does not parse, a qid that comes back later, group
// sizes that do not add up.
Result<trees::RankingRows> parse_svmlight(std::string_view text, std::string_view groups,
                                          const SvmlightOptions& options = {});

}  // namespace handsel::learning
