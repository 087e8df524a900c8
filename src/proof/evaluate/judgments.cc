#include "proof/evaluate/judgments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "base/core/hash.h"
#include "facts/catalog/import/csv_reader.h"

namespace handsel::evaluate {
namespace {

constexpr std::array<std::string_view, 2> kQueryColumns = {"query_id", "query"};
constexpr std::array<std::string_view, 3> kJudgmentColumns = {"query_id", "product_id", "label"};

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

struct Cells {
  std::uint64_t line = 0;
  std::vector<std::string> values;
};

// The columns called `names` in a header row, by position.
Result<std::vector<std::size_t>> find_columns(std::span<const std::string> header,
                                              std::span<const std::string_view> names) {
  std::vector<std::size_t> columns;
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end())
      return fail(Code::kInvalidData, "no column '{}'; the header has {}", name, fmt::join(header, ", "));
    columns.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  return columns;
}

// The rows below the header, cut to the named columns.
Result<std::vector<Cells>> read_columns(std::string_view csv, std::span<const std::string_view> names) {
  const auto source = catalog::memory_source("judged set", csv);
  catalog::CsvReader reader(*source, {});
  HANDSEL_ASSIGN(const auto header, reader.next());
  if (!header) return fail(Code::kInvalidData, "the file is empty");
  HANDSEL_ASSIGN(const auto columns, find_columns(header->cells, names));
  const std::size_t width = header->cells.size();

  std::vector<Cells> rows;
  while (true) {
    HANDSEL_ASSIGN(const auto row, reader.next());
    if (!row) return rows;
    if (!row->problem.empty()) return fail(Code::kInvalidData, "line {}: {}", row->line, row->problem);
    if (row->cells.size() < width)
      return fail(Code::kInvalidData, "line {}: {} fields where the header has {}", row->line, row->cells.size(),
                  width);
    Cells& cut = rows.emplace_back(Cells{.line = row->line});
    for (const std::size_t column : columns) cut.values.push_back(row->cells[column]);
  }
}

template <typename T>
Result<T> about(std::string_view file, Result<T> result) {
  if (!result) return fail(result.error().code, "{}: {}", file, result.error().message);
  return result;
}

}  // namespace

std::optional<double> Gains::of(std::string_view label) const {
  if (by_label.empty()) return parse_number(label);
  const auto found = by_label.find(label);
  return found == by_label.end() ? std::nullopt : std::optional(found->second);
}

Result<Gains> parse_gains(std::string_view text) {
  Gains gains;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view entry = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const std::size_t equals = entry.find('=');
    const std::string_view label = trimmed(entry.substr(0, equals));
    if (equals == std::string_view::npos || label.empty())
      return fail(Code::kInvalidArgument, "gains: '{}' is not LABEL=NUMBER; write for example E=1,S=0.1,I=0", entry);
    const std::optional<double> gain = parse_number(trimmed(entry.substr(equals + 1)));
    if (!gain || *gain < 0)
      return fail(Code::kInvalidArgument, "gains: '{}' needs a number of 0 or more after the equals sign", entry);
    if (!gains.by_label.emplace(label, *gain).second)
      return fail(Code::kInvalidArgument, "gains: label '{}' is there twice", label);
  }
  return gains;
}

Result<JudgedSet> read_judged_set(std::string_view queries_csv, std::string_view judgments_csv, const Gains& gains) {
  if (gains.relevant_from <= 0)
    return fail(Code::kInvalidArgument, "relevant_from is {}; it must be above 0, the gain of what nobody judged",
                gains.relevant_from);
  HANDSEL_ASSIGN(const auto query_rows, about("queries", read_columns(queries_csv, kQueryColumns)));
  HANDSEL_ASSIGN(const auto rows, about("judgments", read_columns(judgments_csv, kJudgmentColumns)));

  std::vector<JudgedQuery> queries;
  std::unordered_map<std::string, std::size_t> by_id;
  for (const Cells& row : query_rows) {
    if (!by_id.emplace(row.values[0], queries.size()).second)
      return fail(Code::kInvalidData, "queries: line {}: query_id '{}' is there twice", row.line, row.values[0]);
    queries.push_back({.id = row.values[0], .text = row.values[1]});
  }

  JudgedSet set{.relevant_from = gains.relevant_from};
  for (const Cells& row : rows) {
    const std::optional<double> gain = gains.of(row.values[2]);
    if (!gain || *gain < 0)
      return fail(Code::kInvalidData,
                  "judgments: line {}: label '{}' has no gain; say what it is worth, as in --gains {}=1", row.line,
                  row.values[2], row.values[2]);
    const auto query = by_id.find(row.values[0]);
    if (query == by_id.end()) {
      ++set.judgments_without_query;
      continue;
    }
    const auto [judged, fresh] = queries[query->second].gains.emplace(row.values[1], *gain);
    if (!fresh && judged->second != *gain)
      return fail(Code::kInvalidData, "judgments: line {}: query '{}' and product '{}' have another label above",
                  row.line, row.values[0], row.values[1]);
    if (fresh) {
      ++set.judgments;
      // A sum, so that the order of the rows does not matter.
      set.fingerprint += hash64(fmt::format("{}\n{}\n{}", row.values[0], row.values[1], *gain));
    }
  }
  for (JudgedQuery& query : queries) {
    if (query.gains.empty()) {
      ++set.queries_without_judgments;
    } else {
      set.fingerprint += hash64(query.id + "\n" + query.text);
      set.queries.push_back(std::move(query));
    }
  }
  set.fingerprint += hash64(fmt::format("relevant {}", gains.relevant_from));
  if (set.queries.empty())
    return fail(Code::kInvalidData, "no query has a judgment: {} queries and {} judgments share no query_id",
                query_rows.size(), rows.size());
  return set;
}

}  // namespace handsel::evaluate
