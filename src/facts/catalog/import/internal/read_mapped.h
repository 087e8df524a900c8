// Reads whole files through a mapping: the three containers (table, JSON, feed) meet
// the rules of mapping.h here.
#pragma once

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"
#include "facts/catalog/import/mapping.h"
#include "facts/catalog/import/row_collector.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog::internal {

// Tables and JSON. Adds a note for each source of the mapping that no row had.
Result<void> read_mapped(ByteSource& source, const Mapping& mapping, ImportSummary& summary,
                         RowCollector<Listing>& collector);

Result<void> read_merchant_xml(ByteSource& source, const Mapping& mapping, RowCollector<Listing>& collector);

}  // namespace handsel::catalog::internal
