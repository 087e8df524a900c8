#include "ranking/pipeline/rules.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "analysis/text/normalised_query.h"

namespace handsel::pipeline {
namespace {

using index::DocRef;

// Whether `word` is one of those between the spaces of `text`.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' ')) return true;
  }
  return false;
}

bool has_all(const RuleQuery& query, const std::vector<RuleWord>& words) {
  return std::ranges::all_of(words, [&](const RuleWord& word) {
    return has_word(query.normalised, word.surface) || std::ranges::find(query.terms, word.term) != query.terms.end();
  });
}

bool is_for_sale(const index::Snapshot& snapshot, DocRef doc) {
  const auto states = index::keyword_values(snapshot, doc, "state");
  return std::ranges::find(states, "active") != states.end();
}

// A filter that cannot be evaluated lets nothing through.
bool passes(const index::Snapshot& snapshot, const index::Filter& filter, DocRef doc) {
  auto matcher = index::FilterMatcher::create(snapshot, filter);
  return matcher && matcher->passes(doc);
}

// One item of the head while rules act on it.
struct Ruled {
  RankedItem item;
  std::size_t from = 0;
  double score_before = 0;
  bool buried = false;
};

// Something that is no number ranks as the lowest.
double sort_key(double score) {
  return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
}

// The first of the file hold; the rest would cost every search more than it may.
class Budget {
 public:
  bool allows(const Rule& rule) {
    if (rule.action == RuleAction::kPin && ++pins_ > kPinsAtOnceMax) return false;
    return !rule.filter || ++filters_ <= kFiltersAtOnceMax;
  }

 private:
  std::size_t pins_ = 0;
  std::size_t filters_ = 0;
};

// Pins in the order of their places into the rest, which keeps its order.
std::vector<Ruled> with_pins(std::vector<Ruled> rest, std::vector<std::pair<std::size_t, Ruled>> pins) {
  std::ranges::stable_sort(pins, {}, [](const auto& pin) { return pin.first; });
  std::vector<Ruled> out;
  auto pin = pins.begin();
  for (Ruled& ruled : rest) {
    while (pin != pins.end() && pin->first <= out.size() + 1) out.push_back((pin++)->second);
    out.push_back(ruled);
  }
  for (; pin != pins.end(); ++pin) out.push_back(pin->second);
  return out;
}

}  // namespace

std::string_view action_name(RuleAction action) {
  constexpr std::string_view kNames[] = {"pin", "bury", "boost", "demote"};
  return kNames[static_cast<std::size_t>(action)];
}

RuleQuery rule_query(std::string_view text, const query::QueryPlan& plan, std::int64_t now_ms) {
  RuleQuery out{.normalised = text::normalised_query(text), .terms = {}, .now_ms = now_ms};
  for (const index::TermGroup& group : plan.groups) {
    if (!group.variants.empty()) out.terms.push_back(group.variants.front().term);
  }
  return out;
}

bool holds(const Rule& rule, const RuleQuery& query) {
  if (query.now_ms < rule.from_ms || query.now_ms >= rule.until_ms) return false;
  if (rule.every_query) return true;
  if (std::ranges::find(rule.queries, query.normalised) != rule.queries.end()) return true;
  return std::ranges::any_of(rule.words, [&](const auto& words) { return has_all(query, words); });
}

double score_base(std::span<const RankedItem> items) {
  double base = 0;
  for (const RankedItem& item : items) {
    if (std::isfinite(item.score)) base = std::min(base, item.score);
  }
  return base;
}

HeldRules::HeldRules(const Rules& rules, const RuleQuery& query, const index::Snapshot& snapshot,
                     const index::Filter& filter)
    : snapshot_(&snapshot) {
  Budget budget;
  std::optional<Result<index::FilterMatcher>> request;  // made where there is a pin
  for (const Rule& rule : rules.rules) {
    if (!holds(rule, query) || !budget.allows(rule)) continue;
    rules_.push_back(&rule);
    if (rule.action != RuleAction::kPin) continue;
    const auto doc = index::find_document(snapshot, rule.listing);
    if (!doc || !is_for_sale(snapshot, *doc)) continue;
    if (std::ranges::find(pins_, *doc, &Pin::doc) != pins_.end()) continue;
    if (!request) request.emplace(index::FilterMatcher::create(snapshot, filter));
    if (!*request || !(*request)->passes(*doc)) continue;
    if (rule.filter && !passes(snapshot, *rule.filter, *doc)) continue;
    pins_.push_back({&rule, *doc});
  }
}

std::vector<DocRef> HeldRules::pinned() const {
  std::vector<DocRef> docs;
  for (const Pin& pin : pins_) docs.push_back(pin.doc);
  std::ranges::sort(docs);
  return docs;
}

HeldRules::Outcome HeldRules::apply(std::vector<RankedItem>& items) const {
  Outcome outcome;
  if (rules_.empty() || items.empty()) return outcome;
  const double base = score_base(items);
  std::vector<Ruled> head;
  for (std::size_t i = 0; i < items.size(); ++i) {
    head.push_back({.item = items[i], .from = i, .score_before = items[i].score});
  }
  for (const Rule* rule : rules_) {
    if (rule->action == RuleAction::kPin || !rule->filter) continue;
    auto matcher = index::FilterMatcher::create(*snapshot_, *rule->filter);
    if (!matcher) continue;
    for (Ruled& ruled : head) {
      if (!matcher->passes(ruled.item.hit.doc)) continue;
      const double before = ruled.item.score;
      if (rule->action == RuleAction::kBury) {
        ruled.buried = true;
      } else {
        ruled.item.score = base + (before - base) * rule->factor;
      }
      outcome.moves.push_back({rule, ruled.item.hit.doc, ruled.from, 0, before, ruled.item.score});
    }
  }
  // Equal scores stay as the ranker had them.
  std::ranges::stable_sort(head, [](const Ruled& a, const Ruled& b) {
    if (a.buried != b.buried) return b.buried;
    return !a.buried && sort_key(a.item.score) > sort_key(b.item.score);
  });
  std::vector<Ruled> rest;
  std::vector<std::pair<std::size_t, Ruled>> pins;
  std::vector<std::optional<Ruled>> by_pin(pins_.size());
  for (Ruled& ruled : head) {
    const auto pin = std::ranges::find(pins_, ruled.item.hit.doc, &Pin::doc);
    if (pin == pins_.end()) {
      rest.push_back(ruled);
    } else {
      by_pin[static_cast<std::size_t>(pin - pins_.begin())] = ruled;
    }
    if (pin != pins_.end() || ruled.buried) outcome.held.push_back(ruled.item.hit.doc);
  }
  for (std::size_t i = 0; i < pins_.size(); ++i) {
    if (!by_pin[i]) continue;
    pins.emplace_back(pins_[i].rule->place, *by_pin[i]);
    const RankedItem& item = by_pin[i]->item;
    outcome.moves.push_back({pins_[i].rule, item.hit.doc, by_pin[i]->from, 0, item.score, item.score});
  }
  head = with_pins(std::move(rest), std::move(pins));
  std::map<DocRef, std::size_t> place;
  for (std::size_t i = 0; i < head.size(); ++i) {
    items[i] = head[i].item;
    place[head[i].item.hit.doc] = i;
  }
  for (Move& move : outcome.moves) move.to = place[move.doc];
  std::ranges::stable_sort(outcome.moves, {}, [](const Move& move) { return move.rule->line; });
  std::ranges::sort(outcome.held);
  return outcome;
}

}  // namespace handsel::pipeline
