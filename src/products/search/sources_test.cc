// This file is long because what 'right' means for candidates of several sources is held here as a whole.
// What search.h promises where words, vectors and walks find listings together.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "analysis/models/text_encoder.h"
#include "analysis/text/fold.h"
#include "base/core/rng.h"
#include "products/search/internal/cursor.h"
#include "products/search/ranked_heads.h"
#include "products/search/search.h"
#include "ranking/pipeline/rank.h"
#include "ranking/query/testing/small_catalogue.h"
#include "views/graph/builder.h"
#include "views/graph/graph.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"
#include "views/vectors/vector_index.h"

namespace handsel::search {
namespace {

using catalog::Listing;
using Ids = std::vector<std::string>;

constexpr std::size_t kDimensions = 3;
constexpr std::int64_t kNow = 1'767'225'600'000;

// Words that mean the same share a direction; the second of a pair leans a little aside.
class SynonymEncoder final : public models::TextEncoder {
 public:
  std::size_t dimensions() const override { return dimensions_; }
  std::string fingerprint() const override { return "synonyms"; }
  Result<void> encode_queries(std::span<const models::QueryInput> queries, std::span<float> out) const override {
    if (failing_) return fail(Code::kIo, "no encoder today");
    for (const models::QueryInput& query : queries) {
      asked_.push_back(fmt::format("{} {} {}", query.language, query.country, query.session.size()));
      texts_.emplace_back(query.text);
    }
    for (std::size_t i = 0; i < queries.size(); ++i) {
      encode(queries[i].text, out.subspan(i * dimensions_, dimensions_));
      if (nonsense_) out[i * dimensions_] = 0.1F;
      for (std::size_t k = 0; k < queries[i].session.size(); ++k) out[i * dimensions_ + k] += queries[i].session[k];
      if (broken_value_) out[i * dimensions_] = *broken_value_;
    }
    return {};
  }
  Result<void> encode_listings(std::span<const Listing* const> listings, std::span<float> out) const override {
    for (std::size_t i = 0; i < listings.size(); ++i) {
      encode(listings[i]->title, out.subspan(i * dimensions_, dimensions_));
    }
    return {};
  }

  std::size_t dimensions_ = kDimensions;
  bool is_quick() const override { return quick_; }
  bool quick_ = false;
  bool failing_ = false;
  std::optional<float> broken_value_;
  bool nonsense_ = false;                   // queries lie near to nothing
  mutable std::vector<std::string> asked_;  // language, country and numbers of the session
  mutable std::vector<std::string> texts_;

 private:
  static void encode(std::string_view text, std::span<float> out) {
    std::ranges::fill(out, 0.0F);
    const auto add = [&](std::string_view word, std::size_t axis, float aside) {
      if (text.find(word) == std::string_view::npos) return;
      out[axis] += 1;
      out[(axis + 1) % out.size()] += aside;
    };
    add("mug", 0, 0);
    add("cup", 0, 0.2F);
    add("beaker", 0, 0.4F);
    add("ring", 1, 0);
    add("band", 1, 0.2F);
    double squares = 0;
    for (const float x : out) squares += static_cast<double>(x) * x;
    for (float& x : out) x = squares > 0 ? static_cast<float>(x / std::sqrt(squares)) : 0;
  }
};

class SourcesTest : public testing::Test {
 protected:
  SourcesTest()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("handsel-sources-{}-{}", ::getpid(),
                            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
  }
  ~SourcesTest() override { std::filesystem::remove_all(folder_); }

  void put(Listing listing) {
    if (listing.language.empty()) listing.language = "en";
    catalogue_.put(std::move(listing));
  }
  void put(std::string id, std::string title) { put({.id = std::move(id), .title = std::move(title)}); }

  // All that was put becomes visible, with its vectors.
  void publish() {
    snapshot_ = catalogue_.snapshot();
    auto opened = vectors::VectorIndex::open(
        real_file_system(), folder_.string(), 1,
        {.dimensions = kDimensions, .fingerprint = "synonyms", .background = false, .build_threads = 1});
    ASSERT_TRUE(opened) << opened.error().message;
    std::vector<float> vector(kDimensions);
    std::uint64_t offset = 0;
    for (const Listing& listing : catalogue_.listings()) {
      const Listing* one = &listing;
      ASSERT_TRUE(encoder_.encode_listings({&one, 1}, vector));
      ASSERT_TRUE((*opened)->upsert(listing.id, vector, 0, 0, offset++));
    }
    (*opened)->refresh();
    vectors_ = (*opened)->snapshot();
    learned_.encoder = &encoder_;
    learned_.vectors = vectors_.get();
    learned_.similarity_min = 0.5F;
  }

  // Two people asked `query` and clicked each of the listings.
  void click(const std::string& query, const Ids& clicked) {
    for (int person = 0; person < 2; ++person) {
      const std::string asked = fmt::format("q{}", events_.size());
      const std::string who = fmt::format("person {}", person);
      events_.push_back({.id = asked,
                         .kind = events::EventKind::kSearch,
                         .time_ms = kNow,
                         .session_id = who,
                         .query_id = asked,
                         .query = query,
                         .shown = clicked});
      for (const std::string& id : clicked) {
        events_.push_back({.id = asked + id,
                           .kind = events::EventKind::kClick,
                           .time_ms = kNow,
                           .session_id = who,
                           .query_id = asked,
                           .listing_id = id});
      }
    }
    graph::GraphBuilder builder({});
    for (const events::Event& event : events_) builder.observe(event);
    auto bytes = builder.build();
    ASSERT_TRUE(bytes) << bytes.error().message;
    graph_ = graph::open_graph(std::make_shared<HeapBytes>(std::move(*bytes))).value();
    learned_.graph = graph_.get();
  }

  SearchContext context() {
    return {.snapshot = *snapshot_,
            .analyzer = catalogue_.analyzer(),
            .load_listing = [this](const index::DocInfo& info) { return catalogue_.load(info); },
            .learned = learned_,
            .heads = heads_.get(),
            .now_ms = kNow};
  }

  SearchResponse ask(const SearchRequest& request) {
    auto response = search(context(), request);
    EXPECT_TRUE(response.has_value()) << response.error().message;
    return response ? std::move(*response) : SearchResponse{};
  }

  static Ids ids(const SearchResponse& response) {
    Ids out;
    for (const SearchHit& hit : response.hits) out.push_back(hit.listing.id);
    return out;
  }
  Ids found(const SearchRequest& request) {
    Ids out = ids(ask(request));
    std::ranges::sort(out);
    return out;
  }

  // Page after page by cursor; `between` is called before each page but the first.
  std::vector<Ids> walk(SearchRequest request, const std::function<void()>& between = [] {}) {
    std::vector<Ids> pages;
    for (int guard = 0; guard < 500; ++guard) {
      const SearchResponse response = ask(request);
      pages.push_back(ids(response));
      if (response.next_cursor.empty()) return pages;
      request.cursor = response.next_cursor;
      request.offset = 0;
      between();
    }
    ADD_FAILURE() << "the walk does not end";
    return pages;
  }
  static Ids all_of(const std::vector<Ids>& pages) {
    Ids out;
    for (const Ids& page : pages) out.insert(out.end(), page.begin(), page.end());
    return out;
  }

  void rank_by(const std::string& feature, float weight) {
    auto trees = trees::TreeEnsemble::build({.features = {feature}, .linear = {{0, weight, 0}}});
    ASSERT_TRUE(trees) << trees.error().message;
    auto model = pipeline::RankModel::create(std::move(*trees));
    ASSERT_TRUE(model) << model.error().message;
    ranker_ = std::make_unique<pipeline::RankModel>(std::move(*model));
    learned_.ranker = ranker_.get();
  }

  // Some have the word, more only mean it; some are bought after it alone.
  void put_many(int count) {
    Rng rng(5);
    static constexpr std::array kNouns = {"mug", "mug", "cup", "beaker", "ring", "mug with band", "box"};
    Ids bought;
    for (int i = 0; i < count; ++i) {
      const char* noun = kNouns[rng.below(kNouns.size())];
      std::string title = noun;
      for (std::uint64_t n = rng.below(6); n > 0; --n) title += fmt::format(" word{}", rng.below(40));
      Listing listing{.id = fmt::format("id{}", i),
                      .shop_name = fmt::format("Shop {}", rng.below(40)),
                      .title = std::move(title),
                      .attributes = {{"color", rng.chance(0.5) ? "Blue" : "Ivory"}},
                      .price_cents = rng.between(100, 3000)};
      if (std::string_view(noun) == "box" && bought.size() < 20) bought.push_back(listing.id);
      put(std::move(listing));
    }
    publish();
    click("mug", bought);
  }

  const std::filesystem::path folder_;
  query::SmallCatalogue catalogue_{"sources"};
  SynonymEncoder encoder_;
  std::shared_ptr<const index::Snapshot> snapshot_;
  std::shared_ptr<const vectors::VectorSnapshot> vectors_;
  std::vector<events::Event> events_;
  std::shared_ptr<const graph::Graph> graph_;
  std::unique_ptr<pipeline::RankModel> ranker_;
  std::unique_ptr<RankedHeads> heads_ = std::make_unique<RankedHeads>();
  Learned learned_;
};

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

// --- pages ------------------------------------------------------------------------

TEST_F(SourcesTest, PagesByOffsetAreThoseByCursor) {
  put_many(1200);
  for (const std::size_t limit : {24u, 100u, 413u}) {
    SearchRequest request{.query = "mug", .limit = limit};
    const std::vector<Ids> pages = walk(request);
    EXPECT_EQ(all_of(pages).size(), ask(request).total);
    for (const Ids& page : pages) {
      EXPECT_EQ(ids(ask(request)), page) << limit << " at " << request.offset;
      request.offset += limit;
    }
    EXPECT_TRUE(ask(request).hits.empty());
  }
}

// What other sources found may have the words too, and stand in the index's order behind
// its best: each is there once, and a page that begins among the last of the ranked is full.
TEST_F(SourcesTest, PagesAreFullWhereTheRankedEnd) {
  for (int i = 0; i < 900; ++i) {
    std::string title = "mug";
    for (int n = i % 30; n > 0; --n) title += " clay";
    put(fmt::format("id{}", i), title);
  }
  publish();
  for (const std::size_t limit : {24u, 60u, 200u, 433u}) {
    const std::vector<Ids> pages = walk({.query = "mug", .limit = limit});
    const Ids all = all_of(pages);
    EXPECT_EQ(all.size(), 900u) << limit;
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
    for (std::size_t i = 0; i + 1 < pages.size(); ++i) EXPECT_EQ(pages[i].size(), limit) << i;
  }
}

TEST_F(SourcesTest, ACursorKeepsItsOrderWhileAllElseChanges) {
  put_many(1200);
  const auto counters = profiles::Counters::create({});
  learned_.counters = counters.get();
  for (const SearchRequest& request : {SearchRequest{.query = "mug"}, SearchRequest{.query = "mug", .per_shop_max = 3},
                                       SearchRequest{.query = "mug", .group_by = "shop"}}) {
    learned_.ranker = nullptr;
    const Ids expected = all_of(walk(request));
    int page = 0;
    const Ids walked = all_of(walk(request, [&] {
      for (const events::Event& event : events_) counters->observe(event);
      rank_by(page % 2 == 0 ? "price" : "listing_shown", page % 3 == 0 ? 1.0F : -1.0F);
      if (++page == 3) learned_.graph = nullptr;
      if (page == 5) learned_.encoder = nullptr;
    }));
    EXPECT_EQ(walked, expected);
    learned_.graph = graph_.get();
    learned_.encoder = &encoder_;
  }
}

TEST_F(SourcesTest, WhereAHeadWentPagesAreStillPages) {
  put_many(1200);
  float weight = 1;
  const std::uint64_t total = ask({.query = "mug"}).total;
  const std::vector<Ids> pages = walk({.query = "mug"}, [&] {
    heads_ = std::make_unique<RankedHeads>();
    rank_by("price", weight = -weight);
  });
  for (const Ids& page : pages) {
    EXPECT_FALSE(page.empty());
    EXPECT_EQ(std::set<std::string>(page.begin(), page.end()).size(), page.size());
  }
  EXPECT_EQ(all_of(pages).size(), total);
  // Where nothing changed but the heads, the order is the same.
  learned_.ranker = nullptr;
  const Ids kept = all_of(walk({.query = "mug"}));
  EXPECT_EQ(all_of(walk({.query = "mug"}, [&] { heads_ = std::make_unique<RankedHeads>(); })), kept);
  heads_ = nullptr;
  EXPECT_EQ(all_of(walk({.query = "mug"})), kept);
}

TEST_F(SourcesTest, TotalsAreTheSameOnEveryPage) {
  put_many(1200);
  SearchRequest request{.query = "mug", .limit = 100, .exact_total = true};
  const SearchResponse first = ask(request);
  for (const bool keep : {true, false}) {
    request.cursor = first.next_cursor;
    while (!request.cursor.empty()) {
      if (!keep) heads_ = std::make_unique<RankedHeads>();
      const SearchResponse next = ask(request);
      EXPECT_EQ(next.total, first.total) << keep;
      EXPECT_EQ(next.by_meaning, first.by_meaning) << keep;
      request.cursor = next.next_cursor;
    }
  }
}

// A cursor names its ranked by number; the number of somebody else's must not show them.
TEST_F(SourcesTest, ACursorDoesNotReadTheRankedOfAnotherSearch) {
  put_many(1200);
  const SearchResponse cheap = ask({.query = "mug", .key_filter = "price < 9", .limit = 5});
  const SearchResponse all = ask({.query = "mug", .limit = 5});
  auto forged = decode_cursor(cheap.next_cursor);
  ASSERT_TRUE(forged);
  forged->head = decode_cursor(all.next_cursor)->head;
  ASSERT_NE(forged->head, 0u);
  const SearchResponse next =
      ask({.query = "mug", .key_filter = "price < 9", .limit = 100, .cursor = encode_cursor(*forged)});
  EXPECT_FALSE(next.hits.empty());
  for (const SearchHit& hit : next.hits) EXPECT_LT(hit.listing.price_cents, 900) << hit.listing.id;
}

TEST(RankedHeads, KeepsTheLatelyUsed) {
  RankedHeads heads;
  const std::uint64_t first = heads.keep({});
  const std::uint64_t second = heads.keep({});
  EXPECT_NE(first, 0u);
  for (std::size_t i = 2; i < kHeadsMax; ++i) heads.keep({});
  EXPECT_NE(heads.find(first), nullptr);  // used now
  heads.keep({});
  EXPECT_EQ(heads.size(), kHeadsMax);
  EXPECT_NE(heads.find(first), nullptr);
  EXPECT_EQ(heads.find(second), nullptr);
  EXPECT_EQ(heads.find(0), nullptr);
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
