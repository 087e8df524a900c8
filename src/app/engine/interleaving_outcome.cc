#include "app/engine/interleaving_outcome.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "base/core/hash.h"
#include "base/math/statistics.h"
#include "facts/decisions/interleaving.h"
#include "facts/events/event_reader.h"

namespace handsel {
namespace {

using decisions::InterleavedSearch;
using decisions::Side;

enum Action : std::uint8_t { kClicked = 1, kInCart = 2, kBought = 4 };

std::uint8_t action_of(events::EventKind kind) {
  switch (kind) {
    case events::EventKind::kClick:
      return kClicked;
    case events::EventKind::kCart:
      return kInCart;
    case events::EventKind::kPurchase:
      return kBought;
    default:
      return 0;
  }
}

std::uint64_t key_of(std::string_view query_id, std::string_view listing_id) {
  return hash64(listing_id, hash64(query_id));
}

class Join {
 public:
  explicit Join(const log::Log& log) : log_(log) {}

  Result<InterleavingOutcome> run() {
    HANDSEL_TRY(find_newest_pair());
    if (outcome_.challenger.empty()) return std::move(outcome_);
    HANDSEL_TRY(collect_searches());
    HANDSEL_TRY(collect_actions());
    HANDSEL_TRY(credit());
    std::vector<assignment::Credit> credits;
    for (const auto& [unit, one] : units_) credits.push_back(one);
    outcome_.preference = assignment::preference(credits);
    return std::move(outcome_);
  }

 private:
  bool is_ours(const InterleavedSearch& search) const {
    return search.serving == outcome_.serving && search.challenger == outcome_.challenger;
  }

  // Those of newer programs are passed over.
  Result<void> visit_interleaved(
      const std::function<bool(const InterleavedSearch&, std::int64_t time_ms)>& visit) const {
    Result<void> outcome;
    bool goes_on = true;
    for (std::uint32_t p = 0; goes_on && p < log_.partitions(log::Topic::kDecisions); ++p) {
      HANDSEL_TRY(log_.read(log::Topic::kDecisions, p, 0, [&](const log::Record& record) {
        const auto search = decisions::parse_interleaved(record);
        if (search) {
          goes_on = visit(*search, record.time_ms);
        } else if (search.error().code == Code::kCorrupt) {
          outcome = std::unexpected(search.error());
        }
        return goes_on && outcome.has_value();
      }));
      HANDSEL_TRY(outcome);
    }
    return {};
  }

  Result<void> visit_events(const std::function<bool(const events::Event&)>& visit) const {
    events::EventReader reader(log_);
    for (;;) {
      HANDSEL_ASSIGN(const std::vector<events::Event> piece, reader.read());
      if (piece.empty()) return {};
      for (const events::Event& event : piece) {
        if (!visit(event)) return {};
      }
    }
  }

  Result<void> find_newest_pair() {
    return visit_interleaved([&](const InterleavedSearch& search, std::int64_t time_ms) {
      if (outcome_.challenger.empty() || time_ms > outcome_.last_ms) {
        outcome_.serving = search.serving;
        outcome_.challenger = search.challenger;
        outcome_.last_ms = time_ms;
      }
      return true;
    });
  }

  Result<void> collect_searches() {
    return visit_interleaved([&](const InterleavedSearch& search, std::int64_t time_ms) {
      if (!is_ours(search)) {
        ++outcome_.other_searches;
        return true;
      }
      if (searches_.size() >= kJudgedSearchesMax) {
        outcome_.cut = true;
        return false;
      }
      outcome_.first_ms = searches_.empty() ? time_ms : std::min(outcome_.first_ms, time_ms);
      searches_.insert(hash64(search.query_id));
      return true;
    });
  }

  Result<void> collect_actions() {
    return visit_events([&](const events::Event& event) {
      const std::uint8_t action = action_of(event.kind);
      if (action == 0 || event.query_id.empty() || !searches_.contains(hash64(event.query_id))) return true;
      if (actions_.size() >= kJudgedActionsMax) {
        outcome_.cut = true;
        return false;
      }
      actions_[key_of(event.query_id, event.listing_id)] |= action;
      return true;
    });
  }

  Result<void> credit() {
    return visit_interleaved([&](const InterleavedSearch& search, std::int64_t) {
      if (!is_ours(search) || !searches_.contains(hash64(search.query_id))) return true;
      ++outcome_.searches;
      assignment::Credit& unit = units_[search.unit];
      for (const InterleavedSearch::Place& place : search.places) {
        if (place.side == Side::kNone) continue;
        const bool of_a = place.side == Side::kServing;
        InterleavingOutcome::Credits& credits = of_a ? outcome_.a : outcome_.b;
        ++credits.shown;
        const auto action = actions_.find(key_of(search.query_id, place.listing_id));
        if (action == actions_.end()) continue;
        ++(of_a ? unit.a : unit.b);
        credits.clicked += (action->second & kClicked) != 0;
        credits.in_carts += (action->second & kInCart) != 0;
        credits.bought += (action->second & kBought) != 0;
      }
      return true;
    });
  }

  const log::Log& log_;
  InterleavingOutcome outcome_;
  std::unordered_set<std::uint64_t> searches_;               // hashes of query_ids
  std::unordered_map<std::uint64_t, std::uint8_t> actions_;  // of query and listing
  std::unordered_map<std::uint64_t, assignment::Credit> units_;
};

}  // namespace

Result<InterleavingOutcome> interleaving_outcome(const log::Log& log) {
  return Join(log).run();
}

std::uint64_t sessions_missing(const InterleavingOutcome& outcome) {
  const std::size_t decided = outcome.decided();
  if (decided < kDecidedSessionsMin) return kDecidedSessionsMin - decided;
  const assignment::Preference& preference = outcome.preference;
  if (preference.low > 0.5 || preference.high < 0.5) return 0;
  const double share = 0.5 + std::max(0.05, std::abs(preference.share_b - 0.5));
  const double wanted =
      (normal_quantile(0.975) * 0.5 + normal_quantile(0.8) * std::sqrt(share * (1 - share))) / (share - 0.5);
  const double needed = std::ceil(wanted * wanted) - static_cast<double>(decided);
  return static_cast<std::uint64_t>(std::max(1.0, needed));
}

std::string sentence_of(const InterleavingOutcome& outcome) {
  if (outcome.challenger.empty()) {
    return "Nothing was interleaved yet: 'handsel model challenge ID --share 0.2' begins a trial.";
  }
  const assignment::Preference& preference = outcome.preference;
  const std::uint64_t missing = sessions_missing(outcome);
  if (outcome.decided() < kDecidedSessionsMin) {
    return fmt::format(
        "Too early to say: {} of {} sessions preferred one of the two; {} more such sessions are needed.",
        outcome.decided(), preference.lists, missing);
  }
  const std::string interval =
      fmt::format("{:.1f} % of {} sessions with a preference, 95 % interval {:.1f} to {:.1f} %",
                  100 * preference.share_b, outcome.decided(), 100 * preference.low, 100 * preference.high);
  if (preference.low > 0.5) return fmt::format("People prefer the challenger: {}.", interval);
  if (preference.high < 0.5)
    return fmt::format("People prefer the ranker that serves: the challenger won {}.", interval);
  return fmt::format("No difference is shown: the challenger won {}. About {} more such sessions would decide.",
                     interval, missing);
}

}  // namespace handsel
