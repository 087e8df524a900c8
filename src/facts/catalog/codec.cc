#include "facts/catalog/codec.h"

#include <algorithm>

#include "facts/catalog/internal/limits.h"
#include "listing.pb.h"  // generated from listing.proto

namespace handsel::catalog {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kHeaderBytes = 2;

// Each struct has a pair: to_message() fills the protobuf message, from_message() takes
// what it holds.

std::vector<std::string> take(google::protobuf::RepeatedPtrField<std::string>& field) {
  return {std::make_move_iterator(field.begin()), std::make_move_iterator(field.end())};
}

template <typename Message>
void put_location(const std::optional<GeoPoint>& location, Message& message) {
  if (!location) return;
  message.mutable_location()->set_latitude_deg(location->latitude_deg);
  message.mutable_location()->set_longitude_deg(location->longitude_deg);
}

template <typename Message>
std::optional<GeoPoint> take_location(const Message& message) {
  if (!message.has_location()) return std::nullopt;
  return GeoPoint{message.location().latitude_deg(), message.location().longitude_deg()};
}

template <typename Message>
std::optional<double> take_rating(const Message& message) {
  if (!message.has_rating()) return std::nullopt;
  return message.rating();
}

ListingState state_of(int stored) {
  return proto::ListingState_IsValid(stored) ? static_cast<ListingState>(stored) : ListingState::kInactive;
}

void put_lists(const Listing& listing, proto::Listing& message) {
  for (const std::string& tag : listing.tags) message.add_tags(tag);
  for (const std::string& material : listing.materials) message.add_materials(material);
  for (const std::string& name : listing.taxonomy_path) message.add_taxonomy_path(name);
  for (const Attribute& attribute : listing.attributes) {
    proto::Attribute& added = *message.add_attributes();
    added.set_name(attribute.name);
    added.set_value(attribute.value);
  }
  for (const Image& image : listing.images) {
    proto::Image& added = *message.add_images();
    added.set_url(image.url);
    added.set_alt_text(image.alt_text);
  }
}

void take_lists(proto::Listing& message, Listing& listing) {
  listing.tags = take(*message.mutable_tags());
  listing.materials = take(*message.mutable_materials());
  listing.taxonomy_path = take(*message.mutable_taxonomy_path());
  for (proto::Attribute& attribute : *message.mutable_attributes()) {
    listing.attributes.emplace_back(std::move(*attribute.mutable_name()), std::move(*attribute.mutable_value()));
  }
  for (proto::Image& image : *message.mutable_images()) {
    listing.images.emplace_back(std::move(*image.mutable_url()), std::move(*image.mutable_alt_text()));
  }
}

void to_message(const Listing& listing, proto::Listing& message) {
  message.set_id(listing.id);
  message.set_shop_id(listing.shop_id);
  message.set_shop_name(listing.shop_name);
  message.set_title(listing.title);
  message.set_description(listing.description);
  message.set_url(listing.url);
  message.set_language(listing.language);
  put_lists(listing, message);
  if (listing.price_cents) message.set_price_cents(*listing.price_cents);
  message.set_currency(listing.currency);
  message.set_quantity(listing.quantity);
  message.set_state(static_cast<proto::ListingState>(listing.state));
  if (listing.rating) message.set_rating(*listing.rating);
  message.set_rating_count(listing.rating_count);
  message.set_favourites_count(listing.favourites_count);
  message.set_listing_type(listing.listing_type);
  message.set_ships_from(listing.ships_from);
  message.set_personalizable(listing.personalizable);
  put_location(listing.location, message);
  message.set_created_ms(listing.created_ms);
  message.set_updated_ms(listing.updated_ms);
}

Listing from_message(proto::Listing& message) {
  Listing listing{.id = std::move(*message.mutable_id()),
                  .shop_id = std::move(*message.mutable_shop_id()),
                  .shop_name = std::move(*message.mutable_shop_name()),
                  .title = std::move(*message.mutable_title()),
                  .description = std::move(*message.mutable_description()),
                  .url = std::move(*message.mutable_url()),
                  .language = std::move(*message.mutable_language()),
                  .currency = std::move(*message.mutable_currency()),
                  .quantity = message.quantity(),
                  .state = state_of(message.state()),
                  .rating = take_rating(message),
                  .rating_count = message.rating_count(),
                  .favourites_count = message.favourites_count(),
                  .listing_type = std::move(*message.mutable_listing_type()),
                  .ships_from = std::move(*message.mutable_ships_from()),
                  .personalizable = message.personalizable(),
                  .location = take_location(message),
                  .created_ms = message.created_ms(),
                  .updated_ms = message.updated_ms()};
  if (message.has_price_cents()) listing.price_cents = message.price_cents();
  take_lists(message, listing);
  return listing;
}

void to_message(const Shop& shop, proto::Shop& message) {
  message.set_id(shop.id);
  message.set_name(shop.name);
  message.set_title(shop.title);
  message.set_announcement(shop.announcement);
  message.set_url(shop.url);
  message.set_country(shop.country);
  message.set_currency(shop.currency);
  put_location(shop.location, message);
  message.set_created_ms(shop.created_ms);
  message.set_favourites_count(shop.favourites_count);
  message.set_sales_count(shop.sales_count);
  if (shop.rating) message.set_rating(*shop.rating);
  message.set_rating_count(shop.rating_count);
  message.set_on_vacation(shop.on_vacation);
}

Shop from_message(proto::Shop& message) {
  return {.id = std::move(*message.mutable_id()),
          .name = std::move(*message.mutable_name()),
          .title = std::move(*message.mutable_title()),
          .announcement = std::move(*message.mutable_announcement()),
          .url = std::move(*message.mutable_url()),
          .country = std::move(*message.mutable_country()),
          .currency = std::move(*message.mutable_currency()),
          .location = take_location(message),
          .created_ms = message.created_ms(),
          .favourites_count = message.favourites_count(),
          .sales_count = message.sales_count(),
          .rating = take_rating(message),
          .rating_count = message.rating_count(),
          .on_vacation = message.on_vacation()};
}

void to_message(const TaxonomyNode& node, proto::TaxonomyNode& message) {
  message.set_id(node.id);
  message.set_parent_id(node.parent_id);
  message.set_name(node.name);
}

TaxonomyNode from_message(proto::TaxonomyNode& message) {
  return {.id = std::move(*message.mutable_id()),
          .parent_id = std::move(*message.mutable_parent_id()),
          .name = std::move(*message.mutable_name())};
}

void to_message(const Review& review, proto::Review& message) {
  message.set_id(review.id);
  message.set_listing_id(review.listing_id);
  message.set_shop_id(review.shop_id);
  message.set_user_id(review.user_id);
  message.set_rating(review.rating);
  message.set_text(review.text);
  message.set_language(review.language);
  message.set_created_ms(review.created_ms);
}

Review from_message(proto::Review& message) {
  return {.id = std::move(*message.mutable_id()),
          .listing_id = std::move(*message.mutable_listing_id()),
          .shop_id = std::move(*message.mutable_shop_id()),
          .user_id = std::move(*message.mutable_user_id()),
          .rating = message.rating(),
          .text = std::move(*message.mutable_text()),
          .language = std::move(*message.mutable_language()),
          .created_ms = message.created_ms()};
}

void to_message(const User& user, proto::User& message) {
  message.set_id(user.id);
  message.set_country(user.country);
  message.set_language(user.language);
  message.set_created_ms(user.created_ms);
}

User from_message(proto::User& message) {
  return {.id = std::move(*message.mutable_id()),
          .country = std::move(*message.mutable_country()),
          .language = std::move(*message.mutable_language()),
          .created_ms = message.created_ms()};
}

template <typename Message, typename Thing>
Result<std::string> encode_as(Kind kind, const Thing& thing) {
  HANDSEL_TRY(check_limits(thing));
  Message message;
  to_message(thing, message);
  std::string payload = {kVersion, static_cast<char>(kind)};
  HANDSEL_CHECK(message.AppendToString(&payload));
  return payload;
}

template <typename Message>
auto decode_as(Kind kind, std::string_view name, std::string_view payload)
    -> Result<decltype(from_message(std::declval<Message&>()))> {
  if (payload.size() < kHeaderBytes) return fail(Code::kCorrupt, "the stored {} is cut short", name);
  if (payload[0] != kVersion) {
    return fail(Code::kUnsupported, "the stored {} has version {}; this program knows {}", name,
                static_cast<unsigned char>(payload[0]), static_cast<int>(kVersion));
  }
  if (payload[1] != static_cast<char>(kind)) return fail(Code::kCorrupt, "the stored record is not a {}", name);
  payload.remove_prefix(kHeaderBytes);
  Message message;
  if (payload.size() > log::kRecordBytesMax ||
      !message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return fail(Code::kCorrupt, "the stored {} does not parse", name);
  }
  auto thing = from_message(message);
  if (const Result<void> within = check_limits(thing); !within) {
    return fail(Code::kCorrupt, "stored {}", within.error().message);
  }
  return thing;
}

template <typename Thing>
Result<log::NewRecord> record_of(Kind kind, const Thing& thing) {
  HANDSEL_ASSIGN(std::string payload, encode(thing));
  return log::NewRecord{.key = make_key(kind, thing.id), .payload = std::move(payload), .idempotency_key = {}};
}

}  // namespace

std::string make_key(Kind kind, std::string_view id) {
  std::string key = {static_cast<char>(kind), '/'};
  key.append(id);
  return key;
}

std::optional<KeyParts> parse_key(std::string_view key) {
  if (key.size() < 3 || key[1] != '/') return std::nullopt;
  const Kind kind = static_cast<Kind>(key[0]);
  if (std::ranges::find(kKinds, kind) == kKinds.end()) return std::nullopt;
  return KeyParts{kind, key.substr(2)};
}

Result<std::string> encode(const Listing& listing) {
  return encode_as<proto::Listing>(Kind::kListing, listing);
}
Result<std::string> encode(const Shop& shop) {
  return encode_as<proto::Shop>(Kind::kShop, shop);
}
Result<std::string> encode(const TaxonomyNode& node) {
  return encode_as<proto::TaxonomyNode>(Kind::kTaxonomyNode, node);
}
Result<std::string> encode(const Review& review) {
  return encode_as<proto::Review>(Kind::kReview, review);
}
Result<std::string> encode(const User& user) {
  return encode_as<proto::User>(Kind::kUser, user);
}

Result<Listing> decode_listing(std::string_view payload) {
  return decode_as<proto::Listing>(Kind::kListing, "listing", payload);
}
Result<Shop> decode_shop(std::string_view payload) {
  return decode_as<proto::Shop>(Kind::kShop, "shop", payload);
}
Result<TaxonomyNode> decode_taxonomy_node(std::string_view payload) {
  return decode_as<proto::TaxonomyNode>(Kind::kTaxonomyNode, "taxonomy node", payload);
}
Result<Review> decode_review(std::string_view payload) {
  return decode_as<proto::Review>(Kind::kReview, "review", payload);
}
Result<User> decode_user(std::string_view payload) {
  return decode_as<proto::User>(Kind::kUser, "user", payload);
}

Result<log::NewRecord> to_record(const Listing& listing) {
  return record_of(Kind::kListing, listing);
}
Result<log::NewRecord> to_record(const Shop& shop) {
  return record_of(Kind::kShop, shop);
}
Result<log::NewRecord> to_record(const TaxonomyNode& node) {
  return record_of(Kind::kTaxonomyNode, node);
}
Result<log::NewRecord> to_record(const Review& review) {
  return record_of(Kind::kReview, review);
}
Result<log::NewRecord> to_record(const User& user) {
  return record_of(Kind::kUser, user);
}
log::NewRecord tombstone(Kind kind, std::string_view id) {
  return {.key = make_key(kind, id), .payload = {}, .idempotency_key = {}};
}

}  // namespace handsel::catalog
