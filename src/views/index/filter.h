// What a result must satisfy, as a tree. Written by people in the filter language
// (ranking/query/filter_parser.h), evaluated over a segment's columns (columns.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::index {

struct Filter {
  enum class Op : std::uint8_t {
    kTrue,     // everything
    kAnd,      // all children
    kOr,       // any child
    kNot,      // not the one child
    kIn,       // keyword column `field` has one of `values` (exact, after case folding)
    kSubtree,  // the taxonomy path starts with values[0] ("Home & Living > Kitchen")
    kRange,    // number column `field` in [low, high], bounds included unless *_open
    kExists,   // the column has any value
    kGeo,      // within radius_m of the point (great circle)
  };

  Op op = Op::kTrue;
  std::string field;
  std::vector<std::string> values;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;
  double latitude_deg = 0;
  double longitude_deg = 0;
  double radius_m = 0;
  std::vector<Filter> children;

  bool operator==(const Filter&) const = default;
};

// The columns that every listing has; `attr.NAME` comes beside them for each attribute.
// Keywords: shop, taxonomy, tag, material, language, currency, state, type,
// ships_from, personalizable ("true"/"false"), id.
// Numbers: price (in units of the currency: 12.50), quantity, rating, rating_count,
// favourites, created, updated (milliseconds since 1970).
enum class ColumnKind : std::uint8_t { kKeyword, kNumber, kUnknown };
ColumnKind column_kind(std::string_view field);

}  // namespace handsel::index
