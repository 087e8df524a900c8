#include "facts/catalog/import/internal/read_mapped.h"

#include <algorithm>
#include <utility>

#include "facts/catalog/import/csv_reader.h"
#include "facts/catalog/import/internal/recognise.h"
#include "facts/catalog/import/internal/source_values.h"
#include "facts/catalog/import/json_records.h"
#include "facts/catalog/import/merchant_xml.h"

namespace handsel::catalog::internal {
namespace {

// Applies a mapping to rows and remembers which sources ever had a value.
class MappedRows {
 public:
  MappedRows(const Mapping& mapping, RowCollector<Listing>& collector)
      : mapping_(mapping), collector_(collector), was_found_(mapping.sources.size(), false) {}

  SourceValues& values() { return values_; }

  Result<void> take(std::uint64_t line, std::string_view text) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!values_[i].empty()) was_found_[i] = true;
    }
    ++rows_;
    RowResult<Listing> listing = listing_from_values(mapping_, values_);
    if (!listing) return collector_.refuse(line, std::move(listing).error(), text);
    return collector_.take(line, std::move(*listing));
  }

  void note_missing(ImportSummary& summary) const {
    if (mapping_.columns_optional || rows_ == 0) return;
    for (std::size_t i = 0; i < was_found_.size(); ++i) {
      if (was_found_[i]) continue;
      summary.notes.push_back(
          fmt::format("no row has a value at '{}', which {} names", mapping_.sources[i], mapping_.name));
    }
  }

 private:
  const Mapping& mapping_;
  RowCollector<Listing>& collector_;
  SourceValues values_;
  std::vector<bool> was_found_;
  std::uint64_t rows_ = 0;
};

Result<void> read_mapped_json(ByteSource& source, const Mapping& mapping, MappedRows& rows,
                              RowCollector<Listing>& collector) {
  const JsonPaths paths(mapping);
  json::Parser parser;
  JsonRecordReader reader(source);
  for (;;) {
    HANDSEL_ASSIGN(const std::optional<JsonRecord> record, reader.next());
    if (!record) return {};
    const RowResult<json::Element> value =
        record->too_long ? std::unexpected(json_record_too_long()) : parser.parse(record->text);
    if (!value) {
      HANDSEL_TRY(collector.refuse(record->line, value.error(), record->text));
    } else if (!value->is_object()) {
      HANDSEL_TRY(collector.refuse(
          record->line, {"", fmt::format("expected an object, found {}", json::type_name(*value))}, record->text));
    } else {
      paths.fetch(*value, rows.values());
      HANDSEL_TRY(rows.take(record->line, record->text));
    }
  }
}

// What keeps a row of a table from being used, before its cells are looked at.
std::optional<RowError> problem_of(const CsvRow& row, std::size_t columns) {
  if (!row.problem.empty()) return RowError{"", row.problem};
  const bool surplus = row.cells.size() > columns &&
                       std::ranges::any_of(row.cells.subspan(columns), [](const auto& cell) { return !cell.empty(); });
  if (surplus) return RowError{"", fmt::format("has {} cells under {} columns", row.cells.size(), columns)};
  if (!is_utf8(row.text)) return RowError{"", "is not UTF-8 text"};
  return std::nullopt;
}

Result<void> read_table(ByteSource& source, const Mapping& mapping, MappedRows& rows,
                        RowCollector<Listing>& collector) {
  char delimiter = mapping.delimiter;
  if (delimiter == 0) {
    HANDSEL_ASSIGN(const std::string_view head, source.peek(kRecogniseBytes));
    delimiter = recognise_delimiter(head);
  }
  CsvReader reader(source, {.delimiter = delimiter, .quotes = mapping.quotes});
  HANDSEL_ASSIGN(const std::optional<CsvRow> header, reader.next());
  if (!header) return {};
  if (!header->problem.empty()) {
    return fail(Code::kInvalidData, "{}, line {}: the header {}", source.name(), header->line, header->problem);
  }
  HANDSEL_ASSIGN(const TableColumns columns, TableColumns::from_header(mapping, header->cells));
  for (;;) {
    HANDSEL_ASSIGN(const std::optional<CsvRow> row, reader.next());
    if (!row) return {};
    if (std::optional<RowError> problem = problem_of(*row, columns.column_count())) {
      HANDSEL_TRY(collector.refuse(row->line, std::move(*problem), row->text));
      continue;
    }
    columns.fetch(row->cells, rows.values());
    HANDSEL_TRY(rows.take(row->line, row->text));
  }
}

std::string item_text(const XmlItem& item) {
  std::string text;
  for (const auto& [name, value] : item.fields) {
    if (text.size() > kRowExcerptBytes) break;
    text += fmt::format("{}: {}\n", name, cut_text(value, kRowExcerptBytes));
  }
  return text;
}

}  // namespace

Result<void> read_merchant_xml(ByteSource& source, const Mapping& mapping, RowCollector<Listing>& collector) {
  MappedRows rows(mapping, collector);
  MerchantXmlReader reader(source);
  for (;;) {
    HANDSEL_ASSIGN(std::optional<XmlItem> item, reader.next());
    if (!item) return {};
    const std::string text = item_text(*item);
    if (!item->problem.empty()) {
      HANDSEL_TRY(collector.refuse(item->line, {"", std::move(item->problem)}, text));
      continue;
    }
    fetch_fields(mapping, std::move(item->fields), rows.values());
    HANDSEL_TRY(rows.take(item->line, text));
  }
}

Result<void> read_mapped(ByteSource& source, const Mapping& mapping, ImportSummary& summary,
                         RowCollector<Listing>& collector) {
  MappedRows rows(mapping, collector);
  Container container = mapping.container;
  if (container == Container::kRecognise) {
    HANDSEL_ASSIGN(const std::string_view head, source.peek(kRecogniseBytes));
    container = recognise_container(head);
  }
  Result<void> read = container == Container::kJson ? read_mapped_json(source, mapping, rows, collector)
                                                    : read_table(source, mapping, rows, collector);
  rows.note_missing(summary);
  return read;
}

}  // namespace handsel::catalog::internal
