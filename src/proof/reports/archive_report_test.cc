#include "proof/reports/archive_report.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::experiments {
namespace {

using testing::HasSubstr;
using testing::Not;

ArchivedDecision decision_on(std::string experiment, std::string verdict, double lift, std::int64_t time_ms) {
  return {.experiment = std::move(experiment),
          .verdict = std::move(verdict),
          .time_ms = time_ms,
          .by = "Ada",
          .why = "because",
          .numbers = {{.metric = "gms",
                       .arm = "new",
                       .units = 1000,
                       .lift = lift,
                       .lift_low = lift - 0.02,
                       .lift_high = lift + 0.02,
                       .p = 0.3}}};
}

std::vector<ArchivedDecision> some() {
  return {decision_on("rail", "keep-running", 0.5, 1), decision_on("shelf", "stop", -0.01, 2),
          decision_on("badge", "keep-running", 0.01, 3), decision_on("rail", "ship", 0.08, 4)};
}

TEST(Archive, CountsTheNewestVerdictsAndShrinksTheNewestEffects) {
  const Archive archive = archive_of(some(), {});
  EXPECT_EQ(archive.experiments, 3U);
  EXPECT_EQ(archive.shipped, 1U);
  EXPECT_EQ(archive.stopped, 1U);
  EXPECT_EQ(archive.running, 1U);
  EXPECT_EQ(archive.decisions.size(), 4U);
  EXPECT_EQ(archive.decisions.front().experiment, "rail") << "newest first";
  ASSERT_EQ(archive.metrics.size(), 1U);
  for (const ShrunkEffect& effect : archive.metrics[0].effects) {
    if (effect.experiment != "rail") continue;
    EXPECT_EQ(effect.lift, 0.08);
    EXPECT_LT(effect.shrunk, effect.lift);
    EXPECT_LT(effect.shrunk_error, effect.error);
  }
  EXPECT_THAT(to_text(archive), HasSubstr("3 experiments: 1 shipped (33 %)"));
  EXPECT_THAT(to_html(archive), HasSubstr("rail shrunk"));
  EXPECT_THAT(to_json(archive), HasSubstr("\"shrunk_error\""));
}

TEST(Archive, IsSearchedByWordsWhateverTheirCase) {
  EXPECT_EQ(archive_of(some(), {"RAIL", "ship"}).decisions.size(), 2U) << "all decisions of what was found";
  EXPECT_EQ(archive_of(some(), {"rail", "stop"}).decisions.size(), 0U);
  EXPECT_EQ(archive_of(some(), {"rail", "stop"}).experiments, 3U) << "the meta view is of all";
}

TEST(Archive, OfNothingSaysSo) {
  EXPECT_THAT(to_text(archive_of({}, {})), HasSubstr("Nothing was decided yet"));
  std::vector<ArchivedDecision> hostile = {decision_on("<b>", "stop", 0.1, 1)};
  hostile[0].numbers[0].lift_high = std::numeric_limits<double>::infinity();
  const Archive archive = archive_of(hostile, {});
  EXPECT_TRUE(archive.metrics.empty());
  EXPECT_THAT(to_html(archive), Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace handsel::experiments
