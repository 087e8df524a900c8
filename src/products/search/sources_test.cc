// What 'right' means for candidates of several sources; their pages are in sources_pages_test.cc.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "analysis/text/fold.h"
#include "products/search/testing/sources_fixture.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"

namespace handsel::search {
namespace {

// --- what is in the answer ------------------------------------------------------

TEST_F(SourcesTest, WhatMeansTheSameIsThereOnce) {
  put("words", "blue mug");
  put("meaning", "blue cup");
  put("both", "mug and cup");
  put("walk", "garden bench");
  put("none", "silver ring");
  publish();
  click("mug", {"walk", "words"});
  const SearchResponse response = ask({.query = "mug"});
  Ids sorted = ids(response);
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, (Ids{"both", "meaning", "walk", "words"}));
  EXPECT_EQ(response.total, 4u);
  EXPECT_EQ(response.by_meaning, 2u);
  EXPECT_FALSE(response.learned);
}

TEST_F(SourcesTest, WhatTheRequestForbidsMeaningDoesNotBring) {
  put("words", "blue mug");
  put({.id = "dear", .title = "cup of gold", .price_cents = 90'000});
  put({.id = "cheap", .title = "cup of tin", .price_cents = 500});
  put({.id = "sold", .title = "cup that was sold", .price_cents = 500, .state = catalog::ListingState::kSoldOut});
  put("plastic", "cup of plastic");
  put("bench", "garden bench");
  put({.id = "gone", .title = "old bench", .state = catalog::ListingState::kInactive});
  publish();
  click("mug", {"bench", "gone", "words"});
  const struct {
    SearchRequest request;
    Ids expected;
  } rows[] = {
      {{.query = "mug"}, {"bench", "cheap", "dear", "plastic", "words"}},
      {{.query = "mug", .filter = "price < 100"}, {"cheap"}},
      {{.query = "mug", .key_filter = "price < 100"}, {"cheap"}},
      {{.query = "mug", .filter = "exists(price)", .key_filter = "price > 100"}, {"dear"}},
      {{.query = "mug", .filter = "state = sold_out"}, {"sold"}},
      {{.query = "mug", .filter = "state = inactive"}, {"gone"}},
      {{.query = "mug", .filter = "exists(state)", .key_filter = "price < 100"}, {"cheap", "sold"}},
      {{.query = "mug -plastic"}, {"bench", "cheap", "dear", "words"}},
      {{.query = "mug -plastic -tin", .filter = "price < 100"}, {}},
      // The words alone decide.
      {{.query = "\"blue mug\""}, {"words"}},
      {{.query = "mug", .match = MatchRule::kAll}, {"words"}},
      {{.query = "mug", .match = MatchRule::kAny}, {"words"}},
      {{.query = "mug", .sort = {.column = "price"}}, {"words"}},
      {{.query = "mug", .meaning = false}, {"words"}},
      {{.query = "mug", .filter = "price < 100", .meaning = false}, {}},
  };
  for (const auto& row : rows) {
    const std::string what =
        fmt::format("{} filter={} key={}", row.request.query, row.request.filter, row.request.key_filter);
    EXPECT_EQ(found(row.request), row.expected) << what;
    EXPECT_EQ(ask(row.request).total, row.expected.size()) << what;
    EXPECT_EQ(all_of(walk(row.request)).size(), row.expected.size()) << what;
  }
}

TEST_F(SourcesTest, WhatIsNoNearerThanNoiseBringsNothing) {
  put("words", "blue mug");
  put("meant", "cup of tin");
  publish();
  EXPECT_EQ(found({.query = "mug"}), (Ids{"meant", "words"}));
  learned_.similarity_noise = 1.5F;  // no cosine is as near
  EXPECT_EQ(found({.query = "mug"}), Ids{"words"});
}

TEST_F(SourcesTest, ASessionLendsNoMeaningToWordsThatHaveNone) {
  put("ring", "ring");
  put("mug", "mug");
  publish();
  const profiles::Profile profile{.actions = 1, .recent_listings = {"ring"}};
  learned_.profile = &profile;
  learned_.similarity_noise = 0.8F;  // by its words a beaker is a mug to .93; nonsense is a ring to .37
  EXPECT_EQ(found({.query = "beaker"}), (Ids{"mug", "ring"})) << "some of it is near";
  encoder_.nonsense_ = true;
  EXPECT_EQ(found({.query = "beaker"}), Ids{});
}

TEST_F(SourcesTest, AWordThatIsExcludedInAKnownQuery) {
  put("bench", "garden bench");
  put("plastic", "plastic bench");
  put("words", "mug");
  publish();
  click("mug -plastic", {"bench", "plastic", "words"});
  EXPECT_EQ(found({.query = "mug -plastic"}), (Ids{"bench", "words"}));
}

TEST_F(SourcesTest, FacetsAndTotalsCountTheWholeAnswerOnce) {
  put_many(700);
  for (const SearchRequest& base : {SearchRequest{.query = "mug"}, SearchRequest{.query = "mug", .filter = "price < 9"},
                                    SearchRequest{.query = "cup word3"}, SearchRequest{.query = "mug -word7"}}) {
    SearchRequest request = base;
    request.facets = {{.field = "attr.color"}, {.field = "shop", .limit = 100}};
    request.limit = 24;
    const SearchResponse response = ask(request);
    const Ids all = all_of(walk(base));
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << base.query;
    EXPECT_EQ(response.total, all.size()) << base.query;
    EXPECT_TRUE(response.total_exact);
    EXPECT_GT(response.by_meaning, 0u);
    SearchRequest words = base;
    words.meaning = false;
    words.exact_total = true;
    EXPECT_EQ(response.total, ask(words).total + response.by_meaning) << base.query;

    std::map<std::string, std::uint64_t> colours;
    std::map<std::string, std::uint64_t> shops;
    const std::set<std::string> in_answer(all.begin(), all.end());
    for (const Listing& listing : catalogue_.listings()) {
      if (!in_answer.contains(listing.id)) continue;
      ++colours[text::fold_keyword(listing.attributes.at(0).value)];
      ++shops[text::fold_keyword(listing.shop_name)];
    }
    ASSERT_EQ(response.facets.size(), 2u);
    const auto counted = [](const index::Facet& facet) {
      std::map<std::string, std::uint64_t> counts;
      for (const auto& value : facet.values) counts[text::fold_keyword(value.value)] = value.count;
      return counts;
    };
    EXPECT_EQ(counted(response.facets[0]), colours) << base.query;
    EXPECT_EQ(counted(response.facets[1]), shops) << base.query;
  }
}

// Training asks for more than a page is made of; what is said of that is the same.
TEST_F(SourcesTest, RowsAreOfTheFirstPassAndOfWhatIsWantedBeside) {
  put_many(700);
  const SearchRequest request{.query = "mug"};
  const auto served = candidate_rows(context(), request);
  ASSERT_TRUE(served);
  EXPECT_EQ(served->ids.size(), pipeline::kFirstPassMax);
  const std::set<std::string> ranked(served->ids.begin(), served->ids.end());
  std::string missing;
  for (const std::string& id : all_of(walk(request))) missing = ranked.contains(id) ? missing : id;
  const auto trained = candidate_rows(context(), request, Ids{missing}, {.count = 40, .seed = 3});
  ASSERT_TRUE(trained);
  std::map<std::string, std::span<const float>> row_of;
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < trained->ids.size(); ++i) {
    row_of[trained->ids[i]] = std::span(trained->values).subspan(i * trained->names.size(), trained->names.size());
    drawn += trained->drawn[i];
    EXPECT_TRUE(trained->drawn[i] || ranked.contains(trained->ids[i]) || trained->ids[i] == missing);
  }
  EXPECT_EQ(drawn, 40u);
  EXPECT_TRUE(row_of.contains(missing));
  EXPECT_GT(row_of.size(), pipeline::kFirstPassMax + 5);  // some of those that the pass leaves are drawn
  for (std::size_t i = 0; i < served->ids.size(); ++i) {
    const auto row = std::span(served->values).subspan(i * served->names.size(), served->names.size());
    ASSERT_TRUE(row_of.contains(served->ids[i]));
    EXPECT_TRUE(std::ranges::equal(row, row_of[served->ids[i]], [](float a, float b) {
      return a == b || (std::isnan(a) && std::isnan(b));
    })) << served->ids[i];
  }
  const auto again = candidate_rows(context(), request, Ids{missing}, {.count = 40, .seed = 4});
  EXPECT_NE(again->drawn, trained->drawn);
  SearchRequest words = request;
  words.meaning = false;
  EXPECT_EQ(candidate_rows(context(), words)->ids.size(),
            std::min<std::size_t>(ask(words).total, pipeline::kRankedMax));
}

TEST_F(SourcesTest, GroupsAndShopsHoldForWhatMeaningFinds) {
  put_many(700);
  const Ids all = all_of(walk({.query = "mug", .limit = 100}));
  std::map<std::string, std::string> shop_of;
  for (const Listing& listing : catalogue_.listings()) shop_of[listing.id] = listing.shop_name;
  std::set<std::string> shops;
  for (const std::string& id : all) shops.insert(shop_of[id]);

  const SearchRequest grouped{.query = "mug", .limit = 7, .group_by = "shop"};
  EXPECT_EQ(ask(grouped).total, all.size());
  std::set<std::string> shown;
  for (const std::string& id : all_of(walk(grouped))) EXPECT_TRUE(shown.insert(shop_of[id]).second) << id;
  EXPECT_EQ(shown, shops);

  const SearchRequest capped{.query = "mug", .limit = 24, .per_shop_max = 2};
  EXPECT_EQ(ask(capped).total, all.size());
  const std::vector<Ids> pages = walk(capped);
  std::set<std::string> seen;
  for (const std::string& id : all_of(pages)) EXPECT_TRUE(seen.insert(id).second) << id;
  EXPECT_EQ(seen, std::set<std::string>(all.begin(), all.end()));
  std::map<std::string, int> on_first_page;
  for (const std::string& id : pages.front()) EXPECT_LE(++on_first_page[shop_of[id]], 2);
}

// --- what is broken, or says nothing --------------------------------------------------

using Json = nlohmann::json;

Json step(const SearchResponse& response, std::string_view stage) {
  for (const ExplainStep& step : response.explain) {
    if (step.stage == stage) return Json::parse(step.json, nullptr, false);
  }
  return Json(Json::value_t::discarded);
}

TEST_F(SourcesTest, ABrokenSourceIsLeftOut) {
  put("words", "mug");
  put("meaning", "cup");
  put("walk", "bench");
  publish();
  click("mug", {"walk", "words"});
  const struct {
    const char* what;
    std::function<void()> damage;
    Ids expected;
    std::size_t troubles;
  } rows[] = {
      {"nothing", [] {}, {"meaning", "walk", "words"}, 0},
      {"the encoder fails", [&] { encoder_.failing_ = true; }, {"walk", "words"}, 1},
      {"NaN", [&] { encoder_.broken_value_ = std::numeric_limits<float>::quiet_NaN(); }, {"walk", "words"}, 1},
      {"infinity", [&] { encoder_.broken_value_ = std::numeric_limits<float>::infinity(); }, {"walk", "words"}, 1},
      {"another dimension", [&] { encoder_.dimensions_ = 5; }, {"walk", "words"}, 0},
      {"no vectors", [&] { learned_.vectors = nullptr; }, {"walk", "words"}, 0},
      {"no encoder", [&] { learned_.encoder = nullptr; }, {"walk", "words"}, 0},
      {"a graph of something else",
       [&] {
         events_.clear();
         click("zither", {"walk"});
       },
       {"meaning", "words"},
       0},
      {"no graph", [&] { learned_.graph = nullptr; }, {"meaning", "words"}, 0},
  };
  const Learned whole = learned_;
  const profiles::Profile profile{.actions = 1, .recent_listings = {"meaning", "unknown"}};
  for (const auto& row : rows) {
    for (const bool known : {false, true}) {
      encoder_ = {};
      learned_ = whole;
      learned_.profile = known ? &profile : nullptr;
      row.damage();
      const SearchResponse response = ask({.query = "mug", .explain = true});
      Ids sorted = ids(response);
      std::ranges::sort(sorted);
      EXPECT_EQ(sorted, row.expected) << row.what;
      for (const SearchHit& hit : response.hits) EXPECT_TRUE(std::isfinite(hit.score)) << row.what;
      for (const ExplainStep& one : response.explain) EXPECT_TRUE(Json::accept(one.json)) << row.what << one.json;
      EXPECT_EQ(step(response, "sources")["troubles"].size(), row.troubles) << row.what;
      EXPECT_EQ(response.model_troubles.size(), row.troubles) << row.what;
      for (const ModelTrouble& trouble : response.model_troubles) EXPECT_EQ(trouble.stage, "encoder") << row.what;
    }
  }
}

// What it learned from is what it is told: the words, their language, where they are, and what the session acted on.
TEST_F(SourcesTest, TheEncoderIsToldWhatItHasLearnedFrom) {
  put("mug", "mug");
  publish();
  SearchRequest request{.query = "mug", .language = "de", .country = "PT"};
  ask(request);
  EXPECT_EQ(encoder_.asked_, Ids{"de PT 0"});
  const profiles::Profile profile{.actions = 1, .recent_listings = {"unknown", "mug"}};
  learned_.profile = &profile;
  ask(request);
  EXPECT_EQ(encoder_.asked_, (Ids{"de PT 0", "de PT 3", "de PT 0"})) << "with it, and by the words alone";
  encoder_.asked_.clear();
  learned_.profile = nullptr;
  request.personalise = false;
  ask(request);
  EXPECT_EQ(encoder_.asked_, Ids{"de  0"}) << "where they are is theirs";
}

// What is wanted, and its words one by one where that costs nothing.
TEST_F(SourcesTest, TheEncoderIsAskedWhatIsMeant) {
  const struct {
    bool quick;
    std::string_view query;
    std::vector<std::string> texts;
  } rows[] = {
      {false, "Red mug", {"Red mug"}},
      {false, "mug -red", {"mug"}},
      {false, "mug without handle", {"mug"}},
      {true, "mug", {"mug"}},  // one word is the query
      {true, "the red mug", {"the red mug", "red", "mug"}},
      {true, "red mug without handle", {"red mug", "red", "mug"}},
      {true,
       "a1 a2 a3 a4 a5 a6 a7 a8 a9",
       {"a1 a2 a3 a4 a5 a6 a7 a8 a9", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"}},
  };
  put("mug", "mug");
  publish();
  for (const auto& row : rows) {
    encoder_.quick_ = row.quick;
    encoder_.texts_.clear();
    ask({.query = std::string(row.query), .language = "en"});
    EXPECT_EQ(encoder_.texts_, row.texts) << row.query;
  }
}

TEST_F(SourcesTest, WhatIsNotKnownIsNullInExplain) {
  put("mug", "mug");
  put("unknown", "mug of clay");
  put("no vector", "a thing for a mug\xff");
  publish();
  const SearchResponse response = ask({.query = "mug \xff", .explain = true});
  const Json rank = step(response, "rank");
  ASSERT_TRUE(rank.is_object());
  ASSERT_EQ(rank["hits"].size(), 3u);
  const Json& features = rank["hits"][0]["features"];
  EXPECT_EQ(features.size(), features::feature_names().size());
  EXPECT_TRUE(features["walk"].is_null());
  EXPECT_TRUE(features["price"].is_null());
  EXPECT_TRUE(features["similarity"].is_number());
  EXPECT_TRUE(features["session_seen"].is_null());
}

TEST_F(SourcesTest, HostileQueriesAreAnswered) {
  put("mug", "mug");
  publish();
  click("mug", {"mug"});
  const std::string queries[] = {"",
                                 " ",
                                 std::string(10'000, 'm'),
                                 "\xf0\x9f\x8d\xb5\xf0\x9f\x8e\x81",
                                 "\xd9\x83\xd9\x88\xd8\xa8",
                                 "\xe6\x9d\xaf",
                                 std::string("\x00\x01\x1b[2J", 6),
                                 "\xff\xfe mug \xc3",
                                 "- -- \" \"\""};
  for (const std::string& query : queries) {
    const SearchResponse response = ask({.query = query, .explain = true});
    for (const ExplainStep& one : response.explain) EXPECT_TRUE(Json::accept(one.json)) << one.json;
  }
}

// --- the ranker -------------------------------------------------------------------------

TEST_F(SourcesTest, ARankerOrdersThePage) {
  put({.id = "a", .title = "mug", .price_cents = 300});
  put({.id = "b", .title = "cup", .price_cents = 500});
  put({.id = "c", .title = "blue mug", .price_cents = 100});
  put("free", "mug for nothing");
  publish();
  rank_by("price", 1);
  EXPECT_EQ(ids(ask({.query = "mug"})), (Ids{"b", "a", "c", "free"}));
  EXPECT_TRUE(ask({.query = "mug"}).learned);
  EXPECT_FALSE(ask({.query = "mug", .sort = {.column = "price"}}).learned);
  EXPECT_FALSE(ask({.query = ""}).learned);
  rank_by("price", -1);
  EXPECT_EQ(ids(ask({.query = "mug"})), (Ids{"free", "c", "a", "b"}));
}

TEST_F(SourcesTest, ATreeSendsWhatIsNotKnownWhereItLearntTo) {
  put({.id = "dear", .title = "mug", .price_cents = 10'000});
  put({.id = "cheap", .title = "mug", .price_cents = 100});
  put("unknown", "mug");
  publish();
  const std::uint32_t leaf = trees::TreeNode::kLeaf;
  auto trees = trees::TreeEnsemble::build({.features = {"price"},
                                           .trees = {{{.column = 0, .right = 2, .threshold = 2, .missing_left = true},
                                                      {.column = leaf, .value = 3},
                                                      {.column = leaf, .value = 1}}}});
  ASSERT_TRUE(trees) << trees.error().message;
  ranker_ = std::make_unique<pipeline::RankModel>(*pipeline::RankModel::create(std::move(*trees)));
  learned_.ranker = ranker_.get();
  const Ids order = ids(ask({.query = "mug"}));
  ASSERT_EQ(order.size(), 3u);
  EXPECT_EQ(order.back(), "dear");
}

TEST(RankModel, RefusesAFeatureThatIsNotComputed) {
  auto trees = trees::TreeEnsemble::build({.features = {"match", "phase_of_the_moon"}, .linear = {{1, 1, 0}}});
  ASSERT_TRUE(trees);
  const auto model = pipeline::RankModel::create(std::move(*trees));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, Code::kUnsupported);
  EXPECT_NE(model.error().message.find("phase_of_the_moon"), std::string::npos);
}

}  // namespace
}  // namespace handsel::search
