#include "ranking/learning/training_rows.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/hash.h"
#include "ranking/learning/usual_purchases.h"

namespace handsel::learning {
namespace {

using events::Event;
using events::EventKind;
using testing::ElementsAre;

Event search(const std::string& query_id, std::int64_t time_ms, std::vector<std::string> shown,
             std::int32_t offset = 0) {
  return {.kind = EventKind::kSearch,
          .time_ms = time_ms,
          .session_id = "s",
          .query_id = query_id,
          .query = "mug",
          .surface = "search",
          .shown = std::move(shown),
          .offset = offset};
}

Event action(EventKind kind, const std::string& query_id, std::int64_t time_ms, const std::string& listing) {
  return {.kind = kind, .time_ms = time_ms, .session_id = "s", .query_id = query_id, .listing_id = listing};
}

std::vector<CollectedSearch> collect(const std::vector<Event>& events, CollectorOptions options = {}) {
  std::vector<CollectedSearch> out;
  SearchCollector collector(std::move(options), [&](const CollectedSearch& done) { out.push_back(done); });
  for (const Event& event : events) collector.observe(event);
  collector.finish();
  return out;
}

TEST(SearchCollector, JoinsPagesAndActions) {
  const auto done =
      collect({search("q1", 1000, {"a", "b"}), search("q2", 1500, {"x"}), search("q1", 2000, {"c", "b", "d"}, 2),
               action(EventKind::kClick, "q1", 2500, "c"), action(EventKind::kFavourite, "q1", 2600, "c"),
               action(EventKind::kHide, "q1", 2700, "a"), action(EventKind::kClick, "q2", 2800, "nowhere")});
  ASSERT_EQ(done.size(), 2u);
  EXPECT_EQ(done[0].query_id, "q1");
  EXPECT_EQ(done[0].time_ms, 1000);
  ASSERT_EQ(done[0].shown.size(), 4u);
  const std::vector<std::pair<std::string, std::int64_t>> expected = {{"a", 0}, {"b", 1}, {"c", 2}, {"d", 4}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(done[0].shown[i].listing_id, expected[i].first);
    EXPECT_EQ(done[0].shown[i].place, expected[i].second);
  }
  EXPECT_TRUE(done[0].shown[2].outcome.clicked && done[0].shown[2].outcome.favourited);
  EXPECT_TRUE(done[0].shown[0].outcome.rejected);
}

TEST(SearchCollector, AnExposureIsNoAction) {
  SearchCollector collector({}, [](const CollectedSearch&) {});
  collector.observe(search("q1", 1000, {"a"}));
  collector.observe(action(EventKind::kExposure, "q1", 1500, "a"));
  collector.observe(action(EventKind::kExposure, "q1", 1500, ""));
  EXPECT_EQ(collector.counts().actions, 0u);
  EXPECT_EQ(collector.counts().stray_actions, 0u);
}

TEST(SearchCollector, ClosesByTimeAndKeepsTheOrder) {
  std::vector<std::string> closed;
  SearchCollector collector({.window_ms = 100}, [&](const CollectedSearch& done) { closed.push_back(done.query_id); });
  collector.observe(search("q1", 0, {"a"}));
  collector.observe(search("q2", 50, {"a"}));
  collector.observe(action(EventKind::kClick, "q1", 100, "a"));
  EXPECT_TRUE(closed.empty());
  collector.observe(action(EventKind::kClick, "q1", 101, "a"));  // too late
  EXPECT_THAT(closed, ElementsAre("q1"));
  EXPECT_EQ(collector.counts().stray_actions, 1u);
  collector.observe(search("q3", 90, {"a"}));  // clocks of senders differ
  collector.finish();
  EXPECT_THAT(closed, ElementsAre("q1", "q2", "q3"));
}

TEST(SearchCollector, APurchaseFindsTheSearchOfItsSession) {
  Event purchase = action(EventKind::kPurchase, "", 300, "b");
  purchase.price_cents = 1250;
  purchase.quantity = 2;
  const auto done = collect(
      {search("q1", 0, {"a", "b"}), search("q2", 10, {"b"}), action(EventKind::kClick, "q1", 100, "b"), purchase});
  EXPECT_TRUE(done[0].shown[1].outcome.purchased);
  EXPECT_EQ(done[0].shown[1].outcome.bought_value, 25);
  EXPECT_FALSE(done[1].shown[0].outcome.purchased);
}

TEST(SearchCollector, IsBounded) {
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) events.push_back(search("q" + std::to_string(i), i, {"a", "b", "c"}));
  std::size_t open = 0;
  std::size_t open_most = 0;
  SearchCollector collector({.open_max = 10, .shown_max = 2}, [&](const CollectedSearch& done) {
    --open;
    EXPECT_EQ(done.shown.size(), 2u);
  });
  for (const Event& event : events) {
    ++open;
    collector.observe(event);
    open_most = std::max(open_most, open);
  }
  EXPECT_LE(open_most, 11u);
  EXPECT_EQ(collector.counts().closed_early, 90u);
}

CollectedSearch shown_with(std::size_t count, const std::vector<std::size_t>& clicked) {
  CollectedSearch out{.query_id = "q"};
  for (std::size_t i = 0; i < count; ++i) {
    out.shown.push_back({.listing_id = std::to_string(i), .place = static_cast<std::int64_t>(i)});
  }
  for (const std::size_t i : clicked) out.shown[i].outcome.clicked = true;
  return out;
}

std::vector<std::int64_t> places(const std::optional<LabelledSearch>& search) {
  std::vector<std::int64_t> out;
  if (search) {
    for (const LabelledRow& row : search->rows) out.push_back(row.place);
  }
  return out;
}

TEST(LabelSearch, NegativesAreAboveOrJustBelow) {
  EXPECT_THAT(places(label_search(shown_with(20, {1, 4}), {}, {})), ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_THAT(places(label_search(shown_with(20, {4}), {}, {.below = 0})), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(places(label_search(shown_with(5, {4}), {}, {})), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_FALSE(label_search(shown_with(20, {}), {}, {}));
  EXPECT_FALSE(label_search(shown_with(2, {0, 1}), {}, {}));  // nothing was passed over
  EXPECT_FALSE(label_search({}, {}, {}));
  CollectedSearch by_price = shown_with(20, {4});
  by_price.sort = "price:asc";
  EXPECT_FALSE(label_search(by_price, {}, {}));
}

TEST(LabelSearch, GroupsAreBoundedAroundThePositives) {
  EXPECT_THAT(places(label_search(shown_with(100, {10, 50}), {}, {.rows_max = 6})), ElementsAre(9, 10, 11, 49, 50, 51));
}

TEST(LabelSearch, PlacesAreOffsetsWhereTrusted) {
  Propensities propensities;
  for (std::size_t i = 0; i < kPlaceRanges; ++i) propensities.values[i] = 1 / (static_cast<double>(i) + 1);
  const auto offsets = [&] {
    std::vector<float> out;
    const auto search = label_search(shown_with(20, {0, 3}), propensities, {});
    for (const LabelledRow& row : search->rows) out.push_back(row.offset);
    return out;
  };
  EXPECT_THAT(offsets(), ElementsAre(0, 0, 0, 0, 0, 0));
  propensities.trusted = true;
  // Then the whole page is a row each: its end is no less a negative for being looked at less.
  std::vector<float> expected;
  for (int place = 0; place < 20; ++place) expected.push_back(static_cast<float>(-std::log(place + 1)));
  EXPECT_THAT(offsets(), testing::Pointwise(testing::FloatNear(1e-6F), expected));
  propensities = Propensities::even();
  EXPECT_EQ(offsets(), std::vector<float>(20, 0.0F));
}

TEST(LabelSearch, TheSampleDependsOnTheSeedAlone) {
  std::size_t kept = 0;
  std::size_t other = 0;
  for (int i = 0; i < 2'000; ++i) {
    CollectedSearch search = shown_with(3, {1});
    search.query_id = "q" + std::to_string(i);
    const bool once = label_search(search, {}, {.share = 0.25}).has_value();
    EXPECT_EQ(once, label_search(search, {}, {.share = 0.25}).has_value());
    kept += once;
    other += once && label_search(search, {}, {.share = 0.25, .seed = 2}).has_value();
  }
  EXPECT_NEAR(static_cast<double>(kept) / 2'000, 0.25, 0.04);
  EXPECT_NEAR(static_cast<double>(other) / 2'000, 0.0625, 0.03);
}

TEST(Objective, ActionsValueAndFreshness) {
  const auto check = [](const Outcome& outcome, const Objective& objective, double expected) {
    EXPECT_NEAR(gain_of(outcome, objective), expected, 1e-12);
  };
  check({}, {}, 0);
  check({.clicked = true}, {}, 1);
  check({.clicked = true, .favourited = true, .carted = true, .purchased = true}, {}, 8);
  check({.clicked = true, .favourited = true, .rejected = true}, {}, 0);
  check({.purchased = true, .bought_value = 3}, {.profit = 2}, 8 + 2 * 2);
  check({.clicked = true, .age_days = 14}, {.freshness = 0.5}, 1.25);
  check({.clicked = true, .age_days = -1}, {.freshness = 0.5}, 1);
  check({.age_days = 0}, {.freshness = 0.5}, 0);
  check({.purchased = true, .bought_value = 1e300}, {.profit = 1e300}, kObjectiveGainMax);
  check({.clicked = true}, {.click = std::nan("")}, 0);
}

TEST(Objective, WeightsAreReadAndWritten) {
  struct Row {
    std::string_view text;
    Objective expected;
  };
  for (const Row& row : {Row{"", {}}, Row{"purchase=20,cart=0", {.cart = 0, .purchase = 20}},
                         Row{"profit=0.5,fresh_half_life_days=7", {.profit = 0.5, .fresh_half_life_days = 7}}}) {
    const auto parsed = parse_objective(row.text);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(*parsed, row.expected) << row.text;
    EXPECT_EQ(parse_objective(to_text(*parsed)).value(), row.expected) << to_text(*parsed);
  }
  EXPECT_EQ(to_text({}), "click=1,favourite=2,cart=4,purchase=8,profit=0,freshness=0,fresh_half_life_days=14");
  for (const std::string_view wrong : {"sale=8", "click", "click=", "click=-1", "click=101", "click=nan", "click=1x",
                                       "fresh_half_life_days=0", "click=0,favourite=0,cart=0,purchase=0", ",click=1"}) {
    EXPECT_FALSE(parse_objective(wrong)) << wrong;
  }
}

std::vector<float> gains(const CollectedSearch& search, const RowOptions& options) {
  std::vector<float> out;
  const auto labelled = label_search(search, {}, options);
  for (const LabelledRow& row : labelled ? labelled->rows : std::vector<LabelledRow>{}) out.push_back(row.gain);
  return out;
}

TEST(LabelSearch, TheObjectiveMakesTheLabels) {
  CollectedSearch search = shown_with(4, {0, 1, 2});
  search.shown[1].outcome.purchased = search.shown[2].outcome.purchased = true;
  search.shown[1].outcome.bought_value = 30;
  search.shown[1].currency = "EUR";
  search.shown[2].outcome.bought_value = 3'000;
  search.shown[2].currency = "JPY";
  EXPECT_THAT(gains(search, {}), ElementsAre(1, 8, 8, 0));
  EXPECT_THAT(gains(search, {.objective = {.click = 2, .purchase = 5}}), ElementsAre(2, 5, 5, 0));
  // A value counts by what is usual in its currency, and not at all where nothing is known of it.
  const auto usual = [](std::string_view currency) { return currency == "EUR" ? 10.0 : currency == "JPY" ? 3'000 : 0; };
  const Objective profit{.profit = 3};
  EXPECT_THAT(gains(search, {.objective = profit, .usual_purchase = usual}), ElementsAre(1, 8 + 6, 8 + 3, 0));
  EXPECT_THAT(gains(search, {.objective = profit}), ElementsAre(1, 8, 8, 0));
  // Listing i is i half lives old; how old the last one is nobody asks, for nobody chose it.
  const auto age = [](const std::string& id, std::int64_t) {
    EXPECT_NE(id, "3");
    return 14.0 * std::stoi(id);
  };
  EXPECT_THAT(gains(search, {.objective = {.freshness = 1}, .age_days = age}), ElementsAre(2, 8 * 1.5F, 8 * 1.25F, 0));
}

TEST(UsualPurchases, AreMeansOfEachCurrency) {
  UsualPurchases usual;
  const auto buy = [&](std::int64_t cents, std::int64_t quantity, const std::string& currency) {
    Event event = action(EventKind::kPurchase, "", 0, "a");
    event.price_cents = cents;
    event.quantity = quantity;
    event.currency = currency;
    usual.observe(event);
  };
  buy(500, 2, "EUR");
  buy(4'000, 1, "EUR");
  buy(100'000, 1, "JPY");
  buy(0, 1, "EUR");
  usual.observe(action(EventKind::kPurchase, "", 0, "a"));
  Event cart = action(EventKind::kCart, "", 0, "a");
  cart.price_cents = 1;
  usual.observe(cart);
  EXPECT_NEAR(usual.of("EUR"), 20, 1e-9);
  EXPECT_NEAR(usual.of("JPY"), 1'000, 1e-9);
  EXPECT_EQ(usual.of("USD"), 0);
}

}  // namespace
}  // namespace handsel::learning
