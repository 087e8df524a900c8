#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "proof/reports/allocation_report.h"

namespace handsel::experiments {
namespace {

using testing::HasSubstr;

// Two weeks; in the second, b was given four fifths.
std::string table() {
  std::string out = "week,arm,share,bought\n";
  const auto add = [&](const char* week, const char* arm, double share, int units, int bought) {
    for (int i = 0; i < units; ++i) out += fmt::format("{},{},{},{}\n", week, arm, share, i < bought ? 1 : 0);
  };
  add("first", "a", 0.5, 100, 10);
  add("first", "b", 0.5, 100, 20);
  add("second", "a", 0.2, 40, 8);
  add("second", "b", 0.8, 160, 64);
  return out + "second,a,0.2,\n";
}

Result<AllocationReport> run(const std::string& csv, AllocationRequest request) {
  const auto source = catalog::memory_source("bandit.csv", csv);
  return allocate_file(*source, request);
}

AllocationRequest request() {
  AllocationRequest out;
  out.variant = "arm";
  out.outcome = "bought";
  out.period = "week";
  out.weight = "share";
  return out;
}

TEST(AllocationFile, WeightsForTheNextPeriod) {
  const auto report = run(table(), request());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows_incomplete, 1u);
  EXPECT_EQ(report->periods, 2u);
  // Half the units saw .10 and half .20 of a; the plain mean, 18 of 140, would say .129.
  EXPECT_NEAR(report->allocation.arms[0].worth.estimate, 0.15, 1e-12);
  EXPECT_NEAR(report->allocation.arms[1].worth.estimate, 0.30, 1e-12);
  EXPECT_THAT(to_text(*report), testing::AllOf(HasSubstr("'b' is the best arm"), HasSubstr("Beta(1, 1)"),
                                               HasSubstr("name = \"b\"\nweight = 0.9")));
  EXPECT_THAT(to_json(*report), HasSubstr("\"format\": \"handsel.allocation.1\""));
}

TEST(AllocationFile, SharesAsObserved) {
  AllocationRequest wanted = request();
  wanted.weight.clear();
  const auto report = run(table(), wanted);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_NEAR(report->allocation.arms[0].worth.estimate, 0.15, 1e-12);
}

TEST(AllocationFile, Refuses) {
  const auto error = [](auto change, const std::string& csv = table()) {
    AllocationRequest wanted = request();
    change(wanted);
    const auto report = run(csv, wanted);
    return report ? std::string() : report.error().message;
  };
  const auto as_it_is = [](AllocationRequest&) {};
  EXPECT_THAT(error([](AllocationRequest& r) { r.control = "z"; }), HasSubstr("never says 'z'"));
  EXPECT_THAT(error([](AllocationRequest& r) { r.weight = "bought"; }), HasSubstr("named twice"));
  EXPECT_THAT(error(as_it_is, table() + "second,a,0.3,1\n"), HasSubstr("a weight of 0.3"));
  EXPECT_THAT(error(as_it_is, "week,arm,share,bought\nfirst,a,1,1\n"), HasSubstr("1 arms"));
  EXPECT_THAT(error(as_it_is, "week,arm,share,bought\n"), testing::Not(""));
}

}  // namespace
}  // namespace handsel::experiments
