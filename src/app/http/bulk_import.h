// Listings as lines of JSON, in pieces of any size, with a line of status for each:
//
//   {"line":1,"id":"a","status":"ok"}
//   {"line":2,"id":"b","status":"rejected","field":"price","reason":"..."}
//
// Lines are counted from 1; blank ones get no status. What one piece completes goes
// to the engine at once and is durable before its statuses are given out. Memory:
// one piece, and a line of at most `line_bytes_max`. One thread at a time; blocks for
// the disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/engine/engine.h"
#include "base/core/result.h"
#include "facts/catalog/import/listing_json.h"

namespace handsel::http {

class BulkImport {
 public:
  BulkImport(Engine& engine, std::size_t line_bytes_max) : engine_(engine), line_bytes_max_(line_bytes_max) {}

  // Appends statuses to `answer`. An error is the engine's as a whole (a full disk):
  // the lines of this piece then have the status "failed", and the import is over.
  Result<void> take(std::string_view bytes, std::string& answer);
  // The last line may lack its line feed.
  Result<void> finish(std::string& answer);
  // Begun so far.
  std::uint64_t lines() const { return lines_; }

 private:
  struct Row {
    std::uint64_t line = 0;
    std::string id;
    std::string field;
    std::string reason;  // empty: taken
  };

  void take_line(std::string_view line);
  Result<void> flush(std::string& answer);
  void write_statuses(std::string& answer, std::string_view failure) const;

  Engine& engine_;
  const std::size_t line_bytes_max_;
  catalog::CatalogParser parser_;
  std::string begun_;  // the front of a line whose end has not come
  bool begun_is_too_long_ = false;
  std::uint64_t lines_ = 0;
  std::vector<Row> rows_;
  std::vector<catalog::Listing> listings_;  // of the rows that were taken, in order
};

}  // namespace handsel::http
