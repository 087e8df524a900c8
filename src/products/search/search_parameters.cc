#include "products/search/search_parameters.h"

#include <array>
#include <charconv>

namespace handsel::search {
namespace {

std::unexpected<Error> wrong(std::string_view name, std::string_view value, std::string_view expected) {
  return fail(Code::kInvalidData, "'{}' is '{}'; expected {}", name, value.substr(0, 60), expected);
}

template <auto member>
Result<void> truth(SearchParameters& to, std::string_view name, std::string_view value) {
  if (value != "true" && value != "false") return wrong(name, value, "true or false");
  to.*member = value == "true";
  return {};
}

Result<void> per_shop(SearchParameters& to, std::string_view name, std::string_view value) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number > kLimitMax) {
    return wrong(name, value, fmt::format("a whole number from 0 to {}", kLimitMax));
  }
  to.per_shop = number;
  return {};
}

Result<void> ranker(SearchParameters& to, std::string_view name, std::string_view value) {
  if (value.empty() || value.size() > kRankerIdBytesMax) {
    return wrong(name, value, "learned, untrained, or the id of a ranker");
  }
  to.ranker = value;
  return {};
}

struct Known {
  std::string_view name;
  Result<void> (*set)(SearchParameters& to, std::string_view name, std::string_view value);
};
constexpr auto kKnown = std::to_array<Known>({
    {"search.meaning", truth<&SearchParameters::meaning>},
    {"search.per_shop", per_shop},
    {"search.explore", truth<&SearchParameters::explore>},
    {"search.session", truth<&SearchParameters::session>},
    {"search.ranker", ranker},
});

Result<void> set(SearchParameters& to, std::string_view name, std::string_view value) {
  for (const Known& known : kKnown) {
    if (known.name == name) return known.set(to, name, value);
  }
  std::string names;
  for (const Known& known : kKnown) names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
  return fail(Code::kInvalidData, "'{}' is no parameter of the search; there are: {}", name.substr(0, 60), names);
}

ParameterSet when(bool holds, Parameter parameter) {
  return holds ? static_cast<ParameterSet>(parameter) : ParameterSet{0};
}

}  // namespace

Result<SearchParameters> parse_parameters(const std::map<std::string, std::string, std::less<>>& parameters) {
  SearchParameters parsed;
  for (const auto& [name, value] : parameters) {
    if (name.starts_with(kParameterPrefix)) HANDSEL_TRY(set(parsed, name, value));
  }
  return parsed;
}

ParameterSet set_of(const SearchParameters& parameters) {
  return when(parameters.meaning.has_value(), Parameter::kMeaning) |
         when(parameters.per_shop.has_value(), Parameter::kPerShop) |
         when(parameters.explore.has_value(), Parameter::kExplore) |
         when(parameters.session.has_value(), Parameter::kSession) |
         when(!parameters.ranker.empty(), Parameter::kRanker);
}

ParameterSet open_parameters(const SearchRequest& request) {
  const bool ranked = request.sort.column.empty() && request.query.find_first_not_of(" \t\r\n") != std::string::npos;
  const bool has_person = !request.session_id.empty() || !request.user_id.empty();
  return when(ranked && request.meaning && request.match == MatchRule::kAuto, Parameter::kMeaning) |
         when(request.per_shop_max == 0, Parameter::kPerShop) |
         when(ranked && request.explore && request.personalise, Parameter::kExplore) |
         when(ranked && request.personalise && has_person, Parameter::kSession) | when(ranked, Parameter::kRanker);
}

SearchRequest with_parameters(SearchRequest request, const SearchParameters& parameters) {
  request.meaning = request.meaning && parameters.meaning.value_or(true);
  request.explore = request.explore && parameters.explore.value_or(true);
  if (request.per_shop_max == 0) request.per_shop_max = parameters.per_shop.value_or(0);
  return request;
}

void merge(SearchParameters& parameters, const SearchParameters& more) {
  if (more.meaning) parameters.meaning = more.meaning;
  if (more.per_shop) parameters.per_shop = more.per_shop;
  if (more.explore) parameters.explore = more.explore;
  if (more.session) parameters.session = more.session;
  if (!more.ranker.empty()) parameters.ranker = more.ranker;
}

}  // namespace handsel::search
