#include "proof/assignment/interleaving.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "base/core/rng.h"
#include "base/math/statistics.h"

namespace handsel::assignment {
namespace {

// A ranking, and how far its captain has read.
class Captain {
 public:
  Captain(std::span<const std::string> ranking, Team team) : ranking_(ranking), team_(team) {}

  // Its best item that is not taken. False where none is left.
  bool pick(std::unordered_set<std::string_view>& taken, Interleaved& list) {
    while (at_ < ranking_.size()) {
      const std::string& id = ranking_[at_++];
      if (!taken.insert(id).second) continue;
      list.places.push_back({id, team_});
      return true;
    }
    return false;
  }

 private:
  std::span<const std::string> ranking_;
  Team team_;
  std::size_t at_ = 0;
};

// P(at most `wins` of `rounds` fair coins, or the same on the other side).
double sign_test(std::size_t a, std::size_t b) {
  const std::size_t fewer = std::min(a, b);
  const std::size_t more = std::max(a, b);
  if (fewer == more) return 1;
  // P(X <= k) of n coins is I_1/2(n - k, k + 1) (DLMF 8.17.5).
  const double tail = incomplete_beta(static_cast<double>(more), static_cast<double>(fewer + 1), 0.5);
  return std::min(1.0, 2 * tail);
}

}  // namespace

Interleaved interleave(std::span<const std::string> a, std::span<const std::string> b, std::size_t count,
                       std::uint64_t seed) {
  Interleaved list;
  std::unordered_set<std::string_view> taken;
  Captain captain_a(a, Team::kA);
  Captain captain_b(b, Team::kB);
  Rng rng(seed);
  while (list.places.size() < count) {
    const bool a_first = rng.chance(0.5);
    Captain& first = a_first ? captain_a : captain_b;
    Captain& second = a_first ? captain_b : captain_a;
    const bool first_picked = first.pick(taken, list);
    const bool second_picked = list.places.size() < count && second.pick(taken, list);
    if (!first_picked && !second_picked) break;
  }
  return list;
}

Credit credit(const Interleaved& list, std::span<const std::string> clicked) {
  const std::unordered_set<std::string_view> ids(clicked.begin(), clicked.end());
  Credit out;
  for (const Place& place : list.places) {
    if (ids.contains(place.id)) ++(place.team == Team::kA ? out.a : out.b);
  }
  return out;
}

Preference preference(std::span<const Credit> credits, double confidence) {
  Preference out{.lists = credits.size()};
  for (const Credit& credit : credits) {
    out.wins_a += credit.a > credit.b;
    out.wins_b += credit.b > credit.a;
    out.ties += credit.a == credit.b;
  }
  const auto decided = static_cast<double>(out.wins_a + out.wins_b);
  if (decided == 0) return out;
  out.share_b = static_cast<double>(out.wins_b) / decided;
  out.margin = (static_cast<double>(out.wins_b) - static_cast<double>(out.wins_a)) / static_cast<double>(out.lists);
  out.p = sign_test(out.wins_a, out.wins_b);
  const double z = normal_quantile(0.5 + confidence / 2);
  const double centre = (out.share_b + z * z / (2 * decided)) / (1 + z * z / decided);
  const double reach = z / (1 + z * z / decided) *
                       std::sqrt(out.share_b * (1 - out.share_b) / decided + z * z / (4 * decided * decided));
  out.low = std::max(0.0, centre - reach);
  out.high = std::min(1.0, centre + reach);
  return out;
}

}  // namespace handsel::assignment
