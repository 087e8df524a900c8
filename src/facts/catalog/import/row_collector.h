// Gathers rows into batches for a sink and counts what was taken and refused. Shared
// by the importers of listings and of events. One thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/import/row.h"
#include "facts/catalog/import/values.h"

namespace handsel::catalog {

template <typename T>
class RowCollector {
 public:
  // Borrows all three.
  RowCollector(ImportSummary& summary, const RowSink<T>& rows, const RefusalSink& refusals)
      : summary_(summary), rows_(rows), refusals_(refusals) {
    batch_.reserve(kImportBatchRows);
  }

  Result<void> take(std::uint64_t line, T value) {
    batch_.push_back({line, std::move(value)});
    return batch_.size() < kImportBatchRows ? Result<void>{} : flush();
  }

  Result<void> refuse(std::uint64_t line, RowError error, std::string_view text) {
    ++summary_.refused;
    return refusals_({line, std::move(error.field), std::move(error.reason), excerpt(text)});
  }

  // To be called once more at the end.
  Result<void> flush() {
    if (batch_.empty()) return {};
    HANDSEL_TRY(rows_(batch_));
    summary_.accepted += batch_.size();
    batch_.clear();
    return {};
  }

 private:
  // What cannot be shown is shown as '?', so that the file of refused rows is UTF-8.
  static std::string excerpt(std::string_view text) {
    std::string cut(cut_text(text, kRowExcerptBytes));
    if (!is_utf8(cut)) {
      for (char& c : cut) {
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
      }
    }
    return cut;
  }

  ImportSummary& summary_;
  const RowSink<T>& rows_;
  const RefusalSink& refusals_;
  std::vector<Row<T>> batch_;
};

// Calls `read` (Result<void>(Collector&)) and ends the import with its error, after
// everything that came before was handed on.
template <typename T, typename Read>
void collect_rows(ImportSummary& summary, const RowSink<T>& rows, const RefusalSink& refusals, Read read) {
  RowCollector<T> collector(summary, rows, refusals);
  Result<void> done = read(collector);
  if (Result<void> flushed = collector.flush(); done && !flushed) done = std::move(flushed);
  if (!done) summary.error = std::move(done).error();
}

}  // namespace handsel::catalog
