#include "facts/catalog/catalog_store.h"

#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/clock.h"
#include "base/core/rng.h"
#include "base/storage/database.h"
#include "facts/log/embedded_log.h"

namespace handsel::catalog {
namespace {

using log::Position;
using log::Topic;
using testing::ElementsAre;
using testing::IsEmpty;

class CatalogStoreTest : public testing::Test {
 protected:
  CatalogStoreTest() : folder_(testing::TempDir() + "handsel_catalog_store_test") {
    std::filesystem::remove_all(folder_);
  }
  ~CatalogStoreTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<CatalogStore> open(const std::string& below = "/catalog") const {
    auto store = CatalogStore::open(folder_ + below, 8 << 20);
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }

  static log::Record record(Position position, std::string key, std::string payload = "something") {
    return {.position = position, .time_ms = 0, .key = std::move(key), .payload = std::move(payload)};
  }
  static void apply(CatalogStore& store, std::vector<log::Record> records) {
    const auto applied = store.apply(records);
    EXPECT_TRUE(applied) << applied.error().message;
  }
  static std::map<std::string, Position> all(const CatalogStore& store, Kind kind) {
    std::map<std::string, Position> found;
    EXPECT_TRUE(store.visit(kind, [&](std::string_view id, Position position) {
      EXPECT_TRUE(found.emplace(id, position).second);
      return true;
    }));
    return found;
  }
  static std::vector<Position> superseded(const CatalogStore& store) { return *store.superseded(1000); }

  const std::string folder_;
};

TEST_F(CatalogStoreTest, MapsEveryKindToItsNewestRecord) {
  const auto store = open();
  apply(*store, {record({0, 0}, "l/1"), record({0, 1}, "l/2"), record({1, 0}, "s/1"), record({0, 2}, "l/1")});
  EXPECT_EQ(*store->get(Kind::kListing, "1"), (Position{0, 2}));
  EXPECT_EQ(*store->get(Kind::kListing, "2"), (Position{0, 1}));
  EXPECT_EQ(*store->get(Kind::kShop, "1"), (Position{1, 0}));
  EXPECT_EQ(store->get(Kind::kShop, "2").error().code, Code::kNotFound);
  EXPECT_EQ(store->get(Kind::kListing, "").error().code, Code::kNotFound);
  EXPECT_TRUE(*store->contains(Kind::kListing, "1"));
  EXPECT_FALSE(*store->contains(Kind::kReview, "1"));
  EXPECT_EQ(store->count(Kind::kListing), 2u);
  EXPECT_EQ(store->count(Kind::kShop), 1u);
  EXPECT_EQ(store->count(Kind::kUser), 0u);
  EXPECT_EQ(store->applied(0), 3u);
  EXPECT_EQ(store->applied(1), 1u);
  EXPECT_EQ(store->applied(2), 0u);
  EXPECT_THAT(superseded(*store), ElementsAre(Position{0, 0}));
}

TEST_F(CatalogStoreTest, FollowsAThingThroughItsLife) {
  const auto store = open();
  struct Row {
    std::string payload;  // empty: deleted
    bool exists;
    std::uint64_t count;
    std::vector<Position> superseded;
  };
  const Row rows[] = {
      {"", false, 0, {}},  // deleted before it ever was
      {"made", true, 1, {{0, 0}}},
      {"changed", true, 1, {{0, 0}, {0, 1}}},
      {"", false, 0, {{0, 0}, {0, 1}, {0, 2}}},
      {"", false, 0, {{0, 0}, {0, 1}, {0, 2}, {0, 3}}},
      {"back", true, 1, {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}}},
  };
  std::uint64_t offset = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(fmt::format("record {}", offset));
    apply(*store, {record({0, offset}, "l/1", row.payload)});
    EXPECT_EQ(*store->contains(Kind::kListing, "1"), row.exists);
    EXPECT_EQ(store->count(Kind::kListing), row.count);
    EXPECT_EQ(all(*store, Kind::kListing).size(), row.count);
    EXPECT_EQ(superseded(*store), row.superseded);
    ++offset;
  }
}

TEST_F(CatalogStoreTest, ApplyingAgainChangesNothing) {
  const auto store = open();
  const std::vector<log::Record> records = {record({0, 0}, "l/1"), record({0, 1}, "l/1", ""), record({0, 2}, "l/1")};
  apply(*store, records);
  apply(*store, records);
  apply(*store, {records[1]});
  apply(*store, {});
  EXPECT_EQ(store->count(Kind::kListing), 1u);
  EXPECT_EQ(*store->get(Kind::kListing, "1"), (Position{0, 2}));
  EXPECT_THAT(superseded(*store), ElementsAre(Position{0, 0}, Position{0, 1}));
}

TEST_F(CatalogStoreTest, PassesOverForeignKeysButCountsThemAsApplied) {
  const auto store = open();
  apply(*store, {record({0, 0}, "z/1"), record({0, 1}, "")});
  EXPECT_EQ(store->applied(0), 2u);
  for (const Kind kind : kKinds) EXPECT_EQ(store->count(kind), 0u);
}

TEST_F(CatalogStoreTest, VisitsInTheOrderOfIdsAndStopsWhereTold) {
  const auto store = open();
  apply(*store, {record({0, 0}, "l/b"), record({0, 1}, "l/a"), record({0, 2}, "l/c"), record({0, 3}, "m/x"),
                 record({0, 4}, "s/a"), record({0, 5}, "l/a0")});
  std::vector<std::string> ids;
  ASSERT_TRUE(store->visit(Kind::kListing, [&](std::string_view id, Position) {
    ids.emplace_back(id);
    return ids.size() < 3;
  }));
  EXPECT_THAT(ids, ElementsAre("a", "a0", "b"));
}

TEST_F(CatalogStoreTest, ForgetsSupersededPositionsWhenTold) {
  const auto store = open();
  for (std::uint64_t offset = 0; offset < 4; ++offset) apply(*store, {record({0, offset}, "l/1")});
  const auto some = store->superseded(2);
  EXPECT_THAT(*some, ElementsAre(Position{0, 0}, Position{0, 1}));
  EXPECT_THAT(*store->superseded(0), IsEmpty());
  ASSERT_TRUE(store->forgotten(*some));
  ASSERT_TRUE(store->forgotten({}));
  EXPECT_THAT(superseded(*store), ElementsAre(Position{0, 2}));
}

TEST_F(CatalogStoreTest, KeepsEverythingAcrossOpens) {
  auto store = open();
  apply(*store, {record({7, 0}, "l/1"), record({7, 1}, "l/1"), record({300, 0}, "s/1")});
  store.reset();
  store = open();
  EXPECT_EQ(store->applied(7), 2u);
  EXPECT_EQ(store->applied(300), 1u);
  EXPECT_EQ(store->count(Kind::kListing), 1u);
  EXPECT_EQ(store->count(Kind::kShop), 1u);
  EXPECT_EQ(*store->get(Kind::kListing, "1"), (Position{7, 1}));
  EXPECT_THAT(superseded(*store), ElementsAre(Position{7, 0}));
}

TEST_F(CatalogStoreTest, RefusesTheFormatOfAnotherVersion) {
  open().reset();
  {
    auto database = storage::Database::open(folder_ + "/catalog",
                                            {{.name = "newest"}, {.name = "superseded"}, {.name = "meta"}}, {});
    ASSERT_TRUE(database);
    storage::Batch batch(**database);
    batch.put(2, "format", std::string("\x02\0\0\0", 4));
    ASSERT_TRUE((*database)->write(batch, storage::Sync::kNo));
  }
  const auto store = CatalogStore::open(folder_ + "/catalog");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::kUnsupported);
}

// A random life of a catalogue in a real log, with the obvious twin: a map.
TEST_F(CatalogStoreTest, RebuildingFromTheLogGivesTheSame) {
  const SystemClock clock;
  auto log = log::open_embedded_log({.folder = folder_ + "/log", .partitions = 3}, clock);
  ASSERT_TRUE(log) << log.error().message;
  const auto catch_up = [&](CatalogStore& store) {
    for (std::uint32_t partition = 0; partition < 3; ++partition) {
      std::vector<log::Record> records;
      ASSERT_TRUE((*log)->read(Topic::kListings, partition, store.applied(partition), [&](const log::Record& one) {
        records.push_back(one);
        return true;
      }));
      apply(store, records);
    }
  };

  Rng rng(5);
  auto store = open();
  std::map<std::string, std::string> twin;  // id -> title
  for (int step = 0; step < 120; ++step) {
    std::vector<log::NewRecord> records;
    for (std::uint64_t i = rng.below(8); i > 0; --i) {
      const std::string id = std::to_string(rng.below(40));
      if (rng.chance(0.25)) {
        records.push_back(tombstone(Kind::kListing, id));
        twin.erase(id);
      } else {
        records.push_back(*to_record(Listing{.id = id, .title = fmt::format("{}/{}", step, i)}));
        twin[id] = fmt::format("{}/{}", step, i);
      }
    }
    ASSERT_TRUE((*log)->append(Topic::kListings, records));
    if (rng.chance(0.5)) catch_up(*store);
    if (rng.chance(0.1)) {
      const auto positions = store->superseded(5);
      ASSERT_TRUE((*log)->forget(Topic::kListings, *positions));
      ASSERT_TRUE(store->forgotten(*positions));
    }
    if (rng.chance(0.05)) {
      store.reset();
      store = open();
    }
  }
  catch_up(*store);
  const auto rebuilt = open("/rebuilt");
  catch_up(*rebuilt);

  EXPECT_EQ(all(*store, Kind::kListing), all(*rebuilt, Kind::kListing));
  EXPECT_EQ(superseded(*store), superseded(*rebuilt));
  for (const CatalogStore* view : {store.get(), rebuilt.get()}) {
    EXPECT_EQ(view->count(Kind::kListing), twin.size());
    for (int id = 0; id < 40; ++id) {
      const auto position = view->get(Kind::kListing, std::to_string(id));
      const auto expected = twin.find(std::to_string(id));
      ASSERT_EQ(position.has_value(), expected != twin.end()) << id;
      if (!position) continue;
      const auto record = (*log)->get(Topic::kListings, *position);
      ASSERT_TRUE(record) << record.error().message;
      EXPECT_EQ(decode_listing(record->payload)->title, expected->second);
    }
  }
}

TEST_F(CatalogStoreTest, IsReadWhileItIsChanged) {
  const auto store = open();
  std::atomic<bool> stop = false;
  std::vector<std::jthread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      std::uint64_t offset = 0;
      while (!stop) {
        const auto position = store->get(Kind::kListing, "1");
        if (position) {
          EXPECT_GE(position->offset, offset);
          offset = position->offset;
        }
        EXPECT_LE(store->count(Kind::kListing), 1u);
      }
    });
  }
  for (std::uint64_t offset = 0; offset < 500; ++offset) apply(*store, {record({0, offset}, "l/1")});
  stop = true;
  readers.clear();
  EXPECT_EQ(store->applied(0), 500u);
}

}  // namespace
}  // namespace handsel::catalog
