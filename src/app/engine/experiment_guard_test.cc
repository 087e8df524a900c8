#include "app/engine/experiment_guard.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/catalog/codec.h"
#include "facts/events/event_store.h"
#include "facts/log/embedded_log.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;
using decisions::Verdict;
using events::Event;
using events::EventKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kNow = 1'767'225'600'000;

std::string experiment(std::string_view name) {
  return fmt::format(
      "[[experiment]]\nname = '{}'\n[[experiment.variant]]\nname = 'control'\n[[experiment.variant]]\nname = 'new'\n",
      name);
}

class GuardedShop : public testing::Test {
 protected:
  GuardedShop() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / fmt::format("handsel-guard-{}-{}", info->name(), ::getpid());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    log_ = std::move(*log::open_embedded_log({.folder = folder_ / "log"}, clock_));
    write("[[metric]]\nname = 'reports'\nevents = ['report']\nbetter = 'less'\nguard = 0.1\n");
  }
  ~GuardedShop() override { fs::remove_all(folder_); }

  void write(const std::string& metrics) const {
    ASSERT_TRUE(real_file_system().write_file(folder_ / "metrics.toml", metrics));
  }

  // 400 people meet `experiment`; of ten in the second arm so many report something, in the first two.
  void meet(const std::string& experiment, int reports_of_ten, std::int64_t at_ms = kNow) {
    std::vector<Event> some;
    for (int i = 0; i < 400; ++i) {
      const std::string user = fmt::format("{}-{}-{}", experiment, at_ms, i);
      some.push_back({.kind = EventKind::kExposure,
                      .time_ms = at_ms + i,
                      .user_id = user,
                      .experiment = experiment,
                      .variant = i % 2 == 0 ? "control" : "new",
                      .unit = user});
      if (i / 2 % 10 < (i % 2 == 0 ? 2 : reports_of_ten)) {
        some.push_back({.kind = EventKind::kReport, .time_ms = at_ms + i + 1, .user_id = user, .listing_id = "L1"});
      }
    }
    ASSERT_TRUE(events::EventStore(*log_, clock_).put(some, [](std::string_view) { return true; }));
  }

  std::unique_ptr<ExperimentGuard> guard(DecidedExperiments& decided, std::int64_t every_ms = 0) {
    return std::make_unique<ExperimentGuard>(
        ExperimentGuard::Parts{.log = *log_, .clock = clock_, .files = real_file_system(), .decided = decided},
        ExperimentGuard::Options{.metrics_path = folder_ / "metrics.toml",
                                 .check_every = std::chrono::milliseconds(every_ms),
                                 .defined = [this] { return defined_; }});
  }

  std::vector<std::string> running(const DecidedExperiments& decided) const {
    std::vector<std::string> names;
    for (const assignment::Experiment& one : decided.in_force(defined_)->all()) {
      if (one.is_running) names.push_back(one.name);
    }
    return names;
  }

  static decisions::ExperimentDecision decision(Verdict verdict, std::int64_t time_ms) {
    return {.experiment = "bad", .verdict = verdict, .time_ms = time_ms, .by = "Ada", .why = "why not", .numbers = {}};
  }

  fs::path folder_;
  ManualClock clock_{kNow + 1'000};
  std::unique_ptr<log::Log> log_;
  std::shared_ptr<const Experiments> defined_ = std::make_shared<const Experiments>(
      *Experiments::parse(experiment("bad") + experiment("fine") + experiment("unmet"), "x.toml"));
};

TEST_F(GuardedShop, WhatDoesHarmIsStoppedAndTheLogSaysWhy) {
  meet("bad", 8);
  meet("fine", 2);
  DecidedExperiments decided(*log_);
  EXPECT_EQ(decided.in_force(defined_), defined_) << "nothing was decided: not even a copy";
  const auto one = guard(decided);
  const auto stopped = one->check_now();
  ASSERT_TRUE(stopped) << stopped.error().message;
  EXPECT_EQ(*stopped, 1U);
  EXPECT_THAT(running(decided), ElementsAre("fine", "unmet"));
  EXPECT_EQ(decided.in_force(defined_), decided.in_force(defined_)) << "one copy for all searches";
  EXPECT_THAT(one->troubles(), IsEmpty());
  EXPECT_EQ(*one->check_now(), 0U) << "it runs no more";
  EXPECT_EQ(one->checks(), 2U);

  const auto written = decisions::read_experiment_decisions(*log_);
  ASSERT_EQ(written->size(), 1U);
  EXPECT_EQ(written->front().verdict, Verdict::kStoppedByGuardRail);
  EXPECT_THAT(written->front().why, HasSubstr("reports of new changed by +300.00 %"));
  ASSERT_EQ(written->front().numbers.size(), 1U);
  EXPECT_EQ(written->front().numbers.front().units, 400U);
  EXPECT_NEAR(written->front().numbers.front().lift, 3, 1e-9);
  EXPECT_EQ(written->front().time_ms, kNow + 1'000);
  EXPECT_THAT(running(DecidedExperiments(*log_)), ElementsAre("fine", "unmet")) << "after a restart";
}

// 400 shops, each with a place of its own in the taxonomy and one listing, which people report.
TEST_F(GuardedShop, ShopsAndPlacesInTheTaxonomyAreUnitsToo) {
  std::string definitions = experiment("bad");
  for (const char* unit : {"shop", "taxonomy"}) {
    definitions += fmt::format("[[experiment]]\nname = 'of-{}'\nunit = '{}'\n", unit, unit) +
                   "[[experiment.variant]]\nname = 'control'\n[[experiment.variant]]\nname = 'new'\n";
  }
  defined_ = std::make_shared<const Experiments>(*Experiments::parse(definitions, "x.toml"));
  std::vector<log::NewRecord> listings;
  std::vector<Event> some;
  for (int i = 0; i < 400; ++i) {
    const catalog::Listing listing{.id = fmt::format("L{}", i),
                                   .shop_id = fmt::format("S{}", i),
                                   .title = "a mug",
                                   .taxonomy_path = {"Home", fmt::format("Place {}", i)}};
    listings.push_back(*catalog::to_record(listing));
    const auto met = [&](const char* name, const std::string& unit) {
      some.push_back({.kind = EventKind::kExposure,
                      .time_ms = kNow,
                      .experiment = name,
                      .variant = i % 2 == 0 ? "control" : "new",
                      .unit = unit});
    };
    met("of-shop", listing.shop_id);
    met("of-taxonomy", fmt::format("Home > Place {}", i));
    if (i / 2 % 10 < (i % 2 == 0 ? 2 : 8)) {
      some.push_back({.kind = EventKind::kReport, .time_ms = kNow + 1, .user_id = "u", .listing_id = listing.id});
    }
  }
  ASSERT_TRUE(log_->append(log::Topic::kListings, listings));
  ASSERT_TRUE(events::EventStore(*log_, clock_).put(some, [](std::string_view) { return true; }));
  DecidedExperiments decided(*log_);
  const auto one = guard(decided);
  EXPECT_EQ(*one->check_now(), 2U);
  EXPECT_THAT(one->troubles(), IsEmpty());
  EXPECT_THAT(running(decided), ElementsAre("bad"));
}

TEST(GuardDecision, HasWhatIsBrokenAlone) {
  std::vector<experiments::GuardState> states(3, {.metric = "orders", .arm = "new", .problem = {}, .lift = -0.5});
  states[1].is_broken = states[2].is_broken = true;
  states[2].arm = "newer";
  const auto decision = guard_decision("rail", states, kNow);
  EXPECT_EQ(decision.why, states[1].sentence() + " " + states[2].sentence());
  ASSERT_EQ(decision.numbers.size(), 2U);
  EXPECT_EQ(decision.numbers[1].arm, "newer");
  // However many there are, it can be written down.
  states.resize(500, states[1]);
  EXPECT_TRUE(decisions::to_record(guard_decision("rail", states, kNow)));
}

TEST_F(GuardedShop, WhoResumesItKnowsWhatWasBefore) {
  meet("bad", 8);
  DecidedExperiments decided(*log_);
  const auto one = guard(decided);
  ASSERT_EQ(*one->check_now(), 1U);
  ASSERT_TRUE(decided.decide(decision(Verdict::kResume, kNow + 2'000)));
  EXPECT_THAT(running(decided), ElementsAre("bad", "fine", "unmet"));
  EXPECT_EQ(*one->check_now(), 0U);
  clock_.advance_ms(100'000);
  meet("bad", 8, kNow + 3'000);
  EXPECT_EQ(*one->check_now(), 1U) << "it harmed others since";
}

TEST_F(GuardedShop, WithoutGuardsNothingIsStoppedAndWhatIsWrongIsSaid) {
  meet("bad", 8);
  DecidedExperiments decided(*log_);
  const auto one = guard(decided);
  write("[[metric]]\nname = 'reports'\nevents = ['report']\n");
  EXPECT_EQ(*one->check_now(), 0U);
  fs::remove(folder_ / "metrics.toml");
  EXPECT_EQ(*one->check_now(), 0U);
  EXPECT_THAT(one->troubles(), IsEmpty());
  write("[[metric]]\nname = 'reports'\nevents = ['reports']\nguard = 0.1\n");
  EXPECT_FALSE(one->check_now());
  EXPECT_THAT(one->troubles(), ElementsAre(HasSubstr("guard rails of experiments are not checked: ")));
  write("[[metric]]\nname = 'gms'\nevents = ['purchase']\nvalue = 'revenue'\nguard = 0.1\n");
  std::vector<Event> sold;
  for (const char* currency : {"EUR", "USD"}) {
    sold.push_back({.kind = EventKind::kPurchase,
                    .time_ms = kNow + 900,
                    .user_id = fmt::format("bad-{}-1", kNow),
                    .listing_id = "L1",
                    .price_cents = 100,
                    .currency = currency});
  }
  ASSERT_TRUE(events::EventStore(*log_, clock_).put(sold, [](std::string_view) { return true; }));
  EXPECT_EQ(*one->check_now(), 0U);
  EXPECT_THAT(one->troubles(), ElementsAre(HasSubstr("of experiment 'bad' are not checked: prices are in EUR")));
  EXPECT_EQ(one->checks(), 4U);
}

TEST_F(GuardedShop, ByItselfInAThreadThatEndsWhenItIsTold) {
  meet("bad", 8);
  DecidedExperiments decided(*log_);
  auto one = guard(decided, 1);
  while (one->checks() == 0) std::this_thread::yield();
  EXPECT_THAT(running(decided), ElementsAre("fine", "unmet"));
  one.reset();
  guard(decided, std::chrono::milliseconds(std::chrono::hours(24)).count()).reset();  // while it waits
}

// Has its last record of a topic again and again.
class EndlessLog final : public log::Log {
 public:
  EndlessLog(log::Log& log, log::Topic endless) : log_(log), endless_(endless) {}
  mutable std::atomic<std::uint64_t> laps = 0;

  Result<std::vector<log::Appended>> append(log::Topic topic, std::span<const log::NewRecord> records) override {
    return log_.append(topic, records);
  }
  Result<std::uint64_t> read(log::Topic topic, std::uint32_t partition, std::uint64_t offset,
                             const std::function<bool(const log::Record&)>& visit) const override {
    if (topic != endless_ || log_.end_offset(topic, partition) == 0) {
      return log_.read(topic, partition, offset, visit);
    }
    HANDSEL_ASSIGN(const log::Record last, log_.get(topic, {partition, log_.end_offset(topic, partition) - 1}));
    while (visit(last)) ++laps;
    return offset;
  }
  Result<log::Record> get(log::Topic topic, log::Position position) const override { return log_.get(topic, position); }
  std::uint32_t partitions(log::Topic topic) const override { return log_.partitions(topic); }
  std::uint64_t end_offset(log::Topic topic, std::uint32_t partition) const override {
    return log_.end_offset(topic, partition);
  }
  Result<void> forget(log::Topic topic, std::span<const log::Position> positions) override {
    return log_.forget(topic, positions);
  }
  Result<void> backup(const std::string& folder) const override { return log_.backup(folder); }

 private:
  log::Log& log_;
  const log::Topic endless_;
};

TEST_F(GuardedShop, EndsInTheMiddleOfALogThatHasNoEnd) {
  meet("bad", 8);
  const auto mug = catalog::to_record(catalog::Listing{.id = "L1", .shop_id = "S1", .title = "a mug"});
  ASSERT_TRUE(log_->append(log::Topic::kListings, {&*mug, 1}));
  for (const auto& [topic, unit] : {std::pair(log::Topic::kEvents, "visitor"), {log::Topic::kListings, "shop"}}) {
    defined_ = std::make_shared<const Experiments>(*Experiments::parse(
        fmt::format("[[experiment]]\nname = 'bad'\nunit = '{}'\n[[experiment.variant]]\nname = 'control'\n"
                    "[[experiment.variant]]\nname = 'new'\n",
                    unit),
        "x.toml"));
    EndlessLog endless(*log_, topic);
    DecidedExperiments decided(*log_);
    auto one = std::make_unique<ExperimentGuard>(
        ExperimentGuard::Parts{.log = endless, .clock = clock_, .files = real_file_system(), .decided = decided},
        ExperimentGuard::Options{.metrics_path = folder_ / "metrics.toml",
                                 .check_every = std::chrono::milliseconds(1),
                                 .defined = [this] { return defined_; }});
    while (endless.laps < 1'000) std::this_thread::yield();
    one.reset();  // or this test never ends
    EXPECT_EQ(decided.stopped_of(*defined_), 0U);
  }
}

TEST_F(GuardedShop, WhoWasFasterIsNotOverruled) {
  DecidedExperiments decided(*log_);
  const auto seen = decided.standings();
  ASSERT_TRUE(decided.decide(decision(Verdict::kKeepRunning, kNow)));
  EXPECT_FALSE(*decided.decide_if_unchanged(decision(Verdict::kStop, kNow + 1), *seen));
  EXPECT_TRUE(*decided.decide_if_unchanged(decision(Verdict::kStop, kNow + 1), *decided.standings()));
  EXPECT_EQ(decisions::read_experiment_decisions(*log_)->size(), 2U);
  EXPECT_FALSE(decided.decide({.experiment = "bad", .by = {}, .why = "nobody", .numbers = {}}));
  EXPECT_EQ(decided.stopped_of(*defined_), 1U);
}

TEST_F(GuardedShop, WhereDecisionsCannotBeReadNothingRuns) {
  const auto stop = decisions::to_record(decision(Verdict::kStop, kNow));
  const log::NewRecord broken{.key = stop->key, .payload = stop->payload.substr(0, 5)};
  ASSERT_TRUE(log_->append(log::Topic::kDecisions, {&broken, 1}));
  const DecidedExperiments decided(*log_);
  EXPECT_THAT(running(decided), IsEmpty());
  ASSERT_TRUE(decided.trouble());
  EXPECT_THAT(*decided.trouble(), HasSubstr("no experiment runs"));
}

}  // namespace
}  // namespace handsel
