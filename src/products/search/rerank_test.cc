#include "products/search/internal/rerank.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "products/search/ranked_heads.h"
#include "products/search/search.h"
#include "ranking/pipeline/exploration.h"
#include "ranking/pipeline/rules_file.h"
#include "ranking/query/testing/small_catalogue.h"
#include "views/profiles/counters.h"

namespace handsel::search {
namespace {

using Ids = std::vector<std::string>;

constexpr std::int64_t kNow = 1'777'593'600'000;  // 2026-05-01T00:00:00Z
constexpr std::int64_t kDayMs = 86'400'000;

std::string pin(std::string_view id, int place, std::string_view more = "query = 'cup'") {
  return fmt::format("[[rule]]\nname = 'pin {}'\ndo = 'pin'\nlisting = '{}'\nplace = {}\n{}\n", id, id, place, more);
}

class RerankTest : public testing::Test {
 protected:
  RerankTest() {
    for (int i = 0; i < 40; ++i) put(fmt::format("cup{}", i), "clay cup", kNow - 400 * kDayMs);
    put("vase", "green vase", kNow - 400 * kDayMs);
    put("lamp", "green lamp", kNow - 400 * kDayMs);
  }

  void put(std::string id, std::string title, std::int64_t created_ms,
           catalog::ListingState state = catalog::ListingState::kActive) {
    catalogue_.put({.id = std::move(id),
                    .title = std::move(title),
                    .language = "en",
                    .price_cents = 100 + static_cast<std::int64_t>(made_++),
                    .currency = "EUR",
                    .state = state,
                    .created_ms = created_ms});
    snapshot_ = nullptr;
  }

  void obey(std::string_view toml) {
    auto rules = pipeline::parse_rules(catalogue_.analyzer(), toml);
    ASSERT_TRUE(rules.has_value()) << rules.error().message;
    rules_ = std::move(*rules);
  }

  SearchResponse ask(const SearchRequest& request) {
    // A kept head belongs to one snapshot.
    if (snapshot_ == nullptr) snapshot_ = catalogue_.snapshot();
    const SearchContext context{.snapshot = *snapshot_,
                                .analyzer = catalogue_.analyzer(),
                                .load_listing = [this](const index::DocInfo& info) { return catalogue_.load(info); },
                                .learned = {.counters = counters_.get()},
                                .rules = &rules_,
                                .heads = heads_on_ ? &heads_ : nullptr,
                                .now_ms = now_ms_};
    auto response = search(context, request);
    EXPECT_TRUE(response.has_value()) << response.error().message;
    return response ? std::move(*response) : SearchResponse{};
  }

  static Ids ids(const SearchResponse& response) {
    Ids out;
    for (const SearchHit& hit : response.hits) out.push_back(hit.listing.id);
    return out;
  }
  Ids first(std::size_t count, SearchRequest request = {.query = "cup"}) {
    request.limit = count;
    return ids(ask(request));
  }

  // All pages by cursor, one after the other.
  Ids walk(SearchRequest request) {
    Ids all;
    for (int guard = 0; guard < 200; ++guard) {
      const SearchResponse page = ask(request);
      for (const SearchHit& hit : page.hits) all.push_back(hit.listing.id);
      if (page.next_cursor.empty()) return all;
      request.cursor = page.next_cursor;
    }
    ADD_FAILURE() << "the walk does not end";
    return all;
  }

  static std::string reranked(const SearchResponse& response) {
    for (const ExplainStep& step : response.explain) {
      if (step.stage == "rerank") return step.json;
    }
    return "";
  }

  query::SmallCatalogue catalogue_{"rerank"};
  std::shared_ptr<const index::Snapshot> snapshot_;
  pipeline::Rules rules_;
  RankedHeads heads_;
  bool heads_on_ = true;
  std::unique_ptr<profiles::Counters> counters_;
  std::int64_t now_ms_ = kNow;
  std::size_t made_ = 0;
};

TEST_F(RerankTest, APinBringsInWhatTheQueryDidNotFind) {
  const Ids before = first(3);
  const std::uint64_t total = ask({.query = "cup", .exact_total = true}).total;
  obey(pin("vase", 2));
  EXPECT_EQ(first(3), (Ids{before[0], "vase", before[1]}));
  EXPECT_EQ(ask({.query = "cup", .exact_total = true}).total, total + 1);
  const std::string told = reranked(ask({.query = "cup", .explain = true}));
  EXPECT_NE(told.find(R"("by":"pin vase","id":"vase")"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("to":1)"), std::string::npos) << told;
  // Another query, another order, another moment.
  EXPECT_EQ(first(10, {.query = "lamp"}), Ids{"lamp"});
  const Ids by_price = walk({.query = "cup", .sort = {.column = "price"}});
  EXPECT_EQ(std::ranges::find(by_price, "vase"), by_price.end());
  obey(pin("vase", 2, "query = 'cup'\nuntil = 2026-04-30"));
  EXPECT_EQ(first(3), before);
  now_ms_ -= 1;
  EXPECT_EQ(first(3)[1], "vase");
}

TEST_F(RerankTest, APinStaysBehindFiltersKeysAndExcludedWords) {
  put("sold", "blue cup", kNow, catalog::ListingState::kSoldOut);
  obey(pin("vase", 1) + pin("sold", 1) + pin("nowhere", 1) + pin("vase", 1, "words = 'cup'"));
  EXPECT_EQ(first(1)[0], "vase");
  EXPECT_NE(first(1, {.query = "cup", .filter = "id = cup1 or id = cup2"})[0], "vase");
  EXPECT_NE(first(1, {.query = "cup", .key_filter = "not id = vase"})[0], "vase");
  EXPECT_EQ(first(1, {.query = "cup", .key_filter = "id in (cup1, vase)"})[0], "vase");
  EXPECT_EQ(first(1, {.query = "blue cup"})[0], "vase");
  const Ids wanted = first(5, {.query = "blue cup -green"});
  EXPECT_EQ(std::ranges::find(wanted, "vase"), wanted.end());
  const Ids any_state = walk({.query = "cup", .filter = "state in (active, sold_out)"});
  EXPECT_NE(any_state[0], "sold");
  // With words that must all match a pin is still a pin.
  EXPECT_EQ(first(1, {.query = "cup", .match = MatchRule::kAll})[0], "vase");
}

TEST_F(RerankTest, PagesAcrossPinnedPlacesMissAndDoubleNothing) {
  obey(pin("vase", 1) + pin("lamp", 4) + pin("cup7", 3) + pin("cup39", 9) +
       "[[rule]]\nquery = 'cup'\ndo = 'bury'\nfilter = 'id in (cup1, cup2)'\n" +
       "[[rule]]\nquery = 'cup'\ndo = 'boost'\nfactor = 3\nfilter = 'id in (cup30, cup31)'\n");
  for (const bool kept : {true, false}) {
    heads_on_ = kept;
    const Ids whole = first(100);
    EXPECT_EQ(whole.size(), 42u);
    EXPECT_EQ(whole[0], "vase");
    EXPECT_EQ(whole[2], "cup7");
    EXPECT_EQ(whole[3], "lamp");
    EXPECT_EQ(whole[8], "cup39");
    for (const std::size_t limit : {1u, 2u, 3u, 5u, 41u}) {
      EXPECT_EQ(walk({.query = "cup", .limit = limit}), whole) << limit << " kept " << kept;
    }
    EXPECT_EQ(ids(ask({.query = "cup", .limit = 5, .offset = 2})), Ids(whole.begin() + 2, whole.begin() + 7));
  }
  // The head is kept: who turns the page goes on in the order of the first.
  heads_on_ = true;
  const Ids whole = first(100);
  SearchRequest request{.query = "cup", .limit = 5};
  request.cursor = ask(request).next_cursor;
  rules_ = {};
  EXPECT_EQ(ids(ask(request)), Ids(whole.begin() + 5, whole.begin() + 10));
}

TEST_F(RerankTest, PagesBehindTheRankedFitToo) {
  for (int i = 40; i < 400; ++i) put(fmt::format("cup{}", i), "clay cup", kNow - 400 * kDayMs);
  const Ids plain = walk({.query = "cup", .limit = 90});
  obey(pin("vase", 2) + pin(plain.back(), 5));
  for (const bool kept : {true, false}) {
    heads_on_ = kept;
    Ids all = walk({.query = "cup", .limit = 90});
    EXPECT_EQ(all[1], "vase");
    EXPECT_EQ(all[4], plain.back());
    EXPECT_EQ(all.size(), 401u);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  }
}

TEST_F(RerankTest, TrainingSeesWhatTheRankerGives) {
  const auto rows = [&] {
    const auto snapshot = catalogue_.snapshot();
    const SearchContext context{.snapshot = *snapshot,
                                .analyzer = catalogue_.analyzer(),
                                .load_listing = {},
                                .learned = {.counters = counters_.get()},
                                .rules = &rules_,
                                .now_ms = now_ms_};
    return candidate_rows(context, {.query = "cup"})->ids;
  };
  const Ids before = rows();
  obey(pin("vase", 1));
  EXPECT_EQ(rows(), before);
}

TEST_F(RerankTest, NewListingsGetAPlaceWhereTheyMay) {
  counters_ = profiles::Counters::create({});
  const auto show = [&](const std::string& id) {
    for (int i = 0; i < 30; ++i) {
      counters_->observe({.kind = events::EventKind::kImpression, .time_ms = kNow, .listing_id = id});
    }
  };
  for (int i = 0; i < 40; ++i) show(fmt::format("cup{}", i));
  // New, and a little worse than the rest: behind the first page.
  for (int i = 0; i < 5; ++i) put(fmt::format("new{}", i), "a clay cup for tea", kNow - kDayMs);
  const Ids plain = first(100, {.query = "cup", .explore = false});
  const SearchResponse explored = ask({.query = "cup", .limit = 100, .explain = true});
  ASSERT_NE(plain, ids(explored)) << "nothing was explored";
  EXPECT_NE(reranked(explored).find(R"("by":"exploration","id":"new)"), std::string::npos) << reranked(explored);
  Ids sorted = ids(explored);
  EXPECT_TRUE(std::equal(sorted.begin(), sorted.begin() + pipeline::kPlacesLeftAlone, plain.begin()));
  const auto on_page = std::count_if(sorted.begin(), sorted.begin() + pipeline::kFirstPagePlaces,
                                     [](const std::string& id) { return id.starts_with("new"); });
  EXPECT_GE(on_page, 1);
  EXPECT_LE(on_page, 2);
  EXPECT_EQ(walk({.query = "cup", .limit = 7}), sorted);
  Ids before = plain;
  std::ranges::sort(before);
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, before);
  // Not where it is forbidden, in another order, or where nobody counts.
  EXPECT_EQ(first(100, {.query = "cup", .personalise = false}), plain);
  const index::SortKey price{.column = "price"};
  EXPECT_TRUE(reranked(ask({.query = "cup", .sort = price, .explain = true})).empty());
  counters_.reset();
  EXPECT_TRUE(reranked(ask({.query = "cup", .explain = true})).empty());
}

}  // namespace
}  // namespace handsel::search
