#include "views/profiles/snapshot.h"

#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::profiles {
namespace {

using events::Event;
using events::EventKind;
using events::LogMark;

constexpr std::int64_t kNow = 1'767'225'600'000;
constexpr std::int64_t kMinuteMs = 60 * 1000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;

const LogMark kMark{.partitions = {{.next = 7, .last_record = 77}, {}}};

struct Options {
  CounterOptions counters;
  ProfileOptions profiles;
};

// So tight that the weakest, the oldest and the expired go all the time.
Options tight() {
  return {.counters = {.pairs_max = 256 * 12,
                       .listings_max = 256 * 3,
                       .queries_max = 300,
                       .query_remembered_ms = 20 * kMinuteMs,
                       .examination = {1, 0.7, 0.5}},
          .profiles = {.sessions_max = 64 * 4, .users_max = 64 * 2, .user_expires_ms = 2 * kDayMs}};
}

struct States {
  explicit States(const Options& options = tight())
      : counters(Counters::create(options.counters)), profiles(ProfileStore::create(options.profiles)) {}
  void observe(const Event& event) {
    profiles->observe(event, [](std::string_view id) -> std::shared_ptr<const ListingFacts> {
      if (id.ends_with('9')) return nullptr;
      const int number = std::stoi(std::string(id.substr(1)));
      return std::make_shared<const ListingFacts>(
          ListingFacts{.id = std::string(id),
                       .taxonomy_path = {"home", "leaf " + std::to_string(number % 40)},
                       .attributes = {"style=" + std::to_string(number % 30), "tag=" + std::to_string(number)},
                       .price_cents = number % 5 == 0 ? std::nullopt : std::optional<std::int64_t>(100 + number)});
    });
    counters->observe(event);
  }
  // Equal states give equal bytes, and unequal ones others.
  std::string bytes() const {
    std::string out;
    const auto append = [&out](std::string_view bytes) -> Result<void> {
      out += bytes;
      return {};
    };
    EXPECT_TRUE(write_snapshot(kMark, *counters, *profiles, append).has_value());
    return out;
  }
  Result<LogMark> take(std::string_view bytes) {
    return read_snapshot(bytes, *counters, *profiles, [](const LogMark&) -> Result<void> { return {}; });
  }
  bool is_empty() const {
    return profiles->stats().sessions + profiles->stats().users == 0 && counters->stats().listings == 0 &&
           counters->stats().pairs == 0 && counters->stats().queries == 0 && counters->of_all(0) == Counts{};
  }
  std::unique_ptr<Counters> counters;
  std::unique_ptr<ProfileStore> profiles;
};

// Days of many people, late events and old times among them.
std::vector<Event> log_of(std::uint64_t seed, int count) {
  Rng rng(seed);
  constexpr EventKind kKinds[] = {EventKind::kClick, EventKind::kView,      EventKind::kFavourite,
                                  EventKind::kCart,  EventKind::kPurchase,  EventKind::kDwell,
                                  EventKind::kHide,  EventKind::kImpression};
  std::vector<Event> events;
  std::int64_t now_ms = kNow;
  for (int i = 0; i < count; ++i) {
    now_ms += rng.chance(0.001) ? kDayMs : static_cast<std::int64_t>(rng.below(10'000));
    Event& event = events.emplace_back();
    event.time_ms = now_ms;
    if (rng.chance(0.05)) event.time_ms -= static_cast<std::int64_t>(rng.below(3 * kDayMs));
    if (rng.chance(0.001)) event.time_ms = -5;
    event.session_id = rng.chance(0.1) ? "" : "s" + std::to_string(rng.below(400) + i / 20);
    event.user_id = rng.chance(0.5) ? "" : "u" + std::to_string(rng.below(300));
    event.query_id = rng.chance(0.2) ? "" : "q" + std::to_string(rng.below(200) + i / 10);
    if (rng.chance(0.3)) {
      event.kind = EventKind::kSearch;
      event.query = "query " + std::to_string(rng.below(99));
      for (int k = 0; k < 8; ++k) event.shown.push_back("L" + std::to_string(rng.below(2000)));
    } else {
      event.kind = kKinds[rng.below(std::size(kKinds))];
      event.listing_id = "L" + std::to_string(rng.below(2000));
      event.position = static_cast<std::int32_t>(rng.below(5));
    }
  }
  return events;
}

TEST(Snapshot, TakenUpAnywhereItGoesOnAsIfItHadSeenAll) {
  constexpr int kCount = 30'000;
  const std::vector<Event> log = log_of(11, kCount);
  States all;
  std::vector<std::string> snapshots;
  const std::vector<int> cuts = {0, 1, 100, 5'003, 17'777, 29'999, kCount};
  for (int i = 0, cut = 0; i <= kCount; ++i) {
    if (i == cuts[cut]) {
      snapshots.push_back(all.bytes());
      ++cut;
    }
    if (i < kCount) all.observe(log[i]);
  }
  ASSERT_EQ(snapshots.size(), cuts.size());
  EXPECT_LE(all.profiles->stats().sessions, 256u) << "of 1,900";
  EXPECT_GT(all.profiles->stats().sessions, 200u);
  for (std::size_t c = 0; c < cuts.size(); ++c) {
    SCOPED_TRACE(cuts[c]);
    States half;
    const auto mark = half.take(snapshots[c]);
    ASSERT_TRUE(mark.has_value()) << mark.error().message;
    EXPECT_EQ(*mark, kMark);
    EXPECT_EQ(half.bytes(), snapshots[c]);
    for (int i = cuts[c]; i < kCount; ++i) half.observe(log[i]);
    EXPECT_TRUE(half.bytes() == all.bytes());
    const std::int64_t end_ms = log.back().time_ms;
    for (int i = 0; i < 2'000; ++i) {
      const std::string number = std::to_string(i);
      const std::string user = "u" + std::to_string(i % 300);
      const auto a = all.profiles->find("s" + number, user, end_ms);
      const auto b = half.profiles->find("s" + number, user, end_ms);
      ASSERT_EQ(a == nullptr, b == nullptr);
      if (a != nullptr) {
        ASSERT_EQ(*a, *b);
      }
      const std::string query = "query " + std::to_string(i % 99);
      ASSERT_EQ(all.counters->of_listing("L" + number, end_ms), half.counters->of_listing("L" + number, end_ms));
      ASSERT_EQ(all.counters->of_pair(query, "L" + number, end_ms),
                half.counters->of_pair(query, "L" + number, end_ms));
    }
    EXPECT_EQ(all.counters->of_all(end_ms), half.counters->of_all(end_ms));
    EXPECT_EQ(all.profiles->stats().users, half.profiles->stats().users);
    EXPECT_EQ(all.counters->stats().pairs, half.counters->stats().pairs);
    EXPECT_EQ(all.counters->stats().queries, half.counters->stats().queries);
  }
}

TEST(Snapshot, WhatExpiredIsNotWritten) {
  Options options = tight();
  options.profiles = {.sessions_max = 64 * 100};
  States states(options);
  const auto see = [&states](const std::string& session, std::int64_t time_ms, const std::string& query) {
    states.observe({.kind = EventKind::kSearch, .time_ms = time_ms, .session_id = session, .query = query});
  };
  for (int i = 0; i < 500; ++i) see("s" + std::to_string(i), kNow + 3 * 60 * kMinuteMs, "linen apron");
  EXPECT_NE(states.bytes().find("linen apron"), std::string::npos);
  // An old one that comes late stands before those in the order of going.
  for (int i = 0; i < 500; ++i) see("s" + std::to_string(i), kNow + 3 * 60 * kMinuteMs, "tea bowl");
  for (int i = 500; i < 1000; ++i) see("s" + std::to_string(i), kNow, "a secret wish");
  EXPECT_EQ(states.bytes().find("a secret wish"), std::string::npos);
  EXPECT_NE(states.bytes().find("tea bowl"), std::string::npos);
  for (int i = 0; i < 2'000; ++i) see("t" + std::to_string(i), kNow + 5 * 60 * kMinuteMs, "ring");
  EXPECT_EQ(states.bytes().find("tea bowl"), std::string::npos);
}

TEST(Snapshot, OfAnotherKindItIsNotTaken) {
  States states;
  for (const Event& event : log_of(12, 500)) states.observe(event);
  const std::string bytes = states.bytes();
  const auto code_of = [&bytes](const Options& options) {
    States other(options);
    const auto taken = other.take(bytes);
    EXPECT_TRUE(other.is_empty() || taken);
    return taken ? Code::kAlreadyExists : taken.error().code;
  };
  EXPECT_EQ(code_of(tight()), Code::kAlreadyExists) << "taken";
  const std::vector<std::function<void(Options&)>> changes = {
      [](Options& o) { o.counters.tau_ms *= 2; },
      [](Options& o) { o.counters.pairs_max *= 2; },
      [](Options& o) { o.counters.listings_max *= 2; },
      [](Options& o) { o.counters.queries_max += 2; },
      [](Options& o) { o.counters.query_remembered_ms += 1; },
      [](Options& o) { o.counters.examination.push_back(0.4); },
      [](Options& o) { o.profiles.sessions_max *= 2; },
      [](Options& o) { o.profiles.users_max *= 2; },
      [](Options& o) { o.profiles.session_expires_ms *= 2; },
      [](Options& o) { o.profiles.user_expires_ms *= 2; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Options options = tight();
    changes[i](options);
    EXPECT_EQ(code_of(options), Code::kConflict) << i;
  }
}

TEST(Snapshot, DamageIsFoundAndLeavesNothing) {
  States states;
  for (const Event& event : log_of(13, 2'000)) states.observe(event);
  const std::string bytes = states.bytes();
  States other;
  const auto check = [&other](std::string_view damaged, Code code) {
    const auto taken = other.take(damaged);
    ASSERT_FALSE(taken.has_value());
    EXPECT_EQ(taken.error().code, code) << taken.error().message;
    EXPECT_TRUE(other.is_empty());
  };
  Rng rng(3);
  for (int i = 0; i < 300; ++i) check(std::string_view(bytes).substr(0, rng.below(bytes.size())), Code::kCorrupt);
  check(bytes + "x", Code::kCorrupt);
  for (int i = 0; i < 300; ++i) {
    std::string flipped = bytes;
    const std::size_t place = 8 + rng.below(bytes.size() - 8);
    flipped[place] = static_cast<char>(flipped[place] ^ (1 << rng.below(8)));
    check(flipped, Code::kCorrupt);
  }
  std::string newer = bytes;
  newer[4] = 2;
  check(newer, Code::kUnsupported);
  ASSERT_TRUE(other.take(bytes).has_value()) << "after all that";
  EXPECT_TRUE(other.bytes() == bytes);
}

// Bytes with a right checksum that no program of ours wrote.
TEST(Snapshot, PiecesThatLieAreRefusedOrHarmless) {
  States states;
  const std::vector<Event> log = log_of(14, 3'000);
  for (const Event& event : log) states.observe(event);
  Rng rng(5);
  int refused = 0;
  int taken = 0;
  for (int i = 0; i < 4'000; ++i) {
    for (KeptState* from :
         {static_cast<KeptState*>(states.counters.get()), static_cast<KeptState*>(states.profiles.get())}) {
      States other;
      KeptState& to = from == states.counters.get() ? static_cast<KeptState&>(*other.counters) : *other.profiles;
      const std::size_t piece = rng.below(from->pieces());
      std::string bytes;
      from->put_piece(piece, bytes);
      for (int k = 0; k < 2; ++k) bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
      if (bytes.size() > 4 && rng.chance(0.3)) bytes.replace(rng.below(bytes.size() - 4), 4, 4, '\xff');  // no number
      if (rng.chance(0.1)) bytes.resize(rng.below(bytes.size()));
      if (!to.take_piece(piece, bytes)) {
        ++refused;
        to.clear();
      } else {
        ++taken;
      }
      for (std::size_t k = 0; k < 20; ++k) {
        const Event& event = log[log.size() - 1 - k];
        if (i % 20 == 0) other.observe(event);
        const Counts counts = other.counters->of_listing(event.listing_id, event.time_ms);
        EXPECT_TRUE(counts.shown >= 0 && counts.clicks >= 0 && counts.purchases >= 0);
        const auto profile = other.profiles->find(event.session_id, event.user_id, event.time_ms);
        if (profile == nullptr) continue;
        for (const Leaning& leaning : profile->leanings) EXPECT_TRUE(leaning.mean() > 0 && leaning.mean() < 1);
        for (const auto& [name, share] : profile->taxonomies) EXPECT_TRUE(share >= 0 && share <= 1) << share;
        if (profile->price_band_cents) {
          EXPECT_FALSE(std::isnan(profile->price_band_cents->first));
        }
      }
    }
  }
  EXPECT_GT(refused, 1'000);
  EXPECT_GT(taken, 100);
  EXPECT_FALSE(states.counters->take_piece(states.counters->pieces(), ""));
  EXPECT_FALSE(states.profiles->take_piece(states.profiles->pieces(), ""));
}

TEST(Snapshot, ManyReadWhileItIsWrittenAndTakenUp) {
  States states;
  const std::vector<Event> log = log_of(17, 4'000);
  for (const Event& event : log) states.observe(event);
  const std::string bytes = states.bytes();
  States other;
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (std::size_t r = 0; r < 3; ++r) {
    readers.emplace_back([&, r] {
      for (std::size_t i = r; !done; i = (i + 3) % log.size()) {
        (void)other.profiles->find(log[i].session_id, log[i].user_id, log[i].time_ms);
        (void)other.counters->of_listing("L" + std::to_string(i % 2'000), log[i].time_ms);
        (void)other.counters->of_pair("query " + std::to_string(i % 99), "L" + std::to_string(i), log[i].time_ms);
        (void)other.counters->of_all(log[i].time_ms);
        ASSERT_LE(other.counters->stats().queries, 400u);
      }
    });
  }
  for (int round = 0; round < 5; ++round) {
    EXPECT_TRUE(other.take(bytes).has_value());
    EXPECT_TRUE(other.bytes() == bytes);
    for (const Event& event : log) other.observe(event);
    other.counters->clear();
    other.profiles->clear();
  }
  done = true;
}

TEST(Snapshot, AStopEndsIt) {
  States states;
  for (const Event& event : log_of(15, 500)) states.observe(event);
  const std::string bytes = states.bytes();
  std::stop_source stop;
  stop.request_stop();
  const auto ignore = [](std::string_view) -> Result<void> { return {}; };
  EXPECT_EQ(write_snapshot(kMark, *states.counters, *states.profiles, ignore, stop.get_token()).error().code,
            Code::kCancelled);
  States other;
  const auto accept = [](const LogMark&) -> Result<void> { return {}; };
  EXPECT_EQ(read_snapshot(bytes, *other.counters, *other.profiles, accept, stop.get_token()).error().code,
            Code::kCancelled);
  EXPECT_TRUE(other.is_empty());
}

TEST(Snapshot, WhoIsAskedFirstDecides) {
  States states;
  for (const Event& event : log_of(16, 500)) states.observe(event);
  States other;
  const auto refuse = [](const LogMark& mark) -> Result<void> {
    EXPECT_EQ(mark, kMark);
    return fail(Code::kConflict, "another log");
  };
  EXPECT_EQ(read_snapshot(states.bytes(), *other.counters, *other.profiles, refuse).error().code, Code::kConflict);
  EXPECT_TRUE(other.is_empty());
}

}  // namespace
}  // namespace handsel::profiles
