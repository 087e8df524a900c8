#include "facts/catalog/import/etsy.h"

#include <functional>

#include "base/core/hash.h"
#include "facts/catalog/import/json_fields.h"
#include "facts/catalog/import/listing_rules.h"

namespace handsel::catalog {
namespace {

using json::Element;
using json::member;
using json::text_of;

std::string plain_text(std::optional<Element> value) {
  return decode_html_entities(text_of(value));
}

std::vector<std::string> plain_texts(std::optional<Element> value) {
  std::vector<std::string> texts;
  for (const Element element : json::elements(value)) texts.push_back(plain_text(element));
  return texts;
}

// The first of the two names that is there.
std::int64_t time_ms(Element object, std::string_view name, std::string_view alias) {
  const std::optional<Element> value = member(object, name);
  return json::time_ms_of(value ? value : member(object, alias)).value_or(0);
}

std::int64_t count(Element object, std::string_view name) {
  return json::whole_number_of(member(object, name)).value_or(0);
}

void add_attribute(Listing& listing, std::string_view name, std::optional<Element> value) {
  if (value) listing.attributes.push_back({std::string(name), plain_text(value)});
}

// "12.5 cm": the number and its unit stand in two members.
void add_measure(Listing& listing, Element object, std::string_view name, std::string_view key,
                 std::string_view unit_key) {
  const std::string amount = text_of(member(object, key));
  if (amount.empty() || amount == "0") return;
  const std::string unit = text_of(member(object, unit_key));
  listing.attributes.push_back({std::string(name), unit.empty() ? amount : amount + " " + unit});
}

RowResult<void> read_price(Element object, Listing& listing) {
  const std::optional<Element> money = member(object, "price");
  if (!money) return {};
  const std::optional<double> units_as_text = json::number_of(money);  // version 2 wrote "12.50"
  if (units_as_text) {
    listing.price_cents = cents_from_units(*units_as_text);
    listing.currency = text_of(member(object, "currency_code"));
  } else {
    const std::optional<std::int64_t> amount = json::whole_number_of(member(*money, "amount"));
    const std::int64_t divisor = json::whole_number_of(member(*money, "divisor")).value_or(100);
    if (!amount || divisor <= 0) return refuse("price", "is not Money: expected amount and a positive divisor");
    // The division is exact for every divisor that is a power of ten up to 2^53.
    listing.price_cents = cents_from_units(static_cast<double>(*amount) / static_cast<double>(divisor));
    listing.currency = text_of(member(*money, "currency_code"));
  }
  if (!listing.price_cents) return refuse("price", "is negative or too large");
  return {};
}

std::vector<Image> read_images(Element object) {
  std::vector<Image> images;
  for (const Element image : json::elements(member(object, "images"))) {
    std::string url = text_of(member(image, "url_fullxfull"));
    if (url.empty()) url = text_of(member(image, "url_570xN"));
    images.push_back({std::move(url), plain_text(member(image, "alt_text"))});
  }
  return images;
}

void read_attributes(Element object, Listing& listing) {
  for (const Element style : json::elements(member(object, "style"))) add_attribute(listing, "style", style);
  add_attribute(listing, "who_made", member(object, "who_made"));
  add_attribute(listing, "when_made", member(object, "when_made"));
  if (json::truth_of(member(object, "is_supply"))) listing.attributes.push_back({"is_supply", "true"});
  add_measure(listing, object, "weight", "item_weight", "item_weight_unit");
  add_measure(listing, object, "length", "item_length", "item_dimensions_unit");
  add_measure(listing, object, "width", "item_width", "item_dimensions_unit");
  add_measure(listing, object, "height", "item_height", "item_dimensions_unit");
}

// Names of the category, where the export carries them; the API itself gives only an
// id, which is kept as an attribute to be joined with the taxonomy.
void read_category(Element object, Listing& listing) {
  listing.taxonomy_path = plain_texts(member(object, "taxonomy_path"));
  add_attribute(listing, "taxonomy_id", member(object, "taxonomy_id"));
}

RowResult<Listing> read_listing(Element object) {
  Listing listing;
  listing.id = text_of(member(object, "listing_id"));
  if (listing.id.empty()) return refuse("listing_id", "is missing");
  listing.shop_id = text_of(member(object, "shop_id"));
  listing.shop_name = plain_text(member(object, "shop", "shop_name"));
  listing.title = plain_text(member(object, "title"));
  listing.description = plain_text(member(object, "description"));
  listing.url = text_of(member(object, "url"));
  listing.language = text_of(member(object, "language"));
  listing.tags = plain_texts(member(object, "tags"));
  listing.materials = plain_texts(member(object, "materials"));
  read_attributes(object, listing);
  read_category(object, listing);
  listing.images = read_images(object);
  HANDSEL_TRY(read_price(object, listing));
  if (const auto quantity = json::whole_number_of(member(object, "quantity"))) listing.quantity = *quantity;
  listing.state = parse_state(text_of(member(object, "state"))).value_or(ListingState::kInactive);
  listing.favourites_count = count(object, "num_favorers");
  listing.listing_type = text_of(member(object, "listing_type"));
  listing.ships_from = text_of(member(object, "shop", "shipping_from_country_iso"));
  listing.personalizable = json::truth_of(member(object, "is_personalizable"));
  listing.created_ms = time_ms(object, "original_creation_timestamp", "created_timestamp");
  if (listing.created_ms == 0) listing.created_ms = time_ms(object, "creation_timestamp", "creation_tsz");
  listing.updated_ms = time_ms(object, "updated_timestamp", "last_modified_timestamp");
  HANDSEL_TRY(apply_rules(listing));
  return listing;
}

RowResult<Shop> read_shop(Element object) {
  Shop shop;
  shop.id = text_of(member(object, "shop_id"));
  if (shop.id.empty()) return refuse("shop_id", "is missing");
  shop.name = plain_text(member(object, "shop_name"));
  shop.title = plain_text(member(object, "title"));
  shop.announcement = plain_text(member(object, "announcement"));
  shop.url = text_of(member(object, "url"));
  shop.country = text_of(member(object, "shop_location_country_iso"));
  if (shop.country.empty()) shop.country = text_of(member(object, "shipping_from_country_iso"));
  shop.currency = text_of(member(object, "currency_code"));
  shop.created_ms = time_ms(object, "create_date", "created_timestamp");
  shop.favourites_count = count(object, "num_favorers");
  shop.sales_count = count(object, "transaction_sold_count");
  shop.rating = json::number_of(member(object, "review_average"));
  shop.rating_count = count(object, "review_count");
  shop.on_vacation = json::truth_of(member(object, "is_vacation"));
  HANDSEL_TRY(apply_rules(shop));
  return shop;
}

RowResult<Review> read_review(Element object) {
  Review review;
  review.listing_id = text_of(member(object, "listing_id"));
  review.shop_id = text_of(member(object, "shop_id"));
  review.user_id = text_of(member(object, "buyer_user_id"));
  review.rating = static_cast<std::int32_t>(count(object, "rating") > 5 ? 6 : count(object, "rating"));
  review.text = plain_text(member(object, "review"));
  review.language = text_of(member(object, "language"));
  review.created_ms = time_ms(object, "created_timestamp", "create_timestamp");
  // A review has no id of its own: one transaction has one review, and so have one
  // listing, buyer and moment.
  review.id = text_of(member(object, "transaction_id"));
  if (review.id.empty()) {
    const std::string about =
        fmt::format("{}\n{}\n{}\n{}", review.listing_id, review.user_id, review.created_ms, review.text);
    review.id = fmt::format("review-{:016x}", hash64(about));
  }
  HANDSEL_TRY(apply_rules(review));
  return review;
}

template <typename T>
void add(ParsedRecord<T>& record, RowResult<T> result) {
  if (result) {
    record.values.push_back(std::move(*result));
  } else {
    record.refused.push_back(std::move(result).error());
  }
}

// The parser's depth limit bounds the recursion.
void add_tree(Element object, const std::string& parent_id, ParsedRecord<TaxonomyNode>& record) {
  TaxonomyNode node;
  node.id = text_of(member(object, "id"));
  node.parent_id = text_of(member(object, "parent_id"));
  if (node.parent_id.empty() || node.parent_id == "0") node.parent_id = parent_id;
  node.name = plain_text(member(object, "name"));
  const std::string id = node.id;
  RowResult<void> checked = apply_rules(node);
  add(record, checked ? RowResult<TaxonomyNode>(std::move(node)) : std::unexpected(std::move(checked).error()));
  for (const Element child : json::elements(member(object, "children"))) add_tree(child, id, record);
}

// The objects of a page, or the object itself.
template <typename T, typename Read>
ParsedRecord<T> read_record(json::Parser& parser, std::string_view text, Read read) {
  ParsedRecord<T> record;
  const RowResult<Element> value = parser.parse(text);
  if (!value) {
    record.refused.push_back(value.error());
  } else if (!value->is_object()) {
    record.refused.push_back({"", fmt::format("expected an object, found {}", json::type_name(*value))});
  } else if (const std::optional<Element> results = member(*value, "results"); results && results->is_array()) {
    for (const Element element : json::elements(results)) read(element, record);
  } else {
    read(*value, record);
  }
  return record;
}

}  // namespace

struct EtsyParser::Impl {
  json::Parser parser;
};

EtsyParser::EtsyParser() : impl_(std::make_unique<Impl>()) {}
EtsyParser::~EtsyParser() = default;

ParsedRecord<Listing> EtsyParser::listings(std::string_view text) {
  return read_record<Listing>(impl_->parser, text,
                              [](Element object, ParsedRecord<Listing>& record) { add(record, read_listing(object)); });
}

ParsedRecord<Shop> EtsyParser::shops(std::string_view text) {
  return read_record<Shop>(impl_->parser, text,
                           [](Element object, ParsedRecord<Shop>& record) { add(record, read_shop(object)); });
}

ParsedRecord<TaxonomyNode> EtsyParser::taxonomy(std::string_view text) {
  return read_record<TaxonomyNode>(
      impl_->parser, text, [](Element object, ParsedRecord<TaxonomyNode>& record) { add_tree(object, "", record); });
}

ParsedRecord<Review> EtsyParser::reviews(std::string_view text) {
  return read_record<Review>(impl_->parser, text,
                             [](Element object, ParsedRecord<Review>& record) { add(record, read_review(object)); });
}

}  // namespace handsel::catalog
