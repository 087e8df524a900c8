// The engine's smaller parts, each on its own.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/engine/backup_request.h"
#include "app/engine/folder_lock.h"
#include "app/engine/generations.h"
#include "app/engine/governor.h"
#include "app/engine/graph_view.h"
#include "app/engine/memory_plan.h"
#include "app/engine/pending_writes.h"
#include "app/engine/query_counts.h"
#include "app/engine/vector_view.h"
#include "facts/catalog/codec.h"
#include "facts/events/codec.h"
#include "facts/log/embedded_log.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const index::Snapshot> snapshot(std::uint64_t generation) {
  index::Snapshot snapshot;
  snapshot.generation = generation;
  return std::make_shared<const index::Snapshot>(std::move(snapshot));
}

View view(std::uint64_t generation) {
  return {.snapshot = snapshot(generation), .query_model = nullptr};
}

TEST(Generations, ACursorFindsItsOwnOrTheNearest) {
  Generations generations(view(10));
  generations.keep(view(3), 0);
  generations.keep(view(6), 0);
  struct Row {
    std::uint64_t wanted, found;
  };
  for (const Row& row : {Row{3, 3}, Row{6, 6}, Row{4, 3}, Row{7, 6}, Row{9, 10}, Row{10, 10}, Row{99, 10}, Row{0, 3}}) {
    EXPECT_EQ(generations.find(row.wanted, 0).snapshot->generation, row.found) << row.wanted;
  }
}

TEST(Generations, AreKeptForATimeAndInANumber) {
  Generations generations(view(1000));
  for (std::uint64_t i = 1; i <= kGenerationsMax + 5; ++i) generations.keep(view(i), 0);
  EXPECT_EQ(generations.kept(), kGenerationsMax);
  EXPECT_EQ(generations.find(1, 0).snapshot->generation, 6u);  // the oldest five went
  generations.keep(view(20), kCursorAgeMs - 1);                // used again: stays
  EXPECT_EQ(generations.find(20, kCursorAgeMs).snapshot->generation, 20u);
  EXPECT_EQ(generations.kept(), 1u);
  EXPECT_EQ(generations.drop_kept(), 1u);
  EXPECT_EQ(generations.find(20, 0).snapshot->generation, 1000u);
}

TEST(GraphView, BuildingTakesATwentiethOfTheTimeAtMost) {
  using namespace std::chrono_literals;
  EXPECT_EQ(build_pause(0ms), 60s);
  EXPECT_EQ(build_pause(3s), 60s);
  EXPECT_EQ(build_pause(30s), 600s);
}

TEST(VectorView, SaysWhereTheGraphIsBlindAndWhatBroke) {
  struct Row {
    double recall;
    std::string error, said;
  };
  for (const Row& row : {Row{1, "", ""}, Row{0.97, "", ""},
                         Row{0.934, "", "the graph of vectors finds 93.4 of the exact nearest 100, the goal is 97;"},
                         Row{1, "a file is damaged", "vectors: a file is damaged;"}}) {
    std::string said;
    for (const auto& reason : troubles_of({.recall_at_100 = row.recall, .last_error = row.error})) said += reason + ";";
    EXPECT_EQ(said, row.said);
  }
}

TEST(PendingWrites, KnowTheNewestUntilItIsApplied) {
  PendingWrites pending({5, 0});
  const auto add = [&](std::string key, std::uint32_t partition, std::uint64_t offset) {
    const log::NewRecord record{.key = std::move(key), .payload = "x", .idempotency_key = ""};
    const log::Appended appended{.position = {.partition = partition, .offset = offset}, .duplicate = false};
    pending.add({&record, 1}, {&appended, 1});
  };
  const auto apply = [&](std::string key, std::uint32_t partition, std::uint64_t offset) {
    const log::Record record{
        .position = {.partition = partition, .offset = offset}, .time_ms = 0, .key = std::move(key), .payload = "x"};
    pending.applied({&record, 1});
  };
  add("a", 0, 4);  // the applier was there first
  EXPECT_FALSE(pending.find("a"));
  add("a", 0, 7);
  add("a", 0, 6);  // told late by a slower thread
  EXPECT_EQ(pending.find("a")->offset, 7u);
  apply("a", 0, 6);
  EXPECT_EQ(pending.find("a")->offset, 7u);
  apply("a", 0, 7);
  EXPECT_FALSE(pending.find("a"));
  add("b", 1, 0);
  EXPECT_EQ(pending.size(), 1u);
}

TEST(MemoryPlan, PartsStayWithinTheCeiling) {
  for (const std::size_t mega : {0, 1, 64, 128, 256, 512, 1024, 65536}) {
    const MemoryPlan plan = plan_memory(mega << 20);
    EXPECT_GT(plan.log_bytes, 0u);
    EXPECT_GT(plan.model_listings_max, 0u);
    if (mega == 0) continue;
    EXPECT_GE(plan.ceiling_bytes, kMemoryMaxLowest);
    EXPECT_GT(plan.tag_lexicon_bytes, 0u);
    EXPECT_LE(plan.log_bytes + plan.catalog_bytes + plan.index_tail_bytes + plan.tag_lexicon_bytes + plan.graph_bytes,
              plan.ceiling_bytes / 2)
        << mega;
    EXPECT_GT(plan.graph_bytes, 0u);
  }
  EXPECT_GT(resident_bytes(), 1u << 20);
}

TEST(Governor, LetsGoNearTheCeilingAndSaysWhenThatWasNotEnough) {
  std::atomic<std::size_t> resident = 60;
  std::atomic<int> releases = 0;
  std::atomic<std::size_t> after_release = 50;
  Governor governor({.folder = "/",
                     .ceiling_bytes = 100,
                     .disk_free_min_bytes = 0,
                     .resident_bytes = [&] { return resident.load(); },
                     .free_bytes = [](const std::string&) -> Result<std::uint64_t> { return 1000; },
                     .release =
                         [&] {
                           ++releases;
                           resident = after_release.load();
                         }});
  EXPECT_EQ(releases, 0);
  resident = 95;
  governor.look();
  EXPECT_GE(releases, 1);
  EXPECT_FALSE(governor.memory_is_short());
  after_release = 120;
  resident = 130;
  governor.look();
  EXPECT_TRUE(governor.memory_is_short());
  resident = 10;
  governor.look();
  EXPECT_FALSE(governor.memory_is_short());
}

class FolderTest : public ::testing::Test {
 protected:
  FolderTest() : folder_(fs::temp_directory_path() / fmt::format("handsel-parts-{}", ::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~FolderTest() override { fs::remove_all(folder_); }
  std::string path(std::string_view name = "") const { return name.empty() ? folder_ : folder_ / name; }

  const fs::path folder_;
};

TEST_F(FolderTest, TheLockIsFreeAgainWhenItsHolderIsGone) {
  {
    const auto held = FolderLock::acquire(path());
    ASSERT_TRUE(held);
    const auto second = FolderLock::acquire(path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::kConflict);
  }
  EXPECT_TRUE(FolderLock::acquire(path()));
}

TEST_F(FolderTest, ABackupIsAskedForAndAnswered) {
  using namespace std::chrono_literals;
  FileSystem& files = real_file_system();
  std::string asked;
  Result<void> answer;
  BackupRequests requests(files, path(), [&](const std::string& to) {
    asked = to;
    return answer;
  });
  EXPECT_TRUE(request_backup(files, path(), "/backups/1", 60s));
  EXPECT_EQ(asked, "/backups/1");
  answer = fail(Code::kAlreadyExists, "it is not empty");
  const auto refused = request_backup(files, path(), "/backups/1", 60s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kAlreadyExists);
  EXPECT_EQ(refused.error().message, "it is not empty");
}

TEST_F(FolderTest, ABackupThatNobodyTakesIsGivenUp) {
  const auto given_up = request_backup(real_file_system(), path(), "/backups/1", std::chrono::milliseconds(1));
  ASSERT_FALSE(given_up);
  EXPECT_EQ(given_up.error().code, Code::kTimedOut);
  EXPECT_FALSE(fs::exists(path("backup.request")));
}

class LogTest : public FolderTest {
 protected:
  LogTest() {
    auto log = log::open_embedded_log({.folder = path("log"), .partitions = 2}, clock_);
    EXPECT_TRUE(log) << log.error().message;
    log_ = std::move(*log);
  }
  void happen(events::Event event) {
    event.id = std::to_string(++sent_);
    if (event.session_id.empty()) event.session_id = event.id;
    event.time_ms = 1;
    const auto record = events::to_record(event);
    ASSERT_TRUE(record) << record.error().message;
    ASSERT_TRUE(log_->append(log::Topic::kEvents, {&*record, 1}));
  }

  void list(int count) {
    std::vector<log::NewRecord> records;
    for (int i = 0; i < count; ++i) {
      auto record = catalog::to_record(catalog::Listing{.id = std::to_string(++sent_), .title = "mug"});
      ASSERT_TRUE(record) << record.error().message;
      records.push_back(std::move(*record));
    }
    ASSERT_TRUE(log_->append(log::Topic::kListings, records));
  }

  ManualClock clock_{1};
  std::unique_ptr<log::Log> log_;
  int sent_ = 0;
};

// All listings lie in one direction. Each call takes so long, and does not return while the gate is shut.
class SlowEncoder final : public models::TextEncoder {
 public:
  std::size_t dimensions() const override { return 2; }
  std::string fingerprint() const override { return "slow"; }
  Result<void> encode_queries(std::span<const models::QueryInput>, std::span<float> out) const override {
    std::ranges::fill(out, 1.0F);
    return {};
  }
  Result<void> encode_listings(std::span<const catalog::Listing* const>, std::span<float> out) const override {
    ++calls;
    calls.notify_all();
    std::this_thread::sleep_for(takes);  // is what a slow one does, and nothing is waited for
    is_shut.wait(true);
    std::ranges::fill(out, 1.0F);
    return {};
  }
  void open_gate() {
    is_shut = false;
    is_shut.notify_all();
  }
  mutable std::atomic<int> calls = 0;
  std::atomic<bool> is_shut = false;
  std::chrono::milliseconds takes{0};
};

TEST_F(LogTest, AViewHasCaughtUpWhenOnlyTheNewestAreNotVisible) {
  const auto encoder = std::make_shared<SlowEncoder>();
  encoder->is_shut = true;
  list(3);
  const auto view = VectorView::open(real_file_system(), *log_, encoder, {.folder = path("vectors")});
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ((*view)->behind(), 3u);
  EXPECT_FALSE((*view)->has_caught_up(1'000)) << "it has none of those that were there when it was opened";
  encoder->open_gate();
  ASSERT_TRUE((*view)->wait_visible(std::chrono::seconds(60)));
  EXPECT_TRUE((*view)->has_caught_up(0));
  encoder->is_shut = true;
  list(5);
  EXPECT_EQ((*view)->behind(), 5u);
  EXPECT_TRUE((*view)->has_caught_up(5));
  EXPECT_FALSE((*view)->has_caught_up(4));
  encoder->open_gate();
}

TEST_F(LogTest, AViewOfASlowEncoderEndsBetweenTwoBatches) {
  const auto encoder = std::make_shared<SlowEncoder>();
  encoder->takes = std::chrono::milliseconds(20);
  list(400);  // 25 batches, all of one step
  auto view = VectorView::open(real_file_system(), *log_, encoder, {.folder = path("vectors")});
  ASSERT_TRUE(view) << view.error().message;
  encoder->calls.wait(0);
  view->reset();
  EXPECT_LT(encoder->calls, 25);
  // Nothing of the step was applied, so that all of it is read again.
  encoder->takes = std::chrono::milliseconds(0);
  view = VectorView::open(real_file_system(), *log_, encoder, {.folder = path("vectors")});
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_TRUE((*view)->wait_visible(std::chrono::seconds(60)));
  EXPECT_EQ((*view)->health().live, 400u);
}

TEST_F(LogTest, AGraphThatCouldNotBeWrittenIsBuiltAgain) {
  for (const std::string person : {"a", "b"}) {
    happen({.kind = events::EventKind::kSearch, .session_id = person, .query = "mug"});
    happen({.kind = events::EventKind::kClick, .session_id = person, .listing_id = "1"});
  }
  GraphView view(real_file_system(), *log_, path("later/graph"), graph::GraphOptions{});
  using namespace std::chrono_literals;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(view.finish_now(60s)) << i;
    EXPECT_EQ(view.graph(), nullptr) << i;
  }
  fs::create_directories(path("later"));
  EXPECT_TRUE(view.finish_now(60s));
  EXPECT_NE(view.graph(), nullptr);
}

class QueryCountsTest : public LogTest {
 protected:
  void search(const std::string& query, std::int32_t offset = 0) {
    happen({.kind = events::EventKind::kSearch, .query = query, .offset = offset});
  }
  QueryCounts counts() { return QueryCounts(real_file_system(), path("queries"), *log_); }
};

using Pairs = std::vector<std::pair<std::string, std::uint64_t>>;

TEST_F(QueryCountsTest, CountsFirstPagesByFoldedWordsAndGoesOnAfterReopening) {
  search("Linen  Apron");
  search("linen apron");
  search("linen apron", 24);  // a second page
  search("oak spoon");
  search("");
  {
    QueryCounts first = counts();
    EXPECT_FALSE(first.is_current());
    ASSERT_TRUE(first.advance());
    EXPECT_TRUE(first.is_current());
    EXPECT_EQ(first.all(), (Pairs{{"linen apron", 2}, {"oak spoon", 1}}));
    ASSERT_TRUE(first.save());
  }
  search("oak spoon");
  QueryCounts second = counts();
  EXPECT_EQ(second.all(), (Pairs{{"linen apron", 2}, {"oak spoon", 1}}));  // from the file
  ASSERT_TRUE(second.advance());
  EXPECT_EQ(second.all(), (Pairs{{"linen apron", 2}, {"oak spoon", 2}}));
}

TEST_F(QueryCountsTest, OnePersonIsOneHoweverOftenTheyAsk) {
  const auto asked_by = [&](const std::string& session, const std::string& user = "") {
    happen({.kind = events::EventKind::kSearch, .user_id = user, .session_id = session, .query = "secret wish"});
  };
  const auto counted = [&] {
    QueryCounts counts = this->counts();
    EXPECT_TRUE(counts.advance());
    EXPECT_TRUE(counts.save());
    return counts.all().front().second;
  };
  for (int i = 0; i < 5; ++i) asked_by("one");
  EXPECT_EQ(counted(), 1u);
  for (int i = 0; i < 5; ++i) asked_by(fmt::format("session {}", i), "somebody");  // in several partitions
  EXPECT_EQ(counted(), 2u);
  asked_by("one");
  asked_by("three");
  const std::uint64_t several = counted();
  EXPECT_GE(several, 3u);
  for (int i = 0; i < 5; ++i) asked_by("three");
  EXPECT_EQ(counted(), several);
}

TEST_F(QueryCountsTest, ADamagedFileIsCountedAgain) {
  search("linen apron");
  QueryCounts first = counts();
  ASSERT_TRUE(first.advance());
  ASSERT_TRUE(first.save());
  const std::string whole = *real_file_system().read_file(path("queries"));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    ASSERT_TRUE(real_file_system().write_file(path("queries"), damaged));
    QueryCounts again = counts();
    EXPECT_TRUE(again.all().empty()) << i;
    ASSERT_TRUE(again.advance());
    EXPECT_EQ(again.all(), (Pairs{{"linen apron", 1}})) << i;
  }
}

}  // namespace
}  // namespace handsel
