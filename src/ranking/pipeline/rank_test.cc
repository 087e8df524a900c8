#include "ranking/pipeline/rank.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel::pipeline {
namespace {

using query::SmallCatalogue;

class RankTest : public testing::Test {
 protected:
  void put(std::string title, std::vector<std::string> path = {}, std::string description = "") {
    catalogue_.put({.id = title,
                    .title = title,
                    .description = std::move(description),
                    .language = "en",
                    .taxonomy_path = std::move(path)});
  }

  // Every listing that has any of the words.
  RankedList ranked(std::string_view text) {
    snapshot_ = catalogue_.snapshot();
    const query::QueryPlan plan = query::plan_query(query::parse_query(catalogue_.analyzer(), text, "en"), nullptr,
                                                    catalogue_.analyzer(), *snapshot_, {});
    mass_ = plan.mass();
    index::IndexQuery query{.groups = plan.groups, .match = index::Match::kAny, .top = kRankedMax};
    for (index::TermGroup& group : query.groups) group.required = true;
    const index::IndexAnswer answer = index::search(*snapshot_, query).value();
    return rank(*snapshot_, plan, answer.hits, {}, nullptr);
  }

  std::string_view title(const RankedItem& item) const { return index::doc_info(*snapshot_, item.hit.doc).id; }

  double feature(const RankedList& list, std::string_view of_title, std::string_view name) const {
    const auto item = std::ranges::find_if(list.items, [&](const RankedItem& i) { return title(i) == of_title; });
    EXPECT_NE(item, list.items.end()) << of_title;
    const auto column = std::ranges::find(list.features.names, name) - list.features.names.begin();
    return list.features.row(*item->row)[static_cast<std::size_t>(column)];
  }

  SmallCatalogue catalogue_{"rank"};
  std::shared_ptr<const index::Snapshot> snapshot_;
  double mass_ = 0;
};

TEST_F(RankTest, TitlePairsCountNeighboursInTheirOrder) {
  put("chain necklace of silver");
  put("necklace chain of silver");
  put("chain of the necklace");
  put("something else");
  const RankedList list = ranked("chain necklace");
  EXPECT_GT(feature(list, "chain necklace of silver", "title_pairs"), 0);
  EXPECT_EQ(feature(list, "necklace chain of silver", "title_pairs"), 0);
  EXPECT_EQ(feature(list, "chain of the necklace", "title_pairs"), 0);
  EXPECT_EQ(title(list.items.front()), "chain necklace of silver");
  // Stop words of the query are passed over.
  EXPECT_GT(feature(ranked("chain for the necklace"), "chain necklace of silver", "title_pairs"), 0);
}

TEST_F(RankTest, ExactTitleComesFirst) {
  put("mug");
  put("the blue mug");
  put("blue mug with a handle");
  put("mug blue");
  const RankedList list = ranked("the blue mug");
  EXPECT_EQ(feature(list, "the blue mug", "exact_title"), mass_);
  EXPECT_EQ(feature(list, "blue mug with a handle", "exact_title"), 0);
  EXPECT_EQ(feature(list, "mug blue", "exact_title"), 0);
  EXPECT_EQ(feature(list, "mug", "exact_title"), 0);
}

TEST_F(RankTest, StatedAbsence) {
  put("rug with fringe");
  put("rug without fringe");
  put("no fringe rug");
  put("fringe free rug");
  put("rug");
  const RankedList list = ranked("rug without fringe");
  struct Row {
    std::string_view title;
    double value;
  };
  for (const Row& row : {Row{"rug with fringe", 0}, Row{"rug without fringe", 1}, Row{"no fringe rug", 1},
                         Row{"fringe free rug", 1}, Row{"rug", 0}}) {
    EXPECT_EQ(feature(list, row.title, "stated_absence"), row.value) << row.title;
  }
  EXPECT_EQ(feature(ranked("rug with fringe"), "rug without fringe", "stated_absence"), 0);
}

TEST_F(RankTest, TaxonomyPriorFollowsTheBest) {
  for (int i = 0; i < 6; ++i) put(fmt::format("copper kettle {}", i), {"Home", "Kettles"});
  put("kettle cosy", {"Home", "Cosies"});
  put("kettle drum", {"Music"});
  put("kettle", {});
  const RankedList list = ranked("copper kettle");
  const double kettle = feature(list, "copper kettle 0", "taxonomy_prior");
  const double cosy = feature(list, "kettle cosy", "taxonomy_prior");
  const double drum = feature(list, "kettle drum", "taxonomy_prior");
  EXPECT_GT(kettle, cosy);
  EXPECT_GT(cosy, drum);
  EXPECT_GT(drum, 0);
  EXPECT_EQ(feature(list, "kettle", "taxonomy_prior"), 0);
}

// p(node) is 1 for the nodes of the only candidate and the prior is their mean.
TEST_F(RankTest, TaxonomyPriorOfTheOnlyCandidateIsItsScore) {
  put("kettle of copper", {"Home", "Kitchen", "Kettles"});
  put("mug", {"Home"});
  const RankedList list = ranked("kettle copper");
  EXPECT_DOUBLE_EQ(feature(list, "kettle of copper", "taxonomy_prior"), feature(list, "kettle of copper", "match"));
}

TEST_F(RankTest, FeedbackFindsWhatTheBestShare) {
  for (int i = 0; i < 5; ++i) put(fmt::format("teapot {}", i), {}, "porcelain brewing");
  for (int i = 0; i < 30; ++i) put(fmt::format("mug {}", i));
  put("teapot in the description", {}, "porcelain");
  put("shelf", {}, "room for a teapot");
  const RankedList list = ranked("teapot");
  EXPECT_GT(feature(list, "teapot in the description", "feedback_terms"), 0);
  EXPECT_EQ(feature(list, "shelf", "feedback_terms"), 0);
}

// With one feedback word its weight is 1.
TEST_F(RankTest, FeedbackIsTheMassByTheImpact) {
  for (int i = 0; i < 3; ++i) put(fmt::format("teapot {}", i), {}, "porcelain");
  for (int i = 0; i < 30; ++i) put(fmt::format("mug {}", i));
  const RankedList list = ranked("teapot");
  const std::array<std::string, 1> terms = {"porcelain"};
  const std::array<index::DocRef, 1> documents = {list.items.front().hit.doc};
  const double impact = index::term_impacts(*snapshot_, documents, terms).front();
  ASSERT_GT(impact, 0);
  EXPECT_DOUBLE_EQ(feature(list, title(list.items.front()), "feedback_terms"), mass_ * impact / 255);
}

TEST_F(RankTest, ScoresAreTheSumOfTheirParts) {
  Rng rng(11);
  static constexpr std::array kWords = {"linen", "apron", "blue", "mug", "without", "handle", "ring"};
  for (int i = 0; i < 150; ++i) {
    std::string title = fmt::format("n{}", i);
    for (int k = 0; k < 5; ++k) title += std::string(" ") + kWords[rng.below(kWords.size())];
    put(title, {kWords[rng.below(3)], kWords[rng.below(7)]}, "porcelain");
  }
  for (const std::string_view text : {"linen apron", "mug without handle", "ring", "n7 blue"}) {
    const RankedList list = ranked(text);
    ASSERT_FALSE(list.items.empty());
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const auto row = list.features.row(*list.items[i].row);
      double sum = 0;
      for (std::size_t k = 0; k < row.size(); ++k) {
        if (!std::isnan(row[k])) sum += row[k] * list.features.weights[k];
      }
      EXPECT_NEAR(sum, list.items[i].score, 1e-9);  // added in another order
      if (i > 0) {
        EXPECT_GE(list.items[i - 1].score, list.items[i].score);
      }
    }
  }
}

TEST_F(RankTest, NothingGivesNothing) {
  put("mug");
  EXPECT_TRUE(ranked("teapot").items.empty());
  EXPECT_TRUE(rank(*snapshot_, {}, {}, {}, nullptr).items.empty());
}

TEST(RankModelTest, TheUntrainedScoreHasItsShare) {
  features::FeatureMatrix matrix;
  const auto names = features::feature_names();
  matrix.names.assign(names.begin(), names.end());
  matrix.values.assign(3 * names.size(), 0.0);
  const auto price = std::ranges::find(names, "price") - names.begin();
  const double untrained[] = {10, 40, 40};
  const double prices[] = {6, 0, 3};
  for (std::size_t i = 0; i < 3; ++i) {
    matrix.values[i * names.size() + 1] = untrained[i];
    matrix.values[i * names.size() + static_cast<std::size_t>(price)] = prices[i];
  }
  const auto score = [&](double share) {
    auto trees = trees::TreeEnsemble::build({.features = {"price"}, .linear = {{0, 1, 0}}});
    auto model = RankModel::create(std::move(*trees), share);
    EXPECT_TRUE(model.has_value());
    return model->score(matrix);
  };
  EXPECT_EQ(score(0), (std::vector<double>{6, 0, 3}));
  // Deviations: sqrt(6) of the trees, sqrt(200) of the untrained, whose mean is 30.
  const double weight = 0.5 / 0.5 * std::sqrt(6.0) / std::sqrt(200.0);
  const std::vector<double> mixed = score(0.5);
  EXPECT_NEAR(mixed[0], 6 - 20 * weight, 1e-6);
  EXPECT_NEAR(mixed[1], 0 + 10 * weight, 1e-6);
  EXPECT_NEAR(mixed[2], 3 + 10 * weight, 1e-6);
  for (std::size_t i = 0; i < 3; ++i) matrix.values[i * names.size() + 1] = 7;
  EXPECT_EQ(score(0.5), (std::vector<double>{6, 0, 3}));  // it tells nothing apart
  for (const double bad : {-0.1, 1.0, std::nan("")}) {
    EXPECT_FALSE(RankModel::create(*trees::TreeEnsemble::build({.features = {"price"}}), bad)) << bad;
  }
}

}  // namespace
}  // namespace handsel::pipeline
