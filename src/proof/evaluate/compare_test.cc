#include "proof/evaluate/compare.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::evaluate {
namespace {

using testing::HasSubstr;

// A run of one metric; query i is called "q<i>".
Evaluation run_of(std::string name, const std::vector<double>& values, std::size_t first = 0) {
  Evaluation run{.name = std::move(name), .metrics = {"ndcg@10"}, .fingerprint = 5, .seed = 3};
  for (std::size_t i = 0; i < values.size(); ++i)
    run.queries.push_back({.id = fmt::format("q{}", first + i), .text = "x", .returned = 10, .values = {values[i]}});
  return run;
}

TEST(Compare, WorkedByHand) {
  // Differences .1 .2 .3 0: mean .15, standard deviation .1291, t = 2.3238 on 3
  // degrees of freedom, two-sided p = .1027. Of the 16 ways to swap, the mean is as
  // far from 0 in 4 (all three signs alike, whatever the fourth): p = .25.
  const auto got = compare(run_of("a", {.5, .5, .5, .5}), run_of("b", {.6, .7, .8, .5}));
  ASSERT_TRUE(got) << got.error().message;
  const MetricComparison& m = got->metrics.at(0);
  EXPECT_DOUBLE_EQ(m.mean_a, .5);
  EXPECT_DOUBLE_EQ(m.mean_b, .65);
  EXPECT_NEAR(m.difference, .15, 1e-12);
  EXPECT_NEAR(m.p_t, .1027, 1e-4);
  EXPECT_NEAR(m.p_randomisation, .25, 1e-12);
  EXPECT_EQ(m.queries, 4u);
  EXPECT_EQ(m.better, 3u);
  EXPECT_EQ(m.worse, 0u);
  EXPECT_GT(m.low, 0);
  EXPECT_LE(m.high, .3);
}

TEST(Compare, EqualRunsDoNotDiffer) {
  const Evaluation run = run_of("a", {.1, .9, .4});
  const auto got = compare(run, run);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->metrics[0].difference, 0);
  EXPECT_EQ(got->metrics[0].p_t, 1);
  EXPECT_EQ(got->metrics[0].p_randomisation, 1);
}

TEST(Compare, PairsByQueryAndLeavesOutTheRest) {
  const double nothing = std::nan("");
  const auto got = compare(run_of("a", {.1, .2, nothing, .4}), run_of("b", {.3, .5, .6}, 1));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->queries_only_a, 1u);  // q0
  EXPECT_EQ(got->queries_only_b, 0u);
  EXPECT_EQ(got->metrics[0].queries, 2u);  // q1 and q3; q2 says nothing in a
  EXPECT_NEAR(got->metrics[0].difference, .15, 1e-12);
}

TEST(Compare, RefusesOtherJudgments) {
  Evaluation other = run_of("b", {.1});
  other.fingerprint = 6;
  const auto got = compare(run_of("a", {.1}), other);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("different queries, judgments or gains"));
}

TEST(Compare, RefusesRunsWithNothingInCommon) {
  EXPECT_FALSE(compare(run_of("a", {.1}), run_of("b", {.1}, 7)));
  Evaluation other = run_of("b", {.1});
  other.metrics = {"recall@5"};
  EXPECT_FALSE(compare(run_of("a", {.1}), other));
}

TEST(Compare, IsPrinted) {
  const auto got = compare(run_of("before", {.5, .5}), run_of("after", {.6, .7}));
  EXPECT_THAT(to_table(*got), HasSubstr("a: before\nb: after\n"));
  EXPECT_THAT(to_table(*got), HasSubstr("+0.1500"));
  EXPECT_THAT(to_json(*got), HasSubstr("\"p_randomisation\""));
}

}  // namespace
}  // namespace handsel::evaluate
