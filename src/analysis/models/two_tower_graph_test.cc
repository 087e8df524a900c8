#include "analysis/models/two_tower_graph.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/models/graph_vectors.h"

namespace handsel::models {
namespace {

constexpr std::size_t kDimensions = 70;  // the signs of a word fill more than one hash

class TwoTowerGraph : public testing::Test {
 protected:
  TwoTowerGraph() {
    for (const char* title : {"blue mug", "green mug", "linen apron", "a thing nobody asked for"}) {
      listings_.push_back({.id = title, .title = title, .language = "en"});
    }
    data_.visit_listings = [this](const TrainingData::Visit& visit) -> Result<void> {
      for (const catalog::Listing& listing : listings_) visit(listing);
      return {};
    };
    for (const char* query : {"cup", "cup for tea", "kitchen"}) data_.queries.push_back({.text = query});
  }

  void act(std::uint32_t query, std::uint32_t listing, Interest interest) {
    data_.examples.push_back({.query = query, .listing = listing, .interest = interest});
  }
  const TrainingCorpus& corpus() {
    if (!corpus_) corpus_ = std::move(*TrainingCorpus::read(data_, kTableBitsMin, {}));
    return *corpus_;
  }
  TrainingGraph graph() { return {data_, corpus(), kDimensions}; }
  static std::vector<float> vector(const TrainingGraph& graph, std::size_t listing) {
    std::vector<float> out(kDimensions, 7.0F);
    graph.vector(listing, out);
    return out;
  }
  std::vector<float> without(const TrainingGraph& graph, std::size_t listing, std::uint32_t query) {
    FeatureBag bag;
    corpus().features().of_query({.text = data_.queries[query].text}, bag);
    std::vector<float> out(kDimensions, 7.0F);
    graph.without(listing, query, bag, out);
    return out;
  }
  static double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      ab += static_cast<double>(a[i]) * b[i];
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i]) * b[i];
    }
    return ab / std::sqrt(aa * bb);
  }
  static double length(const std::vector<float>& vector) {
    double squares = 0;
    for (const float value : vector) squares += static_cast<double>(value) * value;
    return std::sqrt(squares);
  }

  std::vector<catalog::Listing> listings_;
  TrainingData data_;
  std::optional<TrainingCorpus> corpus_;
};

TEST_F(TwoTowerGraph, ListingsOfOneQuestionLieTogether) {
  act(0, 0, Interest::kClick);
  act(1, 1, Interest::kClick);
  act(2, 2, Interest::kPurchase);
  act(0, 3, Interest::kImpression);
  const TrainingGraph made = graph();
  EXPECT_GT(cosine(vector(made, 0), vector(made, 1)), 0.4) << "a word in common";
  EXPECT_LT(std::fabs(cosine(vector(made, 0), vector(made, 2))), 0.4);
  EXPECT_THAT(vector(made, 3), testing::Each(0.0F)) << "seen is not asked for";
}

TEST_F(TwoTowerGraph, ManyActionsAreBelievedMore) {
  act(0, 0, Interest::kClick);
  act(2, 2, Interest::kPurchase);
  for (int i = 0; i < 4; ++i) act(0, 1, Interest::kClick);
  const TrainingGraph made = graph();
  // s / (s + 3), of one click, four clicks, a purchase.
  EXPECT_NEAR(length(vector(made, 0)), 1.0 / 4, 1e-6);
  EXPECT_NEAR(length(vector(made, 1)), 4.0 / 7, 1e-6);
  EXPECT_NEAR(length(vector(made, 2)), 10.0 / 13, 1e-6);
}

TEST_F(TwoTowerGraph, AnAnswerIsNotToldByItsOwnQuery) {
  act(0, 0, Interest::kClick);
  act(2, 0, Interest::kClick);
  act(2, 2, Interest::kClick);
  const TrainingGraph made = graph();
  // What is left is the other query's, to a rounding of floats of size one.
  const std::vector<float> kitchen = vector(made, 2);
  const std::vector<float> left = without(made, 0, 0);
  for (std::size_t d = 0; d < kDimensions; ++d) EXPECT_NEAR(left[d], kitchen[d], 1e-6) << d;
  EXPECT_THAT(without(made, 2, 2), testing::Each(testing::FloatNear(0, 1e-6)));
  EXPECT_EQ(without(made, 0, 1), vector(made, 0)) << "nobody acted on it after that query";
  EXPECT_EQ(without(made, 3, 0), vector(made, 3));
}

TEST_F(TwoTowerGraph, TheFileHasWhatWasActedOn) {
  act(1, 1, Interest::kCart);
  act(2, 2, Interest::kClick);
  act(2, 0, Interest::kImpression);
  const TrainingGraph made = graph();
  const auto file = GraphVectors::open(std::make_shared<HeapBytes>(made.file()));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ((*file)->size(), 2u);
  for (std::size_t i = 0; i < listings_.size(); ++i) {
    std::vector<float> found(kDimensions);
    EXPECT_EQ((*file)->find(listings_[i].id, found), i == 1 || i == 2) << i;
    const std::vector<float> wanted = vector(made, i);
    for (std::size_t d = 0; d < kDimensions; ++d) EXPECT_NEAR(found[d], wanted[d], 1.0 / 253) << i;
  }
}

}  // namespace
}  // namespace handsel::models
