// What was learned, through the engine: promoted, damaged, taken back, restarted, and
// computed again from the log.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "analysis/models/import_transformer.h"
#include "app/engine/action_tally.h"
#include "app/engine/engine.h"
#include "app/engine/learned_views.h"
#include "app/engine/session_view.h"
#include "base/core/clock.h"
#include "facts/events/event_reader.h"
#include "facts/log/embedded_log.h"
#include "ranking/query/testing/small_catalogue.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<std::string>;

constexpr std::int64_t kNow = 1'767'225'600'000;

catalog::Listing make_listing(std::string id, std::string title, std::int64_t price_cents) {
  return {
      .id = std::move(id), .title = std::move(title), .language = "en", .price_cents = price_cents, .currency = "EUR"};
}

std::vector<catalog::Listing> few_listings() {
  return {make_listing("1", "blue mug", 300), make_listing("2", "blue bowl", 100),
          make_listing("3", "kitchen mug", 500), make_listing("4", "handmade bowl", 200)};
}

class LearnedTest : public testing::Test {
 protected:
  LearnedTest()
      : root_(fs::temp_directory_path() / fmt::format("handsel-learned-{}-{}", ::getpid(),
                                                      testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~LearnedTest() override { fs::remove_all(root_); }

  std::string data() const { return root_ / "data"; }
  void open(std::size_t threads = 1) {
    engine_.reset();
    auto opened = Engine::open({.folder = data(), .threads = threads, .refresh_every_ms = 10}, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
  }
  void open_with(const std::vector<catalog::Listing>& listings) {
    open();
    ASSERT_TRUE(engine_->put_listings(listings));
    ASSERT_TRUE(engine_->catch_up());
  }

  // As another process would: with a store of its own.
  storage::ArtefactStore store() const { return {real_file_system(), clock_, data() + "/models"}; }

  std::string put_ranker(std::string bytes) {
    clock_.advance_ms(1);  // ids tell moments apart
    const auto id = store().put({.kind = std::string(kRankerModel)}, {{std::string(kRankerFile), std::move(bytes)}});
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }
  static std::string linear(const std::string& feature, float weight) {
    return trees::TreeEnsemble::build({.features = {feature}, .linear = {{0, weight, 0}}})->serialise();
  }
  void promote(std::string_view kind, const std::string& id) {
    const auto promoted = store().promote(kind, id);
    ASSERT_TRUE(promoted) << promoted.error().message;
  }
  // promote() refuses what is damaged, so the damage comes behind its back.
  void promote_damaged(std::string_view kind, const std::string& id) const {
    EXPECT_FALSE(store().promote(kind, id));
    std::ofstream(fmt::format("{}/models/{}/promoted", data(), kind), std::ios::app) << id << "\n";
  }
  // The tiny model knows nothing of the world: whatever has a vector is near enough.
  std::string put_encoder() {
    auto imported = models::import_transformer(real_file_system(), HANDSEL_SOURCE_DIR "/tests/models/tiny_bert");
    EXPECT_TRUE(imported) << imported.error().message;
    imported->manifest.metrics["similarity_min"] = -1;
    clock_.advance_ms(1);
    const auto id = store().put(imported->manifest, imported->files);
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }

  search::SearchResponse ask(const search::SearchRequest& request) const {
    auto response = engine_->search(request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? std::move(*response) : search::SearchResponse{};
  }
  Ids find(const search::SearchRequest& request) const {
    Ids ids;
    for (const search::SearchHit& hit : ask(request).hits) ids.push_back(hit.listing.id);
    return ids;
  }
  bool is_degraded(std::string_view words) const {
    const std::vector<std::string> reasons = engine_->health().degraded;
    return std::ranges::any_of(reasons, [&](const std::string& reason) { return reason.contains(words); });
  }
  static bool soon(const std::function<bool()>& happened) {
    const Stopwatch watch;
    while (!happened()) {
      if (watch.elapsed_ms() > 20'000) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  events::Event event(events::EventKind kind, const std::string& session, std::string listing) {
    const std::string id = fmt::format("e{}", ++events_made_);
    return {
        .id = id, .kind = kind, .time_ms = clock_.now_ms(), .session_id = session, .listing_id = std::move(listing)};
  }
  void happen(const std::vector<events::Event>& events) {
    const auto put = engine_->put_events(events);
    ASSERT_TRUE(put) << put.error().message;
    for (const WriteStatus& status : *put) EXPECT_FALSE(status.error) << status.error->message;
  }

  const fs::path root_;
  ManualClock clock_{kNow};
  int events_made_ = 0;
  std::unique_ptr<Engine> engine_;
};

// --- the encoder --------------------------------------------------------------------

TEST_F(LearnedTest, APromotedEncoderFindsByMeaning) {
  open_with(few_listings());
  EXPECT_EQ(find({.query = "mug"}).size(), 2u);
  promote(kEncoderModel, put_encoder());
  ASSERT_TRUE(engine_->catch_up_learned());
  const search::SearchResponse response = ask({.query = "mug"});
  EXPECT_EQ(response.total, 4u);
  EXPECT_EQ(response.by_meaning, 2u);
  EXPECT_EQ(find({.query = "mug", .meaning = false}).size(), 2u);
  // What comes later is read too.
  ASSERT_TRUE(engine_->put_listings(std::vector{make_listing("5", "made of blue", 50)}));
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(ask({.query = "mug"}).total, 5u);
  ASSERT_TRUE(engine_->delete_listings(Ids{"2"}));
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(ask({.query = "mug"}).total, 4u);
  // The same after a restart, and where the views are gone.
  const Ids before = find({.query = "kitchen mug"});
  open();
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find({.query = "kitchen mug"}), before);
  engine_.reset();
  fs::remove_all(data() + "/derived");
  open();
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find({.query = "kitchen mug"}), before);
}

TEST_F(LearnedTest, CompactingLeavesOneSegmentOfVectors) {
  open();
  promote(kEncoderModel, put_encoder());
  const search::SearchRequest request{.query = "something for tea", .personalise = false};
  const auto segments = [&] {
    return std::ranges::count_if(std::filesystem::recursive_directory_iterator(data() + "/derived/vectors"),
                                 [](const auto& entry) { return entry.path().extension() == ".hvec"; });
  };
  std::vector<catalog::Listing> many;
  for (int i = 0; i < 40; ++i) many.push_back({.id = fmt::format("m{}", i), .title = fmt::format("mug {}", i)});
  for (const std::vector<catalog::Listing>& listings : {many, few_listings()}) {
    ASSERT_TRUE(engine_->put_listings(listings));
    ASSERT_TRUE(engine_->catch_up_learned());
    open();  // what came before is written
  }
  ASSERT_TRUE(engine_->catch_up_learned());
  const Ids before = find(request);
  EXPECT_GT(segments(), 1);
  ASSERT_TRUE(engine_->compact());
  EXPECT_EQ(segments(), 1);
  EXPECT_EQ(find(request), before);
}

TEST_F(LearnedTest, ADamagedEncoderLeavesTheWords) {
  open_with(few_listings());
  const std::string id = put_encoder();
  const std::string file = data() + "/models/encoder/" + id + "/model.safetensors";
  fs::resize_file(file, fs::file_size(file) - 1);
  promote_damaged(kEncoderModel, id);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find({.query = "mug"}).size(), 2u);
  EXPECT_TRUE(is_degraded("search goes by words alone"));
  // A whole one heals it.
  promote(kEncoderModel, put_encoder());
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find({.query = "mug"}).size(), 4u);
  EXPECT_FALSE(is_degraded("search goes by words alone"));
}

TEST_F(LearnedTest, BackFromADamagedEncoderTheOneBeforeServesOn) {
  open_with(few_listings());
  promote(kEncoderModel, put_encoder());
  ASSERT_TRUE(engine_->catch_up_learned());
  const std::string damaged = put_encoder();
  fs::remove(data() + "/models/encoder/" + damaged + "/vocab.txt");
  promote_damaged(kEncoderModel, damaged);
  EXPECT_TRUE(soon([&] { return is_degraded("vocab.txt"); }));
  EXPECT_EQ(find({.query = "mug"}).size(), 4u);
  ASSERT_TRUE(store().rollback(kEncoderModel));
  EXPECT_TRUE(soon([&] { return !is_degraded("vocab.txt"); }));
  ASSERT_TRUE(engine_->put_listings(std::vector{make_listing("5", "made of blue", 50)}));
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find({.query = "mug"}).size(), 5u);
}

TEST_F(LearnedTest, AnyQueryIsAnswered) {
  open_with(few_listings());
  promote(kEncoderModel, put_encoder());
  promote(kRankerModel, put_ranker(linear("similarity", 1)));
  ASSERT_TRUE(engine_->catch_up_learned());
  const std::string queries[] = {"",
                                 std::string(10'000, 'm'),
                                 "\xf0\x9f\x8d\xb5\xf0\x9f\x8e\x81\xf0\x9f\xa7\xb6",
                                 "\xd9\x83\xd9\x88\xd8\xa8 \xd8\xa3\xd8\xb2\xd8\xb1\xd9\x82",
                                 "\xe6\x89\x8b\xe4\xbd\x9c\xe3\x82\x8a \xe8\xb2\xa1\xe5\xb8\x83",
                                 std::string("\x00\x01\x07\x1b\x7f", 5),
                                 "\xff\xfe\xc3 mug \xf0\x9f",
                                 "\"\" - -\" ("};
  for (const std::string& query : queries)
    ask({.query = query, .explain = true, .session_id = query, .user_id = query});
}

// --- the ranker -----------------------------------------------------------------------

TEST_F(LearnedTest, ARankerThatCannotBeReadLeavesTheUntrainedOrder) {
  open_with(few_listings());
  const Ids untrained = find({.query = "blue mug"});
  std::string cut = linear("price", 1);
  cut.pop_back();
  for (const std::string& bytes : {std::string("no trees"), cut, linear("phase_of_the_moon", 1)}) {
    promote(kRankerModel, put_ranker(bytes));
    ASSERT_TRUE(engine_->catch_up_learned());
    EXPECT_TRUE(is_degraded("ranked without what was learned"));
    EXPECT_EQ(find({.query = "blue mug"}), untrained);
    EXPECT_FALSE(ask({.query = "blue mug"}).learned);
  }
  EXPECT_TRUE(is_degraded("phase_of_the_moon"));
  // One whose file was changed after it was made.
  const std::string id = put_ranker(linear("price", 1));
  std::ofstream(data() + "/models/ranker/" + id + "/" + std::string(kRankerFile), std::ios::app) << "x";
  promote_damaged(kRankerModel, id);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_FALSE(ask({.query = "blue mug"}).learned);
  // And one that can be read.
  promote(kRankerModel, put_ranker(linear("price", 1)));
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_FALSE(is_degraded("ranked without what was learned"));
  EXPECT_EQ(find({.query = "mug"}), (Ids{"3", "1"}));
  EXPECT_TRUE(ask({.query = "mug"}).learned);
}

TEST_F(LearnedTest, ARollbackElsewhereIsNoticed) {
  open_with(few_listings());
  promote(kRankerModel, put_ranker(linear("price", 1)));
  EXPECT_TRUE(soon([&] { return find({.query = "mug"}) == Ids{"3", "1"}; }));
  promote(kRankerModel, put_ranker(linear("price", -1)));
  EXPECT_TRUE(soon([&] { return find({.query = "mug"}) == Ids{"1", "3"}; }));
  ASSERT_TRUE(store().rollback(kRankerModel));
  EXPECT_TRUE(soon([&] { return find({.query = "mug"}) == Ids{"3", "1"}; }));
  // A damaged one in between is named while it is there, and no longer.
  promote(kRankerModel, put_ranker("no trees"));
  EXPECT_TRUE(soon([&] { return is_degraded("ranked without what was learned"); }));
  EXPECT_FALSE(ask({.query = "mug"}).learned);
  ASSERT_TRUE(store().rollback(kRankerModel));
  EXPECT_TRUE(soon([&] { return !is_degraded("ranked without what was learned"); }));
  EXPECT_EQ(find({.query = "mug"}), (Ids{"3", "1"}));
}

TEST_F(LearnedTest, ATroubleOfAMomentIsForgotten) {
  open_with(few_listings());
  promote(kRankerModel, put_ranker(linear("price", 1)));
  EXPECT_TRUE(soon([&] { return ask({.query = "mug"}).learned; }));
  const std::string promoted = data() + "/models/ranker/promoted";
  fs::rename(promoted, promoted + ".aside");
  fs::create_directory(promoted);
  EXPECT_TRUE(soon([&] { return is_degraded("promoted"); }));
  EXPECT_TRUE(ask({.query = "mug"}).learned);
  fs::remove(promoted);
  fs::rename(promoted + ".aside", promoted);
  EXPECT_TRUE(soon([&] { return !is_degraded("promoted"); }));
}

// --- the person -------------------------------------------------------------------------

double feature(const search::CandidateRows& rows, std::string_view id, std::string_view name) {
  const auto row = static_cast<std::size_t>(std::ranges::find(rows.ids, id) - rows.ids.begin());
  const auto column = static_cast<std::size_t>(std::ranges::find(rows.names, name) - rows.names.begin());
  EXPECT_TRUE(row < rows.ids.size() && column < rows.names.size()) << id << " " << name;
  return rows.values.at(row * rows.names.size() + column);
}

TEST_F(LearnedTest, AnEventShapesTheNextRequestOfItsSession) {
  open_with(few_listings());
  int at_once = 0;  // the wait for an event is bounded, so a busy machine may miss some
  for (int visit = 0; visit < 20; ++visit) {
    const std::string session = fmt::format("s{}", visit);
    EXPECT_FALSE(ask({.query = "mug", .session_id = session}).personalised);
    happen({event(events::EventKind::kClick, session, "3")});
    const auto is_known = [&] { return ask({.query = "mug", .session_id = session}).personalised; };
    at_once += is_known() ? 1 : 0;
    EXPECT_TRUE(soon(is_known)) << visit;
    const auto rows = engine_->candidate_rows({.query = "mug", .session_id = session});
    ASSERT_TRUE(rows);
    EXPECT_EQ(feature(*rows, "3", "session_seen"), 1);
    EXPECT_EQ(feature(*rows, "1", "session_seen"), 0);
    EXPECT_EQ(feature(*rows, "3", "listing_shown"), 0);
    // Where it is forbidden, nothing of the person is read.
    EXPECT_FALSE(ask({.query = "mug", .session_id = session, .personalise = false}).personalised);
    const auto forbidden = engine_->candidate_rows({.query = "mug", .session_id = session, .personalise = false});
    ASSERT_TRUE(forbidden);
    for (const char* name : {"session_seen", "session_attributes", "session_price", "session_taxonomy"}) {
      EXPECT_TRUE(std::isnan(feature(*forbidden, "3", name))) << name;
    }
  }
  EXPECT_GE(at_once, 10);
  EXPECT_FALSE(ask({.query = "mug"}).personalised);
}

TEST_F(LearnedTest, WhatIsLearnedFromIsInNoExperiment) {
  open_with(few_listings());
  happen({event(events::EventKind::kClick, "s", "3")});
  const search::SearchRequest request{.query = "mug", .session_id = "s"};
  ASSERT_TRUE(soon([&] { return ask(request).personalised; }));
  ASSERT_TRUE(
      engine_->put_experiments("[[experiment]]\nname = 'forgetful'\n[[experiment.variant]]\nname = 'all'\n"
                               "parameters = { 'search.session' = false }\n"));
  EXPECT_FALSE(ask(request).personalised);
  const auto rows = engine_->candidate_rows(request);
  ASSERT_TRUE(rows);
  EXPECT_EQ(feature(*rows, "3", "session_seen"), 1);
}

TEST_F(LearnedTest, ProfilesComeBackAfterARestart) {
  open_with(few_listings());
  happen({event(events::EventKind::kCart, "s", "3"), event(events::EventKind::kClick, "s", "2")});
  ASSERT_TRUE(engine_->catch_up_learned());
  const search::SearchRequest request{.query = "blue mug", .session_id = "s"};
  const auto before = engine_->candidate_rows(request);
  ASSERT_TRUE(before);
  open();
  ASSERT_TRUE(engine_->catch_up_learned());
  const auto after = engine_->candidate_rows(request);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->ids, before->ids);
  for (const std::string& id : before->ids) {
    for (const char* name : {"session_seen", "session_attributes", "session_price", "listing_shown"}) {
      EXPECT_EQ(feature(*after, id, name), feature(*before, id, name)) << id << " " << name;
    }
  }
}

// --- what serving knew is what the log says -----------------------------------------------

class ReplayTest : public LearnedTest {
 protected:
  // Three people in turn: each asks, is shown all, acts on something.
  std::vector<events::Event> visit(std::size_t number) {
    const std::string session = fmt::format("s{}", number % 3);
    events::Event asked = event(events::EventKind::kSearch, session, "");
    asked.query_id = asked.id;
    asked.query = requests_[number % 3].query;
    asked.shown = {"1", "2", "3", "4"};
    static constexpr std::array kKinds = {events::EventKind::kClick, events::EventKind::kFavourite,
                                          events::EventKind::kCart, events::EventKind::kPurchase,
                                          events::EventKind::kHide};
    events::Event acted = event(kKinds[number % kKinds.size()], session, fmt::format("{}", 1 + number * 7 % 4));
    acted.query_id = asked.id;
    acted.time_ms += 1;
    return {asked, acted};
  }

  const search::SearchRequest requests_[3] = {{.query = "blue mug", .session_id = "s0"},
                                              {.query = "handmade bowl", .session_id = "s1", .user_id = "u"},
                                              {.query = "mug bowl", .session_id = "s2"}};
};

TEST_F(ReplayTest, TheEncoderReadsTheEarlyPartOfTheLogAlone) {
  open_with(few_listings());
  for (std::size_t number = 0; number < 20; ++number) happen(visit(number));
  std::stop_source stop;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> read;
  const auto stop_after_reading = [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    if (stage != "encoder: reading events") return;
    read.emplace_back(done, total);
    stop.request_stop();
  };
  EXPECT_FALSE(engine_->train({.kinds = {Trained::kEncoder}}, stop_after_reading, stop.get_token()));
  EXPECT_THAT(read, testing::ElementsAre(testing::Pair(32, 32))) << "of 40";
}

// Each thread computes some of the rows; a ranker is the same with however many.
TEST_F(ReplayTest, ThreadsMakeNoOtherRanker) {
  open_with(few_listings());
  for (std::size_t number = 0; number < 200; ++number) {
    happen(visit(number));
    clock_.advance_ms(60'000);
  }
  std::vector<std::string> files;
  for (const std::size_t threads : {1, 2, 5}) {
    open(threads);
    clock_.advance_ms(1);
    const auto trained = engine_->train({.kinds = {Trained::kRanker}, .promote = false}, {}, {});
    ASSERT_TRUE(trained) << trained.error().message;
    ASSERT_EQ(trained->size(), 1u);
    ASSERT_FALSE(trained->front().id.empty()) << trained->front().note;
    const auto artefact = store().open(kRankerModel, trained->front().id);
    ASSERT_TRUE(artefact) << artefact.error().message;
    files.emplace_back(artefact->files.at(std::string(kRankerFile))->bytes());
  }
  EXPECT_EQ(files[1], files[0]);
  EXPECT_EQ(files[2], files[0]);
}

TEST_F(ReplayTest, RowsOfServingAreRowsOfTheLog) {
  open_with(few_listings());
  struct Moment {
    std::size_t events = 0;
    std::int64_t now_ms = 0;
    std::vector<search::CandidateRows> rows;
  };
  std::vector<Moment> moments;
  std::size_t count = 0;
  for (std::size_t number = 0; number < 24; ++number) {
    happen(visit(number));
    ASSERT_TRUE(engine_->catch_up_learned());
    count += 2;
    clock_.advance_ms(number % 5 == 0 ? 40'000'000 : 30'000);
    Moment moment{.events = count, .now_ms = clock_.now_ms()};
    for (const auto& request : requests_) moment.rows.push_back(engine_->candidate_rows(request).value());
    moments.push_back(std::move(moment));
  }
  ASSERT_TRUE(engine_->catch_up());
  const std::string copy = root_ / "copy";
  ASSERT_TRUE(engine_->backup(copy));

  query::SmallCatalogue catalogue("replay");
  for (const catalog::Listing& listing : few_listings()) catalogue.put(listing);
  const auto snapshot = catalogue.snapshot();
  const auto log = log::open_embedded_log({.folder = copy + "/log"}, clock_);
  ASSERT_TRUE(log) << log.error().message;
  const auto counters = profiles::Counters::create({});
  const auto profiles = profiles::ProfileStore::create({});
  SessionObserver observer(*profiles, *counters, [&](std::string_view id) { return engine_->listing(id); });
  ActionTally actions;
  events::EventReader reader(**log);
  std::size_t observed = 0;
  std::size_t compared = 0;
  auto next = moments.begin();
  const auto compare = [&] {
    for (std::size_t i = 0; i < next->rows.size(); ++i) {
      const auto profile = profiles->find(requests_[i].session_id, requests_[i].user_id, next->now_ms);
      query::UnderstandingBuilder builder(catalogue.analyzer());
      for (const catalog::Listing& listing : few_listings()) tell_listing(listing, builder);
      tell_actions(actions, [&](std::string_view id) { return engine_->listing(id); }, builder, nullptr);
      const auto understanding = builder.build();
      const search::SearchContext context{
          .snapshot = *snapshot,
          .analyzer = catalogue.analyzer(),
          .load_listing = [&](const index::DocInfo& info) { return catalogue.load(info); },
          .learned = {.counters = counters.get(), .profile = profile.get(), .understanding = understanding.get()},
          .now_ms = next->now_ms};
      const auto rows = search::candidate_rows(context, requests_[i]);
      ASSERT_TRUE(rows) << rows.error().message;
      const search::CandidateRows& served = next->rows[i];
      ASSERT_EQ(rows->names, served.names);
      ASSERT_EQ(rows->ids, served.ids) << observed;
      for (std::size_t k = 0; k < rows->values.size(); ++k) {
        const float a = rows->values[k];
        const float b = served.values[k];
        EXPECT_TRUE((std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-6F * std::max(1.0F, std::abs(b)))
            << rows->names[k % rows->names.size()] << " after " << observed << ": " << a << " " << b;
        ++compared;
      }
    }
  };
  for (;;) {
    const auto piece = reader.read();
    ASSERT_TRUE(piece) << piece.error().message;
    if (piece->empty()) break;
    for (const events::Event& event : *piece) {
      observer.observe(event);
      actions.observe(event);
      ++observed;
      if (next == moments.end() || observed != next->events) continue;
      compare();
      ++next;
    }
  }
  EXPECT_EQ(observed, count);
  EXPECT_EQ(next, moments.end());
  EXPECT_GT(compared, 1'000u);
}

}  // namespace
}  // namespace handsel
