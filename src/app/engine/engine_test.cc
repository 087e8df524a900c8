// This file is long because every promise of engine.h is held here over one folder and clock.
#include "app/engine/engine.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <thread>

#include <unistd.h>

#include <gtest/gtest.h>

#include "base/core/clock.h"
#include "base/core/rng.h"
#include "base/storage/artefact_store.h"
#include "base/storage/faulty_disk.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'767'225'600'000;

// A folder of its own for each test, gone afterwards.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / fmt::format("handsel-{}-{}-{}", info->test_suite_name(), info->name(), ::getpid());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~EngineTest() override { fs::remove_all(root_); }

  std::string path(std::string_view name) const { return root_ / name; }
  EngineOptions options(std::string_view name = "data") const {
    return {.folder = path(name), .threads = 1, .refresh_every_ms = 10};
  }
  std::unique_ptr<Engine> open(EngineOptions options) {
    auto engine = Engine::open(std::move(options), clock_);
    EXPECT_TRUE(engine) << engine.error().message;
    return engine ? std::move(*engine) : nullptr;
  }
  std::unique_ptr<Engine> open() { return open(options()); }

  fs::path root_;
  ManualClock clock_{kNow};
};

catalog::Listing make_listing(std::string id, std::string title, std::int64_t price_cents = 1000) {
  return {.id = std::move(id), .title = std::move(title), .price_cents = price_cents, .currency = "EUR"};
}

void put(Engine& engine, const std::vector<catalog::Listing>& listings) {
  const auto statuses = engine.put_listings(listings);
  ASSERT_TRUE(statuses) << statuses.error().message;
  for (const WriteStatus& status : *statuses) EXPECT_FALSE(status.error) << status.id << status.error->message;
}

std::vector<std::string> find(const Engine& engine, std::string query, std::size_t limit = 100) {
  const auto response = engine.search({.query = std::move(query), .limit = limit});
  EXPECT_TRUE(response) << response.error().message;
  std::vector<std::string> ids;
  if (response) {
    for (const auto& hit : response->hits) ids.push_back(hit.listing.id);
  }
  return ids;
}

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  return ids;
}

using Ids = std::vector<std::string>;

TEST_F(EngineTest, WhatIsWrittenIsReadAtOnceAndFoundSoon) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron"), make_listing("2", "oak spoon")});
  ASSERT_TRUE(engine->listing("1"));  // before any refresh
  EXPECT_EQ(engine->listing("1")->title, "linen apron");
  EXPECT_TRUE(engine->knows_listing("2"));
  EXPECT_FALSE(engine->knows_listing("3"));
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(find(*engine, "apron"), Ids{"1"});
  const Health health = engine->health();
  EXPECT_TRUE(health.ready);
  EXPECT_EQ(health.listings, 2u);
  EXPECT_EQ(health.behind, 0u);
  EXPECT_TRUE(health.degraded.empty()) << health.degraded.front();
}

TEST_F(EngineTest, AWriteIsFoundWithinASecondWithoutBeingAskedFor) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron")});
  const Stopwatch watch;
  while (find(*engine, "apron").empty() && watch.elapsed_ms() < 5000) std::this_thread::yield();
  EXPECT_LT(watch.elapsed_ms(), 1000);
}

TEST_F(EngineTest, ANewVersionReplacesTheOld) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron")});
  put(*engine, {make_listing("1", "oak spoon")});
  EXPECT_EQ(engine->listing("1")->title, "oak spoon");
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(find(*engine, "apron"), Ids{});
  EXPECT_EQ(find(*engine, "spoon"), Ids{"1"});
  EXPECT_EQ(engine->health().listings, 1u);
}

TEST_F(EngineTest, APatchChangesWhatItNamesAndNothingElse) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron", 1000)});
  const auto status = engine->patch_listing("1", {.price_cents = 750, .quantity = std::nullopt, .state = std::nullopt});
  ASSERT_TRUE(status) << status.error().message;
  auto expected = make_listing("1", "linen apron", 750);
  expected.updated_ms = kNow;
  EXPECT_EQ(*engine->listing("1"), expected);
  const auto absent = engine->patch_listing("9", {.price_cents = 750, .quantity = std::nullopt, .state = std::nullopt});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Code::kNotFound);
  EXPECT_NE(absent.error().message.find("'9'"), std::string::npos);
}

// Each patch adds to what it read; none may be lost between reading and writing.
TEST_F(EngineTest, PatchesOfOneListingAreSerial) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron", 0)});
  std::vector<std::jthread> writers;
  std::atomic<int> failures = 0;
  for (int writer = 0; writer < 2; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 1; i <= 20; ++i) {
        const catalog::ListingPatch patch =
            writer == 0 ? catalog::ListingPatch{.price_cents = i} : catalog::ListingPatch{.quantity = i};
        if (!engine->patch_listing("1", patch)) ++failures;
      }
    });
  }
  writers.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(engine->listing("1")->price_cents, 20);
  EXPECT_EQ(engine->listing("1")->quantity, 20);
}

TEST_F(EngineTest, WhatIsDeletedIsGone) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron"), make_listing("2", "linen towel")});
  const std::vector<std::string> ids = {"1", "9"};
  const auto statuses = engine->delete_listings(ids);
  ASSERT_TRUE(statuses);
  EXPECT_FALSE((*statuses)[0].error);
  ASSERT_TRUE((*statuses)[1].error);
  EXPECT_EQ((*statuses)[1].error->code, Code::kNotFound);
  EXPECT_FALSE(engine->listing("1"));  // at once, before the views know
  EXPECT_FALSE(engine->knows_listing("1"));
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(find(*engine, "linen"), Ids{"2"});
  EXPECT_FALSE(engine->listing("1"));
}

TEST_F(EngineTest, ABadListingIsRefusedAloneWithItsField) {
  const auto engine = open();
  const std::vector<catalog::Listing> listings = {make_listing("1", "linen apron"), make_listing("", "no id"),
                                                  make_listing("3", "oak spoon")};
  const auto statuses = engine->put_listings(listings);
  ASSERT_TRUE(statuses);
  EXPECT_FALSE((*statuses)[0].error);
  ASSERT_TRUE((*statuses)[1].error);
  EXPECT_NE((*statuses)[1].error->message.find("id"), std::string::npos);
  EXPECT_FALSE((*statuses)[2].error);
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(engine->health().listings, 2u);
}

TEST_F(EngineTest, EventsAreCheckedStoredOnceAndReadBack) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron")});
  const std::vector<events::Event> events = {
      {.id = "a", .kind = events::EventKind::kClick, .time_ms = kNow, .session_id = "s", .listing_id = "1"},
      {.id = "b", .kind = events::EventKind::kClick, .time_ms = kNow, .session_id = "s", .listing_id = "nine"},
      {.id = "c", .kind = events::EventKind::kClick, .time_ms = kNow + 3'600'000, .session_id = "s", .listing_id = "1"},
      {.id = "d", .kind = events::EventKind::kSearch, .time_ms = kNow, .session_id = "s", .query = "apron"},
  };
  const auto first = engine->put_events(events);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_FALSE((*first)[0].error);
  ASSERT_TRUE((*first)[1].error);
  EXPECT_NE((*first)[1].error->message.find("nine"), std::string::npos) << (*first)[1].error->message;
  ASSERT_TRUE((*first)[2].error);
  EXPECT_FALSE((*first)[3].error);
  const auto second = engine->put_events(events);
  ASSERT_TRUE(second);
  EXPECT_TRUE((*second)[0].duplicate);
  std::vector<std::string> seen;
  ASSERT_TRUE(engine->visit_events([&](const events::Event& event) {
    seen.push_back(event.id);
    return true;
  }));
  EXPECT_EQ(sorted(seen), (Ids{"a", "d"}));
  EXPECT_EQ(engine->health().events, 2u);
}

TEST_F(EngineTest, WhatWasAcknowledgedIsThereAfterReopening) {
  {
    const auto engine = open();
    put(*engine, {make_listing("1", "linen apron"), make_listing("2", "oak spoon")});
    ASSERT_TRUE(engine->patch_listing("2", {.price_cents = 5, .quantity = std::nullopt, .state = std::nullopt}));
    const std::vector<std::string> ids = {"1"};
    ASSERT_TRUE(engine->delete_listings(ids));
  }
  const auto engine = open();
  ASSERT_TRUE(engine->catch_up());
  EXPECT_FALSE(engine->listing("1"));
  EXPECT_EQ(engine->listing("2")->price_cents, 5);
  EXPECT_EQ(find(*engine, "spoon"), Ids{"2"});
  EXPECT_EQ(find(*engine, "apron"), Ids{});
}

// A catalogue with history: versions, deletions, searches.
void fill(Engine& engine, std::uint64_t seed) {
  Rng rng(seed);
  constexpr std::array<std::string_view, 8> kWords = {"linen", "apron", "oak", "spoon", "blue", "mug", "wool", "scarf"};
  for (int batch = 0; batch < 20; ++batch) {
    std::vector<catalog::Listing> listings;
    for (int i = 0; i < 50; ++i) {
      const std::string id = std::to_string(rng.below(600));
      std::string title;
      for (int word = 0; word < 4; ++word) title += std::string(rng.pick<std::string_view>(kWords)) + " ";
      listings.push_back(make_listing(id, title, static_cast<std::int64_t>(rng.below(10'000))));
    }
    put(engine, listings);
    std::vector<std::string> gone;
    for (int i = 0; i < 5; ++i) gone.push_back(std::to_string(rng.below(600)));
    ASSERT_TRUE(engine.delete_listings(gone));
    std::vector<events::Event> events;
    for (int i = 0; i < 10; ++i) {
      events.push_back({.id = fmt::format("{}-{}", batch, i),
                        .kind = events::EventKind::kSearch,
                        .time_ms = kNow,
                        .session_id = std::to_string(rng.below(9)),
                        .query = std::string(rng.pick<std::string_view>(kWords))});
    }
    ASSERT_TRUE(engine.put_events(events));
  }
}

// What a set of questions is answered, as text: ids and scores.
std::string answers(const Engine& engine) {
  std::string all;
  for (const std::string query : {"linen", "linen apron", "blue mug", "oak", "wool scarf", "spon", "", "aprons"}) {
    const auto response = engine.search({.query = query, .limit = 50, .exact_total = true});
    EXPECT_TRUE(response) << response.error().message;
    if (!response) continue;
    all += fmt::format("{}: {} {}\n", query, response->total, response->corrected_query);
    for (const auto& hit : response->hits) all += fmt::format("  {} {:.9f}\n", hit.listing.id, hit.score);
  }
  all += fmt::format("{} listings\n", engine.health().listings);
  EXPECT_TRUE(engine.visit_listings([&](const catalog::Listing& listing) {
    all += fmt::format("{} {} {}\n", listing.id, listing.title, listing.price_cents.value_or(-1));
    return true;
  }));
  for (const auto& completion : engine.complete("l", 10))
    all += fmt::format("{} {}\n", completion.text, completion.weight);
  return all;
}

TEST_F(EngineTest, ViewsAreRebuiltFromTheLogWithTheSameAnswers) {
  struct Row {
    const char* what;
    std::vector<std::string> removed;
    std::vector<std::string> damaged;
  };
  std::string expected;
  {
    const auto engine = open();
    fill(*engine, 7);
    ASSERT_TRUE(engine->catch_up());
    expected = answers(*engine);
    ASSERT_GT(expected.size(), 1000u);
  }
  for (const Row& row : {
           Row{"untouched", {}, {}},
           Row{"all views", {"derived"}, {}},
           Row{"the index", {"derived/index"}, {}},
           Row{"the catalogue", {"derived/catalog"}, {}},
           Row{"the query counts", {"derived/queries"}, {}},
           Row{"damaged counts", {}, {"derived/queries"}},
           Row{"damaged catalogue", {}, {"derived/catalog/CURRENT"}},
       }) {
    for (const std::string& name : row.removed) ASSERT_GT(fs::remove_all(path("data/" + name)), 0u) << row.what;
    for (const std::string& name : row.damaged) {
      ASSERT_TRUE(real_file_system().write_file(path("data/" + name), "not what we wrote")) << row.what;
    }
    const auto engine = open();
    ASSERT_NE(engine, nullptr) << row.what;
    ASSERT_TRUE(engine->catch_up());
    EXPECT_EQ(answers(*engine), expected) << row.what;
  }
}

TEST_F(EngineTest, ABackupTakenWhileWritingOpensWithWhatWasAcknowledgedBefore) {
  const auto engine = open();
  fill(*engine, 3);
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 0; !stop; ++i) put(*engine, {make_listing("new" + std::to_string(i % 50), "fresh bread")});
  });
  SystemClock clock;
  storage::ArtefactStore models(real_file_system(), clock, path("data/models"));
  const auto model = models.put({.kind = "propensities"}, {{"propensities.txt", "learned"}});
  ASSERT_TRUE(model) << model.error().message;
  const auto done = engine->backup(path("copy"));
  stop = true;
  writer.join();
  ASSERT_TRUE(done) << done.error().message;
  const auto again = engine->backup(path("copy"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kAlreadyExists);
  EXPECT_TRUE(storage::ArtefactStore(real_file_system(), clock, path("copy/models")).open("propensities", *model));

  const auto copy = open(options("copy"));
  ASSERT_NE(copy, nullptr);
  ASSERT_TRUE(copy->catch_up());
  ASSERT_TRUE(engine->catch_up());
  for (const std::string query : {"linen apron", "blue mug", "wool"}) {
    EXPECT_EQ(sorted(find(*copy, query, 500)), sorted(find(*engine, query, 500))) << query;
  }
}

// Somebody puts an older copy of the log in the place of the log.
TEST_F(EngineTest, ViewsOfAnotherLogAreThrownAway) {
  {
    const auto engine = open();
    put(*engine, {make_listing("1", "linen apron")});
    ASSERT_TRUE(engine->backup(path("copy")));
    put(*engine, {make_listing("1", "oak spoon"), make_listing("2", "oak spoon")});
    ASSERT_TRUE(engine->catch_up());
  }
  fs::remove_all(path("data/log"));
  fs::rename(path("copy/log"), path("data/log"));
  const auto engine = open();
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(find(*engine, "oak"), Ids{});
  EXPECT_EQ(find(*engine, "linen"), Ids{"1"});
  EXPECT_EQ(engine->health().listings, 1u);
}

TEST_F(EngineTest, ASecondEngineOnTheFolderIsRefusedByName) {
  const auto engine = open();
  const auto second = Engine::open(options(), clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kConflict);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos) << second.error().message;
}

TEST_F(EngineTest, AFolderWithoutAMarketplaceIsNotMadeUnlessAsked) {
  EngineOptions wanted = options("nowhere");
  wanted.create = false;
  const auto engine = Engine::open(wanted, clock_);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, Code::kNotFound);
  EXPECT_FALSE(fs::exists(path("nowhere")));
}

TEST_F(EngineTest, AFullDiskRefusesWritesLosesNothingAndLetsReadsGoOn) {
  storage::FaultyDisk disk;
  EngineOptions wanted = options();
  wanted.disk = &disk;
  {
    const auto engine = open(wanted);
    put(*engine, {make_listing("1", "linen apron")});
    ASSERT_TRUE(engine->catch_up());
    disk.become(storage::DiskState::kFull);
    const std::vector<catalog::Listing> more = {make_listing("2", "oak spoon")};
    const auto refused = engine->put_listings(more);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kIo);
    EXPECT_EQ(find(*engine, "apron"), Ids{"1"});
    EXPECT_TRUE(engine->listing("1"));
    EXPECT_FALSE(engine->listing("2"));
  }
  disk.become(storage::DiskState::kHealthy);
  const auto engine = open(wanted);
  put(*engine, {make_listing("3", "wool scarf")});
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(find(*engine, "apron"), Ids{"1"});
  EXPECT_EQ(find(*engine, "scarf"), Ids{"3"});
}

TEST_F(EngineTest, WritesStopBeforeTheDiskIsFullAndGoOnWhenThereIsRoom) {
  std::atomic<std::uint64_t> free = 1000;
  EngineOptions wanted = options();
  wanted.disk_free_min_bytes = 500;
  wanted.free_disk_bytes = [&](const std::string&) -> Result<std::uint64_t> { return free.load(); };
  const auto engine = open(wanted);
  put(*engine, {make_listing("1", "linen apron")});
  free = 100;
  const std::vector<catalog::Listing> more = {make_listing("2", "oak spoon")};
  const Stopwatch watch;
  auto refused = engine->put_listings(more);
  while (refused && watch.elapsed_ms() < 5000) refused = engine->put_listings(more);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("engine.disk_free_min"), std::string::npos);
  EXPECT_TRUE(engine->listing("1"));
  EXPECT_FALSE(engine->health().degraded.empty());
  free = 1000;
  const Stopwatch again;
  auto taken = engine->put_listings(more);
  while (!taken && again.elapsed_ms() < 5000) taken = engine->put_listings(more);
  EXPECT_TRUE(taken);
}

TEST_F(EngineTest, PagesOfACursorComeFromOneGeneration) {
  const auto engine = open();
  std::vector<catalog::Listing> listings;
  for (int i = 0; i < 30; ++i) listings.push_back(make_listing(std::to_string(i), "linen apron"));
  put(*engine, listings);
  ASSERT_TRUE(engine->catch_up());
  const auto first = engine->search({.query = "linen", .limit = 10});
  ASSERT_TRUE(first);
  ASSERT_FALSE(first->next_cursor.empty());
  for (auto& listing : listings) listing.title = "oak spoon";  // nothing of linen is left
  put(*engine, listings);
  ASSERT_TRUE(engine->catch_up());
  EXPECT_EQ(find(*engine, "linen"), Ids{});
  const auto second = engine->search({.query = "linen", .limit = 10, .cursor = first->next_cursor});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->hits.size(), 10u);
  clock_.advance_ms(10 * 60'000);  // the cursor is too old; the page comes from now
  const auto late = engine->search({.query = "linen", .limit = 10, .cursor = first->next_cursor});
  ASSERT_TRUE(late);
  EXPECT_TRUE(late->hits.empty());
}

TEST_F(EngineTest, CompactionForgetsOldVersionsAndChangesNoAnswer) {
  const auto engine = open();
  fill(*engine, 11);
  ASSERT_TRUE(engine->catch_up());
  const std::string expected = answers(*engine);
  ASSERT_TRUE(engine->compact());
  EXPECT_EQ(engine->health().index_segments, 1u);
  EXPECT_EQ(answers(*engine), expected);
}

// Twelve aprons and twelve rings; people who ask for "pinny", a word of no title, take aprons.
void teach(Engine& engine, int people) {
  std::vector<catalog::Listing> listings;
  for (int i = 0; i < 24; ++i) {
    catalog::Listing listing = make_listing(std::to_string(i), i < 12 ? "linen apron" : "silver ring");
    listing.language = "en";
    listing.taxonomy_path = i < 12 ? Ids{"Home", "Aprons"} : Ids{"Jewelry", "Rings"};
    listing.attributes = {{"Color", i % 2 == 0 ? "Sage" : "Ivory"}};
    listings.push_back(listing);
  }
  put(engine, listings);
  std::vector<events::Event> events;
  for (int i = 0; i < 12; ++i) {
    const std::string session = std::to_string(i % people);
    events.push_back({.id = fmt::format("search{}", i),
                      .kind = events::EventKind::kSearch,
                      .time_ms = kNow,
                      .session_id = session,
                      .query_id = fmt::format("q{}", i),
                      .query = "Pinny"});
    events.push_back({.id = fmt::format("click{}", i),
                      .kind = events::EventKind::kClick,
                      .time_ms = kNow,
                      .session_id = session,
                      .query_id = fmt::format("q{}", i),
                      .listing_id = std::to_string(i)});
  }
  const auto statuses = engine.put_events(events);
  ASSERT_TRUE(statuses) << statuses.error().message;
  for (const WriteStatus& status : *statuses) ASSERT_FALSE(status.error) << status.error->message;
  const auto done = engine.catch_up_learned();
  ASSERT_TRUE(done) << done.error().message;
}

std::string understood(const Engine& engine, std::string query) {
  const auto response = engine.search({.query = std::move(query), .explain = true});
  EXPECT_TRUE(response) << response.error().message;
  for (const auto& step : response->explain) {
    if (step.stage == "understand") return step.json;
  }
  return "";
}

TEST_F(EngineTest, WhatPeopleDidAfterAQueryIsUnderstoodAlsoAfterARestart) {
  const std::string file = path("data/derived/understanding");
  std::string expected;
  std::string bytes;
  {
    const auto engine = open();
    teach(*engine, 3);
    expected = understood(*engine, "pinny");
    EXPECT_TRUE(expected.starts_with(R"({"taxonomies":{"home > aprons":)")) << expected;
    EXPECT_NE(expected.find(R"("actions":12.0)"), std::string::npos) << expected;
    EXPECT_TRUE(engine->health().degraded.empty()) << engine->health().degraded.front();
    bytes = real_file_system().read_file(file).value();
  }
  EXPECT_EQ(understood(*open(), "pinny"), expected);  // at once
  ASSERT_TRUE(real_file_system().write_file(file, "not what we wrote"));
  const std::string damaged = understood(*open(), "pinny");
  EXPECT_TRUE(damaged.empty() || damaged == expected) << damaged;  // not yet, or learnt again meanwhile
  for (const char* removed : {"data/derived/understanding", "data/derived"}) {
    fs::remove_all(path(removed));
    const auto engine = open();
    ASSERT_TRUE(engine->catch_up_learned());
    EXPECT_EQ(understood(*engine, "pinny"), expected) << removed;
    EXPECT_EQ(real_file_system().read_file(file).value(), bytes) << removed;
  }
}

TEST_F(EngineTest, WhatOnePersonTypedIsNotLearnt) {
  const auto engine = open();
  teach(*engine, 1);
  EXPECT_EQ(understood(*engine, "pinny"),
            R"({"taxonomies":{},"attributes":{},"named":{},"things":[],"confidence":0.0,"actions":0.0})");
  // The catalogue speaks for what nobody asked.
  EXPECT_TRUE(understood(*engine, "apron").starts_with(R"({"taxonomies":{"home > aprons":)"));
}

TEST_F(EngineTest, VisitsEveryListingOnce) {
  const auto engine = open();
  put(*engine, {make_listing("1", "linen apron"), make_listing("2", "oak spoon"), make_listing("1", "wool scarf")});
  ASSERT_TRUE(engine->catch_up());
  std::map<std::string, std::string> seen;
  ASSERT_TRUE(engine->visit_listings([&](const catalog::Listing& listing) {
    EXPECT_TRUE(seen.emplace(listing.id, listing.title).second);
    return true;
  }));
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"1", "wool scarf"}, {"2", "oak spoon"}}));
}

}  // namespace
}  // namespace handsel
