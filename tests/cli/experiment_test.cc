// `handsel experiment` as a person would call it: no data folder, a file of units, a sentence on top.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace handsel::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Treated units click less in the search and buy more otherwise.
std::string units(int control) {
  std::string csv = "visitor,arm,clicks,spend\n";
  for (int i = 0; i < 400; ++i) {
    const bool treated = i >= control;
    const int clicks = i % 5 - (treated ? 1 : 0);
    csv += fmt::format("{},{},{},{}\n", i, treated ? "new" : "control", clicks, 2 * clicks + i % 3 + (treated ? 2 : 0));
  }
  return csv;
}

TEST(CliExperiment, AnalyzeSaysWhatMovedAndStopsWhereAChecksFails) {
  const Folder folder("experiment");
  folder.write("units.csv", units(200));
  const std::vector<std::string> words = {"experiment", "analyze",      "--csv",     folder.path("units.csv"),
                                          "--unit",     "visitor",      "--variant", "arm",
                                          "--metrics",  "clicks,spend", "--html",    folder.path("report.html")};
  const Outcome fine = run(words);
  EXPECT_EQ(fine.code, 0) << fine.err;
  EXPECT_THAT(fine.out, StartsWith("new lowered clicks"));
  EXPECT_TRUE(std::filesystem::exists(folder.path("report.html")));
  folder.write("units.csv", units(300));
  const Outcome torn = run(words);
  EXPECT_EQ(torn.code, 1);
  EXPECT_THAT(torn.out, StartsWith("Do not read the effects"));
}

TEST(CliExperiment, AFunnelOfAFileHasTheColumnsThatWereNamed) {
  const Folder folder("funnel");
  folder.write("units.csv", units(200));
  const std::vector<std::string> words = {"experiment", "analyze", "--csv",    folder.path("units.csv"),
                                          "--variant",  "arm",     "--unit",   "visitor",
                                          "--metrics",  "spend",   "--funnel", "clicks,spend"};
  const Outcome got = run(words);
  EXPECT_EQ(got.code, 0) << got.err;
  // Clicks are above 0 for four of five control units, and for three of five new ones.
  EXPECT_THAT(got.out, testing::ContainsRegex("clicks +control +160 +80.00 %"));
  EXPECT_THAT(got.out, testing::ContainsRegex("clicks +new +120 +60.00 % +60.00 % +-20.00 +-28.77 +-11.23"));
  auto single = words;
  single.back() = "clicks";
  const Outcome refused = run(single);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("a funnel of 1 step"));
}

TEST(CliExperiment, MediationShowsThatPathsMayCancel) {
  const Folder folder("mediation");
  folder.write("units.csv", units(200));
  const std::vector<std::string> words = {"experiment",  "mediation", "--csv",      folder.path("units.csv"),
                                          "--treatment", "arm",       "--control",  "control",
                                          "--treated",   "new",       "--mediator", "clicks",
                                          "--outcome",   "spend"};
  const Outcome got = run(words);
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_THAT(got.out, HasSubstr("what one path gave, the other took away"));
  auto json = words;
  json.emplace_back("--json");
  EXPECT_THAT(run(json).out, HasSubstr("\"handsel.mediation.1\""));
}

TEST(CliExperiment, WrongUse) {
  const Folder folder("wrong");
  folder.write("units.csv", units(200));
  const Outcome got = run(
      {"experiment", "analyze", "--csv", folder.path("units.csv"), "--variant", "arm", "--metrics", "median:spend"});
  EXPECT_EQ(got.code, 2);
  EXPECT_THAT(got.err, HasSubstr("'median' is none of mean, proportion"));
}

}  // namespace
}  // namespace handsel::test
