#include "products/search/search_parameters.h"

#include <gtest/gtest.h>

namespace handsel::search {
namespace {

using Named = std::map<std::string, std::string, std::less<>>;

ParameterSet all_but(std::initializer_list<Parameter> parameters) {
  ParameterSet set = 31;
  for (const Parameter parameter : parameters) set &= static_cast<ParameterSet>(~static_cast<ParameterSet>(parameter));
  return set;
}

TEST(SearchParameters, AreReadByName) {
  const auto all = parse_parameters({{"search.meaning", "false"},
                                     {"search.per_shop", "3"},
                                     {"search.explore", "false"},
                                     {"search.session", "true"},
                                     {"search.ranker", "untrained"},
                                     {"home.rail", "gifts"}});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->meaning, false);
  EXPECT_EQ(all->per_shop, 3u);
  EXPECT_EQ(all->explore, false);
  EXPECT_EQ(all->session, true);
  EXPECT_EQ(all->ranker, "untrained");
  EXPECT_EQ(set_of(*all), 31);
  EXPECT_EQ(set_of(*parse_parameters({{"home.rail", "gifts"}})), 0);
}

TEST(SearchParameters, WhatIsNoneIsRefused) {
  struct Row {
    std::string name;
    std::string value;
    std::string says;
  };
  for (const Row& row :
       {Row{"search.meening", "true",
            "'search.meening' is no parameter of the search; there are: search.meaning, "
            "search.per_shop, search.explore, search.session, search.ranker"},
        Row{"search.meaning", "on", "'search.meaning' is 'on'; expected true or false"},
        Row{"search.per_shop", "501", "'search.per_shop' is '501'; expected a whole number from 0 to 500"},
        Row{"search.per_shop", "-1", "'search.per_shop' is '-1'; expected a whole number from 0 to 500"},
        Row{"search.per_shop", "", "'search.per_shop' is ''; expected a whole number from 0 to 500"},
        Row{"search.ranker", "", "'search.ranker' is ''; expected learned, untrained, or the id of a ranker"},
        Row{"search.", "", "'search.' is no parameter of the search"}}) {
    const auto parsed = parse_parameters({{row.name, row.value}});
    ASSERT_FALSE(parsed) << row.name << " " << row.value;
    EXPECT_TRUE(parsed.error().message.starts_with(row.says)) << parsed.error().message;
  }
}

TEST(SearchParameters, TheRequestsOwnWordsCome) {
  SearchRequest asked{.query = "cup"};
  asked.session_id = "s";
  EXPECT_EQ(open_parameters(asked), 31);
  const auto changed = [&](auto change) {
    SearchRequest other = asked;
    change(other);
    return open_parameters(other);
  };
  EXPECT_EQ(changed([](SearchRequest& r) { r.meaning = false; }), all_but({Parameter::kMeaning}));
  EXPECT_EQ(changed([](SearchRequest& r) { r.match = MatchRule::kAll; }), all_but({Parameter::kMeaning}));
  EXPECT_EQ(changed([](SearchRequest& r) { r.per_shop_max = 2; }), all_but({Parameter::kPerShop}));
  EXPECT_EQ(changed([](SearchRequest& r) { r.explore = false; }), all_but({Parameter::kExplore}));
  EXPECT_EQ(changed([](SearchRequest& r) { r.session_id.clear(); }), all_but({Parameter::kSession}));
  EXPECT_EQ(changed([](SearchRequest& r) { r.personalise = false; }),
            all_but({Parameter::kSession, Parameter::kExplore}));
  const ParameterSet unranked = static_cast<ParameterSet>(Parameter::kPerShop);
  EXPECT_EQ(changed([](SearchRequest& r) { r.query = " \n"; }), unranked);
  EXPECT_EQ(changed([](SearchRequest& r) { r.sort.column = "price"; }), unranked);
}

TEST(SearchParameters, ReachTheRequest) {
  const SearchParameters off{.meaning = false, .explore = false, .per_shop = 2};
  SearchRequest with = with_parameters({.query = "cup"}, off);
  EXPECT_FALSE(with.meaning || with.explore);
  EXPECT_EQ(with.per_shop_max, 2u);
  with = with_parameters({.query = "cup", .per_shop_max = 5, .meaning = false}, {.meaning = true, .per_shop = 2});
  EXPECT_FALSE(with.meaning);
  EXPECT_EQ(with.per_shop_max, 5u);
  SearchParameters both{.meaning = true, .ranker = "learned"};
  merge(both, off);
  EXPECT_EQ(both.meaning, false);
  EXPECT_EQ(both.ranker, "learned");
}

}  // namespace
}  // namespace handsel::search
