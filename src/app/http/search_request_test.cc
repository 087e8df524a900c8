#include "app/http/search_request.h"

#include <array>

#include <gtest/gtest.h>

#include "app/http/target.h"

namespace handsel::http {
namespace {

using search::SearchRequest;

// What differs from a request that says nothing.
std::string show(const Result<SearchRequest>& request) {
  if (!request) return "error: " + request.error().message;
  const SearchRequest& r = *request;
  const SearchRequest none;
  std::string out;
  const auto add = [&out](std::string_view name, const auto& value, const auto& normal) {
    if (value != normal) out += fmt::format("{}{}={}", out.empty() ? "" : " ", name, value);
  };
  add("q", r.query, none.query);
  add("filter", r.filter, none.filter);
  add("key_filter", r.key_filter, none.key_filter);
  for (const index::FacetRequest& facet : r.facets) {
    add("facet", fmt::format("{}/{}/{}", facet.field, facet.limit, fmt::join(facet.bounds, ":")), "");
  }
  add("sort", r.sort.column + (r.sort.descending ? "" : ":asc"), "");
  add("limit", r.limit, none.limit);
  add("offset", r.offset, none.offset);
  add("cursor", r.cursor, none.cursor);
  add("match", static_cast<int>(r.match), static_cast<int>(none.match));
  add("per_shop", r.per_shop_max, none.per_shop_max);
  add("group_by", r.group_by, none.group_by);
  add("language", r.language, none.language);
  add("highlight", r.highlight, none.highlight);
  add("spell", r.spell, none.spell);
  add("exact_total", r.exact_total, none.exact_total);
  add("explain", r.explain, none.explain);
  add("chips", r.chips, none.chips);
  add("meaning", r.meaning, none.meaning);
  add("session_id", r.session_id, none.session_id);
  add("user_id", r.user_id, none.user_id);
  add("country", r.country, none.country);
  add("personalise", r.personalise, none.personalise);
  return out;
}

std::string from_target(std::string_view query) {
  const auto target = parse_target(fmt::format("/v1/search?{}", query));
  return target ? show(search_from_parameters(target->parameters)) : "error: " + target.error().message;
}

struct Row {
  std::string_view text;
  std::string_view expected;
};

TEST(SearchRequest, ReadsParameters) {
  constexpr auto kRows = std::to_array<Row>({
      {"", ""},
      {"q=linen+apron&filter=price+%3C+30", "q=linen apron filter=price < 30"},
      {"facets=taxonomy,+attr.color", "facet=taxonomy/10/ facet=attr.color/10/"},
      {"sort=price:asc", "sort=price:asc"},
      {"sort=created:desc", "sort=created"},
      {"sort=attr.x:y:asc", "sort=attr.x:y:asc"},
      {"sort=relevance", ""},
      {"limit=0&offset=40", "limit=0 offset=40"},
      {"cursor=abc&per_shop=2&group_by=shop&language=de", "cursor=abc per_shop=2 group_by=shop language=de"},
      {"match=all", "match=1"},
      {"match=any", "match=2"},
      {"highlight=true&explain=true&spell=false&exact_total=true",
       "highlight=true spell=false exact_total=true explain=true"},
      {"limit=501", "error: 'limit' is '501'; expected a whole number from 0 to 500"},
      {"limit=-1", "error: 'limit' is '-1'; expected a whole number from 0 to 500"},
      {"limit=1e9", "error: 'limit' is '1e9'; expected a whole number from 0 to 500"},
      {"limit=99999999999999999999", "error: 'limit' is '99999999999999999999'; expected a whole number from 0 to 500"},
      {"limit=NaN", "error: 'limit' is 'NaN'; expected a whole number from 0 to 500"},
      {"limit=", "error: 'limit' is ''; expected a whole number from 0 to 500"},
      {"offset=9999&limit=2", "error: 'offset' and 'limit' reach beyond 10000 results; go on with 'cursor' instead"},
      {"offset=1&cursor=x", "error: 'cursor' and 'offset' exclude each other"},
      {"match=some", "error: 'match' is 'some'; expected auto, all or any"},
      {"highlight=1", "error: 'highlight' is '1'; expected true or false"},
      {"sort=price",
       "error: 'sort' is 'price'; expected relevance, or a column with its direction like price:asc or created:desc"},
      {"sort=:asc",
       "error: 'sort' is ':asc'; expected relevance, or a column with its direction like price:asc or created:desc"},
      {"facets=a,,b", "error: 'facets' needs names of columns, like taxonomy or attr.color"},
      {"key_filter=true",
       "error: 'key_filter' is no parameter of a search; there are: q, filter, facets, sort, limit, offset, cursor, "
       "match, per_shop, group_by, language, highlight, spell, exact_total, explain, chips, meaning, session_id, "
       "user_id, "
       "country, personalise"},
  });
  for (const Row& row : kRows) EXPECT_EQ(from_target(row.text), row.expected) << row.text;
}

TEST(SearchRequest, ReadsWhoAsks) {
  constexpr auto kRows = std::to_array<Row>({
      {"session_id=s-1&user_id=u%2F2&country=pt", "session_id=s-1 user_id=u/2 country=PT"},
      {"session_id=&user_id=&country=", ""},
      {"personalise=false&meaning=false&chips=true", "chips=true meaning=false personalise=false"},
      {"personalise=true&meaning=true", ""},
      {"personalise=no", "error: 'personalise' is 'no'; expected true or false"},
      {"personalise=", "error: 'personalise' is ''; expected true or false"},
      {"meaning=1", "error: 'meaning' is '1'; expected true or false"},
      {"country=PRT", "error: 'country' is 'PRT'; expected two letters like PT"},
      {"country=P1", "error: 'country' is 'P1'; expected two letters like PT"},
      {"country=%C3%A9", "error: 'country' is '\xc3\xa9'; expected two letters like PT"},
      {"session_id=a%00b", "error: parameter 'session_id' has a zero byte in it"},
      {"session=s-1",
       "error: 'session' is no parameter of a search; there are: q, filter, facets, sort, limit, offset, "
       "cursor, match, per_shop, group_by, language, highlight, spell, exact_total, explain, chips, meaning, "
       "session_id, user_id, country, personalise"},
  });
  for (const Row& row : kRows) EXPECT_EQ(from_target(row.text), row.expected) << row.text;

  for (const std::string_view name : {"session_id", "user_id"}) {
    const std::string longest(kPersonIdBytesMax, 'x');
    EXPECT_EQ(from_target(fmt::format("{}={}", name, longest)), fmt::format("{}={}", name, longest));
    EXPECT_EQ(from_target(fmt::format("{}={}x", name, longest)),
              fmt::format("error: '{}' is longer than 128 bytes", name));
  }
}

TEST(SearchRequest, ReadsJson) {
  constexpr auto kRows = std::to_array<Row>({
      {"{}", ""},
      {R"({"q":"linen apron","limit":5,"highlight":true,"sort":"price:asc"})",
       "q=linen apron sort=price:asc limit=5 highlight=true"},
      {R"({"q":null,"cursor":null})", ""},
      {R"({"session_id":"s-1","user_id":7,"country":"DE","personalise":false,"meaning":false})",
       "meaning=false session_id=s-1 user_id=7 country=DE personalise=false"},
      {R"({"session_id":["s-1"]})", "error: 'session_id' is an array; expected a single value"},
      {R"({"facets":"a,b"})", "facet=a/10/ facet=b/10/"},
      {R"({"facets":["a",{"field":"price","limit":3,"bounds":[0,10.5,20]}]})", "facet=a/10/ facet=price/3/0:10.5:20"},
      {R"({"q":"\u0001\u001f"})", "q=\x01\x1f"},
      {R"({"q":"a\u0000b"})", "error: 'q' has a zero byte in it"},
      {R"({"q":["a"]})", "error: 'q' is an array; expected a single value"},
      {R"({"q":{"$gt":""}})", "error: 'q' is an object; expected a single value"},
      {R"({"q":"a","q":"b"})", "error: 'q' is there twice"},
      {R"({"limit":5.5})", "error: 'limit' is '5.5'; expected a whole number from 0 to 500"},
      {R"({"facets":[1]})", "error: 'facets' holds names, or objects with field, limit, bounds"},
      {R"({"facets":[{"field":"a","limit":0}]})", "error: 'limit' of a facet is 1 to 1000"},
      {R"({"facets":[{"field":"a","bounds":[1,1]}]})",
       "error: 'bounds' of a facet are numbers, each larger than the one before"},
      {R"({"facets":[{"field":"a","bounds":["1"]}]})",
       "error: 'bounds' of a facet are numbers, each larger than the one before"},
      {R"({"facets":[{"fields":"a"}]})", "error: 'fields' is no part of a facet; there are: field, limit, bounds"},
      {R"({"facets":[{}]})", "error: 'facets' needs names of columns, like taxonomy or attr.color"},
      {"[]", "error: a search is a JSON object; this is an array"},
      {"3", "error: a search is a JSON object; this is a number"},
  });
  for (const Row& row : kRows) EXPECT_EQ(show(search_from_json(row.text)), row.expected) << row.text;
}

TEST(SearchRequest, RefusesWhatIsNoJson) {
  for (const std::string_view text : {"", "{", "{\"q\":NaN}", "{\"q\":\"\xff\"}", "{\"q\":\"a\nb\"}", "{} {}",
                                      "{\"q\":\"\\ud800\"}", "\xef\xbb\xbf"}) {
    const auto request = search_from_json(text);
    ASSERT_FALSE(request) << text;
    EXPECT_EQ(request.error().code, Code::kInvalidData) << text;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_FALSE(search_from_json(deep));
}

TEST(SearchRequest, LimitsFacets) {
  std::string names = "a";
  for (std::size_t i = 1; i < kFacetsMax; ++i) names += ",a";
  EXPECT_FALSE(from_target("facets=" + names).starts_with("error"));
  EXPECT_TRUE(from_target("facets=" + names + ",a").starts_with("error"));
}

TEST(SearchRequest, ReadsMany) {
  const auto searches = searches_from_json(R"({"searches":[{"q":"a"},{"limit":-1},7]})", 3);
  ASSERT_TRUE(searches);
  ASSERT_EQ(searches->size(), 3u);
  EXPECT_EQ(show((*searches)[0]), "q=a");
  EXPECT_FALSE((*searches)[1]);
  EXPECT_FALSE((*searches)[2]);
  EXPECT_FALSE(searches_from_json(R"({"searches":[{},{},{},{}]})", 3));
  EXPECT_FALSE(searches_from_json("{}", 3));
  EXPECT_FALSE(searches_from_json("[]", 3));
}

}  // namespace
}  // namespace handsel::http
