#include "facts/catalog/import/json_fields.h"

#include <cmath>

namespace handsel::catalog::json {

RowResult<Element> Parser::parse(std::string_view text) {
  if (parser_.max_depth() != kDepthMax && parser_.allocate(text.size(), kDepthMax) != simdjson::SUCCESS) {
    return refuse("", "is too large");
  }
  Element value;
  const simdjson::error_code error = parser_.parse(text.data(), text.size(), true).get(value);
  if (error == simdjson::DEPTH_ERROR) return refuse("", "is nested more than {} levels deep", kDepthMax);
  if (error == simdjson::EMPTY) return refuse("", "is empty");
  if (error != simdjson::SUCCESS) return refuse("", "is not JSON: {}", simdjson::error_message(error));
  return value;
}

std::string_view type_name(Element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a truth value";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

Complaint expected(std::string_view what, Element found) {
  return fmt::format("expected {}, found {}", what, type_name(found));
}

std::optional<Element> member(Element value, std::string_view key) {
  Object object;
  if (value.get(object) != simdjson::SUCCESS) return std::nullopt;
  std::optional<Element> found;
  for (const auto [name, member_value] : object) {
    if (name == key) found = member_value;
  }
  if (found && found->is_null()) return std::nullopt;
  return found;
}

std::optional<Element> member(Element value, std::string_view first, std::string_view second) {
  const std::optional<Element> inner = member(value, first);
  if (!inner) return std::nullopt;
  return member(*inner, second);
}

std::vector<Element> elements(std::optional<Element> value) {
  std::vector<Element> found;
  Array array;
  if (!value || value->get(array) != simdjson::SUCCESS) return found;
  for (const Element element : array) found.push_back(element);
  return found;
}

std::string text_of(std::optional<Element> value) {
  if (!value) return {};
  std::string_view text;
  std::int64_t whole = 0;
  std::uint64_t large = 0;
  double number = 0;
  bool truth = false;
  if (value->get(text) == simdjson::SUCCESS) return std::string(text);
  if (value->get(whole) == simdjson::SUCCESS) return fmt::format("{}", whole);
  if (value->get(large) == simdjson::SUCCESS) return fmt::format("{}", large);
  if (value->get(number) == simdjson::SUCCESS) return fmt::format("{}", number);
  if (value->get(truth) == simdjson::SUCCESS) return truth ? "true" : "false";
  return {};
}

std::optional<double> number_of(std::optional<Element> value) {
  if (!value) return std::nullopt;
  double number = 0;
  std::string_view text;
  if (value->get(number) == simdjson::SUCCESS) return number;
  if (value->get(text) == simdjson::SUCCESS) return parse_number(text);
  return std::nullopt;
}

std::optional<std::int64_t> whole_number_of(std::optional<Element> value) {
  if (!value) return std::nullopt;
  std::int64_t whole = 0;
  if (value->get(whole) == simdjson::SUCCESS) return whole;
  return parse_whole_number(text_of(value));
}

bool truth_of(std::optional<Element> value) {
  return parse_bool(text_of(value)).value_or(false);
}

std::optional<std::int64_t> time_ms_of(std::optional<Element> value) {
  if (!value) return std::nullopt;
  return parse_time_ms(text_of(value));
}

Complaint read_text(Element value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return expected("a string", value);
  out = text;
  return {};
}

Complaint read_id(Element value, std::string& out) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    out = text;
    return {};
  }
  if (!value.is_int64() && !value.is_uint64()) return expected("a string", value);
  out = text_of(value);
  return {};
}

Complaint read_texts(Element value, std::vector<std::string>& out) {
  Array array;
  if (value.get(array) != simdjson::SUCCESS) return expected("an array of strings", value);
  out.clear();
  for (const Element element : array) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) return expected("an array of strings", element);
    out.emplace_back(text);
  }
  return {};
}

Complaint read_whole_number(Element value, std::int64_t& out) {
  if (value.get(out) == simdjson::SUCCESS) return {};
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return expected("a whole number", value);
  if (std::trunc(number) != number || std::abs(number) > 9e15) return fmt::format("is {}, not a whole number", number);
  out = static_cast<std::int64_t>(number);
  return {};
}

Complaint read_number(Element value, std::optional<double>& out) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return expected("a number", value);
  out = number;
  return {};
}

Complaint read_bool(Element value, bool& out) {
  if (value.get(out) != simdjson::SUCCESS) return expected("true or false", value);
  return {};
}

Complaint read_price(Element value, std::optional<std::int64_t>& cents) {
  double units = 0;
  if (value.get(units) != simdjson::SUCCESS) return expected("a number", value);
  cents = cents_from_units(units);
  if (!cents) return fmt::format("is {}; {}", units, units < 0 ? "it may not be negative" : "it is too large");
  return {};
}

Complaint read_location(Element value, std::optional<GeoPoint>& out) {
  const std::optional<Element> latitude = member(value, "lat");
  const std::optional<Element> longitude = member(value, "lon");
  GeoPoint point;
  if (!latitude || latitude->get(point.latitude_deg) != simdjson::SUCCESS || !longitude ||
      longitude->get(point.longitude_deg) != simdjson::SUCCESS) {
    return "expected {\"lat\": number, \"lon\": number}";
  }
  out = point;
  return {};
}

}  // namespace handsel::catalog::json
