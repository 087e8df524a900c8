// Two rankers on live traffic, from the file that names the challenger to the sentence that
// says who won.
#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <unistd.h>

#include <gtest/gtest.h>

#include "app/engine/engine.h"
#include "app/engine/interleaving_outcome.h"
#include "app/engine/interleaving_writer.h"
#include "base/storage/artefact_store.h"
#include "facts/log/embedded_log.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;

constexpr int kListings = 40;
constexpr int kRelevant = 10;  // the cheapest

class InterleavingTest : public ::testing::Test {
 protected:
  InterleavingTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / fmt::format("handsel-interleaving-{}-{}", info->name(), ::getpid());
    fs::remove_all(root_);
    fs::create_directories(root_);
    store_ = std::make_unique<storage::ArtefactStore>(real_file_system(), clock_, root_ / "models");
    dear_first_ = put_ranker(1);
    clock_.advance_ms(1'000);
    cheap_first_ = put_ranker(-1);
    EXPECT_TRUE(store_->promote("ranker", dear_first_));
  }
  ~InterleavingTest() override {
    engine_.reset();
    fs::remove_all(root_);
  }

  std::string put_ranker(float weight) {
    const auto trees = trees::TreeEnsemble::build({.features = {"price"}, .linear = {{.column = 0, .weight = weight}}});
    EXPECT_TRUE(trees);
    const auto id = store_->put({.kind = "ranker", .features = {"price"}}, {{"trees.bin", trees->serialise()}});
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }

  void open() {
    engine_.reset();
    auto opened = Engine::open({.folder = root_, .threads = 1, .refresh_every_ms = 10}, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
  }

  void open_with_listings() {
    open();
    std::vector<catalog::Listing> listings;
    for (int i = 0; i < kListings; ++i) {
      listings.push_back(
          {.id = fmt::format("L{:02}", i), .title = "linen apron", .price_cents = 1'000 * (i + 1), .currency = "EUR"});
    }
    ASSERT_TRUE(engine_->put_listings(listings));
    settle();
  }
  void settle() {
    const auto settled = engine_->catch_up_learned();
    ASSERT_TRUE(settled) << settled.error().message;
  }

  static search::SearchRequest request(std::string session, std::size_t limit = 10) {
    search::SearchRequest request{.query = "linen apron", .limit = limit};
    request.session_id = std::move(session);
    request.explore = false;
    return request;
  }
  search::SearchResponse search(const search::SearchRequest& request) {
    auto response = engine_->search(request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? std::move(*response) : search::SearchResponse{};
  }
  static std::size_t with_team(const search::SearchResponse& response) {
    return static_cast<std::size_t>(
        std::ranges::count_if(response.hits, [](const auto& hit) { return !hit.team.empty(); }));
  }

  // As another process sees it, once what waits behind the answers is in the log.
  Result<InterleavingOutcome> outcome_of_log() {
    open();
    settle();
    const auto log = log::open_embedded_log({.folder = root_ / "log", .create = false, .read_only = true}, clock_);
    if (!log) return std::unexpected(log.error());
    return interleaving_outcome(**log);
  }

  // A person who wants the cheap ones, and clicks on those among the first ten.
  void visit(const std::string& session) {
    const search::SearchResponse response = search(request(session));
    std::vector<events::Event> clicks;
    for (const search::SearchHit& hit : response.hits) {
      if (std::stoi(hit.listing.id.substr(1)) >= kRelevant) continue;
      for (const auto kind : {events::EventKind::kClick, events::EventKind::kPurchase}) {
        clicks.push_back(
            {.kind = kind, .session_id = session, .query_id = response.query_id, .listing_id = hit.listing.id});
      }
    }
    ASSERT_TRUE(engine_->put_events(clicks));
  }

  fs::path root_;
  ManualClock clock_{1'767'225'600'000};
  std::unique_ptr<storage::ArtefactStore> store_;
  std::string dear_first_;
  std::string cheap_first_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(InterleavingTest, AnExperimentWithTheRankerHasItToItself) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  open_with_listings();
  EXPECT_GT(with_team(search(request("s"))), 0u);
  ASSERT_TRUE(engine_->put_experiments(
      "[[experiment]]\nname = 'order'\n[[experiment.variant]]\nname = 'control'\n"
      "[[experiment.variant]]\nname = 'new'\nparameters = { 'search.ranker' = 'untrained' }\n"));
  for (int i = 0; i < 10; ++i) {  // in either variant
    const auto response = search(request(fmt::format("s{}", i)));
    EXPECT_EQ(response.experiments.size(), 1u);
    EXPECT_EQ(with_team(response), 0u);
  }
}

TEST_F(InterleavingTest, ClicksSayWhichRankerIsBetter) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  open_with_listings();
  for (int i = 0; i < 10; ++i) visit(fmt::format("early-{}", i));
  auto outcome = outcome_of_log();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->decided(), 10u);
  EXPECT_EQ(sessions_missing(*outcome), 20u);
  EXPECT_TRUE(sentence_of(*outcome).starts_with("Too early to say")) << sentence_of(*outcome);

  for (int i = 0; i < 50; ++i) visit(fmt::format("later-{}", i));
  visit("later-1");  // one session, however often it searches
  outcome = outcome_of_log();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->serving, dear_first_);
  EXPECT_EQ(outcome->challenger, cheap_first_);
  EXPECT_EQ(outcome->searches, 61u);
  EXPECT_EQ(outcome->preference.lists, 60u);
  EXPECT_GT(outcome->preference.low, 0.5);
  EXPECT_LT(outcome->preference.p, 0.001);
  EXPECT_EQ(outcome->a.clicked, 0u);
  EXPECT_GT(outcome->b.clicked, 200u);
  EXPECT_EQ(outcome->b.bought, outcome->b.clicked);
  EXPECT_EQ(outcome->a.shown + outcome->b.shown, 610u);
  EXPECT_EQ(sessions_missing(*outcome), 0u);
  EXPECT_TRUE(sentence_of(*outcome).starts_with("People prefer the challenger")) << sentence_of(*outcome);
}

TEST_F(InterleavingTest, WhereNobodyClicksNobodyWins) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  open_with_listings();
  EXPECT_TRUE(sentence_of(*outcome_of_log()).starts_with("Nothing was interleaved yet"));
  search(request("one"));
  const auto outcome = outcome_of_log();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->preference.ties, 1u);
  EXPECT_EQ(outcome->decided(), 0u);
}

TEST_F(InterleavingTest, OnlyTheShareIsInTheTrial) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 0.3));
  open_with_listings();
  int in = 0;
  for (int i = 0; i < 400; ++i) {
    const auto response = search(request(fmt::format("s{}", i)));
    ASSERT_EQ(response.hits.size(), 10u);
    const std::size_t teams = with_team(response);
    EXPECT_TRUE(teams == 0 || teams == 10) << teams;
    in += teams > 0;
    if (teams > 0) continue;
    EXPECT_EQ(response.hits.front().listing.id, "L39");  // as the ranker that serves has it
  }
  EXPECT_GT(in, 80);
  EXPECT_LT(in, 160);
}

TEST_F(InterleavingTest, NoTeamsWhereThereIsNobodyOrNoTrial) {
  open_with_listings();
  EXPECT_EQ(with_team(search(request("s"))), 0u);
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  settle();
  EXPECT_EQ(with_team(search(request("s"))), 10u);
  EXPECT_EQ(with_team(search(request(""))), 0u);
  auto asked = request("");
  asked.user_id = "u";
  EXPECT_EQ(with_team(search(asked)), 10u);
  asked.personalise = false;  // nothing of the person may be read
  EXPECT_EQ(with_team(search(asked)), 0u);
  asked = request("s");
  asked.sort.column = "price";
  EXPECT_EQ(with_team(search(asked)), 0u);
  ASSERT_TRUE(store_->end_challenge("ranker"));
  settle();
  EXPECT_EQ(with_team(search(request("s"))), 0u);
}

TEST_F(InterleavingTest, PagesFitTogether) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  open_with_listings();
  std::map<std::string, std::string> whole;
  std::vector<std::string> order;
  for (const auto& hit : search(request("s", kListings)).hits) {
    whole[hit.listing.id] = hit.team;
    order.push_back(hit.listing.id);
  }
  ASSERT_EQ(whole.size(), static_cast<std::size_t>(kListings));
  std::vector<std::string> walked;
  std::vector<std::string> by_offset;
  auto asked = request("s", 7);
  do {
    auto offset = request("s", 7);
    offset.offset = walked.size();
    for (const auto& hit : search(offset).hits) by_offset.push_back(hit.listing.id);
    const auto response = search(asked);
    for (const auto& hit : response.hits) {
      walked.push_back(hit.listing.id);
      EXPECT_EQ(hit.team, whole[hit.listing.id]) << hit.listing.id;
    }
    asked.cursor = response.next_cursor;
  } while (!asked.cursor.empty());
  EXPECT_EQ(walked, order);
  EXPECT_EQ(by_offset, order);
}

// The cursor goes on in its order, but what a trial that ended had drawn is not counted.
TEST_F(InterleavingTest, ATrialThatEndsBetweenTwoPages) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  open_with_listings();
  const auto first = search(request("s", 20));
  ASSERT_TRUE(store_->end_challenge("ranker"));
  settle();
  auto asked = request("s", 20);
  asked.cursor = first.next_cursor;
  const auto second = search(asked);
  EXPECT_EQ(second.hits.size(), 20u);
  EXPECT_EQ(with_team(second), 0u);
  std::set<std::string> ids;
  for (const auto* page : {&first, &second}) {
    for (const auto& hit : page->hits) EXPECT_TRUE(ids.insert(hit.listing.id).second) << hit.listing.id;
  }
}

TEST_F(InterleavingTest, ABrokenChallengerIsLeftOutAndNamed) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  std::ofstream(root_ / "models" / "ranker" / cheap_first_ / "trees.bin", std::ios::trunc) << "nonsense";
  open_with_listings();
  const auto response = search(request("s"));
  EXPECT_EQ(response.hits.size(), 10u);
  EXPECT_TRUE(response.learned);
  EXPECT_EQ(with_team(response), 0u);
  const auto names_it = [](const std::string& trouble) { return trouble.starts_with("no challenger is tried"); };
  EXPECT_TRUE(std::ranges::any_of(engine_->health().degraded, names_it));
  ASSERT_TRUE(store_->end_challenge("ranker"));
  settle();
  EXPECT_FALSE(std::ranges::any_of(engine_->health().degraded, names_it));
}

TEST_F(InterleavingTest, AChallengerWhoseScoresAreNoNumbersIsInNoTrial) {
  const std::string beyond = put_ranker(3e38F);
  ASSERT_TRUE(store_->challenge("ranker", beyond, 1));
  open_with_listings();
  const auto response = search(request("s"));
  EXPECT_EQ(with_team(response), 0u);
  EXPECT_EQ(response.hits.front().listing.id, "L39");  // as the ranker that serves has it
  EXPECT_EQ(engine_->health().model_troubles.at("challenger"), 1u);
  // And where it is the one that serves that fails, nobody is told apart from the untrained order.
  ASSERT_TRUE(store_->promote("ranker", beyond));
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  settle();
  EXPECT_EQ(with_team(search(request("s"))), 0u);
  EXPECT_EQ(engine_->health().model_troubles.at("ranker"), 1u);
}

TEST_F(InterleavingTest, APromotedChallengerIsNoTrial) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  ASSERT_TRUE(store_->promote("ranker", cheap_first_));
  open_with_listings();
  EXPECT_EQ(with_team(search(request("s"))), 0u);
  EXPECT_EQ(search(request("s")).hits.front().listing.id, "L00");
}

TEST_F(InterleavingTest, WhatARuleMovedIsNobodysMerit) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  std::ofstream(root_ / "rules.toml")
      << "[[rule]]\nname = 'first'\ndo = 'pin'\nlisting = 'L20'\nplace = 1\nquery = 'linen apron'\n";
  open_with_listings();
  const auto response = search(request("s"));
  ASSERT_EQ(response.hits.size(), 10u);
  EXPECT_EQ(response.hits.front().listing.id, "L20");
  EXPECT_EQ(response.hits.front().team, "");
  EXPECT_EQ(with_team(response), 9u);
}

TEST_F(InterleavingTest, ExplainSaysWhoChose) {
  ASSERT_TRUE(store_->challenge("ranker", cheap_first_, 1));
  open_with_listings();
  auto asked = request("s");
  asked.explain = true;
  const auto says = [](const search::ExplainStep& step) { return step.stage == "interleave"; };
  EXPECT_TRUE(std::ranges::any_of(search(asked).explain, says));
  asked.session_id.clear();
  EXPECT_FALSE(std::ranges::any_of(search(asked).explain, says));
}

decisions::InterleavedSearch example(int number) {
  return {.query_id = fmt::format("q{}", number), .serving = "one", .challenger = "two", .unit = 1, .places = {}};
}

TEST(InterleavingWriter, DropsWhatADiskThatHangsCannotTake) {
  std::mutex mutex;
  std::condition_variable released;
  bool hangs = true;
  std::atomic<std::size_t> written = 0;
  InterleavingWriter writer([&](std::span<const log::NewRecord> records) -> Result<void> {
    std::unique_lock lock(mutex);
    released.wait(lock, [&] { return !hangs; });
    written += records.size();
    return {};
  });
  const std::size_t all = 3 * InterleavingWriter::kWaitingMax;
  for (std::size_t i = 0; i < all; ++i) writer.put(example(static_cast<int>(i)));
  EXPECT_GE(writer.dropped(), InterleavingWriter::kWaitingMax);
  EXPECT_TRUE(writer.trouble());
  {
    const std::lock_guard lock(mutex);
    hangs = false;
  }
  released.notify_all();
  ASSERT_TRUE(writer.finish_now());
  EXPECT_EQ(written + writer.dropped(), all);
}

TEST(InterleavingWriter, WritesWhatWaitsWhenItEndsAndSaysWhatFails) {
  std::atomic<std::size_t> written = 0;
  {
    InterleavingWriter writer([&](std::span<const log::NewRecord> records) -> Result<void> {
      written += records.size();
      return {};
    });
    for (int i = 0; i < 100; ++i) writer.put(example(i));
  }
  EXPECT_EQ(written, 100u);
  InterleavingWriter failing([](std::span<const log::NewRecord>) -> Result<void> { return fail(Code::kIo, "full"); });
  EXPECT_FALSE(failing.trouble());
  failing.put(example(1));
  EXPECT_FALSE(failing.finish_now());
  EXPECT_EQ(failing.dropped(), 1u);
  ASSERT_TRUE(failing.trouble());
  EXPECT_NE(failing.trouble()->find("full"), std::string::npos);
}

}  // namespace
}  // namespace handsel
