#include "app/engine/session_view.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/engine/engine.h"
#include "base/core/clock.h"
#include "base/core/rng.h"
#include "facts/events/event_store.h"
#include "facts/log/embedded_log.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;
using events::Event;
using events::EventKind;
using namespace std::chrono_literals;

constexpr std::int64_t kNow = 1'767'225'600'000;
constexpr auto kWaitMax = 60s;

// The machine's files; writing fails where it is told to.
class UnwillingFiles final : public FileSystem {
 public:
  Result<std::string> read_file(const std::string& path) override { return files_.read_file(path); }
  Result<std::shared_ptr<const FileBytes>> map_file(const std::string& path) override { return files_.map_file(path); }
  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override {
    if (unwilling) return fail(Code::kIo, "no room for {}", path);
    return files_.create_file(path);
  }
  Result<void> make_folders(const std::string& path) override { return files_.make_folders(path); }
  Result<std::vector<std::string>> list_folder(const std::string& path) override { return files_.list_folder(path); }
  Result<void> remove_file(const std::string& path) override { return files_.remove_file(path); }
  bool exists(const std::string& path) override { return files_.exists(path); }
  std::atomic<bool> unwilling = false;

 private:
  FileSystem& files_ = real_file_system();
};

template <typename Happened>
void expect_soon(Happened happened) {
  const auto until = std::chrono::steady_clock::now() + kWaitMax;
  while (!happened() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(happened());
}

class SessionViewTest : public testing::Test {
 protected:
  SessionViewTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    open_log("log");
  }
  ~SessionViewTest() override { fs::remove_all(folder_); }

  void open_log(const std::string& name) {
    log_.reset();
    auto log = log::open_embedded_log({.folder = folder_ + name, .partitions = 3}, clock_);
    ASSERT_TRUE(log) << log.error().message;
    log_ = std::move(*log);
  }

  // So many more events, in appends of a hundred, a millisecond apart.
  void put(int count) {
    constexpr EventKind kKinds[] = {EventKind::kClick, EventKind::kFavourite, EventKind::kCart, EventKind::kPurchase,
                                    EventKind::kImpression};
    events::EventStore store(*log_, clock_);
    std::vector<Event> piece;
    for (int i = 0; i < count; ++i) {
      Event& event = piece.emplace_back();
      event.id = "e" + std::to_string(put_++);
      event.session_id = "s" + std::to_string(rng_.below(60) + put_ / 200);
      event.user_id = rng_.chance(0.5) ? "" : "u" + std::to_string(rng_.below(30));
      event.query_id = "q" + std::to_string(rng_.below(20) + put_ / 50);
      event.time_ms = clock_.now_ms();
      if (rng_.chance(0.3)) {
        event.kind = EventKind::kSearch;
        event.query = "query " + std::to_string(rng_.below(30));
        for (int k = 0; k < 6; ++k) event.shown.push_back("L" + std::to_string(rng_.below(500)));
      } else {
        event.kind = kKinds[rng_.below(std::size(kKinds))];
        event.listing_id = "L" + std::to_string(rng_.below(500));
      }
      if (piece.size() < 100 && i + 1 < count) continue;
      ASSERT_TRUE(store.put(piece, [](std::string_view) { return true; }));
      piece.clear();
      clock_.advance_ms(1 + static_cast<std::int64_t>(rng_.below(60'000)));
    }
  }

  SessionView::Options options() const {
    return {.load_listing = [](std::string_view id) -> Result<catalog::Listing> {
              return catalog::Listing{.id = std::string(id),
                                      .shop_name = "shop " + std::string(id.substr(1, 1)),
                                      .taxonomy_path = {"home", std::string(id.substr(0, 2))},
                                      .price_cents = 100 * static_cast<std::int64_t>(id.size())};
            },
            .keep = {.path = path_, .events_worth_keeping = 1},
            .profiles = {.sessions_max = 64 * 3, .users_max = 64}};
  }
  std::unique_ptr<SessionView> open(SessionView::Options options) {
    auto view = std::make_unique<SessionView>(files_, *log_, std::move(options));
    view->catch_up(kWaitMax);
    EXPECT_EQ(view->behind(), 0u);
    return view;
  }
  std::unique_ptr<SessionView> open() { return open(options()); }

  // Equal ones know the same; see views/profiles/kept_state.h.
  static std::string bytes_of(const profiles::KeptState& state) {
    std::string bytes;
    for (std::size_t piece = 0; piece < state.pieces(); ++piece) state.put_piece(piece, bytes);
    return bytes;
  }
  // After a replay of the whole log, and no trace of it.
  void expect_all(const SessionView& view) {
    SessionView::Options plain = options();
    plain.keep.path.clear();
    const auto twin = open(std::move(plain));
    EXPECT_EQ(twin->taken_up(), 0u);
    EXPECT_TRUE(bytes_of(view.profiles()) == bytes_of(twin->profiles()));
    EXPECT_TRUE(bytes_of(view.counters()) == bytes_of(twin->counters()));
  }
  void keep_some(int count) {
    put(count);
    open().reset();
    ASSERT_TRUE(fs::exists(path_));
  }
  // What was kept is of no use, and does no harm.
  void expect_ignored() {
    const auto view = open();
    EXPECT_EQ(view->taken_up(), 0u);
    EXPECT_FALSE(view->error());
    EXPECT_FALSE(view->keeping_error());
    expect_all(*view);
  }

  const std::string folder_ = testing::TempDir() + "handsel_session_view_test/";
  const std::string path_ = folder_ + "profiles";
  UnwillingFiles files_;
  ManualClock clock_{kNow};
  Rng rng_{21};
  int put_ = 0;
  std::unique_ptr<log::Log> log_;
};

TEST_F(SessionViewTest, ARestartReadsOnlyWhatCameAfter) {
  std::uint64_t kept = 0;
  for (const int more : {3'000, 1, 700, 0, 2'500}) {
    put(more);
    const auto view = open();
    EXPECT_EQ(view->taken_up(), kept);
    expect_all(*view);
    kept += more;
  }
  EXPECT_GT(open()->profiles().stats().sessions, 60u);
}

TEST_F(SessionViewTest, WhatAnUncleanEndLeavesIsEnough) {
  put(2'000);
  auto view = open();
  // Once the log was read to its end, it is kept.
  expect_soon([&] { return fs::exists(path_); });
  fs::copy_file(path_, folder_ + "at the crash");
  put(500);
  view->catch_up(kWaitMax);
  view.reset();
  fs::remove(path_);
  fs::rename(folder_ + "at the crash", path_);
  view = open();
  EXPECT_EQ(view->taken_up(), 2'000u);
  expect_all(*view);
}

TEST_F(SessionViewTest, ACleanEndKeepsWhatCameSince) {
  put(1'000);
  auto view = open();
  expect_soon([&] { return fs::exists(path_); });
  put(400);
  view->catch_up(kWaitMax);
  view.reset();
  EXPECT_EQ(open()->taken_up(), 1'400u);
}

TEST_F(SessionViewTest, FewEventsAreNotWorthAFile) {
  put(900);
  SessionView::Options few = options();
  few.keep.events_worth_keeping = SessionKeeper::Options().events_worth_keeping;
  open(few).reset();
  EXPECT_FALSE(fs::exists(path_));
  put(200);
  open(few).reset();
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(SessionViewTest, DamageIsPassedOver) {
  keep_some(2'000);
  std::string bytes = *files_.read_file(path_);
  const auto try_with = [&](std::string_view damaged) {
    ASSERT_TRUE(files_.write_file(path_, damaged));
    expect_ignored();
  };
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{30}, bytes.size() / 2, bytes.size() - 1}) {
    SCOPED_TRACE(size);
    try_with(std::string_view(bytes).substr(0, size));
  }
  for (const std::size_t place : {std::size_t{4}, std::size_t{20}, bytes.size() / 3, bytes.size() - 40}) {
    SCOPED_TRACE(place);  // 4: the version
    std::string flipped = bytes;
    flipped[place] = static_cast<char>(flipped[place] ^ 64);
    try_with(flipped);
  }
  try_with(std::string(100'000, 'x'));
  EXPECT_EQ(open()->taken_up(), 2'000u) << "then it is kept again";
}

TEST_F(SessionViewTest, OtherOptionsBeginAnew) {
  keep_some(1'000);
  SessionView::Options other = options();
  other.counters.tau_ms /= 2;
  EXPECT_EQ(open(other)->taken_up(), 0u);
  other.profiles.sessions_max *= 2;
  EXPECT_EQ(open(other)->taken_up(), 0u);
  EXPECT_EQ(open(other)->taken_up(), 1'000u);
}

TEST_F(SessionViewTest, AnOlderLogIsReadFromItsBeginning) {
  put(1'000);
  ASSERT_TRUE(log_->backup(folder_ + "older"));
  keep_some(500);
  open_log("older");
  expect_ignored();
  keep_some(300);  // the same number of the same people's events, at other moments
  open_log("log");
  expect_ignored();
}

TEST_F(SessionViewTest, AnotherLogIsReadFromItsBeginning) {
  keep_some(1'000);
  open_log("another");
  put_ = 0;
  put(2'000);
  expect_ignored();
}

TEST_F(SessionViewTest, WhereItCannotBeKeptItSaysSoAndGoesOn) {
  put(1'000);
  files_.unwilling = true;
  {
    const auto view = open();
    expect_soon([&] { return view->keeping_error().has_value(); });
    ASSERT_TRUE(view->keeping_error());
    EXPECT_EQ(view->keeping_error()->code, Code::kIo);
    EXPECT_FALSE(view->error());
    put(200);
    view->catch_up(kWaitMax);
    expect_all(*view);
  }
  EXPECT_FALSE(fs::exists(path_));
  files_.unwilling = false;
  open().reset();
  EXPECT_EQ(open()->taken_up(), 1'200u);
}

TEST_F(SessionViewTest, NothingIsLearntOfListingsThatAreNotKnownYet) {
  put(500);
  std::atomic<bool> known = false;
  std::atomic<int> asked = 0;
  SessionView::Options waiting = options();
  waiting.listings_are_known = [&] {
    ++asked;
    return known.load();
  };
  SessionView view(files_, *log_, std::move(waiting));
  expect_soon([&] { return asked >= 2; });
  EXPECT_EQ(view.behind(), 500u);
  EXPECT_EQ(view.profiles().stats().sessions, 0u);
  known = true;
  view.catch_up(kWaitMax);
  EXPECT_EQ(view.behind(), 0u);
  expect_all(view);
}

TEST_F(SessionViewTest, AnEndWaitsForNothing) {
  keep_some(1'000);
  SessionView::Options waiting = options();
  waiting.listings_are_known = [] { return false; };
  SessionView(files_, *log_, waiting);  // ends at once, whatever it was doing
  EXPECT_EQ(open()->taken_up(), 1'000u);
}

TEST(EngineKeepsSessions, InItsFolder) {
  const std::string folder = testing::TempDir() + "handsel_engine_keeps_sessions_test";
  fs::remove_all(folder);
  ManualClock clock{kNow};
  std::vector<Event> events(1'100);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i] = {.id = std::to_string(i), .kind = EventKind::kSearch, .session_id = "s", .query = "apron"};
  }
  const auto open = [&] {
    auto engine = Engine::open({.folder = folder, .create = true}, clock, real_file_system());
    EXPECT_TRUE(engine) << engine.error().message;
    EXPECT_TRUE((*engine)->put_events(events));
    return std::move(*engine);
  };
  const std::string file = folder + "/derived/profiles";
  open()->catch_up_learned().value();
  ASSERT_TRUE(fs::exists(file)) << "after a clean end";
  const auto written = fs::last_write_time(file);
  open()->catch_up_learned().value();
  EXPECT_EQ(fs::last_write_time(file), written) << "nothing came";
  fs::remove_all(folder);
}

TEST(EventFollower, WhatWasRefusedIsGivenAgain) {
  const std::string folder = testing::TempDir() + "handsel_event_follower_test";
  fs::remove_all(folder);
  ManualClock clock{kNow};
  const auto log = log::open_embedded_log({.folder = folder}, clock);
  ASSERT_TRUE(log);
  events::EventStore store(**log, clock);
  const Event event{.kind = EventKind::kSearch, .query = "apron"};
  ASSERT_TRUE(store.put({&event, 1}, {}));
  std::atomic<int> asked = 0;
  std::atomic<int> seen = 0;
  {
    EventFollower follower(**log, {.apply = [&](std::span<const Event> events) -> Result<void> {
      if (asked++ == 0) return fail(Code::kIo, "not now");
      seen += static_cast<int>(events.size());
      return {};
    }});
    EXPECT_TRUE(follower.wait_applied(kWaitMax));
    EXPECT_EQ(seen, 1);
    EXPECT_FALSE(follower.error());
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace handsel
