// Catalogue facts as log records, and back.
//
// One topic (Topic::kListings) holds them all. The record's key is the kind's letter,
// a slash and the id: "l/123" a listing, "s/..." a shop, "t/..." a taxonomy node,
// "r/..." a review, "u/..." a user. The payload is
//   version 1 (1 byte) kind letter (1 byte) message of listing.proto
// and an empty payload means that the thing was deleted.
//
// encode() refuses (kInvalidArgument, kTooLarge), naming the field, what has no id or is
// over the limits of listing.h. decode() gives kCorrupt for what encode() cannot have
// made, kUnsupported for a version of the future. Fields that a newer program added are
// passed over. A listing state of the future reads as kInactive: what we do not
// understand is not shown. Any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "facts/log/log.h"

namespace handsel::catalog {

enum class Kind : char { kListing = 'l', kShop = 's', kTaxonomyNode = 't', kReview = 'r', kUser = 'u' };
inline constexpr std::array kKinds = {Kind::kListing, Kind::kShop, Kind::kTaxonomyNode, Kind::kReview, Kind::kUser};

struct KeyParts {
  Kind kind;
  std::string_view id;  // into the key
};

std::string make_key(Kind kind, std::string_view id);
// Nothing where the key is not one of ours.
std::optional<KeyParts> parse_key(std::string_view key);

Result<std::string> encode(const Listing& listing);
Result<std::string> encode(const Shop& shop);
Result<std::string> encode(const TaxonomyNode& node);
Result<std::string> encode(const Review& review);
Result<std::string> encode(const User& user);

Result<Listing> decode_listing(std::string_view payload);
Result<Shop> decode_shop(std::string_view payload);
Result<TaxonomyNode> decode_taxonomy_node(std::string_view payload);
Result<Review> decode_review(std::string_view payload);
Result<User> decode_user(std::string_view payload);

// Key and payload in one, ready to append to Topic::kListings. Catalogue records have
// no idempotency key: the newest of a key wins, so twice is the same as once.
Result<log::NewRecord> to_record(const Listing& listing);
Result<log::NewRecord> to_record(const Shop& shop);
Result<log::NewRecord> to_record(const TaxonomyNode& node);
Result<log::NewRecord> to_record(const Review& review);
Result<log::NewRecord> to_record(const User& user);
log::NewRecord tombstone(Kind kind, std::string_view id);

}  // namespace handsel::catalog
