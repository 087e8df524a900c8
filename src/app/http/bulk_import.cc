#include "app/http/bulk_import.h"

#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {

Result<void> BulkImport::take(std::string_view bytes, std::string& answer) {
  while (true) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (end != std::string_view::npos && begun_.empty() && !begun_is_too_long_) {
      take_line(part);
    } else {
      begun_is_too_long_ = begun_is_too_long_ || begun_.size() + part.size() > line_bytes_max_;
      if (!begun_is_too_long_) begun_ += part;
      if (end == std::string_view::npos) break;
      take_line(begun_);
      begun_.clear();
      begun_is_too_long_ = false;
    }
    bytes.remove_prefix(end + 1);
  }
  return flush(answer);
}

Result<void> BulkImport::finish(std::string& answer) {
  if (begun_.empty() && !begun_is_too_long_) return {};
  return take("\n", answer);
}

void BulkImport::take_line(std::string_view line) {
  ++lines_;
  if (begun_is_too_long_ || line.size() > line_bytes_max_) {
    rows_.push_back({.line = lines_, .reason = fmt::format("the line is longer than {} bytes", line_bytes_max_)});
    return;
  }
  if (catalog::trim(line).empty()) return;
  auto listing = parser_.listing(line);
  if (!listing) {
    rows_.push_back({.line = lines_, .field = listing.error().field, .reason = listing.error().reason});
    return;
  }
  rows_.push_back({.line = lines_, .id = listing->id});
  listings_.push_back(std::move(*listing));
}

Result<void> BulkImport::flush(std::string& answer) {
  Result<std::vector<WriteStatus>> written;
  if (!listings_.empty()) written = engine_.put_listings(listings_);
  if (written) {
    HANDSEL_CHECK(written->size() == listings_.size());
    auto status = written->begin();
    for (Row& row : rows_) {
      if (!row.reason.empty()) continue;
      if (status->error) row.reason = status->error->message;
      ++status;
    }
  }
  write_statuses(answer, written ? std::string_view{} : written.error().message);
  rows_.clear();
  listings_.clear();
  if (!written) return std::unexpected(written.error());
  return {};
}

void BulkImport::write_statuses(std::string& answer, std::string_view failure) const {
  for (const Row& row : rows_) {
    const bool rejected = !row.reason.empty();
    {
      catalog::JsonObjectWriter object(answer);
      object.number("line", row.line);
      object.text_if_any("id", row.id);
      object.text("status", rejected ? "rejected" : failure.empty() ? "ok" : "failed");
      if (rejected) object.text_if_any("field", row.field);
      object.text_if_any("reason", rejected ? std::string_view(row.reason) : failure);
    }
    answer.push_back('\n');
  }
}

}  // namespace handsel::http
