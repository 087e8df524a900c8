// Reads tables of text: CSV as in RFC 4180, TSV, any one-byte delimiter. Cells may be
// quoted, and then contain delimiters, line feeds and doubled quotes. Lines end with
// LF or CRLF; a byte order mark and blank lines are passed over.
//
// Lenient where common files are: text after a closing quote belongs to the cell, a
// quote inside an unquoted cell is itself. A quote that is not closed within
// `row_bytes_max` is taken for a stray one: its line alone is refused, and reading
// goes on with the next line. Memory: one row and one buffer of the source.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"
#include "facts/catalog/import/row.h"

namespace handsel::catalog {

inline constexpr std::size_t kColumnsMax = 4096;

struct CsvOptions {
  char delimiter = ',';
  bool quotes = true;
  std::size_t row_bytes_max = kRowBytesMax;
};

struct CsvRow {
  std::span<const std::string> cells;  // valid until the next call, like `text`
  std::string_view text;
  std::uint64_t line = 0;  // on which it begins, from 1
  std::string problem;     // not empty: the row cannot be used
};

class CsvReader {
 public:
  CsvReader(ByteSource& source, CsvOptions options) : source_(source), options_(options) {}

  // Nothing at the end. A row torn by an error of the source is not delivered.
  Result<std::optional<CsvRow>> next();

 private:
  enum class Scan { kRow, kNeedsMore, kUnclosedQuote };

  // Adds the next bytes of the source to the buffer.
  Result<void> fetch();
  // Splits the row at the front of the buffer into cells_; sets row_bytes_.
  Scan scan_row();
  // Appends to `cell` what stands between quotes; `at` goes from the opening quote
  // to behind the closing one. False where the closing one is not in the buffer.
  bool scan_quoted(std::size_t& at, std::string& cell) const;
  std::string& new_cell();

  CsvRow take_row();
  // Of the row at the front, the first line only, which may reach beyond the buffer.
  CsvRow take_bad_line(std::string problem);
  void skip_rest_of_line();

  ByteSource& source_;
  const CsvOptions options_;
  std::string buffer_;
  std::size_t at_ = 0;  // of the row in buffer_
  bool at_file_start_ = true;
  bool input_ended_ = false;
  bool skipping_line_ = false;  // behind the part of a long line that was refused
  std::uint64_t line_ = 1;
  std::size_t row_bytes_ = 0;  // with its line end
  std::size_t cell_count_ = 0;
  std::vector<std::string> cells_;
  std::string surplus_cell_;  // of columns over kColumnsMax
};

}  // namespace handsel::catalog
