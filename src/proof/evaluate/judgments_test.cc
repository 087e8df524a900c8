#include "proof/evaluate/judgments.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/file_system.h"

namespace handsel::evaluate {
namespace {

using testing::HasSubstr;

constexpr std::string_view kQueries = "query_id,query\n1,ivory vase\n2,\"mug, blue\"\n3,nobody judged\n";

TEST(Gains, AreRead) {
  const auto gains = parse_gains("E=1,S=0.1, C=.01 ,I=0");
  ASSERT_TRUE(gains) << gains.error().message;
  EXPECT_EQ(gains->of("S"), 0.1);
  EXPECT_EQ(gains->of("C"), 0.01);
  EXPECT_EQ(gains->of("X"), std::nullopt);
  EXPECT_EQ(gains->of("1"), std::nullopt);
}

TEST(Gains, NoneMeansNumbers) {
  const auto gains = parse_gains("");
  ASSERT_TRUE(gains);
  EXPECT_EQ(gains->of("2.5"), 2.5);
  EXPECT_EQ(gains->of("E"), std::nullopt);
  EXPECT_EQ(gains->of("nan"), std::nullopt);
}

TEST(Gains, SayWhatIsWrong) {
  for (const std::string_view text : {"E", "E=", "=1", "E=one", "E=-1", "E=1,E=2", "E=1,,S=2", "E=inf"}) {
    const auto gains = parse_gains(text);
    ASSERT_FALSE(gains) << text;
    EXPECT_EQ(gains.error().code, Code::kInvalidArgument);
    EXPECT_THAT(gains.error().message, HasSubstr("gains: "));
  }
}

TEST(JudgedSet, KeepsQueriesWithJudgmentsInOrder) {
  const auto set =
      read_judged_set(kQueries, "query_id,product_id,label,note\n2,A,S,x\n1,B,E,\n1,A,I,\n9,A,E,\n1,B,E,again\n",
                      *parse_gains("E=1,S=0.1,I=0"));
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->queries.size(), 2u);
  EXPECT_EQ(set->queries[0].text, "ivory vase");
  EXPECT_EQ(set->queries[0].gains.at("B"), 1);
  EXPECT_EQ(set->queries[0].gains.at("A"), 0);
  EXPECT_EQ(set->queries[1].text, "mug, blue");
  EXPECT_EQ(set->judgments, 3u);
  EXPECT_EQ(set->queries_without_judgments, 1u);
  EXPECT_EQ(set->judgments_without_query, 1u);
}

TEST(JudgedSet, FingerprintIsOfContentsNotOfOrder) {
  const Gains gains = *parse_gains("E=1,I=0");
  const auto one = read_judged_set(kQueries, "query_id,product_id,label\n1,A,E\n2,B,I\n", gains);
  const auto same = read_judged_set(kQueries, "query_id,product_id,label\n2,B,I\n1,A,E\n", gains);
  const auto other_label = read_judged_set(kQueries, "query_id,product_id,label\n1,A,E\n2,B,E\n", gains);
  const auto other_gains =
      read_judged_set(kQueries, "query_id,product_id,label\n1,A,E\n2,B,I\n", *parse_gains("E=2,I=0"));
  EXPECT_EQ(one->fingerprint, same->fingerprint);
  EXPECT_NE(one->fingerprint, other_label->fingerprint);
  EXPECT_NE(one->fingerprint, other_gains->fingerprint);
}

TEST(JudgedSet, NamesFileAndLine) {
  struct Case {
    std::string_view queries;
    std::string_view judgments;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {"", "", "queries: the file is empty"},
      {"id,query\n1,a\n", "", "queries: no column 'query_id'"},
      {kQueries, "query_id,product_id\n", "judgments: no column 'label'"},
      {"query_id,query\n1,a\n1,b\n", "query_id,product_id,label\n", "queries: line 3: query_id '1' is there twice"},
      {kQueries, "query_id,product_id,label\n1,A,Z\n", "judgments: line 2: label 'Z' has no gain"},
      {kQueries, "query_id,product_id,label\n1,A,E\n1,A,I\n", "judgments: line 3: query '1' and product 'A'"},
      {"query_id,query\n1,\"open\n", "", "queries: line 2"},
      {kQueries, "query_id,product_id,label\n1,A\n", "judgments: line 2: 2 fields where the header has 3"},
      {kQueries, "query_id,product_id,label\n7,A,E\n", "no query has a judgment"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.message);
    const auto set = read_judged_set(c.queries, c.judgments, *parse_gains("E=1,I=0"));
    ASSERT_FALSE(set);
    EXPECT_THAT(set.error().message, HasSubstr(std::string(c.message)));
  }
}

// Real judgments, where they are: the numbers are those of their SOURCE.md.
TEST(JudgedSet, ReadsEsci) {
  const std::string folder = HANDSEL_SOURCE_DIR "/../shared/data/esci-us-sample";
  const auto queries = real_file_system().read_file(folder + "/query.csv");
  const auto judgments = real_file_system().read_file(folder + "/label.dev.csv");
  if (!queries || !judgments) GTEST_SKIP() << "no data";
  const auto set = read_judged_set(*queries, *judgments, *parse_gains("E=1,S=0.1,C=0.01,I=0"));
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->queries.size(), 75u);
  EXPECT_EQ(set->queries_without_judgments, 75u);
  EXPECT_EQ(set->judgments, 3313u);
  EXPECT_EQ(set->judgments_without_query, 0u);
  std::map<double, int> by_gain;
  for (const JudgedQuery& query : set->queries)
    for (const auto& [product, gain] : query.gains) ++by_gain[gain];
  EXPECT_EQ(by_gain, (std::map<double, int>{{1, 1813}, {0.1, 892}, {0.01, 114}, {0, 494}}));
}

TEST(JudgedSet, RelevanceStartsAboveTheUnjudged) {
  Gains gains = *parse_gains("E=1");
  gains.relevant_from = 0;
  EXPECT_FALSE(read_judged_set(kQueries, "query_id,product_id,label\n1,A,E\n", gains));
}

}  // namespace
}  // namespace handsel::evaluate
