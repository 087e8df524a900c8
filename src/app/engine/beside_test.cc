// Learning while another process serves (docs/decisions/0011-training-beside-a-server.md).
#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "app/engine/testing/learned_fixture.h"
#include "base/core/rng.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kAprons = 12;
constexpr int kSearches = 400;

class BesideTest : public LearnedTest {
 protected:
  // An engine that writes its views when it ends and not before, and people who click on what is cheap.
  void serve() {
    engine_.reset();
    auto opened = Engine::open(
        {.folder = data(), .threads = 1, .refresh_every_ms = 10, .commit_every_ms = 3'600'000, .guard_every_ms = 0},
        clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
  }
  void serve_aprons() {
    serve();
    std::vector<catalog::Listing> aprons;
    for (int i = 1; i <= kAprons; ++i) aprons.push_back(make_listing(std::to_string(i), "linen apron", 1'000LL * i));
    ASSERT_TRUE(engine_->put_listings(aprons));
    shop(kSearches);
    ASSERT_TRUE(engine_->catch_up_learned());
  }
  void shop(int searches) {
    std::vector<std::string> ids;
    for (int i = 1; i <= kAprons; ++i) ids.push_back(std::to_string(i));
    std::vector<events::Event> all;
    for (int i = 0; i < searches; ++i) {
      clock_.advance_ms(1'000);
      std::ranges::shuffle(ids, rng_);
      const std::string session = fmt::format("s{}", events_made_);
      events::Event asked = event(events::EventKind::kSearch, session, "");
      asked.query_id = asked.id;
      asked.query = "linen apron";
      asked.shown = ids;
      all.push_back(asked);
      for (std::size_t place = 0; place < ids.size(); ++place) {
        if (std::stoi(ids[place]) > 3 || rng_() % (place + 2) > 1) continue;
        all.push_back(event(events::EventKind::kClick, session, ids[place]));
        all.back().query_id = asked.id;
      }
    }
    happen(all);
  }

  Result<std::unique_ptr<Engine>> try_beside() {
    return Engine::open({.folder = data(), .beside = true, .threads = 1, .refresh_every_ms = 10}, clock_);
  }
  std::unique_ptr<Engine> beside() {
    auto opened = try_beside();
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }

  // What lies in a folder, with sizes and times; but for profiles, which are written whenever there is time.
  std::map<std::string, std::string> files_of(const std::string& folder) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(data() + "/" + folder)) {
      if (!entry.is_regular_file() || entry.path().filename().string().starts_with("profiles")) continue;
      files[entry.path()] = fmt::format("{} {}", entry.file_size(), entry.last_write_time().time_since_epoch().count());
    }
    return files;
  }

  Rng rng_{5};
};

TEST_F(BesideTest, WhatItLearnsServesInTheOther) {
  serve_aprons();
  const auto views = files_of("derived");
  const auto log = files_of("log");
  EXPECT_FALSE(ask({.query = "linen apron"}).learned);

  const auto trained = beside()->train({.kinds = {Trained::kPropensities, Trained::kRanker}}, {}, {});
  ASSERT_TRUE(trained) << trained.error().message;
  ASSERT_EQ(trained->size(), 2u);
  for (const TrainOutcome& outcome : *trained) EXPECT_TRUE(outcome.promoted) << outcome.note;
  EXPECT_EQ(files_of("derived"), views) << "the other one's views are not touched";
  EXPECT_EQ(files_of("log"), log) << "nor is the log";

  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(ask({.query = "linen apron"}).learned);
  EXPECT_LE(std::stoi(find({.query = "linen apron", .explore = false}).front()), 3) << "is no cheap one";
  happen({event(events::EventKind::kClick, "later", "1")});  // it writes on
}

TEST_F(BesideTest, RefusesWhateverWouldChangeTheMarketplace) {
  serve_aprons();
  const auto other = beside();
  ASSERT_TRUE(other->catch_up());
  const std::vector<catalog::Listing> listings = few_listings();
  const std::vector<events::Event> clicks = {event(events::EventKind::kClick, "s", "1")};
  const std::vector<std::string> ids = {"1"};
  const decisions::Judgment judgment{"linen", "1", 1};
  const std::map<std::string, std::function<Error()>> changes = {
      {"listings", [&] { return other->put_listings(listings).error(); }},
      {"a patch", [&] { return other->patch_listing("1", {.price_cents = 1}).error(); }},
      {"a deletion", [&] { return other->delete_listings(ids).error(); }},
      {"events", [&] { return other->put_events(clicks).error(); }},
      {"shops", [&] { return other->put_shops(std::vector<catalog::Shop>{{.id = "s"}}).error(); }},
      {"judgments", [&] { return other->put_judgments({&judgment, 1}).error(); }},
      {"experiments", [&] { return other->put_experiments("").error(); }},
      {"guard rails", [&] { return other->check_guard_rails().error(); }},
      {"a backup", [&] { return other->backup(root_ / "backup").error(); }},
  };
  for (const auto& [what, change] : changes) {
    const Error error = change();
    EXPECT_EQ(error.code, Code::kConflict) << what;
    EXPECT_THAT(error.message, HasSubstr(fmt::format("beside process {}, which alone may change it", ::getpid())))
        << what;
  }
  EXPECT_FALSE(fs::exists(root_ / "backup"));
}

TEST_F(BesideTest, ASearchIsInNoExperimentAndNoTrial) {
  serve_aprons();
  promote(kRankerModel, put_ranker(linear("price", 1)));
  ASSERT_TRUE(store().challenge(kRankerModel, put_ranker(linear("price", -1)), 1));
  ASSERT_TRUE(
      engine_->put_experiments("[[experiment]]\nname = 'all'\n[[experiment.variant]]\nname = 'one'\nparameters = { "
                               "'search.session' = false }\n"));
  const search::SearchRequest request{.query = "linen apron", .session_id = "s"};
  ASSERT_TRUE(engine_->catch_up_learned());
  const search::SearchResponse visited = ask(request);
  EXPECT_EQ(visited.experiments.size(), 1u);
  EXPECT_NE(visited.hits.front().team, "");
  const auto other = beside();
  ASSERT_TRUE(other->catch_up_learned());
  const auto looked = other->search(request);
  ASSERT_TRUE(looked) << looked.error().message;
  EXPECT_TRUE(looked->learned);
  EXPECT_EQ(looked->experiments.size(), 0u);
  EXPECT_EQ(looked->hits.front().team, "");
}

TEST_F(BesideTest, CompactsItsOwnViewsAndForgetsNothingOfTheLog) {
  open_with(few_listings());
  ASSERT_TRUE(engine_->put_listings(std::vector{make_listing("1", "newer mug", 100)}));
  ASSERT_TRUE(engine_->catch_up());
  const auto log = files_of("log");
  const auto other = beside();
  const auto compacted = other->compact();
  EXPECT_TRUE(compacted) << compacted.error().message;
  EXPECT_EQ(other->listing("1")->title, "newer mug");
  EXPECT_EQ(files_of("log"), log);
}

TEST_F(BesideTest, ABackupThatWaitsIsLeftToTheOther) {
  open_with(few_listings());
  engine_.reset();
  std::ofstream(data() + "/backup.request") << "elsewhere";
  beside();
  EXPECT_TRUE(fs::exists(data() + "/backup.request"));
}

TEST_F(BesideTest, SeesTheLogOfItsOpeningAndKeepsItsViews) {
  open_with(few_listings());
  const std::string kept = data() + "/training/views/kept";
  {
    const auto first = beside();
    ASSERT_TRUE(engine_->put_listings(std::vector{make_listing("5", "green mug", 100)}));
    ASSERT_TRUE(engine_->delete_listings(std::vector<std::string>{"1"}));
    ASSERT_TRUE(first->catch_up());
    EXPECT_EQ(first->health().listings, 4u);
    EXPECT_TRUE(first->listing("1"));
    std::ofstream{kept};
  }
  const auto second = beside();
  ASSERT_TRUE(second->catch_up());
  EXPECT_TRUE(second->listing("5"));
  EXPECT_FALSE(second->listing("1"));
  EXPECT_TRUE(fs::exists(kept)) << "the views were made again";
}

TEST_F(BesideTest, ViewsOfAnotherLogAreMadeAgain) {
  open_with(few_listings());
  ASSERT_TRUE(engine_->backup(root_ / "backup"));
  ASSERT_TRUE(engine_->delete_listings(std::vector<std::string>{"1", "2", "3"}));
  ASSERT_TRUE(beside()->catch_up());
  engine_.reset();
  for (const char* gone : {"log", "derived"}) fs::remove_all(data() + "/" + gone);
  fs::rename(root_ / "backup" / "log", data() + "/log");
  // It outgrows the one before, so that offsets tell nothing.
  open();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(engine_->put_listings(std::vector{make_listing("4", "newest bowl", 100)}));
  for (const char* id : {"5", "6", "7", "8", "9"}) {
    ASSERT_TRUE(engine_->put_listings(std::vector{make_listing(id, "pan", 100)}));
  }
  const auto other = beside();
  ASSERT_TRUE(other->catch_up());
  EXPECT_EQ(other->health().listings, 9u);
  EXPECT_TRUE(other->listing("1"));
}

TEST_F(BesideTest, OneTrainingAtATime) {
  open_with(few_listings());
  const std::string trains = fmt::format("process {} trains on {} already", ::getpid(), data());
  auto first = beside();
  const auto second = try_beside();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kConflict);
  EXPECT_THAT(second.error().message, HasSubstr(trains));
  const TrainRequest request{.kinds = {Trained::kPropensities}};
  const auto alone = engine_->train(request, {}, {});
  ASSERT_FALSE(alone);
  EXPECT_THAT(alone.error().message, HasSubstr(trains));
  first.reset();
  EXPECT_TRUE(engine_->train(request, {}, {}));
  EXPECT_TRUE(try_beside());
}

TEST_F(BesideTest, NeedsALog) {
  EXPECT_EQ(try_beside().error().code, Code::kNotFound);
  EXPECT_FALSE(fs::exists(data() + "/training"));
}

// --- a training that was stopped ---

std::string id_of(const std::vector<TrainOutcome>& outcomes, Trained kind) {
  return std::ranges::find(outcomes, kind, &TrainOutcome::kind)->id;
}

TEST_F(BesideTest, AStoppedTrainingIsGoneOnFromAsLongAsItFits) {
  serve_aprons();
  const TrainRequest request{.kinds = {Trained::kPropensities, Trained::kRanker}};
  const auto stop_before_the_ranker = [&](Engine& engine) {
    std::stop_source stop;
    const auto progress = [&](std::string_view stage, std::uint64_t, std::uint64_t) {
      if (stage.starts_with("ranker")) stop.request_stop();
    };
    const auto stopped = engine.train(request, progress, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Code::kCancelled);
  };
  const auto promoted = [&] { return store().promoted(kPropensitiesModel)->value_or(""); };
  const auto train = [&](const TrainRequest& asked) {
    clock_.advance_ms(1);
    auto trained = beside()->train(asked, {}, {});
    EXPECT_TRUE(trained) << trained.error().message;
    return id_of(*trained, Trained::kPropensities);
  };

  stop_before_the_ranker(*beside());
  const std::string made = promoted();
  ASSERT_FALSE(made.empty());
  EXPECT_EQ(train(request), made);
  EXPECT_NE(train(request), made) << "that one had ended";

  stop_before_the_ranker(*beside());
  const std::string left = promoted();
  TrainRequest other = request;
  other.searches_max = 100;
  EXPECT_NE(train(other), left) << "asked for something else";
}

TEST_F(BesideTest, WhatWasFinishedBeforeTheStopIsNotMadeAgain) {
  serve_aprons();
  const TrainRequest request{.kinds = {Trained::kPropensities}};
  std::stop_source stop;
  const auto progress = [&](std::string_view stage, std::uint64_t, std::uint64_t) {
    if (stage == "putting it to work") stop.request_stop();
  };
  const auto stopped = beside()->train(request, progress, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::kCancelled);
  const std::string made = store().promoted(kPropensitiesModel)->value_or("");
  ASSERT_FALSE(made.empty());
  clock_.advance_ms(1);
  const auto trained = beside()->train(request, {}, {});
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_EQ(id_of(*trained, Trained::kPropensities), made);
}

}  // namespace
}  // namespace handsel
