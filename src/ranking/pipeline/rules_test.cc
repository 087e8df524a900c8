#include "ranking/pipeline/rules.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/core/hash.h"
#include "base/core/rng.h"
#include "ranking/pipeline/rules_file.h"
#include "ranking/query/filter_parser.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel::pipeline {
namespace {

using Ids = std::vector<std::string>;

index::Filter filter_of(std::string_view text) {
  return query::parse_filter(text).value();
}

class RulesTest : public testing::Test {
 protected:
  void put(std::string id, std::vector<std::string> tags = {},
           catalog::ListingState state = catalog::ListingState::kActive) {
    catalogue_.put({.id = id, .title = id, .language = "en", .tags = std::move(tags), .state = state});
  }

  Rules parse(std::string_view text) {
    auto rules = parse_rules(catalogue_.analyzer(), text);
    EXPECT_TRUE(rules.has_value()) << rules.error().message;
    return rules ? std::move(*rules) : Rules();
  }

  // The head as the ranker gives it: the first with the highest score.
  std::vector<RankedItem> head(const Ids& ids, double best) {
    snapshot_ = catalogue_.snapshot();
    std::vector<RankedItem> items;
    for (const std::string& id : ids) {
      const auto doc = index::find_document(*snapshot_, id);
      if (doc) items.push_back({{.doc = *doc, .id_hash = hash64(id)}, best - double(items.size()), items.size()});
    }
    return items;
  }

  Ids ids(const std::vector<RankedItem>& items) {
    Ids out;
    for (const RankedItem& item : items) out.emplace_back(index::doc_info(*snapshot_, item.hit.doc).id);
    return out;
  }

  Ids ruled(std::string_view toml, const Ids& given, double best = 10, std::string_view filter = "") {
    const Rules rules = parse(toml);
    auto items = head(given, best);
    const HeldRules held(rules, {.normalised = "cup", .terms = {"cup"}, .now_ms = 0}, *snapshot_, filter_of(filter));
    held.apply(items);
    return ids(items);
  }

  query::SmallCatalogue catalogue_{"rules"};
  std::shared_ptr<const index::Snapshot> snapshot_;
};

std::string rule(std::string_view rest) {
  return fmt::format("[[rule]]\nevery_query = true\n{}\n", rest);
}

TEST_F(RulesTest, MoveWhatTheySay) {
  for (const char* id : {"a", "b", "c", "d"}) put(id, {std::string("is-") + id});
  put("gone", {}, catalog::ListingState::kSoldOut);
  const Ids given{"a", "b", "c", "d", "gone"};
  struct Row {
    std::string toml;
    Ids expected;
    double best = 10;
  };
  const auto pin = [](std::string_view id, int place) {
    return rule(fmt::format("do='pin'\nlisting='{}'\nplace={}", id, place));
  };
  const std::vector<Row> rows = {
      {"", given},
      {pin("c", 1), {"c", "a", "b", "d", "gone"}},
      {pin("a", 3), {"b", "c", "a", "d", "gone"}},
      {pin("a", 100), {"b", "c", "d", "gone", "a"}},
      // Two to one place stand one after the other; of two for one listing the first holds.
      {pin("c", 1) + pin("d", 1), {"c", "d", "a", "b", "gone"}},
      {pin("d", 1) + pin("d", 3), {"d", "a", "b", "c", "gone"}},
      {pin("c", 3) + pin("d", 1), {"d", "a", "c", "b", "gone"}},
      // What is not for sale, or does not exist, is not pinned.
      {pin("gone", 1), given},
      {pin("nowhere", 1), given},
      {rule("do='pin'\nlisting='c'\nplace=1\nfilter='tag = is-d'"), given},
      {rule("do='bury'\nfilter='tag in (is-a, is-c)'"), {"b", "d", "gone", "a", "c"}},
      {pin("a", 2) + rule("do='bury'\nfilter='tag = is-a'"), {"b", "a", "c", "d", "gone"}},
      {rule("do='boost'\nfactor=2\nfilter='tag = is-d'"), {"d", "a", "b", "c", "gone"}},
      {rule("do='demote'\nfactor=0.85\nfilter='tag = is-a'"), {"b", "a", "c", "d", "gone"}},
      // Where scores go below 0 a boost still raises, and a demotion lowers.
      {rule("do='boost'\nfactor=4\nfilter='tag = is-d'"), {"a", "d", "b", "c", "gone"}, -10},
      {rule("do='demote'\nfactor=0.4\nfilter='tag = is-a'"), {"b", "c", "a", "d", "gone"}, -10},
      {rule("do='boost'\nfactor=2\nfilter='tag = is-d'") + rule("do='demote'\nfactor=0.5\nfilter='tag = is-d'"), given},
  };
  for (const Row& row : rows) EXPECT_EQ(ruled(row.toml, given, row.best), row.expected) << row.toml;
}

TEST_F(RulesTest, APinDoesNotEscapeTheFiltersOfTheRequest) {
  put("a", {"red"});
  put("b", {"blue"});
  EXPECT_EQ(ruled(rule("do='pin'\nlisting='b'\nplace=1"), {"a", "b"}, 10, "tag = blue"), (Ids{"b", "a"}));
  EXPECT_EQ(ruled(rule("do='pin'\nlisting='b'\nplace=1"), {"a", "b"}, 10, "tag = red"), (Ids{"a", "b"}));
}

TEST_F(RulesTest, HoldForTheQueriesThatTheyName) {
  struct Row {
    std::string which;
    std::string query;
    bool expected;
  };
  const std::vector<Row> rows = {
      {"query='Linen  APRON'", "linen apron", true},
      {"query='linen apron'", "linen aprons", false},
      {"query=['cup', 'bowl']", "bowl", true},
      {"query=['cup', 'bowl']", "red bowl", false},
      {"words='apron'", "two linen aprons", true},  // as the index has words
      {"words='apron linen'", "linen apron blue", true},
      {"words='apron linen'", "apron blue", false},
      {"words=['apron', 'tea towel']", "towel for tea", true},
      {"words='cup'", "cupboard", false},
      {"words='cup'", "", false},
      {"every_query=true", "anything", true},
  };
  for (const Row& row : rows) {
    const Rules rules = parse(fmt::format("[[rule]]\n{}\ndo='pin'\nlisting='x'\nplace=1\n", row.which));
    ASSERT_EQ(rules.rules.size(), 1u);
    const auto snapshot = catalogue_.snapshot();
    const auto plan = query::plan_query(query::parse_query(catalogue_.analyzer(), row.query, "en"), nullptr,
                                        catalogue_.analyzer(), *snapshot, {});
    EXPECT_EQ(holds(rules.rules[0], rule_query(row.query, plan, 0)), row.expected) << row.which << " | " << row.query;
  }
}

TEST_F(RulesTest, HoldFromTheFirstMomentToTheLast) {
  constexpr std::int64_t kMay1 = 1'777'593'600'000;  // 2026-05-01T00:00:00Z
  constexpr std::int64_t kDay = 86'400'000;
  struct Row {
    std::string dates;
    std::int64_t now_ms;
    bool expected;
  };
  const std::vector<Row> rows = {
      {"from=2026-05-01", kMay1 - 1, false},
      {"from=2026-05-01", kMay1, true},
      {"until=2026-05-01", kMay1 + kDay - 1, true},  // the day included
      {"until=2026-05-01", kMay1 + kDay, false},
      {"until='2026-05-01'", kMay1 + kDay - 1, true},
      {"until=2026-05-01T00:00:00Z", kMay1 - 1, true},  // the moment not
      {"until=2026-05-01T00:00:00Z", kMay1, false},
      {"until=2026-05-01T00:00:00", kMay1, false},  // no zone: UTC
      {"until=2026-05-01T02:00:00+02:00", kMay1 - 1, true},
      {"until=2026-05-01T02:00:00+02:00", kMay1, false},
      {"from=2026-04-30T22:30:00-01:30", kMay1, true},
      {"from=2026-04-30T22:30:00-01:30", kMay1 - 1, false},
      {"from=2026-05-01\nuntil=2026-05-01", kMay1, true},
      {"", std::numeric_limits<std::int64_t>::min(), true},
  };
  for (const Row& row : rows) {
    const Rules rules = parse(rule("do='pin'\nlisting='x'\nplace=1\n" + row.dates));
    ASSERT_EQ(rules.rules.size(), 1u);
    EXPECT_EQ(holds(rules.rules[0], {.normalised = "q", .now_ms = row.now_ms}), row.expected)
        << row.dates << " at " << row.now_ms;
  }
}

TEST_F(RulesTest, AMistakeIsNamedWithItsLine) {
  struct Row {
    std::string toml;
    std::string message;
  };
  const std::string pin = "[[rule]]\nquery='a'\ndo='pin'\nlisting='x'\nplace=1\n";
  const std::vector<Row> rows = {
      {"[[rule", "line 1: not TOML"},
      {"rule = 1", "each rule begins with [[rule]]"},
      {pin + "[[rules]]", "line 6: 'rules' is no rule"},
      {pin + "colour = 1", "line 6: a rule has no 'colour'; it may have name"},
      {"[[rule]]\nquery='a'", "line 1: a rule needs 'do'"},
      {"[[rule]]\nquery='a'\ndo='hide'", "pin, bury, boost or demote"},
      {"[[rule]]\ndo='pin'\nlisting='x'\nplace=1", "for which queries"},
      {pin + "every_query=true", "for which queries"},
      {"[[rule]]\nquery=3\ndo='pin'", "line 2: 'query' must be a text"},
      {"[[rule]]\nquery=[]\ndo='pin'", "1 to 100 can be"},
      {"[[rule]]\nquery='  '\ndo='pin'", "no words"},
      {"[[rule]]\nwords='!'\ndo='pin'", "1 to 8 words"},
      {"[[rule]]\nquery='a'\ndo='pin'\nplace=1", "needs 'listing'"},
      {"[[rule]]\nquery='a'\ndo='pin'\nlisting='x'", "'place', from 1 to 100"},
      {"[[rule]]\nquery='a'\ndo='pin'\nlisting='x'\nplace=0", "'place', from 1 to 100"},
      {"[[rule]]\nquery='a'\ndo='pin'\nlisting='x'\nplace=101", "'place', from 1 to 100"},
      {pin + "factor=2", "belongs to boost and demote"},
      {"[[rule]]\nquery='a'\ndo='bury'", "with 'filter' which listings to bury"},
      {"[[rule]]\nquery='a'\ndo='bury'\nlisting='x'", "belong to pins"},
      {"[[rule]]\nquery='a'\ndo='bury'\nfilter='prise < 3'", "line 1: 'filter': "},
      {"[[rule]]\nquery='a'\ndo='boost'\nfilter='price < 3'", "over 1 and at most 10"},
      {"[[rule]]\nquery='a'\ndo='boost'\nfilter='price < 3'\nfactor=nan", "over 1 and at most 10"},
      {"[[rule]]\nquery='a'\ndo='demote'\nfilter='price < 3'\nfactor=0.01", "at least 0.1 and below 1"},
      {pin + "from='soon'", "line 6: 'from' must be a day"},
      {pin + "until=7", "line 6: 'until' must be a day"},
      {pin + "from=2026-05-02\nuntil=2026-05-01", "ends before it begins"},
  };
  for (const Row& row : rows) {
    const auto rules = parse_rules(catalogue_.analyzer(), row.toml);
    ASSERT_FALSE(rules.has_value()) << row.toml;
    EXPECT_NE(rules.error().message.find(row.message), std::string::npos)
        << row.toml << "\n  says: " << rules.error().message;
  }
  std::string many;
  for (std::size_t i = 0; i <= kRulesMax; ++i) many += pin;
  EXPECT_FALSE(parse_rules(catalogue_.analyzer(), many));
  EXPECT_FALSE(parse_rules(catalogue_.analyzer(), std::string(kRulesFileBytesMax + 1, '#')));
}

TEST_F(RulesTest, LettersBeyondAsciiAreWhatTheyWere) {
  const Rules rules = parse("[[rule]]\nname='Für Mütter'\nquery='Café'\ndo='pin'\nlisting='ä1'\nplace=2\n");
  ASSERT_EQ(rules.rules.size(), 1u);
  EXPECT_EQ(rules.rules[0].name, "Für Mütter");
  EXPECT_EQ(rules.rules[0].listing, "ä1");
  EXPECT_TRUE(holds(rules.rules[0], {.normalised = "cafe"}));
}

TEST_F(RulesTest, NothingIsLostOrDoubledAndEveryMoveIsTold) {
  Ids all;
  for (int i = 0; i < 60; ++i) {
    all.push_back(fmt::format("l{}", i));
    put(all.back(), {fmt::format("t{}", i % 7)});
  }
  Rng rng(5);
  for (int round = 0; round < 200; ++round) {
    std::string toml;
    for (std::uint64_t i = rng.below(8); i > 0; --i) {
      switch (rng.below(4)) {
        case 0:
          toml += rule(fmt::format("do='pin'\nlisting='l{}'\nplace={}", rng.below(70), 1 + rng.below(100)));
          break;
        case 1:
          toml += rule(fmt::format("do='bury'\nfilter='tag = t{}'", rng.below(8)));
          break;
        case 2:
          toml += rule(fmt::format("do='boost'\nfactor={}.5\nfilter='tag = t{}'", 1 + rng.below(9), rng.below(8)));
          break;
        default:
          toml += rule(fmt::format("do='demote'\nfactor=0.{}\nfilter='tag = t{}'", 1 + rng.below(9), rng.below(8)));
      }
    }
    const Rules rules = parse(toml);
    auto items = head(all, 30);
    const HeldRules held(rules, {.normalised = "cup"}, *snapshot_, {});
    const auto outcome = held.apply(items);
    Ids after = ids(items);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const bool moved_up_or_down = items[i].candidate != i;
      if (!moved_up_or_down || outcome.moves.empty()) continue;
      const auto move = std::ranges::find(outcome.moves, items[i].hit.doc, &Move::doc);
      if (move != outcome.moves.end()) {
        EXPECT_EQ(move->to, i);
        EXPECT_EQ(move->from, items[i].candidate);
      }
    }
    if (outcome.moves.empty()) {
      EXPECT_EQ(after, all);
    }
    for (const index::DocRef doc : held.pinned()) EXPECT_TRUE(std::ranges::binary_search(outcome.held, doc));
    std::ranges::sort(after);
    Ids before = all;
    std::ranges::sort(before);
    EXPECT_EQ(after, before) << toml;
  }
}

TEST_F(RulesTest, ASearchNeverPaysForMoreThanItMay) {
  put("a", {"x"});
  std::string toml;
  for (std::size_t i = 0; i < 2 * kFiltersAtOnceMax; ++i) toml += rule("do='bury'\nfilter='tag = x'");
  for (std::size_t i = 0; i < 2 * kPinsAtOnceMax; ++i) toml += rule("do='pin'\nlisting='a'\nplace=1");
  const Rules rules = parse(toml);
  const auto snapshot = catalogue_.snapshot();
  const HeldRules held(rules, {.normalised = "cup"}, *snapshot, {});
  EXPECT_EQ(held.rules().size(), kFiltersAtOnceMax + kPinsAtOnceMax);
  EXPECT_EQ(held.pinned().size(), 1u);
}

}  // namespace
}  // namespace handsel::pipeline
