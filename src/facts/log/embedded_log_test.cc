#include "facts/log/embedded_log.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "base/storage/database.h"
#include "facts/log/internal/record_codec.h"

namespace handsel::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

class EmbeddedLogTest : public testing::Test {
 protected:
  EmbeddedLogTest() : folder_(testing::TempDir() + "handsel_embedded_log_test") {
    std::filesystem::remove_all(folder_);
  }
  ~EmbeddedLogTest() override { std::filesystem::remove_all(folder_); }

  Result<std::unique_ptr<Log>> try_open(std::optional<std::uint32_t> partitions = std::nullopt,
                                        const std::string& below = "/log") const {
    return open_embedded_log({.folder = folder_ + below, .partitions = partitions, .memory_max_bytes = 8 << 20},
                             clock_);
  }
  std::unique_ptr<Log> open(std::optional<std::uint32_t> partitions = std::nullopt,
                            const std::string& below = "/log") const {
    auto log = try_open(partitions, below);
    EXPECT_TRUE(log) << log.error().message;
    return log ? std::move(*log) : nullptr;
  }

  static std::vector<Appended> append(Log& log, Topic topic, std::vector<NewRecord> records) {
    auto appended = log.append(topic, records);
    EXPECT_TRUE(appended) << appended.error().message;
    return appended.value_or(std::vector<Appended>());
  }
  static std::vector<Record> read(const Log& log, Topic topic, std::uint32_t partition, std::uint64_t offset = 0) {
    std::vector<Record> records;
    const auto next = log.read(topic, partition, offset, [&](const Record& record) {
      records.push_back(record);
      return true;
    });
    EXPECT_TRUE(next) << next.error().message;
    EXPECT_EQ(next.value_or(0), std::max(offset, log.end_offset(topic, partition)));
    return records;
  }
  static std::vector<std::string> payloads(const Log& log, Topic topic, std::uint32_t partition) {
    std::vector<std::string> payloads;
    for (const Record& record : read(log, topic, partition)) payloads.push_back(record.payload);
    return payloads;
  }

  const std::string folder_;
  mutable ManualClock clock_{1'700'000'000'000};
};

TEST_F(EmbeddedLogTest, NumbersRecordsDenselyAndGivesThemBack) {
  const auto log = open(1);
  EXPECT_EQ(log->end_offset(Topic::kListings, 0), 0u);
  const auto first = append(*log, Topic::kListings, {{"a", "1", ""}, {"b", "2", ""}});
  clock_.advance_ms(5);
  const auto second = append(*log, Topic::kListings, {{"a", "", ""}});
  EXPECT_EQ(first[0].position, (Position{0, 0}));
  EXPECT_EQ(first[1].position, (Position{0, 1}));
  EXPECT_EQ(second[0].position, (Position{0, 2}));
  EXPECT_THAT(payloads(*log, Topic::kListings, 0), ElementsAre("1", "2", ""));
  const auto record = log->get(Topic::kListings, {0, 2});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key, "a");
  EXPECT_EQ(record->time_ms, 1'700'000'000'005);
  EXPECT_TRUE(append(*log, Topic::kListings, {}).empty());
}

TEST_F(EmbeddedLogTest, TopicsAndPartitionsAreApart) {
  const auto log = open(3);
  for (const Topic topic : kTopics) {
    for (int i = 0; i < 30; ++i) append(*log, topic, {{std::to_string(i), std::string(topic_name(topic)), ""}});
  }
  for (const Topic topic : kTopics) {
    std::size_t all = 0;
    for (std::uint32_t partition = 0; partition < log->partitions(topic); ++partition) {
      for (const Record& record : read(*log, topic, partition)) {
        EXPECT_EQ(record.payload, topic_name(topic));
        EXPECT_EQ(partition_of(record.key, 3), partition);
        ++all;
      }
    }
    EXPECT_EQ(all, 30u);
  }
}

TEST_F(EmbeddedLogTest, ReadsFromAnOffsetAndStopsWhereTold) {
  const auto log = open(1);
  for (int i = 0; i < 5; ++i) append(*log, Topic::kEvents, {{"k", std::to_string(i), ""}});
  struct Row {
    std::uint64_t offset;
    std::size_t stop_after;
    std::size_t visited;
    std::uint64_t next;
  };
  for (const Row& row : {Row{0, 9, 5, 5}, Row{3, 9, 2, 5}, Row{0, 2, 2, 2}, Row{5, 9, 0, 5}, Row{7, 9, 0, 7}}) {
    std::size_t visited = 0;
    const auto next = log->read(Topic::kEvents, 0, row.offset, [&](const Record& record) {
      EXPECT_EQ(record.payload, std::to_string(row.offset + visited));
      return ++visited < row.stop_after;
    });
    ASSERT_TRUE(next);
    EXPECT_EQ(visited, row.visited) << row.offset;
    EXPECT_EQ(*next, row.next) << row.offset;
  }
}

TEST_F(EmbeddedLogTest, WhatIsNotThereIsNotFound) {
  const auto log = open(2);
  append(*log, Topic::kEvents, {{"k", "v", ""}});
  for (const Position position : {Position{0, 99}, Position{1, 99}, Position{9, 0}}) {
    const auto record = log->get(Topic::kEvents, position);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code, Code::kNotFound);
  }
  EXPECT_EQ(log->end_offset(Topic::kEvents, 9), 0u);
  EXPECT_TRUE(read(*log, Topic::kEvents, 9).empty());
}

TEST_F(EmbeddedLogTest, CountsAnIdempotencyKeyOnce) {
  auto log = open(1);
  const auto append_one = [&](Topic topic, const std::string& payload, const std::string& key) {
    return append(*log, topic, {{"k", payload, key}})[0];
  };
  const Appended first = append_one(Topic::kEvents, "first", "id");
  EXPECT_FALSE(first.duplicate);
  const auto expect_duplicate = [&](const Appended& appended) {
    EXPECT_TRUE(appended.duplicate);
    EXPECT_EQ(appended.position, first.position);
  };
  expect_duplicate(append_one(Topic::kEvents, "second", "id"));
  EXPECT_FALSE(append_one(Topic::kEvents, "other key", "id2").duplicate);
  EXPECT_FALSE(append_one(Topic::kEvents, "no key", "").duplicate);
  EXPECT_FALSE(append_one(Topic::kEvents, "no key", "").duplicate);
  EXPECT_FALSE(append_one(Topic::kDecisions, "other topic", "id").duplicate);

  const auto mixed =
      append(*log, Topic::kEvents, {{"k", "a", "x"}, {"k", "b", "id"}, {"k", "c", "x"}, {"k", "d", "y"}});
  EXPECT_FALSE(mixed[0].duplicate);
  expect_duplicate(mixed[1]);
  EXPECT_TRUE(mixed[2].duplicate);  // within one append
  EXPECT_EQ(mixed[2].position, mixed[0].position);
  EXPECT_FALSE(mixed[3].duplicate);
  EXPECT_THAT(payloads(*log, Topic::kEvents, 0), ElementsAre("first", "other key", "no key", "no key", "a", "d"));

  log.reset();
  log = open();
  expect_duplicate(append_one(Topic::kEvents, "after a restart", "id"));
  clock_.advance_ms(kIdempotencyDays * kDayMs);
  expect_duplicate(append_one(Topic::kEvents, "on the last day", "id"));
  clock_.advance_ms(1);
  EXPECT_FALSE(append_one(Topic::kEvents, "a week later", "id").duplicate);
  EXPECT_TRUE(append_one(Topic::kEvents, "and again", "id").duplicate);
}

TEST_F(EmbeddedLogTest, RefusesWhatIsTooLarge) {
  const auto log = open();
  const std::string big(kRecordBytesMax, 'x');
  EXPECT_TRUE(log->append(Topic::kEvents, std::vector<NewRecord>{{"", big, ""}}));
  struct Row {
    std::vector<NewRecord> records;
    std::string words;
  };
  const Row rows[] = {
      {{{"k", big, ""}}, "the record of 'k' has 1048577 bytes; at most 1048576 are allowed"},
      {std::vector<NewRecord>(kAppendRecordsMax + 1), "100001 records in one append"},
      {std::vector<NewRecord>(65, {"", big, ""}), "bytes in one append"},
  };
  for (const Row& row : rows) {
    const auto appended = log->append(Topic::kEvents, row.records);
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Code::kTooLarge);
    EXPECT_THAT(appended.error().message, HasSubstr(row.words));
  }
  EXPECT_EQ(log->end_offset(Topic::kEvents, partition_of("", kPartitionsDefault)), 1u);
}

TEST_F(EmbeddedLogTest, ForgetsWhatIsNamedButNeverTheLast) {
  auto log = open(1);
  for (int i = 0; i < 4; ++i) append(*log, Topic::kListings, {{"k", std::to_string(i), ""}});
  ASSERT_TRUE(log->forget(Topic::kListings, std::vector<Position>{{0, 0}, {0, 2}, {0, 3}, {0, 77}, {5, 0}}));
  EXPECT_THAT(payloads(*log, Topic::kListings, 0), ElementsAre("1", "3"));
  EXPECT_EQ(log->get(Topic::kListings, {0, 2}).error().code, Code::kNotFound);
  ASSERT_TRUE(log->forget(Topic::kListings, {}));
  log.reset();
  log = open();
  EXPECT_EQ(append(*log, Topic::kListings, {{"k", "4", ""}})[0].position.offset, 4u);
  EXPECT_THAT(payloads(*log, Topic::kListings, 0), ElementsAre("1", "3", "4"));
}

TEST_F(EmbeddedLogTest, SaysWhyItDoesNotOpen) {
  open(3).reset();
  struct Row {
    std::optional<std::uint32_t> partitions;
    Code code;
    std::string words;
  };
  const Row rows[] = {
      {4, Code::kConflict, "has 3 partitions, not 4"},
      {0, Code::kInvalidArgument, "0 partitions"},
      {kPartitionsMax + 1, Code::kInvalidArgument, "257 partitions"},
  };
  for (const Row& row : rows) {
    const auto opened = try_open(row.partitions);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, row.code);
    EXPECT_THAT(opened.error().message, HasSubstr(row.words));
  }
  const auto log = open();
  EXPECT_EQ(log->partitions(Topic::kEvents), 3u);
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kConflict);
  EXPECT_THAT(second.error().message, HasSubstr("another process uses it"));
}

TEST_F(EmbeddedLogTest, BacksUpWhileAppendsGoOn) {
  const auto log = open(2);
  append(*log, Topic::kEvents, {{"k", "acknowledged", "first"}});
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 0; !stop; ++i) append(*log, Topic::kEvents, {{std::to_string(i), "later", std::to_string(i)}});
  });
  const auto copied = log->backup(folder_ + "/copy");
  stop = true;
  writer.join();
  ASSERT_TRUE(copied) << copied.error().message;
  const auto copy = open(2, "/copy");
  const auto again = append(*copy, Topic::kEvents, {{"k", "again", "first"}})[0];
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(copy->get(Topic::kEvents, again.position)->payload, "acknowledged");
  for (std::uint32_t partition = 0; partition < 2; ++partition) {
    std::uint64_t offset = 0;
    for (const Record& record : read(*copy, Topic::kEvents, partition)) EXPECT_EQ(record.position.offset, offset++);
    EXPECT_LE(offset, log->end_offset(Topic::kEvents, partition));
  }
}

TEST_F(EmbeddedLogTest, NeverServesADamagedRecord) {
  {
    const auto log = open(1);
    for (int i = 0; i < 3; ++i) append(*log, Topic::kEvents, {{"k", "payload", ""}});
  }
  {
    auto database =
        storage::Database::open(folder_ + "/log", {{.name = "records"}, {.name = "idempotency"}, {.name = "meta"}}, {});
    ASSERT_TRUE(database) << database.error().message;
    const std::string key = record_key(Topic::kEvents, {0, 1});
    std::string value = **(*database)->get(0, key);
    value.back() ^= 1;
    storage::Batch batch(**database);
    batch.put(0, key, value);
    ASSERT_TRUE((*database)->write(batch, storage::Sync::kYes));
  }
  const auto log = open();
  std::size_t visited = 0;
  const auto next = log->read(Topic::kEvents, 0, 0, [&](const Record&) { return ++visited > 0; });
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, Code::kCorrupt);
  EXPECT_EQ(next.error().message, "record events/0/1 of the log does not match its checksum");
  EXPECT_EQ(visited, 1u);
  EXPECT_EQ(log->get(Topic::kEvents, {0, 1}).error().code, Code::kCorrupt);
  EXPECT_TRUE(log->get(Topic::kEvents, {0, 2}));
}

// Whatever byte of the files changes while nothing runs: the log either gives every record
// or says that it cannot.
TEST_F(EmbeddedLogTest, DamageAtRestIsNeverSilent) {
  constexpr std::size_t kRecords = 200;
  {
    const auto log = open(1);
    for (std::size_t i = 0; i < kRecords; ++i) append(*log, Topic::kEvents, {{"k", fmt::format("record {}", i), ""}});
  }
  const auto intact = [&] {
    const auto log = try_open(1, "/damaged");
    if (!log) return false;
    std::size_t records = 0;
    const auto next = (*log)->read(Topic::kEvents, 0, 0, [&](const Record&) { return ++records > 0; });
    EXPECT_TRUE(!next || records == kRecords) << records;
    return next.has_value();
  };
  std::size_t found_out = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/log")) {
    for (const std::uintmax_t share : {10, 50, 90}) {
      SCOPED_TRACE(entry.path().filename().string());
      std::filesystem::remove_all(folder_ + "/damaged");
      std::filesystem::copy(folder_ + "/log", folder_ + "/damaged");
      std::fstream file(folder_ + "/damaged/" + entry.path().filename().string(),
                        std::ios::in | std::ios::out | std::ios::binary);
      const auto at = static_cast<std::streamoff>(entry.file_size() * share / 100);
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      if (byte != EOF) file.put(static_cast<char>(byte ^ 1));
      file.close();
      found_out += !intact();
    }
  }
  EXPECT_GE(found_out, 3u);
}

// The obvious twin: vectors and a set in memory.
class ModelLog {
 public:
  explicit ModelLog(std::uint32_t partitions) : partitions_(partitions) {}

  Appended append(Topic topic, const NewRecord& record) {
    const auto seen = seen_.find({topic, record.idempotency_key});
    if (!record.idempotency_key.empty() && seen != seen_.end()) return {seen->second, true};
    const std::uint32_t partition = partition_of(record.key, partitions_);
    auto& records = records_[{topic, partition}];
    const Position position{partition, records.size()};
    records.push_back(record.payload);
    if (!record.idempotency_key.empty()) seen_[{topic, record.idempotency_key}] = position;
    return {position, false};
  }
  void forget(Topic topic, Position position) {
    auto& records = records_[{topic, position.partition}];
    if (position.offset + 1 < records.size()) records[position.offset].reset();
  }
  std::vector<std::string> payloads(Topic topic, std::uint32_t partition) const {
    std::vector<std::string> payloads;
    const auto found = records_.find({topic, partition});
    if (found == records_.end()) return payloads;
    for (const auto& record : found->second) {
      if (record) payloads.push_back(*record);
    }
    return payloads;
  }

 private:
  const std::uint32_t partitions_;
  std::map<std::pair<Topic, std::uint32_t>, std::vector<std::optional<std::string>>> records_;
  std::map<std::pair<Topic, std::string>, Position> seen_;
};

TEST_F(EmbeddedLogTest, AgreesWithItsTwin) {
  constexpr std::uint32_t kPartitions = 3;
  Rng rng(20);
  auto log = open(kPartitions);
  ModelLog model(kPartitions);
  for (int step = 0; step < 300; ++step) {
    const Topic topic = kTopics[rng.below(kTopics.size())];
    std::vector<NewRecord> records(rng.below(6));
    for (NewRecord& record : records) {
      record = {fmt::format("key{}", rng.below(20)), fmt::format("{}:{}", step, rng.below(1000)), ""};
      if (rng.chance(0.7)) record.idempotency_key = fmt::format("id{}", rng.below(300));
    }
    const auto appended = append(*log, topic, records);
    ASSERT_EQ(appended.size(), records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const Appended expected = model.append(topic, records[i]);
      EXPECT_EQ(appended[i].position, expected.position);
      EXPECT_EQ(appended[i].duplicate, expected.duplicate);
    }
    if (!appended.empty() && rng.chance(0.3)) {
      const Position position{appended[0].position.partition, rng.below(appended[0].position.offset + 1)};
      ASSERT_TRUE(log->forget(topic, std::span(&position, 1)));
      model.forget(topic, position);
    }
    if (rng.chance(0.02)) {
      log.reset();
      log = open();
    }
  }
  for (const Topic topic : kTopics) {
    for (std::uint32_t p = 0; p < kPartitions; ++p) EXPECT_EQ(payloads(*log, topic, p), model.payloads(topic, p));
  }
}

TEST_F(EmbeddedLogTest, ManyCallersAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kAppends = 60;
  const auto log = open(2);
  // All threads write the same idempotency keys: of each, one may win.
  std::atomic<int> won = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        std::optional<Position> last;
        for (int i = 0; i < kAppends; ++i) {
          const auto appended =
              append(*log, Topic::kEvents,
                     {{fmt::format("thread{}", t), fmt::format("{}", i), ""},
                      {fmt::format("shared{}", i), fmt::format("shared by {}", t), fmt::format("{}", i)}});
          ASSERT_EQ(appended.size(), 2u);
          EXPECT_LT(last, appended[0].position);
          last = appended[0].position;
          won += !appended[1].duplicate;
          // What was acknowledged can be read at once, by the loser of a race too.
          EXPECT_EQ(log->get(Topic::kEvents, appended[0].position)->payload, fmt::format("{}", i));
          EXPECT_EQ(log->get(Topic::kEvents, appended[1].position)->key, fmt::format("shared{}", i));
        }
      });
    }
  }
  EXPECT_EQ(won, kAppends);
  std::size_t all = 0;
  for (std::uint32_t partition = 0; partition < 2; ++partition) {
    std::uint64_t offset = 0;
    for (const Record& record : read(*log, Topic::kEvents, partition)) EXPECT_EQ(record.position.offset, offset++);
    all += offset;
  }
  EXPECT_EQ(all, static_cast<std::size_t>((kThreads + 1) * kAppends));
}

// Analyses read while a server writes.
TEST(EmbeddedLogReadOnly, SeesWhatWasThereBesideAWriterAndWritesNothing) {
  const std::string folder = testing::TempDir() + "/handsel_read_only_log_test";
  std::filesystem::remove_all(folder);
  const SystemClock clock;
  EXPECT_FALSE(open_embedded_log({.folder = folder, .read_only = true}, clock)) << "it makes no log";
  const auto writer = open_embedded_log({.folder = folder, .partitions = 1}, clock);
  ASSERT_TRUE(writer);
  const NewRecord one{.key = "a", .payload = "first"};
  ASSERT_TRUE((*writer)->append(Topic::kEvents, std::span(&one, 1)));
  const auto reader = open_embedded_log({.folder = folder, .read_only = true}, clock);
  ASSERT_TRUE(reader) << reader.error().message;
  const NewRecord two{.key = "a", .payload = "second"};
  ASSERT_TRUE((*writer)->append(Topic::kEvents, std::span(&two, 1)));
  std::vector<std::string> seen;
  ASSERT_TRUE((*reader)->read(Topic::kEvents, 0, 0, [&](const Record& record) {
    seen.push_back(record.payload);
    return true;
  }));
  EXPECT_EQ(seen, std::vector<std::string>{"first"});
  EXPECT_FALSE((*reader)->append(Topic::kEvents, std::span(&two, 1)));
  EXPECT_EQ((*writer)->end_offset(Topic::kEvents, 0), 2U);
  std::filesystem::remove_all(folder);
}

// Buffers become tables and their write-ahead logs go away while readers open: no reader misses what lay in one.
TEST(EmbeddedLogReadOnly, HasNoHolesHoweverOftenTheWriterTidiesUp) {
  const std::string folder = testing::TempDir() + "/handsel_read_only_holes_test";
  std::filesystem::remove_all(folder);
  const SystemClock clock;
  auto writer = open_embedded_log({.folder = folder, .partitions = 1, .memory_max_bytes = 32 << 20}, clock);
  ASSERT_TRUE(writer);
  std::jthread writing([&](const std::stop_token& stop) {
    const std::vector<NewRecord> records(20, {.key = "a", .payload = std::string(2'000, 'x')});
    while (!stop.stop_requested()) ASSERT_TRUE((*writer)->append(Topic::kEvents, records));
  });
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t acknowledged = (*writer)->end_offset(Topic::kEvents, 0);
    const auto reader = open_embedded_log({.folder = folder, .read_only = true}, clock);
    ASSERT_TRUE(reader) << reader.error().message;
    ASSERT_GE((*reader)->end_offset(Topic::kEvents, 0), acknowledged);
    std::uint64_t expected = acknowledged - std::min<std::uint64_t>(acknowledged, 2'000);
    ASSERT_TRUE((*reader)->read(Topic::kEvents, 0, expected, [&](const Record& record) {
      EXPECT_EQ(record.position.offset, expected);
      expected = record.position.offset + 1;
      return true;
    }));
  }
  writing.request_stop();
  writing.join();
  writer->reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace handsel::log
