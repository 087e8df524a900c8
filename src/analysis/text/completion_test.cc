#include "analysis/text/completion.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::text {
namespace {

std::vector<std::string> texts(const std::vector<Completed>& completed) {
  std::vector<std::string> out;
  for (const Completed& one : completed) out.emplace_back(one.text);
  return out;
}

Completion small() {
  return Completion::build({{"linen apron", 50},
                            {"Linen  Apron", 70},
                            {"linen tablecloth", 90},
                            {"line art print", 40},
                            {"Café au lait bowl", 30},
                            {"cross-back linen dress", 80},
                            {"linen linen linen", 5},
                            {"women's linen trousers", 60},
                            {"革財布", 20},
                            {"", 1000},
                            {"  ", 1000},
                            {std::string(kPhraseBytesMax + 1, 'x'), 1000}});
}

TEST(Completion, BestFirstThenWhereALaterWordBegins) {
  const Completion completion = small();
  EXPECT_EQ(completion.size(), 8u);
  const struct {
    std::string prefix;
    std::size_t limit;
    std::vector<std::string> expected;
  } rows[] = {
      {"line", 3, {"Linen  Apron", "linen tablecloth", "line art print"}},
      {"LINEN ",
       9,
       {"Linen  Apron", "linen tablecloth", "linen linen linen", "cross-back linen dress", "women's linen trousers"}},
      {"caf", 5, {"Café au lait bowl"}},
      {"cafés", 5, {}},
      {"back", 5, {"cross-back linen dress"}},
      {"s", 5, {}},  // of "women's"
      {"t", 5, {"linen tablecloth", "women's linen trousers"}},
      {"革", 5, {"革財布"}},
      {"zzz", 5, {}},
      {"line", 0, {}},
      {"", 2, {"Linen  Apron", "linen tablecloth"}},
      {"  linen  t", 5, {"linen tablecloth", "women's linen trousers"}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(texts(completion.complete(row.prefix, row.limit)), row.expected) << "'" << row.prefix << "'";
  }
  EXPECT_EQ(completion.complete("linen a", 1).at(0).weight, 120u) << "equal phrases add up";
}

TEST(Completion, OfNothing) {
  EXPECT_TRUE(Completion().complete("a", 5).empty());
  EXPECT_TRUE(Completion::build({}).complete("a", 5).empty());
  EXPECT_TRUE(Completion::build({}).complete("", 5).empty());
}

TEST(Completion, AgreesWithTheScan) {
  Rng rng(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<WeightedPhrase> phrases;
    const std::size_t count = rng.below(400);
    for (std::size_t i = 0; i < count; ++i) {
      std::string text;
      for (std::uint64_t letters = 1 + rng.below(12); letters > 0; --letters) text += "aab c-é"[rng.below(6)];
      phrases.push_back({text, rng.below(10)});
    }
    const Completion completion = Completion::build(std::move(phrases));
    for (const char* prefix : {"", "a", "b", "ab", "a a", "ca", "aa ", "b-", "c"}) {
      for (const std::size_t limit : {1, 3, 10, 1000})
        EXPECT_EQ(completion.complete(prefix, limit), completion.complete_by_scan(prefix, limit)) << prefix;
    }
  }
}

}  // namespace
}  // namespace handsel::text
