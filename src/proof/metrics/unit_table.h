// The columns that an analysis needs, from a file of rows: CSV or TSV, plain, gzip or zstd, with a header.
//
// One pass; memory is eight bytes per number read, and 4 per word. A number column takes numbers, true and
// false; an empty cell, NA, NaN, null and none are missing (not a number). Anything else, infinity too, is
// refused with line and column: an analysis may not silently read 'n/a ' as nothing. Rows are kept whole,
// with what is missing; complete_rows() says which can be used. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"

namespace handsel::experiments {

inline constexpr std::size_t kCellsMax = 1'000'000'000;  // 8 GB of numbers; a larger file is refused
inline constexpr std::size_t kLabelsMax = 50'000'000;    // unlike words in one column
inline constexpr std::size_t kNamesMax = 1000;           // columns asked for

// Words as numbers: codes[row] counts from 0 in order of appearance.
struct WordColumn {
  static constexpr std::uint32_t kMissing = ~std::uint32_t{0};
  std::string name;
  std::vector<std::uint32_t> codes;
  std::vector<std::string> labels;
};

struct NumberColumn {
  std::string name;
  std::vector<double> values;  // not a number: missing
};

struct UnitTable {
  std::size_t rows = 0;
  std::vector<NumberColumn> numbers;
  std::vector<WordColumn> words;

  // Null where the table was read without it.
  const NumberColumn* number(std::string_view name) const;
  const WordColumn* word(std::string_view name) const;
};

// A column may be asked for both as numbers and as words. kNotFound names a missing column and what there is.
Result<UnitTable> read_unit_table(catalog::ByteSource& source, std::span<const std::string> numbers,
                                  std::span<const std::string> words);

}  // namespace handsel::experiments
