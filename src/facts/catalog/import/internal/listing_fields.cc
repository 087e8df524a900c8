#include "facts/catalog/import/internal/listing_fields.h"

#include <algorithm>
#include <array>

#include "facts/catalog/import/listing_rules.h"

namespace handsel::catalog::internal {
namespace {

// What is wrong with a text, or nothing.
using Complaint = std::optional<std::string>;

Complaint set_text(std::string& out, const FieldText& value) {
  out = value.text;
  return {};
}

Complaint not_a(std::string_view what, std::string_view text) {
  return fmt::format("'{}' is not {}", cut_text(text, 60), what);
}

Complaint set_whole_number(std::int64_t& out, const FieldText& value) {
  const std::optional<std::int64_t> number = parse_whole_number(value.text);
  if (!number) return not_a("a whole number", value.text);
  out = *number;
  return {};
}

Complaint set_number(std::optional<double>& out, const FieldText& value) {
  out = parse_number(value.text);
  if (!out) return not_a("a number", value.text);
  return {};
}

Complaint set_bool(bool& out, const FieldText& value) {
  const std::optional<bool> truth = parse_bool(value.text);
  if (!truth) return not_a("true or false", value.text);
  out = *truth;
  return {};
}

Complaint set_time(std::int64_t& out, const FieldText& value) {
  const std::optional<std::int64_t> time_ms = parse_time_ms(value.text);
  if (!time_ms) return not_a("a time; expected 2024-12-31T23:59:59Z or seconds since 1970", value.text);
  out = *time_ms;
  return {};
}

Complaint set_state(ListingState& out, const FieldText& value) {
  const std::optional<ListingState> state = parse_state(value.text);
  if (!state) return not_a("active, inactive, sold_out, draft or expired; translate it with `values`", value.text);
  out = *state;
  return {};
}

// A currency in the price text counts over the field: "12 EUR" is not 12 dollars.
Complaint set_price(Listing& out, const FieldText& value) {
  std::expected<Price, std::string> price = parse_price(value.text, value.price);
  if (!price) return std::move(price).error();
  out.price_cents = price->cents;
  if (!price->currency.empty()) out.currency = std::move(price->currency);
  return {};
}

struct OneValue {
  std::string_view name;
  Complaint (*set)(const FieldText& value, ListingDraft& draft);
};

constexpr auto kOneValueFields = std::to_array<OneValue>({
    {"id", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.id, v); }},
    {"shop_id", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.shop_id, v); }},
    {"shop_name", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.shop_name, v); }},
    {"title", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.title, v); }},
    {"description", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.description, v); }},
    {"url", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.url, v); }},
    {"language", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.language, v); }},
    {"price", [](const FieldText& v, ListingDraft& d) { return set_price(d.listing, v); }},
    {"currency", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.currency, v); }},
    {"quantity", [](const FieldText& v, ListingDraft& d) { return set_whole_number(d.listing.quantity, v); }},
    {"state", [](const FieldText& v, ListingDraft& d) { return set_state(d.listing.state, v); }},
    {"rating", [](const FieldText& v, ListingDraft& d) { return set_number(d.listing.rating, v); }},
    {"rating_count", [](const FieldText& v, ListingDraft& d) { return set_whole_number(d.listing.rating_count, v); }},
    {"favourites_count",
     [](const FieldText& v, ListingDraft& d) { return set_whole_number(d.listing.favourites_count, v); }},
    {"listing_type", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.listing_type, v); }},
    {"ships_from", [](const FieldText& v, ListingDraft& d) { return set_text(d.listing.ships_from, v); }},
    {"personalizable", [](const FieldText& v, ListingDraft& d) { return set_bool(d.listing.personalizable, v); }},
    {"latitude", [](const FieldText& v, ListingDraft& d) { return set_number(d.latitude_deg, v); }},
    {"longitude", [](const FieldText& v, ListingDraft& d) { return set_number(d.longitude_deg, v); }},
    {"created", [](const FieldText& v, ListingDraft& d) { return set_time(d.listing.created_ms, v); }},
    {"updated", [](const FieldText& v, ListingDraft& d) { return set_time(d.listing.updated_ms, v); }},
});

struct ManyValues {
  std::string_view name;
  void (*append)(std::vector<std::string> values, ListingDraft& draft);
};

void append_texts(std::vector<std::string>& out, std::vector<std::string> values) {
  std::ranges::move(values, std::back_inserter(out));
}

void append_images(std::vector<Image>& out, std::vector<std::string> values) {
  for (std::string& url : values) out.push_back({std::move(url), ""});
}

constexpr auto kManyValueFields = std::to_array<ManyValues>({
    {"tags", [](std::vector<std::string> v, ListingDraft& d) { append_texts(d.listing.tags, std::move(v)); }},
    {"materials", [](std::vector<std::string> v, ListingDraft& d) { append_texts(d.listing.materials, std::move(v)); }},
    {"taxonomy_path",
     [](std::vector<std::string> v, ListingDraft& d) { append_texts(d.listing.taxonomy_path, std::move(v)); }},
    {"images", [](std::vector<std::string> v, ListingDraft& d) { append_images(d.listing.images, std::move(v)); }},
});

}  // namespace

bool is_list_field(std::string_view name) {
  return std::ranges::find(kManyValueFields, name, &ManyValues::name) != kManyValueFields.end();
}

bool is_listing_field(std::string_view name) {
  return is_list_field(name) || std::ranges::find(kOneValueFields, name, &OneValue::name) != kOneValueFields.end();
}

std::string listing_field_names() {
  std::string names;
  for (const OneValue& field : kOneValueFields) names += fmt::format("{}, ", field.name);
  for (const ManyValues& field : kManyValueFields) names += fmt::format("{}, ", field.name);
  names.resize(names.size() - 2);
  return names;
}

RowResult<void> set_field(std::string_view name, const FieldText& value, ListingDraft& draft) {
  const auto field = std::ranges::find(kOneValueFields, name, &OneValue::name);
  HANDSEL_CHECK(field != kOneValueFields.end());
  if (Complaint complaint = field->set(value, draft)) return refuse(name, "{}", *complaint);
  return {};
}

void append_to_field(std::string_view name, std::vector<std::string> values, ListingDraft& draft) {
  const auto field = std::ranges::find(kManyValueFields, name, &ManyValues::name);
  HANDSEL_CHECK(field != kManyValueFields.end());
  field->append(std::move(values), draft);
}

}  // namespace handsel::catalog::internal
