#include "analysis/models/two_tower_training.h"

#include <algorithm>

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
    for (const catalog::Listing& listing : listings) visit(listing, {});
    return {};
  };
  return data;
}

void add_log(TrainingData& data) {
  for (const auto& [asked, sold] : kSynonyms)
    data.queries.push_back({.text = std::string(asked), .language = "en", .country = "US"});
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
  return std::move(*TwoTower::open(std::make_shared<HeapBytes>(trained.files.at(std::string(kTwoTowerFile)))));
}

std::vector<float> cosines(const TwoTower& model, std::string_view text,
                           const std::vector<catalog::Listing>& listings) {
  std::vector<float> query(model.dimensions());
  const QueryInput input{.text = text, .language = "en", .country = "US", .session = {}};
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

// How often the thing that was meant is nearer than another one, over all pairs.
double share_right(const TwoTower& model, const std::vector<catalog::Listing>& listings) {
  double right = 0;
  double pairs = 0;
  for (std::size_t kind = 0; kind < kSynonyms.size(); ++kind) {
    const std::vector<float> near = cosines(model, kSynonyms[kind].first, listings);
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
  EXPECT_FALSE(options.files->exists(options.checkpoint_path));
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

TEST_F(TwoTowerTraining, SessionsAndGraphVectorsAreLearnedFrom) {
  const auto catalogue = listings();
  TrainingData data;
  data.graph_dimensions = 2;
  data.visit_listings = [&](const TrainingData::Visit& visit) -> Result<void> {
    for (const catalog::Listing& listing : catalogue) visit(listing, std::array<float, 2>{0.6F, 0.8F});
    return {};
  };
  add_log(data);
  data.session_listings = {1, 2, 3, 4};
  for (TrainingExample& example : data.examples) example.session_count = 4;
  TrainOptions options = models::options();
  options.examples_total = 1500;
  const auto trained = train_two_tower(data, options);
  ASSERT_TRUE(trained) << trained.error().message;
  const auto model = model_of(*trained);
  const auto is_zero = [](float value) { return value == 0; };
  EXPECT_FALSE(std::ranges::all_of(model->weights().query.side, is_zero));
  EXPECT_FALSE(std::ranges::all_of(model->weights().listing.side, is_zero));
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
