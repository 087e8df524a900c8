#include "app/http/search_request.h"

#include <algorithm>
#include <array>

#include "facts/catalog/import/json_fields.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

namespace json = catalog::json;
using search::SearchRequest;

template <typename... Args>
std::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) {
  return fail(Code::kInvalidArgument, format, std::forward<Args>(args)...);
}

struct Field {
  std::string_view name;
  Result<void> (*assign)(SearchRequest& request, std::string_view name, std::string_view value);
};

template <auto member, std::size_t bytes_max>
Result<void> text(SearchRequest& request, std::string_view name, std::string_view value) {
  if (value.size() > bytes_max) return wrong("'{}' is longer than {} bytes", name, bytes_max);
  if (value.contains('\0')) return wrong("'{}' has a zero byte in it", name);
  request.*member = value;
  return {};
}

template <auto member, std::int64_t high>
Result<void> count(SearchRequest& request, std::string_view name, std::string_view value) {
  const auto number = catalog::parse_whole_number(value);
  if (!number || *number < 0 || *number > high) {
    return wrong("'{}' is '{}'; expected a whole number from 0 to {}", name, catalog::cut_text(value, 60), high);
  }
  request.*member = static_cast<std::size_t>(*number);
  return {};
}

template <auto member>
Result<void> truth(SearchRequest& request, std::string_view name, std::string_view value) {
  if (value != "true" && value != "false") {
    return wrong("'{}' is '{}'; expected true or false", name, catalog::cut_text(value, 60));
  }
  request.*member = value == "true";
  return {};
}

Result<void> match_rule(SearchRequest& request, std::string_view, std::string_view value) {
  if (value == "auto") {
    request.match = search::MatchRule::kAuto;
  } else if (value == "all") {
    request.match = search::MatchRule::kAll;
  } else if (value == "any") {
    request.match = search::MatchRule::kAny;
  } else {
    return wrong("'match' is '{}'; expected auto, all or any", catalog::cut_text(value, 60));
  }
  return {};
}

// Two letters in either case, as ISO 3166 has them; empty is nobody's country.
Result<void> country(SearchRequest& request, std::string_view, std::string_view value) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  if (!value.empty() && (value.size() != 2 || !std::ranges::all_of(value, is_letter))) {
    return wrong("'country' is '{}'; expected two letters like PT", catalog::cut_text(value, 60));
  }
  request.country.clear();
  for (const char c : value) request.country.push_back(static_cast<char>(c & ~0x20));
  return {};
}

// "price:asc"; "relevance" is the order that nobody asked for.
Result<void> sort(SearchRequest& request, std::string_view, std::string_view value) {
  request.sort = {};
  if (value.empty() || value == "relevance") return {};
  const std::size_t colon = value.rfind(':');
  const std::string_view column = value.substr(0, colon);
  const std::string_view direction = colon == std::string_view::npos ? std::string_view{} : value.substr(colon + 1);
  if (column.empty() || column.size() > kNameBytesMax || (direction != "asc" && direction != "desc")) {
    return wrong("'sort' is '{}'; expected relevance, or a column with its direction like price:asc or created:desc",
                 catalog::cut_text(value, 60));
  }
  request.sort = {.column = std::string(column), .descending = direction == "desc"};
  return {};
}

Result<void> add_facet(SearchRequest& request, index::FacetRequest facet) {
  if (facet.field.empty() || facet.field.size() > kNameBytesMax) {
    return wrong("'facets' needs names of columns, like taxonomy or attr.color");
  }
  if (request.facets.size() >= kFacetsMax) return wrong("'facets' asks for more than {} columns", kFacetsMax);
  request.facets.push_back(std::move(facet));
  return {};
}

Result<void> facets(SearchRequest& request, std::string_view, std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    HANDSEL_TRY(add_facet(request, {.field = std::string(catalog::trim(value.substr(0, comma)))}));
    if (comma == std::string_view::npos) break;
    value.remove_prefix(comma + 1);
  }
  return {};
}

constexpr std::int64_t kLimitMax = search::kLimitMax;
constexpr std::int64_t kDepthMax = search::kDepthMax;

// Longer queries are cut by the search itself, which says so; this is only a guard.
constexpr std::size_t kQueryGuardBytes = 64 * 1024;

constexpr auto kFields = std::to_array<Field>({
    {"q", text<&SearchRequest::query, kQueryGuardBytes>},
    {"filter", text<&SearchRequest::filter, search::kFilterBytesMax>},
    {"facets", facets},
    {"sort", sort},
    {"limit", count<&SearchRequest::limit, kLimitMax>},
    {"offset", count<&SearchRequest::offset, kDepthMax>},
    {"cursor", text<&SearchRequest::cursor, kCursorBytesMax>},
    {"match", match_rule},
    {"per_shop", count<&SearchRequest::per_shop_max, kLimitMax>},
    {"group_by", text<&SearchRequest::group_by, kNameBytesMax>},
    {"language", text<&SearchRequest::language, 35>},
    {"highlight", truth<&SearchRequest::highlight>},
    {"spell", truth<&SearchRequest::spell>},
    {"exact_total", truth<&SearchRequest::exact_total>},
    {"explain", truth<&SearchRequest::explain>},
    {"chips", truth<&SearchRequest::chips>},
    {"meaning", truth<&SearchRequest::meaning>},
    {"session_id", text<&SearchRequest::session_id, kPersonIdBytesMax>},
    {"user_id", text<&SearchRequest::user_id, kPersonIdBytesMax>},
    {"country", country},
    {"personalise", truth<&SearchRequest::personalise>},
});

Result<const Field*> find_field(std::string_view name) {
  const auto found = std::ranges::find(kFields, name, &Field::name);
  if (found != kFields.end()) return &*found;
  std::string names;
  for (const Field& field : kFields) names += fmt::format("{}{}", names.empty() ? "" : ", ", field.name);
  return wrong("'{}' is no parameter of a search; there are: {}", catalog::cut_text(name, 60), names);
}

Result<SearchRequest> checked(SearchRequest request) {
  if (request.offset + request.limit > search::kDepthMax) {
    return wrong("'offset' and 'limit' reach beyond {} results; go on with 'cursor' instead", search::kDepthMax);
  }
  if (!request.cursor.empty() && request.offset != 0) return wrong("'cursor' and 'offset' exclude each other");
  return request;
}

Result<std::vector<double>> read_bounds(json::Element value) {
  json::Array array;
  if (value.get(array) != simdjson::SUCCESS || array.size() > kFacetBoundsMax) {
    return wrong("'bounds' of a facet is an array of at most {} numbers", kFacetBoundsMax);
  }
  std::vector<double> bounds;
  for (const json::Element one : array) {
    double bound = 0;
    if (one.get(bound) != simdjson::SUCCESS || (!bounds.empty() && bound <= bounds.back())) {
      return wrong("'bounds' of a facet are numbers, each larger than the one before");
    }
    bounds.push_back(bound);
  }
  return bounds;
}

Result<index::FacetRequest> read_facet(json::Element value) {
  index::FacetRequest facet;
  std::string_view name;
  if (value.get(name) == simdjson::SUCCESS) {
    facet.field = name;
    return facet;
  }
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS)
    return wrong("'facets' holds names, or objects with field, limit, bounds");
  for (const auto [key, part] : object) {
    if (key == "field") {
      facet.field = json::text_of(part);
    } else if (key == "limit") {
      const auto limit = json::whole_number_of(part);
      if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(index::kFacetValuesMax)) {
        return wrong("'limit' of a facet is 1 to {}", index::kFacetValuesMax);
      }
      facet.limit = static_cast<std::size_t>(*limit);
    } else if (key == "bounds") {
      HANDSEL_ASSIGN(facet.bounds, read_bounds(part));
    } else {
      return wrong("'{}' is no part of a facet; there are: field, limit, bounds", catalog::cut_text(key, 60));
    }
  }
  return facet;
}

Result<void> read_value(SearchRequest& request, const Field& field, json::Element value) {
  json::Array array;
  if (field.name == "facets" && value.get(array) == simdjson::SUCCESS) {
    for (const json::Element one : array) {
      HANDSEL_ASSIGN(index::FacetRequest facet, read_facet(one));
      HANDSEL_TRY(add_facet(request, std::move(facet)));
    }
    return {};
  }
  if (value.is_array() || value.is_object()) {
    return wrong("'{}' is {}; expected a single value", field.name, json::type_name(value));
  }
  return field.assign(request, field.name, json::text_of(value));
}

Result<SearchRequest> read_search(json::Element value) {
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS) {
    return wrong("a search is a JSON object; this is {}", json::type_name(value));
  }
  SearchRequest request;
  std::vector<std::string_view> seen;
  for (const auto [key, part] : object) {
    HANDSEL_ASSIGN(const Field* field, find_field(key));
    if (std::ranges::find(seen, key) != seen.end()) return wrong("'{}' is there twice", key);
    seen.push_back(key);
    if (!part.is_null()) HANDSEL_TRY(read_value(request, *field, part));
  }
  return checked(std::move(request));
}

Result<json::Element> parse(json::Parser& parser, std::string_view text) {
  const auto element = parser.parse(text);
  if (!element) return fail(Code::kInvalidData, "the body {}", element.error().reason);
  return *element;
}

}  // namespace

Result<SearchRequest> search_from_parameters(const std::vector<Parameter>& parameters) {
  SearchRequest request;
  for (const Parameter& parameter : parameters) {
    HANDSEL_ASSIGN(const Field* field, find_field(parameter.name));
    HANDSEL_TRY(field->assign(request, field->name, parameter.value));
  }
  return checked(std::move(request));
}

Result<SearchRequest> search_from_json(std::string_view text) {
  json::Parser parser;
  HANDSEL_ASSIGN(const json::Element root, parse(parser, text));
  return read_search(root);
}

Result<std::vector<Result<SearchRequest>>> searches_from_json(std::string_view text, std::size_t searches_max) {
  json::Parser parser;
  HANDSEL_ASSIGN(const json::Element root, parse(parser, text));
  json::Array array;
  const auto member = json::member(root, "searches");
  if (!member || member->get(array) != simdjson::SUCCESS) {
    return wrong("a multi-search is an object with an array 'searches'");
  }
  if (array.size() > searches_max) return fail(Code::kTooLarge, "'searches' holds more than {} searches", searches_max);
  std::vector<Result<SearchRequest>> searches;
  for (const json::Element one : array) searches.push_back(read_search(one));
  return searches;
}

}  // namespace handsel::http
