#include "facts/catalog/import/import.h"

#include <array>
#include <utility>

#include "facts/catalog/import/etsy.h"
#include "facts/catalog/import/internal/read_mapped.h"
#include "facts/catalog/import/internal/recognise.h"
#include "facts/catalog/import/json_records.h"
#include "facts/catalog/import/listing_json.h"
#include "facts/catalog/import/merchant.h"
#include "facts/catalog/import/row_collector.h"

namespace handsel::catalog {
namespace {

constexpr auto kFormatNames = std::to_array<std::pair<ImportFormat, std::string_view>>({
    {ImportFormat::kHandsel, "handsel"},
    {ImportFormat::kEtsy, "etsy"},
    {ImportFormat::kMerchantTsv, "google-tsv"},
    {ImportFormat::kMerchantXml, "google-xml"},
    {ImportFormat::kMapped, "mapped"},
});

RowError json_record_too_long() {
  return {"", fmt::format("is longer than {} bytes", kRowBytesMax)};
}

// Calls parse(text) -> ParsedRecord<T> for every record.
template <typename T, typename Parse>
Result<void> read_json(ByteSource& source, RowCollector<T>& collector, Parse parse) {
  JsonRecordReader reader(source);
  for (;;) {
    HANDSEL_ASSIGN(const std::optional<JsonRecord> record, reader.next());
    if (!record) return {};
    if (record->too_long) {
      HANDSEL_TRY(collector.refuse(record->line, json_record_too_long(), record->text));
      continue;
    }
    ParsedRecord<T> parsed = parse(record->text);
    for (T& value : parsed.values) HANDSEL_TRY(collector.take(record->line, std::move(value)));
    for (RowError& error : parsed.refused) HANDSEL_TRY(collector.refuse(record->line, std::move(error), record->text));
  }
}

template <typename T>
ParsedRecord<T> one(RowResult<T> result) {
  ParsedRecord<T> record;
  if (result) {
    record.values.push_back(std::move(*result));
  } else {
    record.refused.push_back(std::move(result).error());
  }
  return record;
}

// Which format it is: as given, or by content. Nothing is left to guess after it.
Result<ImportFormat> choose_format(ByteSource& source, const ImportOptions& options, ImportSummary& summary) {
  ImportFormat format = options.format;
  summary.format_was_given = format != ImportFormat::kRecognise || options.mapping != nullptr;
  if (format == ImportFormat::kRecognise && options.mapping != nullptr) format = ImportFormat::kMapped;
  HANDSEL_ASSIGN(const std::string_view head, source.peek(internal::kRecogniseBytes));
  if (internal::is_utf16(head) && format != ImportFormat::kMerchantXml) {
    return fail(Code::kInvalidData, "{} is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8", source.name());
  }
  if (format == ImportFormat::kRecognise) format = internal::recognise_format(head);
  if (format == ImportFormat::kRecognise && trim(head).empty()) format = ImportFormat::kHandsel;  // an empty file
  if (format == ImportFormat::kRecognise) {
    return fail(Code::kInvalidArgument,
                "cannot tell what {} is; say --format handsel, etsy, google-tsv or google-xml, or --map MAPPING.toml",
                source.name());
  }
  summary.format = format_name(format);
  return format;
}

Result<void> read_listings(ByteSource& source, const ImportOptions& options, ImportSummary& summary,
                           RowCollector<Listing>& collector) {
  HANDSEL_ASSIGN(const ImportFormat format, choose_format(source, options, summary));
  switch (format) {
    case ImportFormat::kEtsy: {
      EtsyParser parser;
      return read_json(source, collector, [&](std::string_view text) { return parser.listings(text); });
    }
    case ImportFormat::kMerchantTsv:
      return internal::read_mapped(source, merchant_mapping(), summary, collector);
    case ImportFormat::kMerchantXml:
      return internal::read_merchant_xml(source, merchant_mapping(), collector);
    case ImportFormat::kMapped:
      if (options.mapping == nullptr)
        return fail(Code::kInvalidArgument, "the format 'mapped' needs --map MAPPING.toml");
      return internal::read_mapped(source, *options.mapping, summary, collector);
    default: {
      CatalogParser parser;
      return read_json(source, collector, [&](std::string_view text) { return one(parser.listing(text)); });
    }
  }
}

// For what only our own shape and Etsy have.
template <typename T>
Result<void> read_two_shapes(ByteSource& source, const ImportOptions& options, ImportSummary& summary,
                             RowCollector<T>& collector, RowResult<T> (CatalogParser::*own)(std::string_view),
                             ParsedRecord<T> (EtsyParser::*etsy)(std::string_view)) {
  HANDSEL_ASSIGN(const ImportFormat format, choose_format(source, options, summary));
  if (format == ImportFormat::kHandsel) {
    CatalogParser parser;
    return read_json(source, collector, [&](std::string_view text) { return one((parser.*own)(text)); });
  }
  if (format == ImportFormat::kEtsy) {
    EtsyParser parser;
    return read_json(source, collector, [&](std::string_view text) { return (parser.*etsy)(text); });
  }
  return fail(Code::kUnsupported, "{}: only listings are read as {}; for this, handsel and etsy are", source.name(),
              format_name(format));
}

}  // namespace

std::string_view format_name(ImportFormat format) {
  for (const auto& [known, name] : kFormatNames) {
    if (known == format) return name;
  }
  return "";
}

Result<ImportFormat> parse_import_format(std::string_view name) {
  if (name.empty() || name == "auto") return ImportFormat::kRecognise;
  for (const auto& [format, known] : kFormatNames) {
    if (known == name) return format;
  }
  return fail(Code::kInvalidArgument,
              "unknown format '{}'; expected auto, handsel, etsy, google-tsv, google-xml or mapped", name);
}

ImportSummary import_listings(ByteSource& source, const ImportOptions& options, const RowSink<Listing>& rows,
                              const RefusalSink& refusals) {
  ImportSummary summary;
  collect_rows<Listing>(summary, rows, refusals, [&](RowCollector<Listing>& collector) {
    return read_listings(source, options, summary, collector);
  });
  return summary;
}

ImportSummary import_shops(ByteSource& source, const ImportOptions& options, const RowSink<Shop>& rows,
                           const RefusalSink& refusals) {
  ImportSummary summary;
  collect_rows<Shop>(summary, rows, refusals, [&](RowCollector<Shop>& collector) {
    return read_two_shapes(source, options, summary, collector, &CatalogParser::shop, &EtsyParser::shops);
  });
  return summary;
}

ImportSummary import_taxonomy(ByteSource& source, const ImportOptions& options, const RowSink<TaxonomyNode>& rows,
                              const RefusalSink& refusals) {
  ImportSummary summary;
  collect_rows<TaxonomyNode>(summary, rows, refusals, [&](RowCollector<TaxonomyNode>& collector) {
    return read_two_shapes(source, options, summary, collector, &CatalogParser::taxonomy_node, &EtsyParser::taxonomy);
  });
  return summary;
}

ImportSummary import_reviews(ByteSource& source, const ImportOptions& options, const RowSink<Review>& rows,
                             const RefusalSink& refusals) {
  ImportSummary summary;
  collect_rows<Review>(summary, rows, refusals, [&](RowCollector<Review>& collector) {
    return read_two_shapes(source, options, summary, collector, &CatalogParser::review, &EtsyParser::reviews);
  });
  return summary;
}

}  // namespace handsel::catalog
