// A power cut at every kind of moment: the disk of the log dies after a given number
// of syncs, what was not synced is gone, the engine opens again.
#include <filesystem>

#include <unistd.h>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "app/engine/engine.h"
#include "base/storage/faulty_disk.h"
#include "load.h"

namespace handsel::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'767'225'600'000;

struct Power {
  storage::DiskState becomes;
  std::string_view what;
};

class PowerCut : public ::testing::TestWithParam<Power> {
 protected:
  PowerCut() : folder_(fs::temp_directory_path() / fmt::format("handsel-power-{}", ::getpid())) {
    fs::remove_all(folder_);
  }
  ~PowerCut() override { fs::remove_all(folder_); }

  EngineOptions options() {
    return {.folder = folder_ / "data", .threads = 1, .refresh_every_ms = 5, .commit_every_ms = 50, .disk = &disk_};
  }

  const fs::path folder_;
  ManualClock clock_{kNow};
  storage::FaultyDisk disk_;
};

TEST_P(PowerCut, LosesNothingThatWasAcknowledged) {
  Rng rng(20'260'101);
  Judge judge;
  std::uint64_t next_number = 1;
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    auto engine = Engine::open(options(), clock_);
    ASSERT_TRUE(engine) << engine.error().message;
    const auto problems = judge.judge(**engine);
    ASSERT_TRUE(problems.empty()) << fmt::format("{}", fmt::join(problems, "\n"));

    disk_.become_after_syncs(GetParam().becomes, static_cast<int>(1 + rng.below(15)));
    for (bool alive = true; alive;) {
      const auto operations = draw(rng, 0, next_number);
      for (const Operation& operation : operations) judge.began(operation);
      alive = perform(**engine, operations);
      for (const Operation& operation : operations) {
        if (alive) judge.acknowledged(operation);
      }
    }
    engine->reset();
    ASSERT_TRUE(disk_.lose_unsynced());
    disk_.become(storage::DiskState::kHealthy);
    // The views are as deletable as ever, and then made of the log that is left.
    if (round % 3 == 2) fs::remove_all(folder_ / "data/derived");
    clock_.advance_ms(60'000);
  }
  EXPECT_GT(judge.acknowledged_count(), 100u);
}

INSTANTIATE_TEST_SUITE_P(Disks, PowerCut,
                         ::testing::Values(Power{storage::DiskState::kDead, "Dead"},
                                           Power{storage::DiskState::kFull, "Full"},
                                           Power{storage::DiskState::kSyncsFail, "SyncsFail"}),
                         [](const auto& info) { return std::string(info.param.what); });

}  // namespace
}  // namespace handsel::test
