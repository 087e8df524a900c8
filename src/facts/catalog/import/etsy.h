// Etsy Open API v3 objects: ShopListing (with the includes images and shop),
// Shop, SellerTaxonomyNode, ListingReview and TransactionReview, single or in pages
// {"count": .., "results": [..]}.
//
// Specification and live data drift, so reading is lenient: both names of a
// timestamp count, numbers may be strings, an unknown state is 'inactive' (not
// shown), other unknown words are kept. Texts come HTML-escaped and are unescaped.
// Receipts are purchases, so events: facts/events/formats/etsy_receipts.h.
// Keeps its buffers: one per thread, reused.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "facts/catalog/import/row.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog {

// What one record held.
template <typename T>
struct ParsedRecord {
  std::vector<T> values;
  std::vector<RowError> refused;
};

class EtsyParser {
 public:
  EtsyParser();
  ~EtsyParser();
  EtsyParser(const EtsyParser&) = delete;
  EtsyParser& operator=(const EtsyParser&) = delete;

  ParsedRecord<Listing> listings(std::string_view json);
  ParsedRecord<Shop> shops(std::string_view json);
  // A tree becomes its nodes, parents first.
  ParsedRecord<TaxonomyNode> taxonomy(std::string_view json);
  ParsedRecord<Review> reviews(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::catalog
