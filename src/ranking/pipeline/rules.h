// The merchandiser's rules: what the people who run a marketplace want first, last, higher
// or lower, for some queries and for some time (rules_file.h reads them).
//
//   pin            one listing to a place; brought in where the query did not find it
//   bury           behind everything else that was ranked
//   boost, demote  the score times a factor
//
// They act on the ranked head of a list (rank.h), before it is cut into pages, so no page
// doubles or misses anything: what acts is a permutation. Pins are stronger than burying,
// burying than factors. Of two pins of one listing the one that stands first in the file
// holds; two pins to one place stand one after the other.
//
// A factor multiplies how far a score is above the base: above 0 or, where scores go below
// 0 (a learned ranker's do), above the lowest of the head. So a boost never lowers.
//
// Pure; any thread. Without filters some microseconds; the filter of a rule that holds is
// evaluated over every segment that the head touches, so at most kFiltersAtOnceMax are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/pipeline/rank.h"
#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::pipeline {

inline constexpr std::size_t kRulesMax = 1'000;
inline constexpr std::size_t kPinPlaceMax = 100;      // counted from 1
inline constexpr std::size_t kPinsAtOnceMax = 50;     // for one query; the first in the file
inline constexpr std::size_t kFiltersAtOnceMax = 16;  // rules with a filter for one query; likewise
inline constexpr double kFactorMax = 10;              // and 1 / kFactorMax the least

enum class RuleAction : std::uint8_t { kPin, kBury, kBoost, kDemote };
std::string_view action_name(RuleAction action);  // "pin", "bury", "boost", "demote"

// A word as it is written and as the index has it; a query has it where it has either.
struct RuleWord {
  std::string surface;  // folded
  std::string term;
  bool operator==(const RuleWord&) const = default;
};

struct Rule {
  std::string name;      // for people
  std::size_t line = 0;  // of the file
  RuleAction action = RuleAction::kPin;

  // Which queries: one of `queries`, or all words of one of `words`, or every one.
  bool every_query = false;
  std::vector<std::string> queries;          // as text::normalised_query() makes them
  std::vector<std::vector<RuleWord>> words;  // none of them empty

  // Which listings: for a pin this one, if it passes the filter too.
  std::string listing;
  std::size_t place = 0;  // of a pin, from 1
  std::optional<index::Filter> filter;
  double factor = 1;  // of boost and demote

  // When: from <= now < until, in milliseconds since 1970, UTC.
  std::int64_t from_ms = std::numeric_limits<std::int64_t>::min();
  std::int64_t until_ms = std::numeric_limits<std::int64_t>::max();
};

struct Rules {
  std::vector<Rule> rules;  // in the order of the file
};

// What a rule looks at to know whether it holds.
struct RuleQuery {
  std::string normalised;          // the query's name
  std::vector<std::string> terms;  // its words as the index has them
  std::int64_t now_ms = 0;
};
// `text` as it was typed. The words are those of the plan: corrected, without synonyms.
RuleQuery rule_query(std::string_view text, const query::QueryPlan& plan, std::int64_t now_ms);
bool holds(const Rule& rule, const RuleQuery& query);

// What moved where. `rule` null: exploration (exploration.h).
struct Move {
  const Rule* rule = nullptr;
  index::DocRef doc;
  std::size_t from = 0;  // places from 0, before any rule
  std::size_t to = 0;    // after all of the same kind
  double score_before = 0;
  double score = 0;
};

// The rules that hold for one query, ready to act. Borrows rules and snapshot.
class HeldRules {
 public:
  HeldRules() = default;  // none
  // `filter`: of request and API key together. A pinned listing that it does not let
  // through, or that is not for sale, is not pinned, whatever the rule says.
  HeldRules(const Rules& rules, const RuleQuery& query, const index::Snapshot& snapshot, const index::Filter& filter);

  const std::vector<const Rule*>& rules() const { return rules_; }
  // The pinned documents, in growing order: to be among the candidates whoever finds them.
  std::vector<index::DocRef> pinned() const;

  struct Outcome {
    std::vector<Move> moves;          // rule by rule in the order of the file
    std::vector<index::DocRef> held;  // pinned or buried, in growing order: nothing else may move them
  };
  // `items` best first; a pin that is not among them does nothing.
  Outcome apply(std::vector<RankedItem>& items) const;

 private:
  struct Pin {
    const Rule* rule = nullptr;
    index::DocRef doc;
  };
  const index::Snapshot* snapshot_ = nullptr;
  std::vector<const Rule*> rules_;
  std::vector<Pin> pins_;  // each document once
};

// What scores are measured from: 0, or the lowest of `items` where that is below.
double score_base(std::span<const RankedItem> items);

}  // namespace handsel::pipeline
