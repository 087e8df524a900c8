#include "analysis/models/two_tower_training.h"

#include <algorithm>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/models/two_tower_module.h"
#include "analysis/models/two_tower_pseudo_queries.h"
#include "base/core/rng.h"

namespace handsel::models {
namespace {

// A shop of things whose buyers have other words for them than their makers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSynonyms = {
    {{"couch", "sofa"}, {"cup", "beaker"}, {"earring", "stud"}, {"rug", "carpet"}, {"lamp", "light"}, {"bag", "tote"}}};
constexpr std::array<std::string_view, 5> kAdjectives = {"blue", "wooden", "vintage", "small", "handmade"};

std::vector<catalog::Listing> listings() {
  std::vector<catalog::Listing> made;
  Rng rng(5);
  for (std::size_t i = 0; i < 240; ++i) {
    catalog::Listing listing;
    listing.id = std::to_string(i);
    listing.language = "en";
    const std::string maker = "maker" + std::to_string(rng.below(20));
    listing.title = fmt::format("{} {} {}", kAdjectives[rng.below(kAdjectives.size())],
                                kSynonyms[i % kSynonyms.size()].second, maker);
    listing.price_cents = 1000 + static_cast<std::int64_t>(i);
    listing.currency = "EUR";
    made.push_back(listing);
  }
  return made;
}

TrainingData data_of(const std::vector<catalog::Listing>& listings) {
  TrainingData data;
  data.visit_listings = [&listings](const TrainingData::Visit& visit) -> Result<void> {
    for (const catalog::Listing& listing : listings) visit(listing);
    return {};
  };
  return data;
}

void add_log(TrainingData& data) {
  for (const auto& [asked, sold] : kSynonyms) data.queries.push_back({.text = std::string(asked), .language = "en"});
  Rng rng(6);
  for (std::uint32_t i = 0; i < 600; ++i) {
    const auto listing = static_cast<std::uint32_t>(rng.below(240));
    data.examples.push_back({.query = static_cast<std::uint32_t>(listing % kSynonyms.size()),
                             .listing = listing,
                             .interest = i % 3 == 0 ? Interest::kPurchase : Interest::kClick});
  }
}

TrainOptions options() {
  TrainOptions options;
  options.dimensions = 32;
  options.table_bits = 12;
  options.rounds = 4;
  options.examples_total = 6000;
  options.module_path = HANDSEL_BINARY_DIR "/handsel_trainer.so";
  return options;
}

std::unique_ptr<TwoTower> model_of(const TrainedTwoTower& trained) {
  const auto file = [&](std::string_view name) -> std::shared_ptr<const FileBytes> {
    const auto found = trained.files.find(std::string(name));
    return found == trained.files.end() ? nullptr : std::make_shared<HeapBytes>(found->second);
  };
  return std::move(*TwoTower::open(file(kTwoTowerFile), file(kGraphVectorsFile)));
}

std::vector<float> cosines(const TwoTower& model, std::string_view text, const std::vector<catalog::Listing>& listings,
                           std::span<const float> session = {}, std::string_view country = "US") {
  std::vector<float> query(model.dimensions());
  const QueryInput input{.text = text, .language = "en", .country = country, .session = session};
  EXPECT_TRUE(model.encode_queries({&input, 1}, query));
  std::vector<float> result;
  for (const catalog::Listing& listing : listings) {
    const catalog::Listing* pointer = &listing;
    std::vector<float> vector(model.dimensions());
    EXPECT_TRUE(model.encode_listings({&pointer, 1}, vector));
    float sum = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) sum += query[i] * vector[i];
    result.push_back(sum);
  }
  return result;
}

// How often the thing that was meant is nearer than another one, over all pairs. near_of: cosines of all listings to
// what means a kind.
double share_right(const std::function<std::vector<float>(std::size_t kind)>& near_of) {
  double right = 0;
  double pairs = 0;
  for (std::size_t kind = 0; kind < kSynonyms.size(); ++kind) {
    const std::vector<float> near = near_of(kind);
    for (std::size_t a = kind; a < near.size(); a += kSynonyms.size()) {
      for (std::size_t b = 0; b < near.size(); ++b) {
        if (b % kSynonyms.size() == kind) continue;
        right += near[a] > near[b] ? 1 : 0;
        ++pairs;
      }
    }
  }
  return right / pairs;
}

double share_right(const TwoTower& model, const std::vector<catalog::Listing>& listings) {
  return share_right([&](std::size_t kind) { return cosines(model, kSynonyms[kind].first, listings); });
}

// libtorch does not open in every build: see two_tower_module.cc.
class TwoTowerTraining : public testing::Test {
 protected:
  void SetUp() override {
    const HandselTrainerShape shape{.dimensions = 8,
                                    .hidden = 0,
                                    .query = {.segments = 1, .side = 0},
                                    .listing = {.segments = 1, .side = 0},
                                    .seed = 1,
                                    .threads = 1,
                                    .learning_rate = 0.1};
    const auto module = TrainerModule::open(options().module_path, shape);
    if (!module) GTEST_SKIP() << module.error().message;
  }
};

TEST_F(TwoTowerTraining, LearnsWordsThatShareClicksAndNoLetters) {
  const auto catalogue = listings();
  TrainingData data = data_of(catalogue);
  add_log(data);
  const auto trained = train_two_tower(data, options());
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_GT(share_right(*model_of(*trained), catalogue), 0.98);

  const auto without_log = train_two_tower(data_of(catalogue), options());
  ASSERT_TRUE(without_log) << without_log.error().message;
  EXPECT_LT(share_right(*model_of(*without_log), catalogue), 0.8) << "the log is what teaches it";
  EXPECT_GT(without_log->metrics.at("held_out_catalogue_recall_at_100"), 0.5);
  EXPECT_GT(without_log->metrics.at("similarity_noise"), 0);
  EXPECT_LT(without_log->metrics.at("similarity_noise"), 0.9);
}

TEST_F(TwoTowerTraining, SameBytesForASeedWithAnyNumberOfThreads) {
  const auto catalogue = listings();
  TrainingData data = data_of(catalogue);
  add_log(data);
  TrainOptions alone = options();
  alone.examples_total = 1500;
  const auto first = train_two_tower(data, alone);
  ASSERT_TRUE(first) << first.error().message;
  ThreadPool pool(2);
  TrainOptions together = alone;
  together.pool = &pool;
  const auto second = train_two_tower(data, together);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->files, second->files);
  EXPECT_EQ(first->data_fingerprint, second->data_fingerprint);
  alone.seed = 2;
  EXPECT_NE(train_two_tower(data, alone)->files, first->files);
}

TEST_F(TwoTowerTraining, StopsAndGoesOnAsIfNothingHappened) {
  const auto catalogue = listings();
  TrainingData data = data_of(catalogue);
  add_log(data);
  TrainOptions options = models::options();
  options.examples_total = 3000;
  const auto whole = train_two_tower(data, options);
  ASSERT_TRUE(whole) << whole.error().message;

  options.files = &real_file_system();
  options.checkpoint_path = testing::TempDir() + "/two_tower_checkpoint";
  ASSERT_TRUE(options.files->remove_file(options.checkpoint_path));  // of another run of this test
  std::stop_source stop;
  const auto stopped = train_two_tower(
      data, options,
      [&](const TrainProgress& progress) {
        if (progress.done >= 1600) stop.request_stop();
      },
      stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::kCancelled);
  EXPECT_TRUE(options.files->exists(options.checkpoint_path));

  std::uint64_t first_done = ~std::uint64_t{0};
  const auto resumed = train_two_tower(data, options, [&](const TrainProgress& progress) {
    if (progress.stage == "training") first_done = std::min(first_done, progress.done);
  });
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_GE(first_done, 1500u) << "two of four rounds were done";
  EXPECT_EQ(resumed->files, whole->files);
  EXPECT_GT(resumed->metrics.at("loss"), 0);

  // As after a crash before the result was stored: all rounds are still there.
  bool trained_anew = false;
  const auto again = train_two_tower(
      data, options, [&](const TrainProgress& progress) { trained_anew |= progress.stage == "training"; });
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_FALSE(trained_anew);
  EXPECT_EQ(again->files, whole->files);
  EXPECT_FALSE(again->metrics.contains("loss"));
  ASSERT_TRUE(options.files->remove_file(options.checkpoint_path));
}

TEST_F(TwoTowerTraining, ADamagedCheckpointIsNone) {
  const auto catalogue = listings();
  TrainOptions options = models::options();
  options.examples_total = 300;
  const auto whole = train_two_tower(data_of(catalogue), options);
  options.files = &real_file_system();
  options.checkpoint_path = testing::TempDir() + "/two_tower_damaged";
  for (const std::string bytes : {"", "HSTWCKP1", "HSTWCKP1 and something that is no checkpoint"}) {
    ASSERT_TRUE(options.files->write_file(options.checkpoint_path, bytes));
    const auto trained = train_two_tower(data_of(catalogue), options);
    ASSERT_TRUE(trained) << trained.error().message;
    EXPECT_EQ(trained->files, whole->files);
  }
  ASSERT_TRUE(options.files->remove_file(options.checkpoint_path));
}

TEST_F(TwoTowerTraining, SaysWhatItNeeds) {
  const auto catalogue = listings();
  const auto refused = [&](const TrainingData& data, const TrainOptions& options) {
    const auto trained = train_two_tower(data, options);
    EXPECT_FALSE(trained);
    return trained ? Error{} : trained.error();
  };
  TrainOptions no_module = options();
  no_module.module_path = "/nowhere/handsel_trainer.so";
  const Error error = refused(data_of(catalogue), no_module);
  EXPECT_EQ(error.code, Code::kUnsupported);
  EXPECT_THAT(error.message, testing::StartsWith("training needs the module"));

  const std::vector<catalog::Listing> nothing;
  EXPECT_EQ(refused(data_of(nothing), options()).code, Code::kInvalidArgument);
  TrainingData wrong = data_of(catalogue);
  add_log(wrong);
  wrong.examples[7].listing = 240;
  EXPECT_EQ(refused(wrong, options()).code, Code::kInvalidArgument);
  wrong.examples[7] = {.query = 0, .listing = 0, .weight = std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(refused(wrong, options()).code, Code::kInvalidArgument);
  TrainOptions too_wide = options();
  too_wide.dimensions = kDimensionsMax + 1;
  EXPECT_EQ(refused(data_of(catalogue), too_wide).code, Code::kInvalidArgument);
}

TEST_F(TwoTowerTraining, ListingsWithoutWordsAreNoTrouble) {
  auto catalogue = listings();
  for (std::size_t i = 0; i < catalogue.size(); i += 2) catalogue[i].title.clear();
  catalogue[1].title = "кружка из глины";
  catalogue[3].title = "手作りのマグカップとお皿のセットです";
  catalogue[5].description = std::string(60'000, 'x');
  TrainOptions options = models::options();
  options.examples_total = 600;
  EXPECT_TRUE(train_two_tower(data_of(catalogue), options));
}

// Everybody means the kind of thing that they looked at before, and asks for "it" (with a number, so that what others
// meant is wrong for them).
TEST_F(TwoTowerTraining, ASessionSaysWhatIsMeant) {
  const auto catalogue = listings();
  TrainingData data = data_of(catalogue);
  Rng rng(8);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    data.queries.push_back({.text = fmt::format("it {}", i), .language = "en"});
    const auto listing = static_cast<std::uint32_t>(rng.below(catalogue.size()));
    const auto before = static_cast<std::uint32_t>((listing + kSynonyms.size()) % catalogue.size());
    data.session_listings.push_back(before);
    data.examples.push_back({.query = i, .listing = listing, .session_begin = i, .session_count = 1});
  }
  TrainOptions options = models::options();
  options.examples_total = 40'000;  // a session's part is learned with the towers, slowly
  const auto trained = train_two_tower(data, options);
  ASSERT_TRUE(trained) << trained.error().message;
  const auto model = model_of(*trained);
  const auto with_session = [&](std::size_t kind) {
    std::vector<float> session(model->dimensions());
    const catalog::Listing* before = &catalogue[kind];
    EXPECT_TRUE(model->encode_listings({&before, 1}, session));
    return cosines(*model, "it", catalogue, session);
  };
  EXPECT_GT(share_right(with_session), 0.6);
  EXPECT_NEAR(share_right([&](std::size_t) { return cosines(*model, "it", catalogue); }), 0.5, 0.01)
      << "it says nothing";
}

// Half of the listings say nothing of what they are; those who ask for them do.
TEST_F(TwoTowerTraining, WhatPeopleAskedForIsSeenWithTheListing) {
  auto catalogue = listings();
  for (std::size_t i = 0; i < catalogue.size(); i += 2) catalogue[i].title = "thing " + std::to_string(i);
  TrainingData data = data_of(catalogue);
  for (const auto& [asked, sold] : kSynonyms) {
    for (const std::string_view adjective : kAdjectives) {
      data.queries.push_back({.text = fmt::format("{} {}", adjective, asked), .language = "en"});
    }
  }
  for (std::uint32_t listing = 0; listing < catalogue.size(); ++listing) {
    for (std::uint32_t adjective = 0; adjective < kAdjectives.size(); ++adjective) {
      const auto query = static_cast<std::uint32_t>(listing % kSynonyms.size() * kAdjectives.size() + adjective);
      data.examples.push_back({.query = query, .listing = listing, .interest = Interest::kPurchase});
    }
  }
  TrainOptions options = models::options();
  const auto with = train_two_tower(data, options);
  ASSERT_TRUE(with) << with.error().message;
  options.graph_dimensions = 0;
  const auto without = train_two_tower(data, options);
  ASSERT_TRUE(without) << without.error().message;
  EXPECT_EQ(without->files.size(), 1u);
  const auto model = model_of(*with);
  EXPECT_EQ(model->graph_dimensions(), TrainOptions{}.graph_dimensions);
  // A listing that is new, and says as little, is asked for like a known one.
  EXPECT_GT(share_right(*model, catalogue), share_right(*model_of(*without), catalogue));
}

TEST_F(TwoTowerTraining, WithoutActionsQueriesSayNothingOfListings) {
  const auto catalogue = listings();
  TrainingData data = data_of(catalogue);
  TrainOptions options = models::options();
  options.examples_total = 600;
  const auto silent = train_two_tower(data, options);
  data.queries.push_back({.text = "sofa", .language = "en"});
  data.examples.push_back({.query = 0, .listing = 0, .interest = Interest::kImpression});
  const auto seen = train_two_tower(data, options);
  for (const auto* trained : {&silent, &seen}) {
    ASSERT_TRUE(*trained) << trained->error().message;
    EXPECT_FALSE((*trained)->files.contains(std::string(kGraphVectorsFile)));
    EXPECT_EQ(model_of(**trained)->graph_dimensions(), 0u);
  }
}

// Each buys what is sent from where they are. A third country, of few buyers, is as none.
TEST_F(TwoTowerTraining, WhereBuyersAreSaysWhatTheyWant) {
  constexpr std::array<std::string_view, 2> kCountries = {"DE", "PT"};
  const auto is_from = [](std::size_t listing, std::size_t country) { return listing / 6 % 2 == country; };
  auto catalogue = listings();
  for (std::size_t i = 0; i < catalogue.size(); ++i) catalogue[i].ships_from = kCountries[is_from(i, 1) ? 1 : 0];
  TrainingData data = data_of(catalogue);
  for (const auto& [asked, sold] : kSynonyms) data.queries.push_back({.text = std::string(asked), .language = "en"});
  data.countries = {"PT", "FR", "DE"};
  for (std::uint32_t listing = 0; listing < catalogue.size(); ++listing) {
    const auto query = static_cast<std::uint32_t>(listing % kSynonyms.size());
    const std::uint16_t country = is_from(listing, 1) ? 1 : 3;
    for (int times = 0; times < 3; ++times) {
      data.examples.push_back(
          {.query = query, .listing = listing, .interest = Interest::kPurchase, .country = country});
    }
  }
  data.examples.push_back({.query = 4, .listing = 4, .interest = Interest::kPurchase, .country = 2});
  const auto trained = train_two_tower(data, options());
  ASSERT_TRUE(trained) << trained.error().message;
  const auto model = model_of(*trained);
  EXPECT_EQ(model->features().settings().countries, (std::vector<std::string>{"DE", "PT"}));
  EXPECT_EQ(trained->details.at("countries"), "DE PT");
  double right = 0;
  double pairs = 0;
  for (const auto& [asked, sold] : kSynonyms) {
    for (std::size_t country = 0; country < kCountries.size(); ++country) {
      const std::vector<float> near = cosines(*model, asked, catalogue, {}, kCountries[country]);
      for (std::size_t a = 0; a < near.size(); ++a) {
        for (std::size_t b = 0; b < near.size(); ++b) {
          if (a % kSynonyms.size() != b % kSynonyms.size() || !is_from(a, country) || is_from(b, country)) continue;
          right += near[a] > near[b] ? 1 : 0;
          ++pairs;
        }
      }
    }
  }
  EXPECT_GT(right / pairs, 0.7) << "by chance .5";
  EXPECT_EQ(cosines(*model, "lamp", catalogue, {}, "FR"), cosines(*model, "lamp", catalogue, {}, ""));
}

TEST(PseudoQueries, AreMadeOfTheListingsWords) {
  catalog::Listing listing;
  listing.title = "Stoneware mug, blue";
  listing.tags = {"coffee"};
  listing.taxonomy_path = {"Home", "Kitchen"};
  const PseudoSource source = pseudo_source(listing);
  Rng rng(1);
  int with_error = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string query = pseudo_query(source, rng);
    ASSERT_FALSE(query.empty());
    EXPECT_LE(std::ranges::count(query, ' '), static_cast<std::ptrdiff_t>(kPseudoWordsMax));
    if (query.find_first_of(",") != std::string::npos) ADD_FAILURE() << query;
    if (query == "Stonewrae mug") ++with_error;
  }
  EXPECT_EQ(pseudo_query(pseudo_source({}), rng), "");
  EXPECT_LT(with_error, 100);
}

TEST(PseudoQueries, ErrorsKeepTheFirstLetterAndShortWords) {
  Rng rng(2);
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(with_typing_error("mug", rng), "mug");
    EXPECT_EQ(with_typing_error("кружка", rng), "кружка");
    const std::string wrong = with_typing_error("ceramic", rng);
    EXPECT_EQ(wrong[0], 'c');
    EXPECT_GE(wrong.size(), 6u);
    EXPECT_LE(wrong.size(), 8u);
  }
}

}  // namespace
}  // namespace handsel::models
