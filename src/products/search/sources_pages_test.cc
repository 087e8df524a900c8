// Pages of what words, vectors and walks find together: each listing stands on one, whatever changes meanwhile.
#include <algorithm>
#include <array>
#include <set>

#include "products/search/internal/cursor.h"
#include "products/search/testing/sources_fixture.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"

namespace handsel::search {
namespace {

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

// What somebody did has a say in an order that is kept; the same search of somebody else, or one that must know
// nobody, is ranked anew.
TEST_F(SourcesTest, ACursorDoesNotReadTheRankedOfSomebodyElse) {
  put_many(1200);
  rank_by("session_similarity", 1);
  const profiles::Profile profile{.actions = 1, .recent_listings = {"id1", "id2", "id3"}};
  learned_.profile = &profile;
  SearchRequest mine{.query = "mug", .limit = 20, .session_id = "me"};
  const SearchResponse first = ask(mine);
  EXPECT_TRUE(first.personalised);
  mine.cursor = first.next_cursor;
  const Ids my_second = ids(ask(mine));

  learned_.profile = nullptr;
  SearchRequest other{.query = "mug", .limit = 20, .session_id = "you"};
  other.cursor = ask(other).next_cursor;
  const Ids their_second = ids(ask(other));
  ASSERT_NE(their_second, my_second);
  auto forged = decode_cursor(other.cursor);
  forged->head = decode_cursor(mine.cursor)->head;
  ASSERT_NE(forged->head, 0u);
  other.cursor = encode_cursor(*forged);
  const SearchResponse shown = ask(other);
  EXPECT_EQ(ids(shown), their_second);
  EXPECT_FALSE(shown.personalised);

  mine.personalise = false;
  const SearchResponse forbidden = ask(mine);
  EXPECT_EQ(ids(forbidden), their_second);
  EXPECT_FALSE(forbidden.personalised);
}

// What the answer says of its making is of the order that is shown, not of what is known by now.
TEST_F(SourcesTest, LaterPagesArePersonalisedAsTheFirstOneWas) {
  put_many(1200);
  SearchRequest request{.query = "mug", .limit = 20, .session_id = "me"};
  const SearchResponse first = ask(request);
  const profiles::Profile profile{.actions = 1, .recent_listings = {"id1"}};
  learned_.profile = &profile;
  request.cursor = first.next_cursor;
  EXPECT_FALSE(first.personalised);
  EXPECT_FALSE(ask(request).personalised);
}

// Numbers that no page ever had.
TEST_F(SourcesTest, ForgedCursorsAreAnswered) {
  put_many(700);
  constexpr std::uint64_t kHuge = ~std::uint64_t{0};
  for (const SearchRequest& request :
       {SearchRequest{.query = "mug", .limit = 24}, SearchRequest{.query = "mug", .limit = 24, .per_shop_max = 2},
        SearchRequest{.query = "mug", .limit = 24, .group_by = "shop"}}) {
    const auto honest = decode_cursor(ask(request).next_cursor);
    ASSERT_TRUE(honest);
    for (const std::uint64_t number : {kHuge, kHuge - 23, kHuge / 2, std::uint64_t{kDepthMax}, std::uint64_t{0}}) {
      for (const bool by_rules : {false, true}) {
        Cursor forged = *honest;
        forged.passed = forged.place = forged.head = number;
        forged.by_rules = by_rules;
        SearchRequest next = request;
        next.cursor = encode_cursor(forged);
        EXPECT_LE(ask(next).hits.size(), 24u);
      }
    }
  }
}

// A cap that an experiment sets, and that ends between two pages: the next page goes on behind as many places.
TEST_F(SourcesTest, PagesGoOnWhereRulesEnd) {
  put_many(1200);
  parameters_.per_shop = 2;
  SearchRequest request{.query = "mug", .limit = 24};
  const SearchResponse first = ask(request);
  parameters_ = {};
  const Ids plain = all_of(walk(request));
  request.cursor = first.next_cursor;
  const std::vector<Ids> rest = walk(request);
  EXPECT_EQ(all_of(rest), Ids(plain.begin() + 24, plain.end()));
}

// No cursor leads to where pages by rules cannot be made any more.
TEST_F(SourcesTest, PagesByRulesEndWithAPage) {
  for (int i = 0; i < 60; ++i) put(Listing{.id = fmt::format("{}", i), .shop_name = "One", .title = "mug"});
  publish();
  SearchRequest request{.query = "mug", .limit = 500, .per_shop_max = 1};
  auto cursor = decode_cursor(ask(request).next_cursor);
  ASSERT_TRUE(cursor);
  for (const auto& [passed, more] :
       {std::pair<std::uint64_t, bool>{kDepthMax - 1000, true}, {kDepthMax - 500, false}}) {
    cursor->passed = passed;
    request.cursor = encode_cursor(*cursor);
    const SearchResponse page = ask(request);
    EXPECT_EQ(page.hits.size(), 1u) << passed;
    EXPECT_EQ(!page.next_cursor.empty(), more) << passed;
  }
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

}  // namespace
}  // namespace handsel::search
