// Cuts a stream into JSON records without understanding them: JSON lines, objects
// one after another (pretty-printed too), or the elements of one array around the
// whole file. Memory: one record, at most `bytes_max`.
//
// A record ends where its brackets balance. So that one broken row does not swallow
// the rest, it also ends
//   - at a line feed inside a string (JSON has none there), and
//   - before a line that starts with '{', unless the record itself began with a
//     bracket alone on its line, as pretty-printers write.
// What is cut off like this is for the parser of the record to refuse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"
#include "facts/catalog/import/row.h"

namespace handsel::catalog {

struct JsonRecord {
  std::string_view text;   // valid until the next call
  std::uint64_t line = 0;  // on which it begins, from 1
  bool too_long = false;   // `text` is then only its beginning
};

// Why a record that is too long is refused.
RowError json_record_too_long();

class JsonRecordReader {
 public:
  explicit JsonRecordReader(ByteSource& source, std::size_t bytes_max = kRowBytesMax)
      : source_(source), bytes_max_(bytes_max) {}

  // Nothing at the end. A record torn by the end of the input is delivered as it
  // is; one torn by an error of the source is not.
  Result<std::optional<JsonRecord>> next();

 private:
  // True where `chunk_` has the first byte of a record; passes over what is between.
  bool find_start();
  // Bytes of `chunk_` that still belong to the record; sets ended_ where it ends there.
  std::size_t scan();
  bool ends_before(char c);
  void see(char c);
  void see_line_feed();
  void keep(std::string_view bytes);
  JsonRecord record(std::string_view last_bytes);

  ByteSource& source_;
  const std::size_t bytes_max_;
  std::string_view chunk_;
  std::uint64_t line_ = 1;
  bool at_file_start_ = true;
  bool in_array_ = false;

  // Of the record that is being read.
  bool started_ = false;
  bool ended_ = false;
  bool too_long_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  bool at_line_start_ = false;
  bool on_first_line_ = true;
  bool spread_over_lines_ = false;  // began with a bracket alone on its line
  std::uint64_t solid_bytes_ = 0;   // not white space, on the first line
  std::size_t depth_ = 0;
  std::uint64_t record_line_ = 0;
  std::string kept_;  // the part of the record from earlier chunks
};

}  // namespace handsel::catalog
