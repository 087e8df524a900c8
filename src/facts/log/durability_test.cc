// Nothing acknowledged is lost, whatever the disk does: the log on a disk that fails
// after some number of syncs and then forgets what it was not made to keep.
#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/storage/faulty_disk.h"
#include "facts/log/embedded_log.h"

namespace handsel::log {
namespace {

using storage::DiskState;
using storage::FaultyDisk;
using testing::HasSubstr;

constexpr std::uint32_t kPartitions = 2;

struct Acknowledged {
  std::string id;
  Position position;
};

class DurabilityTest : public testing::Test {
 protected:
  DurabilityTest() : folder_(testing::TempDir() + "handsel_durability_test") { std::filesystem::remove_all(folder_); }
  ~DurabilityTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Log> open(FaultyDisk* disk) const {
    auto log = open_embedded_log(
        {.folder = folder_, .partitions = kPartitions, .memory_max_bytes = 4 << 20, .disk = disk}, clock_);
    EXPECT_TRUE(log) << log.error().message;
    return log ? std::move(*log) : nullptr;
  }

  // Appends from several threads until each has been refused; every record's payload is
  // its idempotency key.
  static std::vector<Acknowledged> append_until_refused(Log& log, const std::string& prefix) {
    std::mutex mutex;
    std::vector<Acknowledged> acknowledged;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0;; ++i) {
          std::vector<NewRecord> records;
          for (int r = 0; r < 3; ++r) {
            const std::string id = fmt::format("{}/{}/{}/{}", prefix, t, i, r);
            records.push_back({.key = id, .payload = id, .idempotency_key = id});
          }
          const auto appended = log.append(Topic::kEvents, records);
          if (!appended) return;
          const std::lock_guard lock(mutex);
          for (int r = 0; r < 3; ++r) acknowledged.push_back({records[r].payload, (*appended)[r].position});
        }
      });
    }
    threads.clear();
    return acknowledged;
  }

  static void expect_all_there(Log& log, const std::vector<Acknowledged>& acknowledged) {
    for (const Acknowledged& one : acknowledged) {
      const auto record = log.get(Topic::kEvents, one.position);
      ASSERT_TRUE(record) << one.id << ": " << record.error().message;
      ASSERT_EQ(record->payload, one.id);
      // Its idempotency key came with it.
      const NewRecord again{.key = one.id, .payload = "again", .idempotency_key = one.id};
      const auto appended = log.append(Topic::kEvents, std::span(&again, 1));
      ASSERT_TRUE(appended && (*appended)[0].duplicate) << one.id;
      ASSERT_EQ((*appended)[0].position, one.position);
    }
  }

  static void expect_dense(const Log& log) {
    for (std::uint32_t partition = 0; partition < kPartitions; ++partition) {
      std::uint64_t offset = 0;
      const auto next = log.read(Topic::kEvents, partition, 0, [&](const Record& record) {
        EXPECT_EQ(record.position.offset, offset++);
        return true;
      });
      ASSERT_TRUE(next) << next.error().message;  // no torn record is served
      EXPECT_EQ(offset, log.end_offset(Topic::kEvents, partition));
    }
  }

  const std::string folder_;
  const ManualClock clock_{1'700'000'000'000};
};

TEST_F(DurabilityTest, WhatWasAcknowledgedOutlivesEveryFailure) {
  std::vector<Acknowledged> acknowledged;  // of all rounds: one log lives through them all
  int round = 0;
  for (const DiskState state : {DiskState::kDead, DiskState::kSyncsFail, DiskState::kFull}) {
    for (const int syncs : {1, 2, 3, 7, 20}) {
      SCOPED_TRACE(fmt::format("state {} after {} syncs", static_cast<int>(state), syncs));
      FaultyDisk disk;
      {
        const auto log = open(&disk);
        disk.become_after_syncs(state, syncs);
        const auto some = append_until_refused(*log, fmt::format("round{}", round++));
        acknowledged.insert(acknowledged.end(), some.begin(), some.end());
        disk.become(DiskState::kDead);
      }
      ASSERT_TRUE(disk.lose_unsynced());
      const auto log = open(nullptr);
      ASSERT_NO_FATAL_FAILURE(expect_all_there(*log, acknowledged));
      ASSERT_NO_FATAL_FAILURE(expect_dense(*log));
    }
  }
  EXPECT_GT(acknowledged.size(), 200u);  // else the rounds proved nothing
}

TEST_F(DurabilityTest, RefusesAppendsAfterAFailureAndGoesOnServing) {
  FaultyDisk disk;
  const auto log = open(&disk);
  const NewRecord record{.key = "k", .payload = "kept", .idempotency_key = ""};
  const auto kept = log->append(Topic::kEvents, std::span(&record, 1));
  ASSERT_TRUE(kept);
  const Position position = (*kept)[0].position;

  disk.become(DiskState::kFull);
  const auto refused = log->append(Topic::kEvents, std::span(&record, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kIo);
  EXPECT_THAT(refused.error().message, HasSubstr("is full; free space and start again"));

  disk.become(DiskState::kHealthy);
  const auto later = log->append(Topic::kEvents, std::span(&record, 1));
  ASSERT_FALSE(later);
  EXPECT_THAT(later.error().message, HasSubstr("the log takes no more writes, because one failed"));

  EXPECT_EQ(log->end_offset(Topic::kEvents, position.partition), 1u);
  EXPECT_EQ(log->get(Topic::kEvents, position)->payload, "kept");
  EXPECT_FALSE(log->get(Topic::kEvents, {position.partition, 1}));
}

TEST_F(DurabilityTest, ALogWhoseMakingWasCutShortOpens) {
  for (int syncs = 0; syncs < 40; ++syncs) {
    std::filesystem::remove_all(folder_);
    FaultyDisk disk;
    disk.become_after_syncs(DiskState::kDead, syncs);
    const bool made =
        open_embedded_log({.folder = folder_, .partitions = kPartitions, .disk = &disk}, clock_).has_value();
    ASSERT_TRUE(disk.lose_unsynced());
    const auto log = open(nullptr);
    ASSERT_NE(log, nullptr) << syncs << " syncs";
    EXPECT_EQ(log->partitions(Topic::kEvents), kPartitions);
    if (made) return;
  }
  FAIL() << "opening never succeeded";
}

}  // namespace
}  // namespace handsel::log
