// Our own JSON shape of what a marketplace sells: keys are the members of the
// structs in listing.h, with prices in units ("price": 12.5) instead of cents,
// `location` as {"lat", "lon"} and `attributes` as {"color": "ivory"} or
// {"color": ["ivory", "rose"]}. docs/reference/import-formats.md has every key.
//
// Reading: an absent key or null is the default, an unknown key is passed over, of a
// key that is there twice the last counts. A value of a wrong type or out of range
// refuses the object and names the field. Text and lists are cut to the limits of
// listing.h. Writing gives one line without spaces, which reads back as the same
// value (attributes of one name move together); it expects valid UTF-8, as
// everything read here is.
//
// CatalogParser keeps its buffers: make one per thread and reuse it. About 1 µs for
// each 300 bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "facts/catalog/import/row.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog {

class CatalogParser {
 public:
  CatalogParser();
  ~CatalogParser();
  CatalogParser(CatalogParser&&) noexcept;
  CatalogParser& operator=(CatalogParser&&) noexcept;

  RowResult<Listing> listing(std::string_view json);
  // {"price", "quantity", "state"}: here an unknown key is refused, because a
  // change that is silently not made is worse than an error.
  RowResult<ListingPatch> patch(std::string_view json);
  RowResult<Shop> shop(std::string_view json);
  RowResult<TaxonomyNode> taxonomy_node(std::string_view json);
  RowResult<Review> review(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Appends one JSON object. Members that hold their default are left out.
void append_json(std::string& out, const Listing& listing);
void append_json(std::string& out, const Shop& shop);
void append_json(std::string& out, const TaxonomyNode& node);
void append_json(std::string& out, const Review& review);

template <typename T>
std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace handsel::catalog
