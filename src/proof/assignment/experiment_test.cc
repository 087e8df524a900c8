#include "proof/assignment/experiment.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/math/statistics.h"

namespace handsel::assignment {
namespace {

using testing::HasSubstr;

constexpr int kUnits = 100'000;

Experiment simple(std::string name) {
  Experiment experiment;
  experiment.name = std::move(name);
  experiment.variants = {{.name = "control"}, {.name = "new"}};
  return experiment;
}

Assignments built(std::vector<Experiment> experiments, double holdout = 0) {
  auto out = Assignments::build({.holdout = holdout, .experiments = std::move(experiments)});
  EXPECT_TRUE(out) << out.error().message;
  return std::move(*out);
}

// As units are called: short numbers, padded ones, long words.
std::string unit_name(int i, int kind) {
  return kind == 0   ? fmt::format("{}", i)
         : kind == 1 ? fmt::format("v{:08}", i)
                     : fmt::format("visitor-{}-of-the-shop", i);
}

double chi_square_p(std::span<const double> counts, std::span<const double> expected) {
  double statistic = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    statistic += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
  return chi_square_survival(statistic, static_cast<double>(counts.size() - 1));
}

TEST(Assignment, VariantsHaveTheirWeights) {
  Experiment experiment = simple("weights");
  experiment.variants = {{.name = "a", .weight = 1}, {.name = "none", .weight = 0}, {.name = "b", .weight = 3}};
  for (int kind = 0; kind < 3; ++kind) {
    for (int salt = 0; salt < 20; ++salt) {
      experiment.salt = fmt::format("salt {}", salt);
      const Assignments assignments = built({experiment});
      std::vector<double> counts(2);
      for (int i = 0; i < 10'000; ++i) {
        const Variant* variant = assignments.assign(*assignments.find("weights"), unit_name(i, kind), {}, 0);
        ASSERT_NE(variant, nullptr);
        ASSERT_NE(variant->name, "none");
        ++counts[variant->name == "b"];
      }
      EXPECT_GT(chi_square_p(counts, std::vector<double>{2500, 7500}), 1e-5) << kind << " " << salt;
    }
  }
}

// Two salts over the same units: all four combinations are equally frequent.
TEST(Assignment, SaltsAreIndependentOfEachOther) {
  for (int kind = 0; kind < 3; ++kind) {
    for (int pair = 0; pair < 20; ++pair) {
      const Assignments assignments =
          built({simple(fmt::format("first {}", pair)), simple(fmt::format("second {}", pair))});
      std::vector<double> counts(4);
      for (int i = 0; i < 10'000; ++i) {
        const std::string unit = unit_name(i, kind);
        const auto& experiments = assignments.definitions().experiments;
        const bool a = assignments.assign(experiments[0], unit, {}, 0)->name == "new";
        const bool b = assignments.assign(experiments[1], unit, {}, 0)->name == "new";
        ++counts[2 * a + b];
      }
      EXPECT_GT(chi_square_p(counts, std::vector<double>(4, 2500)), 1e-5) << kind << " " << pair;
    }
  }
}

TEST(Assignment, ALayerGivesAUnitToOneExperimentAndLayersAreIndependent) {
  Experiment a = simple("a"), b = simple("b"), other = simple("other");
  a.layer = b.layer = "home";
  a.to = .4;
  b.from = .4;
  b.to = .9;
  other.layer = "mail";
  other.to = .4;
  const Assignments assignments = built({a, b, other});
  const auto& e = assignments.definitions().experiments;
  int in_a = 0, in_b = 0, in_both = 0, in_a_and_other = 0, new_in_a = 0;
  for (int i = 0; i < kUnits; ++i) {
    const std::string unit = unit_name(i, 1);
    const Variant* of_a = assignments.assign(e[0], unit, {}, 0);
    const bool of_b = assignments.assign(e[1], unit, {}, 0) != nullptr;
    in_a += of_a != nullptr;
    in_b += of_b;
    in_both += of_a != nullptr && of_b;
    new_in_a += of_a != nullptr && of_a->name == "new";
    in_a_and_other += of_a != nullptr && assignments.assign(e[2], unit, {}, 0) != nullptr;
  }
  EXPECT_EQ(in_both, 0);
  EXPECT_NEAR(in_a, .4 * kUnits, 800);
  EXPECT_NEAR(in_b, .5 * kUnits, 800);
  EXPECT_NEAR(new_in_a, .2 * kUnits, 600);
  EXPECT_NEAR(in_a_and_other, .16 * kUnits, 600);
}

TEST(Assignment, TheHoldoutIsTheSameForAllAndARampOnlyAdds) {
  Experiment a = simple("a"), b = simple("b");
  a.ramp = {{.from_ms = 1000, .share = .1}, {.from_ms = 2000, .share = .5}, {.from_ms = 3000, .share = 1}};
  const Assignments assignments = built({a, b}, .05);
  const auto& e = assignments.definitions().experiments;
  int held = 0, early = 0;
  for (int i = 0; i < kUnits; ++i) {
    const std::string unit = unit_name(i, 0);
    const Variant* at[4];
    for (int step = 0; step < 4; ++step) at[step] = assignments.assign(e[0], unit, {}, 500 + 1000 * step);
    EXPECT_EQ(at[0], nullptr);
    early += at[1] != nullptr;
    for (int step = 1; step < 3; ++step) {
      if (at[step] != nullptr) {
        EXPECT_EQ(at[step], at[step + 1]);
      }
    }
    const bool is_held = assignments.assign(e[1], unit, {}, 0) == nullptr;
    held += is_held;
    EXPECT_EQ(is_held, at[3] == nullptr);
  }
  EXPECT_NEAR(held, .05 * kUnits, 400);
  EXPECT_NEAR(early, .095 * kUnits, 500);
}

TEST(Assignment, TargetsAndStops) {
  Experiment experiment = simple("a");
  experiment.conditions = {{.attribute = "country", .values = {"de", "at"}},
                           {.attribute = "device", .values = {"phone"}}};
  Experiment stopped = simple("b");
  stopped.is_running = false;
  const Assignments assignments = built({experiment, stopped});
  const auto in = [&](std::vector<Attribute> attributes) {
    return assignments.assign(*assignments.find("a"), "u", attributes, 0) != nullptr;
  };
  EXPECT_TRUE(in({{"country", "at"}, {"device", "phone"}}));
  EXPECT_FALSE(in({{"country", "at"}}));
  EXPECT_FALSE(in({{"country", "fr"}, {"device", "phone"}}));
  EXPECT_FALSE(in({}));
  EXPECT_EQ(assignments.assign(*assignments.find("b"), "u", {}, 0), nullptr);
  EXPECT_NE(assignments.find("a"), nullptr);
  EXPECT_EQ(assignments.find("nobody"), nullptr);
}

// These are promises to data that was written long ago.
TEST(Assignment, NeverChanges) {
  const Assignments assignments = built({simple("forever")});
  std::string variants;
  for (int i = 0; i < 16; ++i)
    variants += assignments.assign(*assignments.find("forever"), unit_name(i, 1), {}, 0)->name == "new" ? 'n' : 'c';
  EXPECT_EQ(variants, "nncnnccccnnnccnc");
}

TEST(Assignment, SaysWhatKeepsAUnitOut) {
  Experiment base{.name = "e", .variants = {{.name = "only"}}};
  const auto gate = [](const Experiment& experiment, double holdout = 0) {
    const auto all = Assignments::build({.holdout = holdout, .experiments = {experiment}}).value();
    return gate_words(all.decide(all.definitions().experiments[0], "unit", {}, 1'000).gate);
  };
  const auto changed = [&](auto change) {
    Experiment experiment = base;
    change(experiment);
    return gate(experiment);
  };
  EXPECT_EQ(gate(base), "");
  EXPECT_EQ(gate(base, 1), "in the holdout");
  EXPECT_EQ(changed([](Experiment& e) { e.is_running = false; }), "not running");
  EXPECT_EQ(changed([](Experiment& e) { e.conditions = {{"country", {"de"}}}; }), "not targeted");
  EXPECT_EQ(changed([](Experiment& e) { e.to = 1e-9; }), "in another slice of the layer");
  EXPECT_EQ(changed([](Experiment& e) { e.ramp = {{.from_ms = 2'000}}; }), "not let in yet by the ramp");
}

TEST(Switchback, BlocksAndTheirWashout) {
  const Switchback hour{.block_ms = 3'600'000, .washout_ms = 300'000};
  EXPECT_EQ(block_of(hour, 0), std::nullopt);
  EXPECT_EQ(block_of(hour, 299'999), std::nullopt);
  EXPECT_EQ(block_of(hour, 300'000), 0);
  EXPECT_EQ(block_of(hour, 3'599'999), 0);
  EXPECT_EQ(block_of(hour, 3'600'000), std::nullopt);
  EXPECT_EQ(block_of(hour, 2 * 3'600'000 + 300'000), 2);
  EXPECT_EQ(block_of(hour, -1), -1);
}

constexpr std::string_view kWhole = R"(
holdout = 0.05
[[experiment]]
name = "gift-rail"
layer = "home"
slice = [0.0, 0.5]
targeting = { country = ["de", "österreich"] }
ramp = [ { from = 2026-11-02T00:00:00Z, share = 0.1 }, { from = 2026-11-09T01:00:00+01:00, share = 1 } ]
[[experiment.variant]]
name = "control"
[[experiment.variant]]
name = "rail"
weight = 2
parameters = { "home.rail" = "gifts", rows = 3, bold = true }
[[experiment]]
name = "slots"
unit = "block"
switchback = { block_minutes = 60, washout_minutes = 5 }
[[experiment.variant]]
name = "control"
)";

TEST(Definitions, ReadEverything) {
  const auto got = parse_definitions(kWhole, "experiments.toml");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->holdout, .05);
  ASSERT_EQ(got->experiments.size(), 2u);
  const Experiment& rail = got->experiments[0];
  EXPECT_EQ(rail.to, .5);
  EXPECT_EQ(rail.conditions[0].values[1], "österreich");
  EXPECT_EQ(rail.ramp[0].from_ms, 1'793'577'600'000);
  EXPECT_EQ(rail.ramp[1].from_ms - rail.ramp[0].from_ms, 7 * 86'400'000);
  EXPECT_EQ(rail.variants[1].weight, 2);
  EXPECT_EQ(rail.variants[1].parameters.at("rows"), "3");
  EXPECT_EQ(rail.variants[1].parameters.at("bold"), "true");
  EXPECT_EQ(got->experiments[1].switchback->washout_ms, 300'000);
}

TEST(Definitions, OneParameterHasOneOwnerForAUnit) {
  const auto experiment = [](const char* name) {
    return Experiment{
        .name = name,
        .variants = {{.name = "control"}, {.name = "on", .weight = 1, .parameters = {{"search.x", "1"}}}}};
  };
  const auto built = [](Experiment a, Experiment b) {
    const auto got = Assignments::build({.experiments = {std::move(a), std::move(b)}});
    return got ? std::string() : got.error().message;
  };
  const Experiment a = experiment("a");
  const Experiment b = experiment("b");
  EXPECT_THAT(built(a, b), HasSubstr("experiments 'a' and 'b' both set 'search.x'"));
  Experiment other = b;
  other.variants[1].parameters = {{"search.y", "1"}};
  EXPECT_EQ(built(a, other), "");
  other = b;
  other.is_running = false;
  EXPECT_EQ(built(a, other), "");
  // In one layer they take turns.
  Experiment left = a;
  Experiment right = b;
  left.layer = right.layer = "l";
  left.to = right.from = .5;
  EXPECT_EQ(built(left, right), "");
  right.layer = "m";
  EXPECT_THAT(built(left, right), HasSubstr("both set"));
  // Of two countries no visitor is in both.
  Experiment here = a;
  Experiment there = b;
  here.conditions = {{.attribute = "country", .values = {"de", "at"}}};
  there.conditions = {{.attribute = "country", .values = {"fr"}}};
  EXPECT_EQ(built(here, there), "");
  there.conditions[0].values.push_back("at");
  EXPECT_THAT(built(here, there), HasSubstr("both set"));
}

TEST(Definitions, SayWhatIsWrongAndWhere) {
  const std::string start = "[[experiment]]\nname = \"a\"\n";
  const std::string variant = "[[experiment.variant]]\nname = \"control\"\n";
  struct Row {
    std::string toml;
    const char* says;
  };
  for (const Row& row : std::vector<Row>{
           {"holdout = 2", "a holdout of 2"},
           {"holdout = \"x\"", "line 1: holdout must be a number"},
           {"[[experiment]]\n", "an experiment has no name"},
           {start, "0 variants"},
           {start + "weight = 1\n" + variant, "line 3: weight is not known"},
           {start + "slice = [0.5, 0.1]\n" + variant, "a slice from 0.5 to 0.1"},
           {start + "slice = [0.5]\n" + variant, "must be two numbers"},
           {start + variant + variant, "two variants are called 'control'"},
           {start + variant + "weight = -1", "a weight of -1"},
           {start + variant + "weight = 0", "the weights sum to 0"},
           {start + variant + "weight = nan", "a weight of nan"},
           {start + variant + start + variant, "two experiments are called 'a'"},
           {start + "ramp = [ { from = 1, share = 1 } ]\n" + variant, "needs a time and a share"},
           {start + "ramp = [ { from = 2026-01-02, share = 1 } ]\n" + variant, "needs a time and a share"},
           {start + "switchback = { block_minutes = 5, washout_minutes = 5 }\n" + variant, "leave nothing"},
           {start + "switchback = { block_minutes = -5, washout_minutes = 5 }\n" + variant, "whole number"},
           {start + "layer = \"l\"\n" + variant + "[[experiment]]\nname = \"b\"\nlayer = \"l\"\n" + variant,
            "overlap in layer 'l'"},
           {start + "layer = \"l\"\nslice = [0.0, 0.5]\n" + variant +
                "[[experiment]]\nname = \"b\"\nlayer = \"l\"\nslice = [0.5, 1.0]\nswitchback = { block_minutes = 60, "
                "washout_minutes = 5 }\n" +
                variant,
            "share layer 'l', but not the unit"},
           {"experiment = 3", "must be a list"},
           {"a = [", "line 1"},
           {"\n[[%x]]\n", "line 2: a table needs a name"},
           {"[[", "line 1: a table needs a name"},
           {" [{x]", "line 1: a table needs a name"},
           {"\xff", "not UTF-8"}}) {
    const auto got = parse_definitions(row.toml, "x.toml");
    ASSERT_FALSE(got) << row.toml;
    EXPECT_THAT(got.error().message, HasSubstr(row.says)) << row.toml;
  }
}

}  // namespace
}  // namespace handsel::assignment
