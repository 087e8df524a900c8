#include "ranking/query/chips.h"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace handsel::query {
namespace {

using Strings = std::vector<std::string>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Row {
  const char* name;
  std::vector<ChipCandidate> values;
  Strings expected;  // "field=value"
  std::string query = "";
  Strings filtered = {};
  std::uint64_t total = 100;
  double mass = 0;
};

TEST(Chips, Table) {
  const std::vector<Row> rows = {
      {"the evenest split first", {{"color", "sage", 10}, {"color", "blue", 48}}, {"color=blue", "color=sage"}},
      {"neither what all have nor what hardly any has",
       {{"material", "linen", 91}, {"material", "silk", 4}, {"color", "sage", 30}},
       {"color=sage"}},
      // Blue 0.97 bits, sage 0.93 halved, linen 0.72, red halved and halved again.
      {"another field before a second value",
       {{"color", "blue", 40}, {"color", "sage", 35}, {"color", "red", 25}, {"material", "linen", 20}},
       {"color=blue", "material=linen", "color=sage", "color=red"}},
      {"at most three of a field",
       {{"c", "1", 20}, {"c", "2", 20}, {"c", "3", 20}, {"c", "4", 20}, {"c", "5", 20}},
       {"c=1", "c=2", "c=3"}},
      {"at most six in all",
       {{"a", "x", 50}, {"b", "x", 50}, {"c", "x", 50}, {"d", "x", 50}, {"e", "x", 50}, {"f", "x", 50}, {"g", "x", 50}},
       {"a=x", "b=x", "c=x", "d=x", "e=x", "f=x"}},
      {"not what the query says",
       {{"color", "Sage", 40},
        {"taxonomy", "Home > Aprons", 50},
        {"tag", "linen apron", 50},
        {"tag", "sage green", 30}},
       {"tag=sage green"},
       "sage linen apron"},
      {"not a field that is filtered",
       {{"color", "blue", 40}, {"material", "linen", 40}},
       {"material=linen"},
       "",
       {"color"}},
      // By counts red splits better; the best results are mostly blue and not.
      {"relevance speaks where it is known",
       {{"color", "red", 50, 2.0}, {"color", "blue", 10, 45.0}},
       {"color=blue", "color=red"},
       "",
       {},
       100,
       100.0},
      {"a mass that is no number is not believed",
       {{"color", "red", 50, kNaN}, {"color", "blue", 10, kNaN}},
       {"color=red", "color=blue"},
       "",
       {},
       100,
       100.0},
      {"few results need none", {{"color", "red", 3}}, {}, "", {}, 7},
      {"nothing", {}, {}},
      {"nothing at all", {{"color", "red", 3}}, {}, "", {}, 0},
      {"counts beyond the total", {{"color", "red", 300}, {"color", "", 50}, {"color", "one", 1}}, {}},
  };
  for (const Row& row : rows) {
    Strings chosen;
    for (const Chip& chip : choose_chips({.values = row.values,
                                          .total = row.total,
                                          .mass = row.mass,
                                          .query = row.query,
                                          .filtered = row.filtered})) {
      chosen.push_back(chip.field + "=" + chip.value);
      EXPECT_TRUE(chip.bits > 0 && chip.bits <= 1) << row.name;
    }
    EXPECT_EQ(chosen, row.expected) << row.name;
  }
}

}  // namespace
}  // namespace handsel::query
