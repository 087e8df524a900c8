#include "facts/events/formats/import_events.h"

#include <utility>

#include "facts/catalog/import/json_records.h"
#include "facts/catalog/import/row_collector.h"

namespace handsel::events {
namespace {

using catalog::JsonRecord;
using Collector = catalog::RowCollector<Event>;

Result<void> read_events(catalog::ByteSource& source, const EventImportOptions& options,
                         catalog::ImportSummary& summary, Collector& collector) {
  catalog::JsonRecordReader reader(source);
  EventParser parser;
  EventFormat format = options.format;
  summary.format_was_given = format != EventFormat::kRecognise;
  summary.format = format_name(format);
  for (std::uint64_t records = 1;; ++records) {
    HANDSEL_ASSIGN(const std::optional<JsonRecord> record, reader.next());
    if (!record) return {};
    const std::uint64_t number = options.number_records ? records : record->line;
    if (record->too_long) {
      HANDSEL_TRY(collector.refuse(number, catalog::json_record_too_long(), record->text));
      continue;
    }
    // The first record that can be read decides for the file.
    if (format == EventFormat::kRecognise) {
      format = recognise_event_format(record->text);
      summary.format = format_name(format);
    }
    ParsedEvents parsed = parser.parse(format, record->text, options.now_ms);
    for (Event& event : parsed.events) HANDSEL_TRY(collector.take(number, std::move(event)));
    for (RowError& error : parsed.refused) {
      HANDSEL_TRY(collector.refuse(number, std::move(error), record->text));
    }
  }
}

}  // namespace

catalog::ImportSummary import_events(catalog::ByteSource& source, const EventImportOptions& options,
                                     const catalog::RowSink<Event>& rows, const catalog::RefusalSink& refusals) {
  catalog::ImportSummary summary;
  catalog::collect_rows<Event>(summary, rows, refusals,
                               [&](Collector& collector) { return read_events(source, options, summary, collector); });
  return summary;
}

}  // namespace handsel::events
