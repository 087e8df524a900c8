#include "facts/catalog/import/listing_rules.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "facts/catalog/import/values.h"

namespace handsel::catalog {
namespace {

constexpr std::size_t kUrlBytesMax = 2000;
constexpr std::size_t kCodeBytesMax = 16;  // language, country, listing type
constexpr std::array<std::string_view, 5> kStateNames = {"active", "inactive", "sold_out", "draft", "expired"};

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// An id is a key of the log: it is taken as it is or not at all.
RowResult<void> check_id(std::string_view field, std::string& id, bool required) {
  id = std::string(trim(id));
  if (id.empty() && required) return refuse(field, "is missing");
  if (id.size() > kIdBytesMax) return refuse(field, "has {} bytes; at most {} are allowed", id.size(), kIdBytesMax);
  if (has_control_character(id)) return refuse(field, "has control characters");
  return {};
}

RowResult<void> check_range(std::string_view field, std::int64_t value, std::int64_t max) {
  if (value < 0) return refuse(field, "is {}; it may not be negative", value);
  if (value > max) return refuse(field, "is {}; at most {} is allowed", value, max);
  return {};
}

RowResult<void> check_rating(const std::optional<double>& rating) {
  if (rating && !(*rating >= 0 && *rating <= 5)) return refuse("rating", "is {}; expected 0 to 5", *rating);
  return {};
}

RowResult<void> check_location(const std::optional<GeoPoint>& location) {
  if (!location) return {};
  if (!(std::abs(location->latitude_deg) <= 90)) return refuse("location.lat", "is not between -90 and 90");
  if (!(std::abs(location->longitude_deg) <= 180)) return refuse("location.lon", "is not between -180 and 180");
  return {};
}

RowResult<void> check_currency(std::string& currency) {
  if (currency.empty()) return {};
  for (char& c : currency) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const bool letters = std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (currency.size() != 3 || !letters) return refuse("currency", "is not a code of three letters such as EUR");
  return {};
}

void clean_country(std::string& country) {
  clean_text(country, kCodeBytesMax);
  for (char& c : country) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
}

// "en-GB", "EN_us" -> "en".
void clean_language(std::string& language) {
  clean_text(language, kCodeBytesMax);
  if (const std::size_t end = language.find_first_of("-_"); end != language.npos) language.resize(end);
  for (char& c : language) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

void clean_keywords(std::vector<std::string>& words) {
  for (std::string& word : words) clean_text(word, kKeywordBytesMax);
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  if (words.size() > kKeywordsMax) words.resize(kKeywordsMax);
}

void clean_attributes(std::vector<Attribute>& attributes) {
  for (Attribute& attribute : attributes) {
    clean_text(attribute.name, kKeywordBytesMax);
    clean_text(attribute.value, kKeywordBytesMax);
  }
  std::erase_if(attributes, [](const Attribute& a) { return a.name.empty() || a.value.empty(); });
  if (attributes.size() > kKeywordsMax) attributes.resize(kKeywordsMax);
}

void clean_images(std::vector<Image>& images) {
  for (Image& image : images) {
    clean_text(image.alt_text, kTitleBytesMax);
    image.url = std::string(trim(image.url));
  }
  // Half an address leads nowhere, so a long one is dropped and not cut.
  std::erase_if(images, [](const Image& image) {
    return image.url.empty() || image.url.size() > kUrlBytesMax || has_control_character(image.url);
  });
  if (images.size() > kImagesMax) images.resize(kImagesMax);
}

void clean_url(std::string& url) {
  url = std::string(trim(url));
  if (url.size() > kUrlBytesMax || has_control_character(url)) url.clear();
}

}  // namespace

RowResult<void> apply_rules(Listing& listing) {
  HANDSEL_TRY(check_id("id", listing.id, true));
  HANDSEL_TRY(check_id("shop_id", listing.shop_id, false));
  if (listing.price_cents) HANDSEL_TRY(check_range("price", *listing.price_cents, kPriceCentsMax));
  HANDSEL_TRY(check_currency(listing.currency));
  HANDSEL_TRY(check_range("quantity", listing.quantity, kCountMax));
  HANDSEL_TRY(check_rating(listing.rating));
  HANDSEL_TRY(check_range("rating_count", listing.rating_count, kCountMax));
  HANDSEL_TRY(check_range("favourites_count", listing.favourites_count, kCountMax));
  HANDSEL_TRY(check_location(listing.location));
  HANDSEL_TRY(check_range("created_ms", listing.created_ms, kTimeMsMax));
  HANDSEL_TRY(check_range("updated_ms", listing.updated_ms, kTimeMsMax));

  clean_text(listing.shop_name, kKeywordBytesMax);
  clean_text(listing.title, kTitleBytesMax);
  clean_text(listing.description, kDescriptionBytesMax);
  clean_url(listing.url);
  clean_language(listing.language);
  clean_keywords(listing.tags);
  clean_keywords(listing.materials);
  clean_attributes(listing.attributes);
  clean_keywords(listing.taxonomy_path);
  clean_images(listing.images);
  clean_text(listing.listing_type, kCodeBytesMax);
  clean_country(listing.ships_from);
  return {};
}

RowResult<void> apply_rules(const ListingPatch& patch) {
  if (patch.price_cents) HANDSEL_TRY(check_range("price", *patch.price_cents, kPriceCentsMax));
  if (patch.quantity) HANDSEL_TRY(check_range("quantity", *patch.quantity, kCountMax));
  return {};
}

RowResult<void> apply_rules(Shop& shop) {
  HANDSEL_TRY(check_id("id", shop.id, true));
  HANDSEL_TRY(check_currency(shop.currency));
  HANDSEL_TRY(check_location(shop.location));
  HANDSEL_TRY(check_range("created_ms", shop.created_ms, kTimeMsMax));
  HANDSEL_TRY(check_range("favourites_count", shop.favourites_count, kCountMax));
  HANDSEL_TRY(check_range("sales_count", shop.sales_count, kCountMax));
  HANDSEL_TRY(check_rating(shop.rating));
  HANDSEL_TRY(check_range("rating_count", shop.rating_count, kCountMax));
  clean_text(shop.name, kKeywordBytesMax);
  clean_text(shop.title, kTitleBytesMax);
  clean_text(shop.announcement, kDescriptionBytesMax);
  clean_url(shop.url);
  clean_country(shop.country);
  return {};
}

RowResult<void> apply_rules(TaxonomyNode& node) {
  HANDSEL_TRY(check_id("id", node.id, true));
  HANDSEL_TRY(check_id("parent_id", node.parent_id, false));
  clean_text(node.name, kKeywordBytesMax);
  if (node.name.empty()) return refuse("name", "is missing");
  if (node.id == node.parent_id) return refuse("parent_id", "is the node itself");
  return {};
}

RowResult<void> apply_rules(Review& review) {
  HANDSEL_TRY(check_id("id", review.id, true));
  HANDSEL_TRY(check_id("listing_id", review.listing_id, true));
  HANDSEL_TRY(check_id("shop_id", review.shop_id, false));
  HANDSEL_TRY(check_id("user_id", review.user_id, false));
  if (review.rating < 1 || review.rating > 5) return refuse("rating", "is {}; expected 1 to 5", review.rating);
  HANDSEL_TRY(check_range("created_ms", review.created_ms, kTimeMsMax));
  clean_text(review.text, kDescriptionBytesMax);
  clean_language(review.language);
  return {};
}

std::string_view state_name(ListingState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::optional<ListingState> parse_state(std::string_view name) {
  const auto found = std::ranges::find(kStateNames, name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<ListingState>(found - kStateNames.begin());
}

}  // namespace handsel::catalog
