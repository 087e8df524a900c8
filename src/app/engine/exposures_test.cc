#include "app/engine/exposures.h"

#include <condition_variable>
#include <set>

#include <gtest/gtest.h>

namespace handsel {
namespace {

constexpr std::int64_t kNow = 1'767'225'600'000;  // the start of a day
constexpr std::int64_t kMinuteMs = 60'000;

Experiments one_experiment() {
  auto parsed = Experiments::parse(
      "[[experiment]]\nname = 'e'\n[[experiment.variant]]\nname = 'control'\n[[experiment.variant]]\nname = 'new'\n",
      "x.toml");
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? std::move(*parsed) : Experiments();
}

TEST(Exposures, AreWrittenOncePerUnitAndDroppedOnesAgain) {
  const Experiments all = one_experiment();
  const auto assigned = [&](std::string unit, bool in_washout = false) {
    return Assigned{.experiment = &all.all()[0],
                    .variant = &all.all()[0].variants[0],
                    .unit = std::move(unit),
                    .in_washout = in_washout};
  };
  std::mutex mutex;
  std::vector<events::Event> written;
  Exposures exposures([&](const std::vector<events::Event>& events) -> Result<std::size_t> {
    const std::lock_guard lock(mutex);
    written.insert(written.end(), events.begin(), events.end());
    return std::size_t{0};
  });
  const std::vector<Assigned> two = {assigned("u"), assigned("w", true)};
  for (int i = 0; i < 3; ++i) exposures.note(two, {.user_id = "u", .surface = "home"}, kNow + i);
  ASSERT_TRUE(exposures.finish_now());
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written[0].kind, events::EventKind::kExposure);
  EXPECT_EQ(written[0].experiment + "/" + written[0].variant + "/" + written[0].unit, "e/control/u");
  EXPECT_EQ(written[0].surface, "home");
  EXPECT_EQ(exposures.written(), 1u);

  // A restart forgets; on the same day it is the same event.
  const std::string id = written[0].id;
  const auto id_at = [&](std::int64_t now_ms) {
    std::string told;
    {
      Exposures again([&](const std::vector<events::Event>& events) -> Result<std::size_t> {
        told = events.front().id;
        return std::size_t{0};
      });
      again.note(two, {}, now_ms);
    }
    return told;
  };
  EXPECT_EQ(id_at(kNow + 60 * kMinuteMs), id);
  EXPECT_NE(id_at(kNow + 24 * 60 * kMinuteMs), id);
}

TEST(Exposures, AnotherVariantOrSaltOrExperimentIsAnotherExposure) {
  std::vector<std::string> ids;
  Exposures exposures([&](const std::vector<events::Event>& events) -> Result<std::size_t> {
    for (const events::Event& event : events) ids.push_back(event.id);
    return std::size_t{0};
  });
  const assignment::Experiment e{.name = "e"};
  const assignment::Experiment salted{.name = "e", .salt = "2"};
  const assignment::Experiment other{.name = "f"};
  const assignment::Variant control{.name = "control"};
  const assignment::Variant treated{.name = "new"};
  const std::vector<Assigned> all = {
      {&e, &control, "u"}, {&e, &treated, "u"}, {&salted, &control, "u"}, {&other, &control, "u"}, {&e, &control, "v"}};
  for (int i = 0; i < 2; ++i) {
    exposures.note(all, {}, kNow);
    ASSERT_TRUE(exposures.finish_now());
  }
  ASSERT_EQ(ids.size(), all.size());
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), all.size()) << "the log would take them for one";
}

TEST(Exposures, TheNewestAreRememberedHoweverManyThereAre) {
  Exposures exposures([](const std::vector<events::Event>&) -> Result<std::size_t> { return std::size_t{0}; });
  const assignment::Experiment e{.name = "e"};
  const assignment::Variant control{.name = "control"};
  const auto note = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const Assigned one{&e, &control, fmt::format("u{}", i)};
      exposures.note({&one, 1}, {}, kNow);
      if (i % 1'000 != 0) continue;
      ASSERT_TRUE(exposures.finish_now());  // before too many wait
    }
    ASSERT_TRUE(exposures.finish_now());
  };
  const std::size_t count = Exposures::kRememberedMax + 10;
  note(0, count);
  EXPECT_EQ(exposures.written(), count);
  note(count - Exposures::kRememberedMax, count);
  EXPECT_EQ(exposures.written(), count);
  note(count, count + 2 * Exposures::kRememberedMax);
  note(0, 10);
  EXPECT_EQ(exposures.written(), count + 2 * Exposures::kRememberedMax + 10) << "the oldest are forgotten";
  EXPECT_EQ(exposures.dropped(), 0u);
}

TEST(Exposures, OneThatWasDroppedIsNotRemembered) {
  const Experiments all = one_experiment();
  std::mutex mutex;
  std::condition_variable released;
  std::condition_variable reached;
  bool is_reached = false;
  bool hangs = true;
  Exposures exposures([&](const std::vector<events::Event>&) -> Result<std::size_t> {
    std::unique_lock lock(mutex);
    is_reached = true;
    reached.notify_all();
    released.wait(lock, [&] { return !hangs; });
    return std::size_t{0};
  });
  const auto note = [&](std::size_t unit) {
    const Assigned one{
        .experiment = &all.all()[0], .variant = &all.all()[0].variants[0], .unit = fmt::format("u{}", unit)};
    exposures.note({&one, 1}, {}, kNow);
  };
  const std::size_t all_units = 3 * BackgroundWriter<events::Event>::kWaitingMax;
  note(0);
  {
    std::unique_lock lock(mutex);
    reached.wait(lock, [&] { return is_reached; });  // from here on all that is noted waits
  }
  for (std::size_t i = 1; i < all_units; ++i) note(i);
  const std::uint64_t dropped = exposures.dropped();
  EXPECT_EQ(dropped, all_units - 1 - BackgroundWriter<events::Event>::kWaitingMax);
  EXPECT_TRUE(exposures.trouble());
  {
    const std::lock_guard lock(mutex);
    hangs = false;
  }
  released.notify_all();
  ASSERT_TRUE(exposures.finish_now());
  note(all_units - 1);
  ASSERT_TRUE(exposures.finish_now());
  EXPECT_EQ(exposures.written(), all_units - dropped + 1);
  note(0);  // was written
  ASSERT_TRUE(exposures.finish_now());
  EXPECT_EQ(exposures.written(), all_units - dropped + 1);
}

}  // namespace
}  // namespace handsel
