// Reads a file, or the body of a request, of events in any supported shape and
// hands them out in batches. Everything that facts/catalog/import/import.h promises
// about streaming and refused rows holds here too.
#pragma once

#include <cstdint>

#include "facts/catalog/import/byte_source.h"
#include "facts/catalog/import/row.h"
#include "facts/events/event.h"
#include "facts/events/formats/event_parser.h"

namespace handsel::events {

struct EventImportOptions {
  EventFormat format = EventFormat::kRecognise;
  std::int64_t now_ms = 0;
  // Rows are numbered by their place among the records, from 1, not by their line: an array
  // in the body of a request is often one line.
  bool number_records = false;
};

// JSON lines, one array, or objects one after another.
catalog::ImportSummary import_events(catalog::ByteSource& source, const EventImportOptions& options,
                                     const catalog::RowSink<Event>& rows, const catalog::RefusalSink& refusals);

}  // namespace handsel::events
