#include "proof/evaluate/evaluation.h"

#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::evaluate {
namespace {

using testing::HasSubstr;

// Query 1 has one exact product, query 2 two; query 3 has nothing worth finding.
JudgedSet small_set() {
  return *read_judged_set("query_id,query\n1,vase\n2,\"mug, blue\"\n3,scarf\n4,not judged\n",
                          "query_id,product_id,label\n1,A,E\n1,B,S\n2,C,E\n2,D,E\n3,A,I\n",
                          *parse_gains("E=1,S=0.1,I=0"));
}

Ranker from_table(std::map<std::string, std::vector<std::string>> table) {
  return [table](const JudgedQuery& query) -> Result<std::vector<std::string>> { return table.at(query.id); };
}

Evaluation small_run() {
  return *measure(small_set(), from_table({{"1", {"B", "A"}}, {"2", {"C", "X", "D"}}, {"3", {}}}),
                  {.name = "small", .cutoffs = {2, 10}, .seed = 7});
}

double value(const Evaluation& run, std::size_t query, const std::string& metric) {
  const auto found = std::ranges::find(run.metrics, metric);
  return run.queries[query].values[static_cast<std::size_t>(found - run.metrics.begin())];
}

const MetricSummary& summary(const std::vector<MetricSummary>& all, const std::string& metric) {
  return *std::ranges::find(all, metric, &MetricSummary::metric);
}

TEST(EvaluationTest, KeepsEveryQuery) {
  const Evaluation run = small_run();
  ASSERT_EQ(run.queries.size(), 3u);
  const double d2 = 1 / std::log2(3);
  EXPECT_NEAR(value(run, 0, "ndcg@2"), (0.1 + d2) / (1 + 0.1 * d2), 1e-12);
  EXPECT_NEAR(value(run, 1, "ndcg@2"), 1 / (1 + d2), 1e-12);
  EXPECT_NEAR(value(run, 1, "ndcg@10"), (1 + 0.5) / (1 + d2), 1e-12);
  EXPECT_EQ(value(run, 1, "recall@2"), 0.5);
  EXPECT_EQ(value(run, 1, "recall@10"), 1);
  EXPECT_EQ(value(run, 0, "mrr@10"), 0.5);
  EXPECT_EQ(value(run, 1, "judged@2"), 0.5);
  EXPECT_EQ(value(run, 0, "precision@2"), 0.5);
  EXPECT_EQ(run.queries[1].returned, 3u);
  EXPECT_TRUE(std::isnan(value(run, 2, "ndcg@10")));
}

TEST(EvaluationTest, MeansAreOverTheQueriesThatSaySomething) {
  const std::vector<MetricSummary> all = summarise(small_run());
  const MetricSummary recall = summary(all, "recall@2");
  EXPECT_EQ(recall.queries, 2u);
  EXPECT_DOUBLE_EQ(recall.mean, 0.75);
  EXPECT_GE(recall.low, 0.5);
  EXPECT_LE(recall.high, 1.0);
  EXPECT_LT(recall.low, recall.high);
  EXPECT_EQ(summary(all, "precision@2").queries, 3u);
}

TEST(EvaluationTest, IntervalsFollowTheSeedAlone) {
  const auto a = summarise(small_run());
  const auto b = summarise(small_run());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].low, b[i].low);
}

TEST(EvaluationTest, SurvivesJson) {
  const Evaluation run = small_run();
  const auto again = evaluation_from_json(to_json(run));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->metrics, run.metrics);
  EXPECT_EQ(again->fingerprint, run.fingerprint);
  EXPECT_EQ(again->seed, 7u);
  EXPECT_EQ(to_json(*again), to_json(run));
  EXPECT_EQ(to_csv(*again), to_csv(run));
}

TEST(EvaluationTest, RefusesOtherJson) {
  for (const std::string_view text :
       {"", "{}", "[1]", "{\"format\":\"handsel.comparison.1\"}", "{\"format\":\"handsel.evaluation.1\",\"name\":3}",
        "{\"format\":\"handsel.evaluation.1\",\"name\":\"a\",\"judgments\":1e99}"}) {
    const auto run = evaluation_from_json(text);
    ASSERT_FALSE(run) << text;
    EXPECT_EQ(run.error().code, Code::kInvalidData);
    EXPECT_THAT(run.error().message, HasSubstr("evaluat"));
  }
}

TEST(EvaluationTest, WritesRowsForSpreadsheets) {
  const std::string csv = to_csv(small_run());
  EXPECT_THAT(csv, HasSubstr("query_id,query,band,returned,ndcg@2,recall@2,precision@2,mrr@2,judged@2,ndcg@10"));
  EXPECT_THAT(csv, HasSubstr("2,\"mug, blue\",,3,"));
  EXPECT_THAT(csv, HasSubstr("3,scarf,,0,,,0.000000,,,"));
}

TEST(EvaluationTest, TableHasMeansAndIntervals) {
  EXPECT_THAT(to_table(small_run()), HasSubstr("small: 3 queries, 5 judgments"));
  EXPECT_THAT(to_table(small_run()), HasSubstr("recall@2          0.7500"));
}

TEST(EvaluationTest, BandsAreSummedUpByThemselves) {
  Evaluation run = small_run();
  EXPECT_TRUE(summarise_bands(run).empty());
  run.queries[0].band = "tail";
  run.queries[1].band = "head";
  run.queries[2].band = "tail";
  const auto bands = summarise_bands(run);
  ASSERT_EQ(bands.size(), 2u);
  EXPECT_EQ(bands[0].band, "head");
  EXPECT_EQ(bands[1].queries, 2u);
  EXPECT_EQ(summary(bands[0].metrics, "recall@2").mean, 0.5);
  EXPECT_EQ(summary(bands[1].metrics, "recall@2").mean, 1);
  EXPECT_THAT(to_table(run), HasSubstr("ndcg@2 by how often the queries are asked\nhead "));
  EXPECT_EQ(to_json(*evaluation_from_json(to_json(run))), to_json(run));
}

TEST(EvaluationTest, ChecksCutoffs) {
  for (const std::vector<std::size_t>& cutoffs : {std::vector<std::size_t>{}, {0}, {10, 10}, {kCutoffMax + 1}}) {
    const auto run = measure(small_set(), from_table({}), {.cutoffs = cutoffs});
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().code, Code::kInvalidArgument);
  }
}

TEST(EvaluationTest, AnErrorNamesItsQuery) {
  const auto run =
      measure(small_set(),
              [](const JudgedQuery&) -> Result<std::vector<std::string>> { return fail(Code::kIo, "disk gone"); }, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, Code::kIo);
  EXPECT_EQ(run.error().message, "query '1' (vase): disk gone");
}

}  // namespace
}  // namespace handsel::evaluate
