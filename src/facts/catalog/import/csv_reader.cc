#include "facts/catalog/import/csv_reader.h"

#include <algorithm>

namespace handsel::catalog {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::optional<CsvRow>> CsvReader::next() {
  for (;;) {
    if (skipping_line_) skip_rest_of_line();
    if (at_ == buffer_.size()) {
      if (input_ended_) return std::nullopt;
      HANDSEL_TRY(fetch());
      continue;
    }
    const Scan scan = scan_row();
    const bool too_long = (scan == Scan::kRow ? row_bytes_ : buffer_.size() - at_) > options_.row_bytes_max;
    if (scan == Scan::kUnclosedQuote || too_long) {
      return take_bad_line(too_long ? "is longer than a row may be, or opens a quote that is not closed"
                                    : "opens a quote that is not closed");
    }
    if (scan == Scan::kNeedsMore) {
      HANDSEL_TRY(fetch());
      continue;
    }
    CsvRow row = take_row();
    const bool blank = row.text.empty();
    if (!blank) return row;
  }
}

Result<void> CsvReader::fetch() {
  buffer_.erase(0, at_);
  at_ = 0;
  HANDSEL_ASSIGN(const std::string_view bytes, source_.next());
  buffer_ += bytes;
  input_ended_ = bytes.empty();
  const bool head_is_whole = buffer_.size() >= kByteOrderMark.size() || input_ended_;
  if (at_file_start_ && head_is_whole) {
    if (buffer_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    at_file_start_ = false;
  }
  return {};
}

CsvReader::Scan CsvReader::scan_row() {
  cell_count_ = 0;
  std::size_t at = at_;
  for (;;) {
    std::string& cell = new_cell();
    if (options_.quotes && at < buffer_.size() && buffer_[at] == '"' && !scan_quoted(at, cell)) {
      return input_ended_ ? Scan::kUnclosedQuote : Scan::kNeedsMore;
    }
    std::size_t end = at;
    while (end < buffer_.size() && buffer_[end] != options_.delimiter && buffer_[end] != '\n') ++end;
    if (end == buffer_.size() && !input_ended_) return Scan::kNeedsMore;
    cell.append(buffer_, at, end - at);
    if (end < buffer_.size() && buffer_[end] == options_.delimiter) {
      at = end + 1;
      continue;
    }
    if (end > at && buffer_[end - 1] == '\r') cell.pop_back();
    row_bytes_ = std::min(end + 1, buffer_.size()) - at_;
    return Scan::kRow;
  }
}

bool CsvReader::scan_quoted(std::size_t& at, std::string& cell) const {
  for (;;) {
    const std::size_t from = at + 1;
    const std::size_t quote = buffer_.find('"', from);
    if (quote == buffer_.npos) return false;
    cell.append(buffer_, from, quote - from);
    at = quote + 1;  // at the end of the buffer, where the next byte may double it, the row goes on anyway
    if (at == buffer_.size() || buffer_[at] != '"') return true;
    cell.push_back('"');
  }
}

std::string& CsvReader::new_cell() {
  ++cell_count_;
  if (cell_count_ > kColumnsMax) {
    surplus_cell_.clear();
    return surplus_cell_;
  }
  if (cell_count_ > cells_.size()) cells_.emplace_back();
  cells_[cell_count_ - 1].clear();
  return cells_[cell_count_ - 1];
}

CsvRow CsvReader::take_row() {
  const std::string_view bytes = std::string_view(buffer_).substr(at_, row_bytes_);
  CsvRow row{.cells = std::span(cells_).first(std::min(cell_count_, kColumnsMax)),
             .text = without_line_end(bytes),
             .line = line_};
  if (cell_count_ > kColumnsMax) row.problem = fmt::format("has more than {} columns", kColumnsMax);
  line_ += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
  at_ += row_bytes_;
  return row;
}

CsvRow CsvReader::take_bad_line(std::string problem) {
  const std::size_t end = buffer_.find('\n', at_);
  const std::string_view text = std::string_view(buffer_).substr(at_, end == buffer_.npos ? end : end - at_);
  const CsvRow row{.text = without_line_end(text), .line = line_, .problem = std::move(problem)};
  skipping_line_ = true;
  return row;
}

void CsvReader::skip_rest_of_line() {
  const std::size_t end = buffer_.find('\n', at_);
  if (end == buffer_.npos) {
    at_ = buffer_.size();
    if (input_ended_) skipping_line_ = false;
    return;
  }
  at_ = end + 1;
  ++line_;
  skipping_line_ = false;
}

}  // namespace handsel::catalog
