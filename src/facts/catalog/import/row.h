// What the importers of every format share: how a row is refused, where rows and
// refusals go, and what is said at the end.
//
// A row that cannot be used never ends an import: it is refused with the field and
// the reason, and the next one is read. Only the input itself (a torn file, a disk
// that fails) or the receiver of the rows ends it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/result.h"

namespace handsel::catalog {

// A longer row is refused without being held in memory.
inline constexpr std::size_t kRowBytesMax = std::size_t{8} << 20;
// Of a refused row, this much is kept for the person who looks at it.
inline constexpr std::size_t kRowExcerptBytes = 500;
// Rows handed to a sink at once.
inline constexpr std::size_t kImportBatchRows = 1000;

// Why a row was not taken. `field` is empty where the row as a whole is at fault.
struct RowError {
  std::string field;
  std::string reason;
  bool operator==(const RowError&) const = default;
};

template <typename T>
using RowResult = std::expected<T, RowError>;

template <typename... Args>
[[nodiscard]] std::unexpected<RowError> refuse(std::string_view field, fmt::format_string<Args...> format,
                                               Args&&... args) {
  return std::unexpected(RowError{std::string(field), fmt::format(format, std::forward<Args>(args)...)});
}

// A value and the line of the file on which its row began, from 1.
template <typename T>
struct Row {
  std::uint64_t line = 0;
  T value;
};

struct RefusedRow {
  std::uint64_t line = 0;
  std::string field;
  std::string reason;
  std::string text;  // the row, cut to kRowExcerptBytes
};

// Takes up to kImportBatchRows rows, which it may move from. An error ends the import.
template <typename T>
using RowSink = std::function<Result<void>(std::span<Row<T>>)>;
// Takes one refused row. An error ends the import.
using RefusalSink = std::function<Result<void>(const RefusedRow&)>;

struct ImportSummary {
  std::string format;             // as --format takes it: "handsel", "etsy", ...
  bool format_was_given = false;  // otherwise it was recognised by content
  std::uint64_t accepted = 0;     // rows handed to the sink
  std::uint64_t refused = 0;
  std::vector<std::string> notes;  // for the person at the terminal: a column that no row had
  // What ended the import before the end of the input. What was accepted until
  // then stays accepted.
  std::optional<Error> error;
};

}  // namespace handsel::catalog
