#include "proof/metrics/unit_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "facts/catalog/import/csv_reader.h"

namespace handsel::experiments {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_missing(std::string_view cell) {
  std::string lower(cell.substr(0, 5));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return cell.size() <= 4 && (lower.empty() || lower == "na" || lower == "nan" || lower == "null" || lower == "none");
}

std::optional<double> number_in(std::string_view cell) {
  cell = trimmed(cell);
  if (is_missing(cell)) return std::numeric_limits<double>::quiet_NaN();
  if (cell == "true" || cell == "TRUE" || cell == "True") return 1;
  if (cell == "false" || cell == "FALSE" || cell == "False") return 0;
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string list_of(std::span<const std::string> names) {
  constexpr std::size_t kShownMax = 30;
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kShownMax); ++i) list += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kShownMax ? list + ", …" : list;
}

Result<std::size_t> position_of(const std::string& name, std::span<const std::string> header) {
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) {
    return fail(Code::kNotFound, "there is no column '{}'; the columns are: {}", name, list_of(header));
  }
  if (std::find(found + 1, header.end(), name) != header.end()) {
    return fail(Code::kInvalidData, "two columns are called '{}'", name);
  }
  return static_cast<std::size_t>(found - header.begin());
}

// Gives words their codes.
class Coder {
 public:
  explicit Coder(WordColumn& column) : column_(column) {}

  Result<void> add(std::string_view cell) {
    cell = trimmed(cell);
    if (is_missing(cell)) {
      column_.codes.push_back(WordColumn::kMissing);
      return {};
    }
    const auto [entry, is_fresh] =
        codes_.try_emplace(std::string(cell), static_cast<std::uint32_t>(column_.labels.size()));
    if (is_fresh) {
      if (column_.labels.size() == kLabelsMax) {
        return fail(Code::kTooLarge, "column '{}' has more than {} unlike values", column_.name, kLabelsMax);
      }
      column_.labels.emplace_back(cell);
    }
    column_.codes.push_back(entry->second);
    return {};
  }

 private:
  WordColumn& column_;
  std::unordered_map<std::string, std::uint32_t> codes_;
};

class Loader {
 public:
  Loader(std::span<const std::string> numbers, std::span<const std::string> words) {
    for (const std::string& name : numbers) table_.numbers.push_back({.name = name, .values = {}});
    for (const std::string& name : words) table_.words.push_back({.name = name, .codes = {}, .labels = {}});
    for (WordColumn& column : table_.words) coders_.emplace_back(column);
  }

  Result<void> set_header(std::span<const std::string> header) {
    std::vector<std::string> names;
    for (const std::string& cell : header) names.emplace_back(trimmed(cell));
    for (const NumberColumn& column : table_.numbers) {
      HANDSEL_ASSIGN(const std::size_t position, position_of(column.name, names));
      number_positions_.push_back(position);
    }
    for (const WordColumn& column : table_.words) {
      HANDSEL_ASSIGN(const std::size_t position, position_of(column.name, names));
      word_positions_.push_back(position);
    }
    width_ = names.size();
    return {};
  }

  Result<void> add(const catalog::CsvRow& row) {
    if (!row.problem.empty()) return fail(Code::kInvalidData, "line {}: {}", row.line, row.problem);
    if (row.cells.size() != width_) {
      return fail(Code::kInvalidData, "line {} has {} cells, the header {}", row.line, row.cells.size(), width_);
    }
    if (table_.rows * (number_positions_.size() + word_positions_.size()) >= kCellsMax) {
      return fail(Code::kTooLarge, "more than {} cells", kCellsMax);
    }
    for (std::size_t i = 0; i < number_positions_.size(); ++i) {
      const std::string& cell = row.cells[number_positions_[i]];
      const auto value = number_in(cell);
      if (!value) {
        return fail(Code::kInvalidData, "line {}, column '{}': '{}' is not a finite number", row.line,
                    table_.numbers[i].name, cell.substr(0, 40));
      }
      table_.numbers[i].values.push_back(*value);
    }
    for (std::size_t i = 0; i < word_positions_.size(); ++i) HANDSEL_TRY(coders_[i].add(row.cells[word_positions_[i]]));
    ++table_.rows;
    return {};
  }

  UnitTable take() { return std::move(table_); }

 private:
  UnitTable table_;
  std::vector<Coder> coders_;
  std::vector<std::size_t> number_positions_;
  std::vector<std::size_t> word_positions_;
  std::size_t width_ = 0;
};

// A header with more tabs than commas is that of a TSV.
char delimiter_of(std::string_view start) {
  const std::string_view line = start.substr(0, start.find('\n'));
  return std::ranges::count(line, '\t') > std::ranges::count(line, ',') ? '\t' : ',';
}

}  // namespace

const NumberColumn* UnitTable::number(std::string_view name) const {
  const auto found = std::ranges::find(numbers, name, &NumberColumn::name);
  return found == numbers.end() ? nullptr : &*found;
}

const WordColumn* UnitTable::word(std::string_view name) const {
  const auto found = std::ranges::find(words, name, &WordColumn::name);
  return found == words.end() ? nullptr : &*found;
}

Result<UnitTable> read_unit_table(catalog::ByteSource& source, std::span<const std::string> numbers,
                                  std::span<const std::string> words) {
  constexpr std::size_t kPeekBytes = 4096;
  if (numbers.size() + words.size() > kNamesMax) {
    return fail(Code::kTooLarge, "{} columns; an analysis takes {}", numbers.size() + words.size(), kNamesMax);
  }
  HANDSEL_ASSIGN(const std::string_view start, source.peek(kPeekBytes));
  catalog::CsvReader reader(source, {.delimiter = delimiter_of(start)});
  Loader loader(numbers, words);
  HANDSEL_ASSIGN(auto row, reader.next());
  if (!row) return fail(Code::kInvalidData, "{} is empty; a header and rows are needed", source.name());
  HANDSEL_TRY(loader.set_header(row->cells));
  for (;;) {
    HANDSEL_ASSIGN(row, reader.next());
    if (!row) return loader.take();
    HANDSEL_TRY(loader.add(*row));
  }
}

}  // namespace handsel::experiments
