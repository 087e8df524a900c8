#include "analysis/models/two_tower_module.h"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/models/two_tower.h"
#include "base/core/rng.h"

namespace handsel::models {
namespace {

constexpr std::size_t kDimensions = 8;
constexpr std::size_t kHidden = 4;
constexpr std::size_t kGraph = 2;
constexpr float kFar = 9.0F;  // a bound that no cosine reaches: the loss then says what the cosine is

const std::string kModule = HANDSEL_BINARY_DIR "/handsel_trainer.so";

std::vector<float> noise(std::size_t count, Rng& rng) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.normal());
  return values;
}

// The table's rows of a bag, summed by segment.
std::vector<float> sums_of(const TwoTower& model, const FeatureBag& bag) {
  std::vector<float> sums(bag.segments * kDimensions, 0.0F);
  for (std::size_t segment = 0; segment < bag.segments; ++segment) {
    for (std::size_t i = bag.begin_of(segment); i < bag.ends[segment]; ++i) {
      for (std::size_t d = 0; d < kDimensions; ++d) {
        sums[segment * kDimensions + d] +=
            bag.weights[i] * model.row_scale(bag.rows[i]) * static_cast<float>(model.row(bag.rows[i])[d]);
      }
    }
  }
  return sums;
}

// One query and one listing as a batch; returns the cosine that libtorch sees.
double step(TrainerModule& module, std::span<const float> query, std::span<const float> listing,
            std::span<const float> session, std::span<const float> graph) {
  std::vector<float> query_gradients(query.size());
  std::vector<float> listing_gradients(listing.size());
  const std::uint8_t kind = 1;
  const float weight = 1;
  HandselBatch batch{.queries = 1,
                     .listings = 1,
                     .query_sums = query.data(),
                     .listing_sums = listing.data(),
                     .query_side = session.data(),
                     .listing_side = graph.data(),
                     .kinds = &kind,
                     .row_weights = &weight,
                     .pair_kinds = {},
                     .learning_rate_scale = 1,
                     .query_gradients = query_gradients.data(),
                     .listing_gradients = listing_gradients.data(),
                     .loss = 0};
  batch.pair_kinds[1] = {.lower = kFar, .upper = kFar, .weight = 1, .nearest_only = 0};
  const auto stepped = module.step(batch);
  EXPECT_TRUE(stepped) << stepped.error().message;
  return kFar - std::sqrt(batch.loss);
}

TEST(TwoTowerModule, TrainsTheModelThatServes) {
  const HandselTrainerShape shape{.dimensions = kDimensions,
                                  .hidden = kHidden,
                                  .query = {.segments = kQuerySegments, .side = kDimensions},
                                  .listing = {.segments = kListingSegments, .side = kGraph},
                                  .seed = 4,
                                  .threads = 1,
                                  .learning_rate = 0.05};
  auto module = TrainerModule::open(kModule, shape);
  if (!module) GTEST_SKIP() << module.error().message;
  Rng rng(9);
  const std::vector<float> session = noise(kDimensions, rng);
  const std::vector<float> graph = noise(kGraph, rng);
  // Away from the beginning, where the inner layer says nothing.
  for (int i = 0; i < 20; ++i) {
    step(*module, noise(kQuerySegments * kDimensions, rng), noise(kListingSegments * kDimensions, rng), session, graph);
  }

  TwoTowerWeights weights;
  weights.shape.features.table_bits = kTableBitsMin;
  weights.shape.dimensions = kDimensions;
  weights.shape.hidden = kHidden;
  weights.shape.graph_dimensions = kGraph;
  const auto floats = module->weights();
  ASSERT_TRUE(floats && read_towers(*floats, weights));
  const auto model = TwoTower::open(std::make_shared<HeapBytes>(
      write_two_tower(weights, noise((std::size_t{1} << kTableBitsMin) * kDimensions, rng))));
  ASSERT_TRUE(model);

  catalog::Listing listing;
  listing.title = "stoneware mug with a blue glaze";
  listing.tags = {"coffee"};
  FeatureBag query_bag;
  FeatureBag listing_bag;
  (*model)->features().of_query({.text = "blue mug", .language = "en", .country = {}, .session = {}}, query_bag);
  (*model)->features().of_listing(listing, listing_bag);
  std::vector<float> query(kDimensions);
  std::vector<float> answer(kDimensions);
  (*model)->encode_query_bag(query_bag, session, query);
  (*model)->encode_listing_bag(listing_bag, graph, answer);
  double cosine = 0;
  for (std::size_t d = 0; d < kDimensions; ++d) cosine += static_cast<double>(query[d]) * answer[d];
  // Through a float loss of about 80.
  EXPECT_NEAR(step(*module, sums_of(**model, query_bag), sums_of(**model, listing_bag), session, graph), cosine, 1e-5);
}

TEST(TwoTowerModule, RefusesACheckpointThatIsNone) {
  const HandselTrainerShape shape{.dimensions = kDimensions,
                                  .hidden = 0,
                                  .query = {.segments = kQuerySegments, .side = 0},
                                  .listing = {.segments = kListingSegments, .side = 0},
                                  .seed = 4,
                                  .threads = 1,
                                  .learning_rate = 0.05};
  auto module = TrainerModule::open(kModule, shape);
  if (!module) GTEST_SKIP() << module.error().message;
  EXPECT_FALSE(module->load("no checkpoint"));
  EXPECT_FALSE(module->load(""));
}

}  // namespace
}  // namespace handsel::models
