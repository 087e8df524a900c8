#include "base/storage/database.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/storage/faulty_disk.h"

namespace handsel::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

enum : FamilyIndex { kPlain, kBloomed, kExpiring };

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() : folder_(testing::TempDir() + "handsel_database_test") { std::filesystem::remove_all(folder_); }
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }

  static std::vector<Family> families() {
    return {{.name = "plain", .compression = Compression::kZstd},
            {.name = "bloomed", .compression = Compression::kNone, .bloom = true},
            {.name = "expiring", .expired = [](std::string_view value) { return value == "old"; }}};
  }

  Result<std::unique_ptr<Database>> try_open(Options options = {}, const std::string& below = "/db") const {
    return Database::open(folder_ + below, families(), options);
  }
  std::unique_ptr<Database> open(Options options = {}, const std::string& below = "/db") const {
    auto database = try_open(options, below);
    EXPECT_TRUE(database) << database.error().message;
    return database ? std::move(*database) : nullptr;
  }

  static Result<void> put(Database& database, FamilyIndex family, std::string_view key, std::string_view value,
                          Sync sync = Sync::kNo) {
    Batch batch(database);
    batch.put(family, key, value);
    return database.write(batch, sync);
  }
  static std::string get(const Database& database, FamilyIndex family, std::string_view key) {
    const auto value = database.get(family, key);
    if (!value) return "error: " + value.error().message;
    return value->value_or("nothing");
  }
  static std::vector<std::string> keys(const Database& database, FamilyIndex family, Range range) {
    std::vector<std::string> keys;
    EXPECT_TRUE(database.visit(family, range, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return true;
    }));
    return keys;
  }

  const std::string folder_;
};

TEST_F(DatabaseTest, KeepsWhatWasWrittenAcrossOpens) {
  {
    const auto database = open();
    ASSERT_TRUE(put(*database, kPlain, "k", "v", Sync::kYes));
    ASSERT_TRUE(put(*database, kBloomed, "k", "another", Sync::kNo));
  }
  const auto database = open();
  EXPECT_EQ(get(*database, kPlain, "k"), "v");
  EXPECT_EQ(get(*database, kBloomed, "k"), "another");
  EXPECT_EQ(get(*database, kBloomed, "absent"), "nothing");
}

TEST_F(DatabaseTest, BatchesRemoveKeysAndRanges) {
  const auto database = open();
  Batch batch(*database);
  EXPECT_TRUE(batch.empty());
  for (const char* key : {"a", "b", "c", "d", "e"}) batch.put(kPlain, key, key);
  batch.remove(kPlain, "a");
  batch.remove_range(kPlain, {"c", "e"});
  ASSERT_TRUE(database->write(batch, Sync::kNo));
  EXPECT_THAT(keys(*database, kPlain, {}), ElementsAre("b", "e"));
  batch.clear();
  EXPECT_TRUE(batch.empty());
  ASSERT_TRUE(database->write(batch, Sync::kNo));
  EXPECT_THAT(keys(*database, kPlain, {}), ElementsAre("b", "e"));
}

TEST_F(DatabaseTest, VisitsRangesInOrder) {
  const auto database = open();
  for (const char* key : {"b1", "a2", "a1", "c", "a3"}) ASSERT_TRUE(put(*database, kPlain, key, ""));
  struct Row {
    Range range;
    std::vector<std::string> keys;
    std::string last;
  };
  const Row rows[] = {
      {{"", ""}, {"a1", "a2", "a3", "b1", "c"}, "c"},
      {{"a2", ""}, {"a2", "a3", "b1", "c"}, "c"},
      {{"a2", "b1"}, {"a2", "a3"}, "a3"},
      {{"a", "b"}, {"a1", "a2", "a3"}, "a3"},
      {{"d", ""}, {}, "nothing"},
      {{"a4", "b"}, {}, "nothing"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(keys(*database, kPlain, row.range), row.keys) << row.range.begin << ".." << row.range.end;
    const auto last = database->last(kPlain, row.range);
    ASSERT_TRUE(last);
    EXPECT_EQ(*last ? (*last)->key : "nothing", row.last) << row.range.begin << ".." << row.range.end;
  }
  int visited = 0;
  ASSERT_TRUE(database->visit(kPlain, {}, [&](std::string_view, std::string_view) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_F(DatabaseTest, MultiGetAnswersInTheOrderOfTheKeys) {
  const auto database = open();
  ASSERT_TRUE(put(*database, kBloomed, "one", "1"));
  ASSERT_TRUE(put(*database, kBloomed, "two", "2"));
  ASSERT_TRUE(database->compact(kBloomed));  // some from files, some from memory
  ASSERT_TRUE(put(*database, kBloomed, "three", "3"));
  const std::vector<std::string_view> asked = {"three", "none", "one", "two", "one"};
  const auto values = database->multi_get(kBloomed, asked);
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_THAT(*values, ElementsAre("3", std::nullopt, "1", "2", "1"));
  EXPECT_EQ(database->approximate_count(kBloomed), 3u);
}

TEST_F(DatabaseTest, MergesDropExpiredValues) {
  const auto database = open();
  ASSERT_TRUE(put(*database, kExpiring, "a", "old"));
  ASSERT_TRUE(put(*database, kExpiring, "b", "new"));
  ASSERT_TRUE(put(*database, kPlain, "a", "old"));
  ASSERT_TRUE(database->compact(kExpiring));
  ASSERT_TRUE(database->compact(kPlain));
  EXPECT_THAT(keys(*database, kExpiring, {}), ElementsAre("b"));
  EXPECT_THAT(keys(*database, kPlain, {}), ElementsAre("a"));
}

TEST_F(DatabaseTest, CopiesItselfWhileItIsWritten) {
  const auto database = open();
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 0; !stop; ++i) {
      // Both or neither: a copy in between would show one alone.
      Batch batch(*database);
      batch.put(kPlain, std::to_string(i), "");
      batch.put(kBloomed, std::to_string(i), "");
      EXPECT_TRUE(database->write(batch, Sync::kNo));
    }
  });
  std::filesystem::create_directories(folder_ + "/empty");
  for (const char* below : {"/copy", "/empty"}) {
    const auto copied = database->checkpoint(folder_ + below);
    ASSERT_TRUE(copied) << copied.error().message;
  }
  stop = true;
  writer.join();
  for (const char* below : {"/copy", "/empty"}) {
    const auto copy = open({.create = false}, below);
    EXPECT_EQ(keys(*copy, kPlain, {}), keys(*copy, kBloomed, {}));
  }
  const auto again = database->checkpoint(folder_ + "/copy");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kAlreadyExists);
}

TEST_F(DatabaseTest, SaysWhyItDoesNotOpen) {
  const auto database = open();
  struct Row {
    std::string below;
    Options options;
    Code code;
    std::string words;
  };
  std::filesystem::create_directories(folder_ + "/bare");
  std::ofstream(folder_ + "/file") << "text";
  const Row rows[] = {
      {"/db", {}, Code::kConflict, "another process uses it"},
      {"/absent", {.create = false}, Code::kNotFound, "there is no folder"},
      {"/bare", {.create = false}, Code::kNotFound, "there is no database"},
      {"/file", {}, Code::kConflict, "is not a folder"},
      {"/file/below", {}, Code::kIo, "cannot create the folder"},
  };
  for (const Row& row : rows) {
    const auto opened = try_open(row.options, row.below);
    ASSERT_FALSE(opened) << row.below;
    EXPECT_EQ(opened.error().code, row.code) << row.below;
    EXPECT_THAT(opened.error().message, HasSubstr(row.words));
    EXPECT_THAT(opened.error().message, HasSubstr(folder_ + row.below));
  }
}

TEST_F(DatabaseTest, RefusesFamiliesItDoesNotKnow) {
  open().reset();
  const auto opened = Database::open(folder_ + "/db", {{.name = "plain"}}, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kCorrupt);
}

TEST_F(DatabaseTest, FindsDamagedFiles) {
  {
    const auto database = open();
    ASSERT_TRUE(put(*database, kPlain, "key", std::string(1000, 'v')));
    ASSERT_TRUE(database->compact(kPlain));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/db")) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(10);
    file.put('!');
  }
  const auto database = open();
  const auto value = database->get(kPlain, "key");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, Code::kCorrupt);
}

TEST_F(DatabaseTest, NamesTheReasonWhenTheDiskFails) {
  struct Row {
    DiskState state;
    std::string words;
  };
  const Row rows[] = {
      {DiskState::kFull, "is full; free space and start again"},
      {DiskState::kSyncsFail, "cannot write to"},
      {DiskState::kDead, "cannot write to"},
  };
  for (const Row& row : rows) {
    FaultyDisk disk;
    const auto database = open({.disk = &disk});
    ASSERT_TRUE(put(*database, kPlain, "before", "", Sync::kYes));
    disk.become(row.state);
    const auto written = put(*database, kPlain, "after", "", Sync::kYes);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::kIo);
    EXPECT_THAT(written.error().message, HasSubstr(row.words));
    EXPECT_THAT(written.error().message, HasSubstr(folder_));
    EXPECT_EQ(get(*database, kPlain, "before"), "");
    // The disk recovers; the database, which cannot know what it lost, does not.
    disk.become(DiskState::kHealthy);
    EXPECT_FALSE(put(*database, kPlain, "later", "", Sync::kYes));
  }
}

TEST_F(DatabaseTest, APowerCutKeepsWhatWasSyncedAndAPrefixOfTheRest) {
  for (const bool sync_at_end : {true, false}) {
    FaultyDisk disk;
    {
      const auto database = open({.disk = &disk});
      ASSERT_TRUE(put(*database, kPlain, "1", "", Sync::kYes));
      ASSERT_TRUE(put(*database, kPlain, "2", "", Sync::kNo));
      ASSERT_TRUE(put(*database, kPlain, "3", "", sync_at_end ? Sync::kYes : Sync::kNo));
      disk.become(DiskState::kDead);
    }
    ASSERT_TRUE(disk.lose_unsynced());
    const auto database = open();
    if (sync_at_end) {
      EXPECT_THAT(keys(*database, kPlain, {}), ElementsAre("1", "2", "3"));
    } else {
      EXPECT_THAT(keys(*database, kPlain, {}), ElementsAre("1"));  // else the disk above forgot nothing
    }
    Batch batch(*database);
    batch.remove_range(kPlain, {"0", "9"});
    ASSERT_TRUE(database->write(batch, Sync::kYes));
  }
}

}  // namespace
}  // namespace handsel::storage
