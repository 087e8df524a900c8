// The second step of mapping.h: from the values of one row to a listing.

#include <algorithm>

#include "facts/catalog/import/internal/listing_fields.h"
#include "facts/catalog/import/listing_rules.h"
#include "facts/catalog/import/mapping.h"

namespace handsel::catalog {
namespace {

void append_pieces(std::string_view value, std::string_view separator, std::vector<std::string>& out) {
  for (;;) {
    const std::size_t end = separator.empty() ? value.npos : value.find(separator);
    const std::string_view piece = trim(value.substr(0, end));
    if (!piece.empty()) out.emplace_back(piece);
    if (end == value.npos) return;
    value.remove_prefix(end + separator.size());
  }
}

std::vector<std::string> values_of(const FieldRule& rule, const SourceValues& row) {
  std::vector<std::string> values;
  for (const std::size_t source : rule.sources) {
    for (const std::string& value : row[source]) append_pieces(value, rule.split, values);
    if (rule.takes_first && !values.empty()) break;
  }
  for (std::string& value : values) {
    const auto found = std::ranges::find_if(
        rule.translations, [&](const auto& translation) { return equal_ignoring_case(translation.first, value); });
    if (found != rule.translations.end()) value = found->second;
  }
  std::erase(values, "");  // what a translation to nothing leaves
  if (values.empty() && !rule.fallback.empty()) values.push_back(rule.fallback);
  return values;
}

std::string joined(const std::vector<std::string>& values, std::string_view separator) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += separator;
    text += value;
  }
  return text;
}

RowResult<void> apply_rule(const FieldRule& rule, const SourceValues& row, internal::ListingDraft& draft) {
  std::vector<std::string> values = values_of(rule, row);
  if (values.empty()) return {};
  if (rule.is_attribute) {
    for (std::string& value : values) draft.listing.attributes.push_back({rule.target, std::move(value)});
    return {};
  }
  if (internal::is_list_field(rule.target)) {
    internal::append_to_field(rule.target, std::move(values), draft);
    return {};
  }
  return internal::set_field(rule.target, {joined(values, rule.join), rule.price}, draft);
}

}  // namespace

RowResult<Listing> listing_from_values(const Mapping& mapping, const SourceValues& row) {
  internal::ListingDraft draft;
  // The price last: a currency that it names counts over the field of its own.
  for (const FieldRule& rule : mapping.rules) {
    if (rule.target != "price" || rule.is_attribute) HANDSEL_TRY(apply_rule(rule, row, draft));
  }
  for (const FieldRule& rule : mapping.rules) {
    if (rule.target == "price" && !rule.is_attribute) HANDSEL_TRY(apply_rule(rule, row, draft));
  }
  if (draft.latitude_deg && draft.longitude_deg) {
    draft.listing.location = GeoPoint{*draft.latitude_deg, *draft.longitude_deg};
  }
  HANDSEL_TRY(apply_rules(draft.listing));
  return std::move(draft.listing);
}

}  // namespace handsel::catalog
