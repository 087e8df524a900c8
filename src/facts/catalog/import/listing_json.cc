#include "facts/catalog/import/listing_json.h"

#include <algorithm>
#include <array>

#include "facts/catalog/import/json_fields.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/listing_rules.h"

namespace handsel::catalog {
namespace {

using json::Complaint;
using json::Element;
using json::Field;

// {"color": "ivory", "size": ["S", "M"], "depth_cm": 12}
Complaint read_attributes(Element value, std::vector<Attribute>& out) {
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS) return json::expected("an object of names and values", value);
  out.clear();
  for (const auto [name, values] : object) {
    json::Array array;
    if (values.get(array) != simdjson::SUCCESS) {
      if (values.is_object()) return json::expected("text or an array of texts in it", values);
      out.push_back({std::string(name), json::text_of(values)});
      continue;
    }
    for (const Element one : array) {
      if (one.is_object() || one.is_array()) return json::expected("text or an array of texts in it", one);
      out.push_back({std::string(name), json::text_of(one)});
    }
  }
  return {};
}

Complaint read_images(Element value, std::vector<Image>& out) {
  json::Array array;
  if (value.get(array) != simdjson::SUCCESS) return json::expected("an array", value);
  out.clear();
  for (const Element element : array) {
    std::string_view url;
    if (element.get(url) == simdjson::SUCCESS) {
      out.push_back({std::string(url), ""});
    } else if (element.is_object()) {
      out.push_back({json::text_of(json::member(element, "url")), json::text_of(json::member(element, "alt_text"))});
    } else {
      return json::expected("addresses, or objects with url and alt_text,", element);
    }
  }
  return {};
}

Complaint read_state(Element value, ListingState& out) {
  std::string name;
  if (Complaint complaint = json::read_text(value, name)) return complaint;
  const std::optional<ListingState> state = parse_state(name);
  if (!state) return fmt::format("is '{}'; expected active, inactive, sold_out, draft or expired", cut_text(name, 60));
  out = *state;
  return {};
}

constexpr auto kListingFields = std::to_array<Field<Listing>>({
    {"id", [](Element v, Listing& l) { return json::read_id(v, l.id); }},
    {"shop_id", [](Element v, Listing& l) { return json::read_id(v, l.shop_id); }},
    {"shop_name", [](Element v, Listing& l) { return json::read_text(v, l.shop_name); }},
    {"title", [](Element v, Listing& l) { return json::read_text(v, l.title); }},
    {"description", [](Element v, Listing& l) { return json::read_text(v, l.description); }},
    {"url", [](Element v, Listing& l) { return json::read_text(v, l.url); }},
    {"language", [](Element v, Listing& l) { return json::read_text(v, l.language); }},
    {"tags", [](Element v, Listing& l) { return json::read_texts(v, l.tags); }},
    {"materials", [](Element v, Listing& l) { return json::read_texts(v, l.materials); }},
    {"attributes", [](Element v, Listing& l) { return read_attributes(v, l.attributes); }},
    {"taxonomy_path", [](Element v, Listing& l) { return json::read_texts(v, l.taxonomy_path); }},
    {"images", [](Element v, Listing& l) { return read_images(v, l.images); }},
    {"price", [](Element v, Listing& l) { return json::read_price(v, l.price_cents); }},
    {"currency", [](Element v, Listing& l) { return json::read_text(v, l.currency); }},
    {"quantity", [](Element v, Listing& l) { return json::read_whole_number(v, l.quantity); }},
    {"state", [](Element v, Listing& l) { return read_state(v, l.state); }},
    {"rating", [](Element v, Listing& l) { return json::read_number(v, l.rating); }},
    {"rating_count", [](Element v, Listing& l) { return json::read_whole_number(v, l.rating_count); }},
    {"favourites_count", [](Element v, Listing& l) { return json::read_whole_number(v, l.favourites_count); }},
    {"listing_type", [](Element v, Listing& l) { return json::read_text(v, l.listing_type); }},
    {"ships_from", [](Element v, Listing& l) { return json::read_text(v, l.ships_from); }},
    {"personalizable", [](Element v, Listing& l) { return json::read_bool(v, l.personalizable); }},
    {"location", [](Element v, Listing& l) { return json::read_location(v, l.location); }},
    {"created_ms", [](Element v, Listing& l) { return json::read_whole_number(v, l.created_ms); }},
    {"updated_ms", [](Element v, Listing& l) { return json::read_whole_number(v, l.updated_ms); }},
});

Complaint read_patched_state(Element value, std::optional<ListingState>& out) {
  ListingState state{};
  if (Complaint complaint = read_state(value, state)) return complaint;
  out = state;
  return {};
}

Complaint read_patched_quantity(Element value, std::optional<std::int64_t>& out) {
  std::int64_t quantity = 0;
  if (Complaint complaint = json::read_whole_number(value, quantity)) return complaint;
  out = quantity;
  return {};
}

constexpr auto kPatchFields = std::to_array<Field<ListingPatch>>({
    {"price", [](Element v, ListingPatch& p) { return json::read_price(v, p.price_cents); }},
    {"quantity", [](Element v, ListingPatch& p) { return read_patched_quantity(v, p.quantity); }},
    {"state", [](Element v, ListingPatch& p) { return read_patched_state(v, p.state); }},
});

constexpr auto kShopFields = std::to_array<Field<Shop>>({
    {"id", [](Element v, Shop& s) { return json::read_id(v, s.id); }},
    {"name", [](Element v, Shop& s) { return json::read_text(v, s.name); }},
    {"title", [](Element v, Shop& s) { return json::read_text(v, s.title); }},
    {"announcement", [](Element v, Shop& s) { return json::read_text(v, s.announcement); }},
    {"url", [](Element v, Shop& s) { return json::read_text(v, s.url); }},
    {"country", [](Element v, Shop& s) { return json::read_text(v, s.country); }},
    {"currency", [](Element v, Shop& s) { return json::read_text(v, s.currency); }},
    {"location", [](Element v, Shop& s) { return json::read_location(v, s.location); }},
    {"created_ms", [](Element v, Shop& s) { return json::read_whole_number(v, s.created_ms); }},
    {"favourites_count", [](Element v, Shop& s) { return json::read_whole_number(v, s.favourites_count); }},
    {"sales_count", [](Element v, Shop& s) { return json::read_whole_number(v, s.sales_count); }},
    {"rating", [](Element v, Shop& s) { return json::read_number(v, s.rating); }},
    {"rating_count", [](Element v, Shop& s) { return json::read_whole_number(v, s.rating_count); }},
    {"on_vacation", [](Element v, Shop& s) { return json::read_bool(v, s.on_vacation); }},
});

constexpr auto kNodeFields = std::to_array<Field<TaxonomyNode>>({
    {"id", [](Element v, TaxonomyNode& n) { return json::read_id(v, n.id); }},
    {"parent_id", [](Element v, TaxonomyNode& n) { return json::read_id(v, n.parent_id); }},
    {"name", [](Element v, TaxonomyNode& n) { return json::read_text(v, n.name); }},
});

Complaint read_stars(Element value, std::int32_t& out) {
  std::int64_t stars = 0;
  if (Complaint complaint = json::read_whole_number(value, stars)) return complaint;
  out = static_cast<std::int32_t>(std::clamp<std::int64_t>(stars, -1, 6));  // apply_rules() refuses these
  return {};
}

constexpr auto kReviewFields = std::to_array<Field<Review>>({
    {"id", [](Element v, Review& r) { return json::read_id(v, r.id); }},
    {"listing_id", [](Element v, Review& r) { return json::read_id(v, r.listing_id); }},
    {"shop_id", [](Element v, Review& r) { return json::read_id(v, r.shop_id); }},
    {"user_id", [](Element v, Review& r) { return json::read_id(v, r.user_id); }},
    {"rating", [](Element v, Review& r) { return read_stars(v, r.rating); }},
    {"text", [](Element v, Review& r) { return json::read_text(v, r.text); }},
    {"language", [](Element v, Review& r) { return json::read_text(v, r.language); }},
    {"created_ms", [](Element v, Review& r) { return json::read_whole_number(v, r.created_ms); }},
});

template <typename T>
RowResult<T> read_and_check(json::Parser& parser, std::string_view text, std::span<const Field<T>> fields,
                            json::UnknownKeys unknown = json::UnknownKeys::kPassOver) {
  HANDSEL_ASSIGN(const Element value, parser.parse(text));
  T out;
  HANDSEL_TRY(json::read_object<T>(value, fields, out, unknown));
  HANDSEL_TRY(apply_rules(out));
  return out;
}

// Values of one name stand together, in the order of the first of that name.
void append_attributes(std::string& out, const std::vector<Attribute>& attributes) {
  JsonObjectWriter object(out);
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const std::string& name = attributes[i].name;
    const auto same_name = [&](const Attribute& other) { return other.name == name; };
    if (std::any_of(attributes.begin(), attributes.begin() + static_cast<std::ptrdiff_t>(i), same_name)) continue;
    std::vector<std::string_view> values;
    for (const Attribute& attribute : attributes) {
      if (same_name(attribute)) values.push_back(attribute.value);
    }
    if (values.size() == 1) {
      object.text(name, values.front());
    } else {
      object.texts_if_any(name, values);
    }
  }
}

void append_location(std::string& out, const GeoPoint& location) {
  JsonObjectWriter object(out);
  object.number("lat", location.latitude_deg);
  object.number("lon", location.longitude_deg);
}

void append_image(std::string& out, const Image& image) {
  JsonObjectWriter object(out);
  object.text("url", image.url);
  object.text_if_any("alt_text", image.alt_text);
}

}  // namespace

struct CatalogParser::Impl {
  json::Parser parser;
};

CatalogParser::CatalogParser() : impl_(std::make_unique<Impl>()) {}
CatalogParser::~CatalogParser() = default;
CatalogParser::CatalogParser(CatalogParser&&) noexcept = default;
CatalogParser& CatalogParser::operator=(CatalogParser&&) noexcept = default;

RowResult<Listing> CatalogParser::listing(std::string_view text) {
  return read_and_check<Listing>(impl_->parser, text, kListingFields);
}

RowResult<ListingPatch> CatalogParser::patch(std::string_view text) {
  return read_and_check<ListingPatch>(impl_->parser, text, kPatchFields, json::UnknownKeys::kRefuse);
}

RowResult<Shop> CatalogParser::shop(std::string_view text) {
  return read_and_check<Shop>(impl_->parser, text, kShopFields);
}

RowResult<TaxonomyNode> CatalogParser::taxonomy_node(std::string_view text) {
  return read_and_check<TaxonomyNode>(impl_->parser, text, kNodeFields);
}

RowResult<Review> CatalogParser::review(std::string_view text) {
  return read_and_check<Review>(impl_->parser, text, kReviewFields);
}

void append_json(std::string& out, const Listing& listing) {
  JsonObjectWriter object(out);
  object.text("id", listing.id);
  object.text_if_any("shop_id", listing.shop_id);
  object.text_if_any("shop_name", listing.shop_name);
  object.text_if_any("title", listing.title);
  object.text_if_any("description", listing.description);
  object.text_if_any("url", listing.url);
  object.text_if_any("language", listing.language);
  object.texts_if_any("tags", listing.tags);
  object.texts_if_any("materials", listing.materials);
  if (!listing.attributes.empty()) append_attributes(object.key("attributes"), listing.attributes);
  object.texts_if_any("taxonomy_path", listing.taxonomy_path);
  object.array_if_any("images", listing.images, append_image);
  if (listing.price_cents) object.units("price", *listing.price_cents);
  object.text_if_any("currency", listing.currency);
  object.number("quantity", listing.quantity);
  object.text("state", state_name(listing.state));
  if (listing.rating) object.number("rating", *listing.rating);
  if (listing.rating_count != 0) object.number("rating_count", listing.rating_count);
  if (listing.favourites_count != 0) object.number("favourites_count", listing.favourites_count);
  object.text_if_any("listing_type", listing.listing_type);
  object.text_if_any("ships_from", listing.ships_from);
  if (listing.personalizable) object.truth("personalizable", true);
  if (listing.location) append_location(object.key("location"), *listing.location);
  if (listing.created_ms != 0) object.number("created_ms", listing.created_ms);
  if (listing.updated_ms != 0) object.number("updated_ms", listing.updated_ms);
}

void append_json(std::string& out, const Shop& shop) {
  JsonObjectWriter object(out);
  object.text("id", shop.id);
  object.text_if_any("name", shop.name);
  object.text_if_any("title", shop.title);
  object.text_if_any("announcement", shop.announcement);
  object.text_if_any("url", shop.url);
  object.text_if_any("country", shop.country);
  object.text_if_any("currency", shop.currency);
  if (shop.location) append_location(object.key("location"), *shop.location);
  if (shop.created_ms != 0) object.number("created_ms", shop.created_ms);
  if (shop.favourites_count != 0) object.number("favourites_count", shop.favourites_count);
  if (shop.sales_count != 0) object.number("sales_count", shop.sales_count);
  if (shop.rating) object.number("rating", *shop.rating);
  if (shop.rating_count != 0) object.number("rating_count", shop.rating_count);
  if (shop.on_vacation) object.truth("on_vacation", true);
}

void append_json(std::string& out, const TaxonomyNode& node) {
  JsonObjectWriter object(out);
  object.text("id", node.id);
  object.text_if_any("parent_id", node.parent_id);
  object.text("name", node.name);
}

void append_json(std::string& out, const Review& review) {
  JsonObjectWriter object(out);
  object.text("id", review.id);
  object.text("listing_id", review.listing_id);
  object.text_if_any("shop_id", review.shop_id);
  object.text_if_any("user_id", review.user_id);
  object.number("rating", review.rating);
  object.text_if_any("text", review.text);
  object.text_if_any("language", review.language);
  if (review.created_ms != 0) object.number("created_ms", review.created_ms);
}

}  // namespace handsel::catalog
