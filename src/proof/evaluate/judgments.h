// What people said about which result fits which query.
//
// Two CSV files: queries (query_id, query) and judgments (query_id, product_id,
// label); further columns are passed over. A label is a name that the gains turn
// into a number ("E=1,S=0.1,C=0.01,I=0"), or a number itself where no gains are given.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/result.h"

namespace handsel::evaluate {

// From labels to numbers.
struct Gains {
  std::map<std::string, double, std::less<>> by_label;  // empty: labels are numbers
  // What recall, precision and the reciprocal rank count: a gain of at least this.
  double relevant_from = 1.0;

  // The gain of a label; nothing where it has none.
  std::optional<double> of(std::string_view label) const;
};

// "E=1,S=0.1" and so on; "" means numbers. kInvalidArgument says what is wrong.
Result<Gains> parse_gains(std::string_view text);

struct JudgedQuery {
  std::string id;
  std::string text;
  std::unordered_map<std::string, double> gains;  // by product; what is absent is unjudged
};

struct JudgedSet {
  std::vector<JudgedQuery> queries;  // those with at least one judgment, in the file's order
  std::uint64_t judgments = 0;
  std::uint64_t queries_without_judgments = 0;
  std::uint64_t judgments_without_query = 0;  // their query_id is not among the queries
  double relevant_from = 1.0;
  // Of queries, judgments and gains: two runs can be compared where it is equal.
  std::uint64_t fingerprint = 0;
};

// The two files' contents. kInvalidData, with file and line: a missing column, a
// label without a gain, a query id twice, a pair judged twice with unlike labels.
Result<JudgedSet> read_judged_set(std::string_view queries_csv, std::string_view judgments_csv, const Gains& gains);

}  // namespace handsel::evaluate
