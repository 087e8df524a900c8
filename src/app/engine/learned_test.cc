// What was learned, through the engine: promoted, damaged, taken back, restarted.
#include <algorithm>
#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "analysis/models/two_tower.h"
#include "app/engine/model_troubles.h"
#include "app/engine/testing/learned_fixture.h"
#include "base/core/rng.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<std::string>;

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

// The vectors of the one before go when the newer serves.
TEST_F(LearnedTest, ANewEncoderTakesOverWhileListingsKeepComing) {
  open_with(few_listings());
  const std::string before = put_encoder();
  promote(kEncoderModel, before);
  ASSERT_TRUE(engine_->catch_up_learned());
  ASSERT_TRUE(fs::exists(data() + "/derived/vectors/" + before));
  promote(kEncoderModel, put_encoder());
  int written = 0;
  EXPECT_TRUE(soon([&] {
    const std::string id = fmt::format("w{}", written++ % 100);
    EXPECT_TRUE(engine_->put_listings(std::vector{make_listing(id, "mug", 100)}));
    return !fs::exists(data() + "/derived/vectors/" + before);
  }));
  EXPECT_GE(engine_->health().vectors->live, 4u);
}

TEST_F(LearnedTest, ARestartInTheMiddleOfATakeoverKeepsTheVectorsOfTheOneBefore) {
  constexpr std::size_t kMany = 1'000;
  std::vector<catalog::Listing> many;
  for (std::size_t i = 0; i < kMany; ++i) many.push_back(make_listing(std::to_string(i), "blue mug with a lid", 100));
  open_with(many);
  const std::string before = put_encoder();
  promote(kEncoderModel, before);
  ASSERT_TRUE(engine_->catch_up_learned());
  engine_.reset();
  const std::string next = put_encoder();
  promote(kEncoderModel, next);
  const Stopwatch opening;
  open();
  const std::string serving = engine_->health().encoder;
  // The next look, which may see that the new one has caught up, comes a second later.
  if (opening.elapsed_ms() < 900) EXPECT_EQ(serving, before);
  const auto vectors = engine_->health().vectors;
  ASSERT_TRUE(vectors);
  EXPECT_EQ(vectors->live, kMany);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(fs::exists(data() + "/derived/vectors/" + next));
  EXPECT_EQ(engine_->health().encoder, next);
  EXPECT_FALSE(fs::exists(data() + "/derived/vectors/" + before));
  EXPECT_EQ(engine_->health().vectors->live, kMany);
}

TEST_F(LearnedTest, AnEncoderThatCouldNotBeOpenedForAMomentIsOpenedLater) {
  open_with(few_listings());
  const std::string before = put_encoder();
  promote(kEncoderModel, before);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(engine_->catch_up_learned());  // and nothing is left to be tidied
  const std::string next = put_encoder();
  const std::string folder = data() + "/derived/vectors/" + next;
  std::ofstream{folder};  // no room for a folder of that name
  promote(kEncoderModel, next);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(is_degraded("the encoder " + before + " serves on: "));
  EXPECT_FALSE(is_degraded("search goes by words alone"));
  EXPECT_EQ(find({.query = "mug"}).size(), 4u);
  fs::remove(folder);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_FALSE(fs::exists(folder)) << "not at every look";
  clock_.advance_ms(30'000);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_FALSE(is_degraded("serves on"));
  EXPECT_TRUE(fs::exists(folder));
}

TEST_F(LearnedTest, HealthKnowsTheVectors) {
  open_with(few_listings());
  EXPECT_FALSE(engine_->health().vectors);
  const std::string id = put_encoder();
  promote(kEncoderModel, id);
  ASSERT_TRUE(engine_->catch_up_learned());
  const auto vectors = engine_->health().vectors;
  ASSERT_TRUE(vectors);
  EXPECT_EQ(vectors->live, 4u);
  EXPECT_EQ(vectors->in_graph, 0u);
  EXPECT_EQ(vectors->recall_at_100, 1);
  EXPECT_EQ(vectors->refused, 0u);
  engine_.reset();
  std::ofstream(data() + "/derived/vectors/" + id + "/manifest") << "damaged";
  open();
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(is_degraded("the vectors start empty")) << "and are made again";
  EXPECT_EQ(engine_->health().vectors->live, 4u);
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

// A model of our own whose listings are nothing but what people asked for: queries as they hash, listings as the graph
// says.
std::map<std::string, std::string> two_tower_of(const std::string& listing, const std::string& query) {
  constexpr std::size_t kDimensions = 8;
  models::TwoTowerWeights weights;
  weights.shape = {
      .features = {.table_bits = models::kTableBitsMin}, .dimensions = kDimensions, .graph_dimensions = kDimensions};
  std::vector<float> one(kDimensions * kDimensions);
  for (std::size_t i = 0; i < kDimensions; ++i) one[i * kDimensions + i] = 1;
  const std::vector<float> nothing(one.size());
  weights.query = {.gates = std::vector<float>(models::kQuerySegments, 1.0F), .matrix = one, .side = nothing};
  weights.listing = {.gates = std::vector<float>(models::kListingSegments, 1.0F), .matrix = nothing, .side = one};
  Rng rng(5);
  std::vector<float> table(weights.shape.features.rows() * kDimensions);
  for (float& value : table) value = static_cast<float>(rng.normal());
  const std::string bytes = models::write_two_tower(weights, table);
  const auto model = models::TwoTower::open(std::make_shared<HeapBytes>(bytes));
  std::vector<float> asked(kDimensions);
  const models::QueryInput input{.text = query, .language = {}, .country = {}, .session = {}};
  EXPECT_TRUE(model && (*model)->encode_queries({&input, 1}, asked));
  return {{std::string(models::kTwoTowerFile), bytes},
          {std::string(models::kGraphVectorsFile),
           models::write_graph_vectors(kDimensions, std::array{models::graph_key(listing)}, asked)}};
}

TEST_F(LearnedTest, AnEncoderComesWithWhatPeopleAskedFor) {
  open_with(few_listings());
  std::map<std::string, std::string> files = two_tower_of("4", "mug");
  const auto id = store().put({.kind = std::string(kEncoderModel)}, files);
  ASSERT_TRUE(id) << id.error().message;
  promote(kEncoderModel, *id);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_THAT(find({.query = "mug"}), testing::UnorderedElementsAre("1", "3", "4")) << "4 is a bowl by its words";

  files.erase(std::string(models::kGraphVectorsFile));
  clock_.advance_ms(1);
  const auto without = store().put({.kind = std::string(kEncoderModel)}, files);
  ASSERT_TRUE(without) << without.error().message;
  promote(kEncoderModel, *without);
  EXPECT_TRUE(soon([&] { return is_degraded("has no graph_vectors.bin"); }));
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

TEST_F(LearnedTest, ScoresThatAreNoNumbersLeaveTheUntrainedOrderAndAreTold) {
  open_with(few_listings());
  const Ids untrained = find({.query = "blue mug"});
  promote(kRankerModel, put_ranker(linear("price", 3e38F)));  // the product is beyond a float
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(engine_->health().model_troubles.at("ranker"), 0u);
  EXPECT_FALSE(is_degraded("the ranker failed"));
  for (std::uint64_t searches = 1; searches <= 2; ++searches) {
    const search::SearchResponse response = ask({.query = "blue mug"});
    EXPECT_FALSE(response.learned);
    EXPECT_EQ(engine_->health().model_troubles.at("ranker"), searches);
  }
  EXPECT_TRUE(is_degraded("the ranker failed in 2 searches"));
  EXPECT_EQ(find({.query = "blue mug"}), untrained);
  clock_.advance_ms(ModelTroubles::kToldForMs + 1);
  EXPECT_FALSE(is_degraded("the ranker failed"));
  promote(kRankerModel, put_ranker(linear("price", 1)));
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(ask({.query = "blue mug"}).learned);
  EXPECT_EQ(engine_->health().model_troubles.at("ranker"), 3u);
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
  // The first one taken out of service leaves none.
  ASSERT_TRUE(store().rollback(kRankerModel));
  EXPECT_TRUE(soon([&] { return !ask({.query = "mug"}).learned; }));
  promote(kEncoderModel, put_encoder());
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find({.query = "mug"}).size(), 4u);
  ASSERT_TRUE(store().rollback(kEncoderModel));
  EXPECT_TRUE(soon([&] { return find({.query = "mug"}).size() == 2; }));
}

TEST_F(LearnedTest, ARankerThatCouldNotBeOpenedForAMomentIsOpenedLater) {
  open_with(few_listings());
  const auto file_of = [&](const std::string& id) { return data() + "/models/ranker/" + id + "/trees.bin"; };
  const auto shut = [&](const std::string& id) {
    fs::rename(file_of(id), file_of(id) + ".aside");
    fs::create_symlink(file_of(id), file_of(id));  // no open succeeds, whoever asks
  };
  const auto unshut = [&](const std::string& id) { fs::rename(file_of(id) + ".aside", file_of(id)); };
  const std::string ranker = put_ranker(linear("price", 1));
  shut(ranker);
  promote_damaged(kRankerModel, ranker);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(is_degraded("ranked without what was learned"));
  unshut(ranker);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_FALSE(ask({.query = "mug"}).learned) << "not at every look";
  clock_.advance_ms(30'000);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(ask({.query = "mug"}).learned);
  EXPECT_FALSE(is_degraded("ranked without what was learned"));
  // The same of a challenger.
  const std::string challenger = put_ranker(linear("price", -1));
  shut(challenger);
  std::ofstream(data() + "/models/ranker/challenger") << challenger << "\n0.5\n" << kNow << "\n";
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_TRUE(is_degraded("no challenger is tried"));
  unshut(challenger);
  clock_.advance_ms(30'000);
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_FALSE(is_degraded("no challenger is tried"));
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

// --- the graph -----------------------------------------------------------------------------

TEST_F(LearnedTest, AClickIsWalkedAlongAfterTheNextBuild) {
  open_with(few_listings());
  const search::SearchRequest request{.query = "something for tea", .personalise = false};
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find(request), Ids{});
  // Two people, for what one alone typed stays with them.
  for (const std::string person : {"a", "b"}) {
    events::Event asked = event(events::EventKind::kSearch, person, "");
    asked.query_id = asked.id;
    asked.query = request.query;
    events::Event clicked = event(events::EventKind::kClick, person, "4");
    clicked.query_id = asked.id;
    happen({asked, clicked});
  }
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find(request), Ids{"4"});
  // A click more changes whom the walk prefers.
  for (int i = 0; i < 20; ++i) {
    events::Event asked = event(events::EventKind::kSearch, "c", "");
    asked.query_id = asked.id;
    asked.query = request.query;
    events::Event bought = event(events::EventKind::kPurchase, "c", "1");
    bought.query_id = asked.id;
    happen({asked, bought});
  }
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(find(request), (Ids{"1", "4"}));
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

}  // namespace
}  // namespace handsel
