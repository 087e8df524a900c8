// Definitions of experiments as a person checks them before and looks them up after.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace handsel::test {
namespace {

using testing::HasSubstr;

constexpr const char* kDefinitions = R"(holdout = 0.05
[[experiment]]
name = "words-only"
layer = "search"
slice = [0.0, 0.5]
targeting = { country = ["DE"] }
[[experiment.variant]]
name = "control"
[[experiment.variant]]
name = "words"
weight = 3
parameters = { "search.meaning" = false }
[[experiment]]
name = "one-per-shop"
layer = "search"
slice = [0.5, 1.0]
running = false
[[experiment.variant]]
name = "control"
[[experiment.variant]]
name = "cap"
parameters = { "search.per_shop" = 1 }
)";

TEST(CliExperimentServe, CheckDrawsTheSlicesOfALayer) {
  const Folder folder("experiment-check");
  folder.write("experiments.toml", kDefinitions);
  const Outcome got = run({"experiment", "check", folder.path("experiments.toml")});
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_THAT(got.out, HasSubstr("search  [############............]  words-only        50 %"));
  EXPECT_THAT(got.out, HasSubstr("search  [............------------]  one-per-shop       0 %"));
  EXPECT_THAT(got.out, HasSubstr("control 25 %, words 75 %"));
  EXPECT_THAT(got.out, HasSubstr("5 % of units are held out"));
  EXPECT_THAT(run({"experiment", "check", folder.path("experiments.toml"), "--json"}).out,
              HasSubstr(R"("name":"words-only","layer":"search")"));
}

TEST(CliExperimentServe, CheckSaysWhatIsWrong) {
  const Folder folder("experiment-wrong");
  folder.write("x.toml",
               "[[experiment]]\nname = 'a'\n[[experiment.variant]]\nname = 'c'\nparameters = { 'search.x' = 1 }\n");
  const Outcome got = run({"experiment", "check", folder.path("x.toml")});
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.err, HasSubstr("experiment 'a', variant 'c': 'search.x' is no parameter of the search"));
  folder.write("x.toml", "[[%");
  EXPECT_THAT(run({"experiment", "check", folder.path("x.toml")}).err, HasSubstr("line 1: a table needs a name"));
}

TEST(CliExperimentServe, AssignSaysWhatAUnitGetsAndWhy) {
  const Folder folder("experiment-assign");
  folder.write("experiments.toml", kDefinitions);
  const auto assign = [&](const std::string& attributes, const std::string& unit) {
    return run({"experiment", "assign", "--data", folder.path(), "--unit", unit, "--attributes", attributes});
  };
  const Outcome elsewhere = assign("country=FR", "u");
  EXPECT_EQ(elsewhere.code, 0) << elsewhere.err;
  EXPECT_THAT(elsewhere.out, HasSubstr("words-only    -        not targeted"));
  EXPECT_THAT(elsewhere.out, HasSubstr("one-per-shop  -        not running"));
  int words = 0;
  int other_slice = 0;
  for (int i = 0; i < 30; ++i) {
    const std::string out = assign("country=de", std::to_string(i)).out;
    words += out.find("search.meaning = false") != std::string::npos;
    other_slice += out.find("in another slice of the layer") != std::string::npos;
  }
  EXPECT_GT(words, 3);
  EXPECT_GT(other_slice, 5);
  EXPECT_EQ(assign("country", "u").code, 2);
  EXPECT_EQ(run({"experiment", "assign", "--data", folder.path("none"), "--unit", "u"}).code, 3);
}

}  // namespace
}  // namespace handsel::test
