// Reads a file of listings, shops, taxonomy nodes or reviews in any supported
// shape and hands them out in batches. docs/reference/import-formats.md is the
// page for people.
//
// Streaming: memory is bounded by kRowBytesMax and one batch, whatever the size of
// the file. A row that cannot be used goes to the refusal sink. One thread; the
// sinks are called on it.
#pragma once

#include <string_view>

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"
#include "facts/catalog/import/mapping.h"
#include "facts/catalog/import/row.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog {

enum class ImportFormat {
  kRecognise,    // by content
  kHandsel,      // our own JSON: lines, one array, or objects one after another
  kEtsy,         // Etsy Open API v3 objects, or pages {"count", "results"}
  kMerchantTsv,  // Google Merchant feed, tab (or comma) separated
  kMerchantXml,  // Google Merchant feed, RSS 2.0 or Atom
  kMapped,       // CSV, TSV or JSON through a mapping
};

// "handsel", "etsy", "google-tsv", "google-xml", "mapped"; empty for kRecognise.
std::string_view format_name(ImportFormat format);
// kInvalidArgument, naming the choices, for another word. Empty or "auto": kRecognise.
Result<ImportFormat> parse_import_format(std::string_view name);

struct ImportOptions {
  ImportFormat format = ImportFormat::kRecognise;
  const Mapping* mapping = nullptr;  // for kMapped; where given, kRecognise means kMapped
};

ImportSummary import_listings(ByteSource& source, const ImportOptions& options, const RowSink<Listing>& rows,
                              const RefusalSink& refusals);
// These three know kHandsel and kEtsy.
ImportSummary import_shops(ByteSource& source, const ImportOptions& options, const RowSink<Shop>& rows,
                           const RefusalSink& refusals);
ImportSummary import_taxonomy(ByteSource& source, const ImportOptions& options, const RowSink<TaxonomyNode>& rows,
                              const RefusalSink& refusals);
ImportSummary import_reviews(ByteSource& source, const ImportOptions& options, const RowSink<Review>& rows,
                             const RefusalSink& refusals);

}  // namespace handsel::catalog
