#include "app/engine/exposures.h"

#include <condition_variable>

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

TEST(Exposures, OneThatWasDroppedIsNotRemembered) {
  const Experiments all = one_experiment();
  std::mutex mutex;
  std::condition_variable released;
  bool hangs = true;
  Exposures exposures([&](const std::vector<events::Event>&) -> Result<std::size_t> {
    std::unique_lock lock(mutex);
    released.wait(lock, [&] { return !hangs; });
    return std::size_t{0};
  });
  const auto note = [&](std::size_t unit) {
    const Assigned one{
        .experiment = &all.all()[0], .variant = &all.all()[0].variants[0], .unit = fmt::format("u{}", unit)};
    exposures.note({&one, 1}, {}, kNow);
  };
  const std::size_t all_units = 3 * BackgroundWriter<events::Event>::kWaitingMax;
  for (std::size_t i = 0; i < all_units; ++i) note(i);
  const std::uint64_t dropped = exposures.dropped();
  EXPECT_GE(dropped, BackgroundWriter<events::Event>::kWaitingMax);
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
