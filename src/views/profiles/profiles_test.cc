#include "views/profiles/profiles.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "views/profiles/leanings.h"

namespace handsel::profiles {
namespace {

using events::Event;
using events::EventKind;

constexpr std::int64_t kMinuteMs = 60 * 1000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr std::int64_t kNow = 1'767'225'600'000;
constexpr const char* kStyles[] = {"boho", "minimal", "rustic", "gothic"};

constexpr int kElsewhere = 99;  // with an attribute of its own alone

// Listing i has style i % 4 and colour (i / 4) % 3; prices and leaves go with the style.
ListingFacts listing(int i) {
  if (i == kElsewhere) return {.id = "L99", .shop_id = "S", .taxonomy_path = {"toys"}, .attributes = {"style=toy"}};
  const int style = i % 4;
  return {.id = "L" + std::to_string(i),
          .shop_id = "S",
          .taxonomy_path = {"home", style < 2 ? "kitchen" : "garden"},
          .attributes = {std::string("style=") + kStyles[style], "color=" + std::to_string((i / 4) % 3)},
          .price_cents = 1000 * (1 + style)};
}

std::shared_ptr<const ListingFacts> facts_of_listing(std::string_view id) {
  return std::make_shared<const ListingFacts>(listing(std::stoi(std::string(id.substr(1)))));
}

// A person at the page.
class Shopper {
 public:
  Shopper(ProfileStore& store, std::string session, std::string user)
      : store_(store), session_(std::move(session)), user_(std::move(user)) {}

  void search(std::string query, std::vector<int> shown) {
    Event event = make(EventKind::kSearch);
    event.query = std::move(query);
    for (const int i : shown) event.shown.push_back(listing(i).id);
    store_.observe(event, facts_of_listing);
  }
  void act(EventKind kind, int i) {
    Event event = make(kind);
    event.listing_id = listing(i).id;
    store_.observe(event, facts_of_listing);
  }
  void pass_ms(std::int64_t ms) { now_ms_ += ms; }
  std::shared_ptr<const Profile> profile() const { return store_.find(session_, user_, now_ms_); }
  double score(int i) const {
    std::vector<std::uint32_t> keys;
    for (const std::string& attribute : listing(i).attributes) keys.push_back(attribute_key(attribute));
    return attribute_score(*profile(), keys);
  }
  double mean(const std::string& attribute) const {
    const std::uint32_t key = attribute_key(attribute);
    const auto known = profile();
    if (known == nullptr) return 0.5;
    for (const Leaning& leaning : known->leanings) {
      if (leaning.key == key) return leaning.mean();
    }
    return 0.5;
  }

 private:
  Event make(EventKind kind) {
    Event event;
    event.kind = kind;
    event.time_ms = now_ms_ += 1000;
    event.session_id = session_;
    event.user_id = user_;
    return event;
  }
  ProfileStore& store_;
  std::string session_, user_;
  std::int64_t now_ms_ = kNow;
};

TEST(Profiles, ThreeClicksInOneStyleLiftThatStyle) {
  const auto store = ProfileStore::create({});
  Shopper shopper(*store, "s", "");
  shopper.search("apron", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (const int i : {0, 4, 8}) shopper.act(EventKind::kClick, i);  // boho, in three colours
  const auto profile = shopper.profile();
  EXPECT_EQ(profile->actions, 3u);
  EXPECT_EQ(profile->attributes.front().first, "style=boho");
  EXPECT_EQ(profile->recent_listings, (std::vector<std::string>{"L8", "L4", "L0"}));
  EXPECT_EQ(profile->recent_queries, std::vector<std::string>{"apron"});
  for (int i = 12; i < 24; ++i) {
    if (i % 4 != 0) {
      EXPECT_GT(shopper.score(i - i % 4), shopper.score(i)) << i;  // of the same colour
    }
  }
  EXPECT_DOUBLE_EQ(taxonomy_affinity(*profile, listing(0).taxonomy_path), 1);
  EXPECT_GT(price_fit(*profile, 1000), price_fit(*profile, 4000));
}

TEST(Profiles, ExposuresTakeNoPlace) {
  const auto store = ProfileStore::create({});
  const Event exposure{.kind = EventKind::kExposure,
                       .time_ms = kNow,
                       .user_id = "u",
                       .session_id = "s",
                       .listing_id = "L1",
                       .experiment = "e",
                       .variant = "v",
                       .unit = "u"};
  store->observe(exposure, facts_of_listing);
  EXPECT_EQ(store->stats().sessions, 0u);
  EXPECT_EQ(store->stats().users, 0u);
}

TEST(Profiles, TheFormulasOfOpar) {
  const auto store = ProfileStore::create({});
  Shopper shopper(*store, "s", "");
  shopper.search("apron", {1, 5, 0});
  shopper.act(EventKind::kClick, 0);      // passes 1 and 5 over: style=minimal twice
  shopper.act(EventKind::kFavourite, 0);  // the listing counts 2 instead of 1
  shopper.act(EventKind::kClick, 0);      // nothing new
  shopper.act(EventKind::kClick, 4);      // not on the page
  const double alpha = 1 + 2 * (1 - std::exp(-1.0)) + (1 - std::exp(-2.0));
  EXPECT_NEAR(shopper.mean("style=boho"), alpha / (alpha + 1), 1e-6);
  const double beta = 1 + (1 - std::exp(-kPassedGamma)) + (1 - std::exp(-2 * kPassedGamma));
  EXPECT_NEAR(shopper.mean("style=minimal"), 1 / (1 + beta), 1e-6);
  EXPECT_EQ(shopper.profile()->actions, 2u);
}

TEST(Profiles, StrongerActionsCountMore) {
  double previous = 0.5;
  for (const EventKind kind : {EventKind::kClick, EventKind::kFavourite, EventKind::kCart, EventKind::kPurchase}) {
    const auto store = ProfileStore::create({});
    Shopper shopper(*store, "s", "");
    shopper.act(kind, 0);
    EXPECT_GT(shopper.mean("style=boho"), previous);
    previous = shopper.mean("style=boho");
  }
}

TEST(Profiles, WhatWasPassedOverIsPushedDown) {
  struct Case {
    const char* name;
    std::vector<int> seen;  // by impressions
    std::vector<int> clicked;
    std::vector<int> passed;
    std::vector<int> unknown;
  };
  // The page is 0 1 2 3: one of each style.
  const std::vector<Case> cases = {
      {"above a click and the next below", {}, {1}, {0, 2}, {3}},
      {"a page without a click: the first few", {}, {}, {0, 1, 2}, {3}},
      {"what an impression said was seen", {3}, {}, {3}, {0, 1, 2}},
      {"the last one clicked", {}, {3}, {0, 1, 2}, {}},
      {"two clicks", {}, {0, 2}, {1, 3}, {}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const auto store = ProfileStore::create({});
    Shopper shopper(*store, "s", "");
    shopper.search("apron", {0, 1, 2, 3});
    for (const int i : one.seen) shopper.act(EventKind::kImpression, i);
    for (const int i : one.clicked) shopper.act(EventKind::kClick, i);
    shopper.search("apron linen", {});  // leaves the page
    if (one.clicked.empty()) {
      EXPECT_EQ(shopper.profile(), nullptr) << "looking on makes no order";
      shopper.act(EventKind::kClick, kElsewhere);
    }
    const auto mean = [&](int i) { return shopper.mean(std::string("style=") + kStyles[i]); };
    for (const int i : one.clicked) EXPECT_GT(mean(i), 0.5) << i;
    for (const int i : one.passed) EXPECT_LT(mean(i), 0.5) << i;
    for (const int i : one.unknown) EXPECT_EQ(mean(i), 0.5) << i;
  }
}

TEST(Profiles, HidingPushesDown) {
  const auto store = ProfileStore::create({});
  Shopper shopper(*store, "s", "");
  shopper.act(EventKind::kClick, 1);
  shopper.act(EventKind::kHide, 0);
  shopper.act(EventKind::kReport, 4);
  EXPECT_LT(shopper.mean("style=boho"), 0.5);
  EXPECT_GT(shopper.score(1), shopper.score(8));
}

// Simulated sessions: everybody looks at 12 listings a page and clicks the loved style
// with 0.4 and others with 0.05. After two pages, how do new listings stand?
TEST(Profiles, ASimulatedSessionRanksTheLovedStyleFirst) {
  const auto store = ProfileStore::create({});
  Rng rng(9);
  int first = 0;
  constexpr int kSessions = 300;
  for (int s = 0; s < kSessions; ++s) {
    const int loved = s % 4;
    Shopper shopper(*store, "s" + std::to_string(s), "");
    for (int page = 0; page < 2; ++page) {
      std::vector<int> shown;
      for (int i = 0; i < 12; ++i) shown.push_back(static_cast<int>(rng.below(1000)));
      shopper.search("apron", shown);
      for (const int i : shown) {
        if (rng.chance(i % 4 == loved ? 0.4 : 0.05)) shopper.act(EventKind::kClick, i);
      }
    }
    double best = 0;
    int best_style = 0;
    for (int style = 0; style < 4; ++style) {
      const double mean = shopper.mean(std::string("style=") + kStyles[style]);
      if (mean > best) best_style = style;
      best = std::max(best, mean);
    }
    first += best_style == loved;
  }
  // Chance is a quarter; 300 sessions put four standard errors at 0.1.
  EXPECT_GT(first, kSessions * 0.65);
}

TEST(Profiles, TheUserSpeaksWhereTheSessionIsYoung) {
  const auto store = ProfileStore::create({});
  Shopper yesterday(*store, "s1", "u");
  for (const int i : {0, 4, 8, 12}) yesterday.act(EventKind::kPurchase, i);  // boho
  Shopper today(*store, "s2", "u");
  today.pass_ms(kDayMs);
  EXPECT_EQ(today.profile()->attributes.front().first, "style=boho");
  EXPECT_EQ(today.profile()->actions, 0u);
  EXPECT_EQ(today.profile()->recent_listings.front(), "L12");
  for (const int i : {3, 7, 11, 15, 19, 23, 27, 31}) today.act(EventKind::kCart, i);  // gothic
  EXPECT_GT(today.score(35), today.score(32));
  EXPECT_EQ(store->find("other", "", kNow), nullptr);
  Shopper nobody(*store, "s2", "");  // the session alone
  nobody.pass_ms(kDayMs + kMinuteMs);
  EXPECT_EQ(nobody.mean("style=boho"), 0.5);
}

TEST(Profiles, UsersForget) {
  const auto store = ProfileStore::create({});
  Shopper shopper(*store, "", "u");
  for (const int i : {0, 4, 8}) shopper.act(EventKind::kPurchase, i);
  const double fresh = shopper.mean("style=boho");
  shopper.pass_ms(60 * kDayMs);
  shopper.act(EventKind::kClick, 1);
  EXPECT_LT(shopper.mean("style=boho"), fresh - 0.1);
  EXPECT_GT(shopper.mean("style=boho"), 0.5);
}

TEST(Profiles, SessionsExpire) {
  const auto store = ProfileStore::create({});
  Shopper shopper(*store, "s", "");
  shopper.act(EventKind::kClick, 0);
  shopper.pass_ms(60 * kMinuteMs);
  EXPECT_NE(shopper.profile(), nullptr);
  shopper.pass_ms(1);
  EXPECT_EQ(shopper.profile(), nullptr);
  shopper.act(EventKind::kClick, 1);  // the same name begins anew
  EXPECT_EQ(shopper.profile()->recent_listings, std::vector<std::string>{"L1"});
  // Every event keeps it awake.
  for (int i = 0; i < 3; ++i) {
    shopper.pass_ms(50 * kMinuteMs);
    shopper.act(EventKind::kDwell, 1);
  }
  ASSERT_NE(shopper.profile(), nullptr);
  EXPECT_EQ(shopper.profile()->recent_listings, std::vector<std::string>{"L1"});
  // Others' events make room.
  Shopper late(*store, "t", "");
  for (int i = 0; i < 2000; ++i) {
    Shopper other(*store, "o" + std::to_string(i), "");
    other.pass_ms(i < 1000 ? 0 : kDayMs);
    other.act(EventKind::kClick, 0);
  }
  EXPECT_LE(store->stats().sessions, 1064u);
}

TEST(Profiles, AMillionSessionsStayWithinTheLimit) {
  const auto store = ProfileStore::create({.sessions_max = 20'000, .users_max = 10'000});
  const std::shared_ptr<const ListingFacts> one = facts_of_listing("L2");
  const auto facts = [&](std::string_view) { return one; };
  Event page;
  page.kind = EventKind::kSearch;
  page.query = "apron";
  page.shown = {"L0", "L1", "L2", "L3"};
  Event click;
  click.kind = EventKind::kClick;
  click.listing_id = "L2";
  for (int i = 0; i < 1'000'000; ++i) {
    page.session_id = click.session_id = "session " + std::to_string(i);
    page.user_id = click.user_id = "user " + std::to_string(i / 2);
    page.time_ms = click.time_ms = kNow + i / 100;
    store->observe(page, facts);
    if (i % 4 == 0) store->observe(click, facts);
  }
  const ProfileStore::Stats stats = store->stats();
  EXPECT_LE(stats.sessions, 20'000u);
  EXPECT_GT(stats.sessions, 18'000u);
  EXPECT_LE(stats.users, 10'000u);
  EXPECT_LE(stats.bytes, 30'000u * 1500);
}

// A log of many people with everything in it.
template <typename Observe>
void replay(std::uint64_t seed, int count, Observe observe) {
  Rng rng(seed);
  constexpr EventKind kKinds[] = {EventKind::kClick, EventKind::kView,      EventKind::kFavourite,
                                  EventKind::kCart,  EventKind::kPurchase,  EventKind::kDwell,
                                  EventKind::kHide,  EventKind::kImpression};
  for (int i = 0; i < count; ++i) {
    Event event;
    event.time_ms = kNow + i * 500;
    event.session_id = rng.chance(0.1) ? "" : "s" + std::to_string(rng.below(50) + i / 1000);
    event.user_id = rng.chance(0.5) ? "" : "u" + std::to_string(rng.below(20));
    if (rng.chance(0.3)) {
      event.kind = EventKind::kSearch;
      event.query = "query " + std::to_string(rng.below(9));
      for (int k = 0; k < 8; ++k) event.shown.push_back("L" + std::to_string(rng.below(200)));
    } else {
      event.kind = kKinds[rng.below(std::size(kKinds))];
      event.listing_id = "L" + std::to_string(rng.below(200));
    }
    observe(event);
  }
}

TEST(Profiles, AReplayGivesTheSameProfiles) {
  const ProfileOptions tight{.sessions_max = 640, .users_max = 640};
  const auto first = ProfileStore::create(tight);
  const auto second = ProfileStore::create(tight);
  const int count = 20'000;
  replay(4, count, [&](const Event& event) { first->observe(event, facts_of_listing); });
  replay(4, count, [&](const Event& event) { second->observe(event, facts_of_listing); });
  int known = 0;
  for (int s = 0; s < 100; ++s) {
    for (int u = 0; u < 20; ++u) {
      const auto a = first->find("s" + std::to_string(s), "u" + std::to_string(u), kNow + count * 500);
      const auto b = second->find("s" + std::to_string(s), "u" + std::to_string(u), kNow + count * 500);
      ASSERT_EQ(a == nullptr, b == nullptr);
      if (a == nullptr) continue;
      EXPECT_EQ(*a, *b);
      ++known;
    }
  }
  EXPECT_GT(known, 100);
}

TEST(Profiles, HostileEventsKeepEveryLimit) {
  const auto store = ProfileStore::create({.sessions_max = 0, .users_max = 0});
  ListingFacts wild{.id = "L", .price_cents = -7};
  for (int i = 0; i < 5000; ++i) wild.attributes.push_back("tag=" + std::to_string(i));
  for (int i = 0; i < 5000; ++i) wild.taxonomy_path.push_back("leaf " + std::to_string(i));
  wild.attributes.insert(wild.attributes.begin(), {std::string(100'000, 'x'), ""});
  Event event;
  event.session_id = "s";
  event.query = std::string(10'000, '\xff');
  event.listing_id = "L";
  for (int i = 0; i < 400; ++i) {
    event.kind = static_cast<EventKind>(i % 10);
    event.time_ms = i % 7 == 0 ? -i : kNow + i;
    event.shown.assign(500, "L");
    for (std::size_t k = 2; k < 40; ++k) wild.attributes[k] = "tag=" + std::to_string(i) + "." + std::to_string(k);
    wild.id = event.listing_id = "L" + std::to_string(i);
    store->observe(event, [&](std::string_view) { return std::make_shared<const ListingFacts>(wild); });
  }
  const auto profile = store->find("s", "", kNow + 500);
  ASSERT_NE(profile, nullptr);
  EXPECT_LE(profile->leanings.size(), kAttributesMax);
  EXPECT_LE(profile->taxonomies.size(), kTaxonomiesMax);
  EXPECT_LE(profile->recent_listings.size(), kRecentListingsMax);
  EXPECT_LE(profile->recent_queries.size(), kRecentQueriesMax);
  EXPECT_EQ(profile->price_band_cents, std::nullopt);
  for (const Leaning& leaning : profile->leanings) EXPECT_TRUE(leaning.mean() > 0 && leaning.mean() < 1);
  EXPECT_LE(store->stats().bytes, 20'000u);
}

TEST(Profiles, ManyReadWhileOneWrites) {
  const auto store = ProfileStore::create({.sessions_max = 640, .users_max = 640});
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&, r] {
      for (int i = r; !done; ++i) {
        const auto profile = store->find("s" + std::to_string(i % 60), "u" + std::to_string(i % 20), kNow);
        if (profile != nullptr) {
          ASSERT_EQ(profile->leanings.size(), profile->ranks.size());
        }
        ASSERT_LE(store->stats().sessions, 704u);
      }
    });
  }
  replay(6, 20'000, [&](const Event& event) { store->observe(event, facts_of_listing); });
  done = true;
}

}  // namespace
}  // namespace handsel::profiles
