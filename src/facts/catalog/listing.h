// What a marketplace sells, as every room sees it.
//
// Plain values: no pointers, no laziness, no library types. On disk a listing is
// the protobuf message of listing.proto (encode/decode in codec.h); from outside
// it comes through the importers (import.h), which also clamp it to the limits
// below.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace handsel::catalog {

// Limits on one listing; an importer rejects an id that is longer, and cuts text.
inline constexpr std::size_t kIdBytesMax = 128;
inline constexpr std::size_t kTitleBytesMax = 1000;
inline constexpr std::size_t kDescriptionBytesMax = 64 * 1024;
inline constexpr std::size_t kKeywordBytesMax = 256;
inline constexpr std::size_t kKeywordsMax = 100;  // tags, materials, attributes: each
inline constexpr std::size_t kImagesMax = 50;

enum class ListingState : std::uint8_t { kActive, kInactive, kSoldOut, kDraft, kExpired };

struct Attribute {
  std::string name;   // "color"
  std::string value;  // "Ivory"
  bool operator==(const Attribute&) const = default;
};

struct Image {
  std::string url;
  std::string alt_text;
  bool operator==(const Image&) const = default;
};

struct GeoPoint {
  double latitude_deg = 0;
  double longitude_deg = 0;
  bool operator==(const GeoPoint&) const = default;
};

struct Listing {
  std::string id;       // the marketplace's own; 1 to kIdBytesMax bytes of UTF-8
  std::string shop_id;  // may be empty
  std::string shop_name;
  std::string title;
  std::string description;
  std::string url;
  std::string language;  // BCP 47 primary tag in lower case; empty: unknown
  std::vector<std::string> tags;
  std::vector<std::string> materials;
  std::vector<Attribute> attributes;       // brand, color, size, style, when_made, ...
  std::vector<std::string> taxonomy_path;  // names, root to leaf: {"Home & Living", "Kitchen"}
  std::vector<Image> images;
  std::optional<std::int64_t> price_cents;  // hundredths of `currency`; nothing: unknown
  std::string currency;                     // ISO 4217, upper case
  std::int64_t quantity = 1;
  ListingState state = ListingState::kActive;
  std::optional<double> rating;  // mean stars, 0..5
  std::int64_t rating_count = 0;
  std::int64_t favourites_count = 0;
  std::string listing_type;  // physical | download | both, or empty
  std::string ships_from;    // ISO 3166 alpha-2, or empty
  bool personalizable = false;
  std::optional<GeoPoint> location;
  std::int64_t created_ms = 0;  // 0: unknown
  std::int64_t updated_ms = 0;

  bool operator==(const Listing&) const = default;
};

// What PATCH may change; nothing means 'leave as it is'.
struct ListingPatch {
  std::optional<std::int64_t> price_cents;
  std::optional<std::int64_t> quantity;
  std::optional<ListingState> state;
};

struct Shop {
  std::string id;
  std::string name;
  std::string title;
  std::string announcement;
  std::string url;
  std::string country;  // ISO 3166 alpha-2
  std::string currency;
  std::optional<GeoPoint> location;
  std::int64_t created_ms = 0;
  std::int64_t favourites_count = 0;
  std::int64_t sales_count = 0;
  std::optional<double> rating;
  std::int64_t rating_count = 0;
  bool on_vacation = false;
  bool operator==(const Shop&) const = default;
};

struct TaxonomyNode {
  std::string id;
  std::string parent_id;  // empty: a root
  std::string name;
  bool operator==(const TaxonomyNode&) const = default;
};

struct Review {
  std::string id;
  std::string listing_id;
  std::string shop_id;
  std::string user_id;
  std::int32_t rating = 0;  // 1..5
  std::string text;
  std::string language;
  std::int64_t created_ms = 0;
  bool operator==(const Review&) const = default;
};

struct User {
  std::string id;
  std::string country;
  std::string language;
  std::int64_t created_ms = 0;
  bool operator==(const User&) const = default;
};

}  // namespace handsel::catalog
