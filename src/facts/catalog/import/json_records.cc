#include "facts/catalog/import/json_records.h"

namespace handsel::catalog {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

RowError json_record_too_long() {
  return {"", fmt::format("is longer than {} bytes", kRowBytesMax)};
}

Result<std::optional<JsonRecord>> JsonRecordReader::next() {
  if (at_file_start_) {
    HANDSEL_ASSIGN(const std::string_view head, source_.peek(kByteOrderMark.size()));
    const std::size_t mark = head == kByteOrderMark ? kByteOrderMark.size() : 0;
    HANDSEL_ASSIGN(chunk_, source_.next());
    chunk_.remove_prefix(mark);  // peek() made them one chunk
  }
  started_ = ended_ = too_long_ = false;
  kept_.clear();
  for (;;) {
    if (!started_) started_ = find_start();
    if (started_) {
      const std::size_t length = scan();
      const std::string_view bytes = chunk_.substr(0, length);
      chunk_.remove_prefix(length);
      if (ended_) return record(bytes);
      keep(bytes);
    }
    HANDSEL_ASSIGN(chunk_, source_.next());
    if (chunk_.empty()) {
      if (started_) return record({});
      return std::nullopt;
    }
  }
}

bool JsonRecordReader::find_start() {
  while (!chunk_.empty()) {
    const char c = chunk_.front();
    if (c == '\n') ++line_;
    const bool opens_file = at_file_start_ && c == '[';
    const bool closes_file = in_array_ && c == ']';
    if (!is_space(c)) at_file_start_ = false;
    if (opens_file) in_array_ = true;
    if (closes_file) in_array_ = false;
    if (!is_space(c) && c != ',' && !opens_file && !closes_file) {
      in_string_ = escaped_ = at_line_start_ = spread_over_lines_ = false;
      on_first_line_ = true;
      solid_bytes_ = depth_ = 0;
      record_line_ = line_;
      return true;
    }
    chunk_.remove_prefix(1);
  }
  return false;
}

std::size_t JsonRecordReader::scan() {
  for (std::size_t i = 0; i < chunk_.size(); ++i) {
    const char c = chunk_[i];
    if (in_string_ && c != '"' && c != '\\' && c != '\n') {
      escaped_ = false;
      continue;
    }
    if (ends_before(c)) {
      ended_ = true;
      return i;
    }
    see(c);
    if (ended_) return i + 1;
  }
  return chunk_.size();
}

// A new record, the comma after a number in an array, or the line feed that no
// string and no bare word may contain.
bool JsonRecordReader::ends_before(char c) {
  if (c == '\n') return in_string_ || depth_ == 0;
  if (in_string_) return false;
  if (c == '{' && at_line_start_ && !spread_over_lines_) return true;
  return in_array_ && depth_ == 0 && (c == ',' || c == ']');
}

void JsonRecordReader::see(char c) {
  if (c == '\n') return see_line_feed();
  at_line_start_ = false;
  if (on_first_line_ && !is_space(c)) ++solid_bytes_;
  if (in_string_) {
    if (c == '"' && !escaped_) in_string_ = false;
    escaped_ = c == '\\' && !escaped_;
    return;
  }
  if (c == '"') in_string_ = true;
  if (c == '{' || c == '[') ++depth_;
  if (c == '}' || c == ']') {
    if (depth_ > 0) --depth_;
    ended_ = depth_ == 0;
  }
}

void JsonRecordReader::see_line_feed() {
  ++line_;
  at_line_start_ = true;
  if (on_first_line_) spread_over_lines_ = solid_bytes_ == 1;
  on_first_line_ = false;
}

void JsonRecordReader::keep(std::string_view bytes) {
  if (kept_.size() + bytes.size() > bytes_max_) {
    too_long_ = true;
    bytes = bytes.substr(0, kept_.size() < kRowExcerptBytes ? kRowExcerptBytes - kept_.size() : 0);
  }
  if (!too_long_ || kept_.size() < kRowExcerptBytes) kept_ += bytes;
}

JsonRecord JsonRecordReader::record(std::string_view last_bytes) {
  std::string_view text = last_bytes;
  if (!kept_.empty() || last_bytes.size() > bytes_max_ || too_long_) {
    keep(last_bytes);
    text = kept_;
  }
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return {.text = text, .line = record_line_, .too_long = too_long_};
}

}  // namespace handsel::catalog
