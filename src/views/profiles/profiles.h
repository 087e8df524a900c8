// Who is asking, as far as the last minutes tell: one small profile a session and a user.
//
// Fed by the event flow, in memory, bounded, expiring by the time of events; rebuilt from
// the log after a restart: the same events in the same order give the same profiles. The
// path reads a copy; where a key or a request forbids personalisation, find() is never
// called and nothing of the person is read.
//
// What is learnt. Attributes by OPAR, the action-aware bandit: for each attribute a
// Beta(alpha, beta) that begins at (1, 1). U and V are the listings with that attribute
// that the person acted on, and was shown and passed over.
//   action             alpha += delta (1 - exp(-|U|))
//   passed over        beta  += delta of a click * (1 - exp(-gamma |V|))
// with gamma = kPassedGamma. Deltas: click or view 1, favourite 2, cart 3, purchase 4. A
// listing counts by its strongest action: a cart after a click adds the difference. What
// was passed over is inferred from the page (Joachims et al. 2005, "Accurately
// interpreting clickthrough data as implicit feedback": what stands above a click was
// looked at, and so was the next below it): at a click, what lies above and was not acted
// on; when the next page comes, the one after the last click too, or, without any click,
// the first kGlanced; and whatever an impression said was seen. A listing that is hidden
// or reported is passed over, once more with the weight of a favourite.
//
// A session remembers all of it equally; a user forgets with a time constant of 30 days.
//
// Blending. With n actions in the session, the user's evidence (alpha - 1, beta - 1,
// shares, prices) is added with weight w = kYoung / (kYoung + n): 1 at the start, a half
// after three actions. A user's evidence includes that of the running session; this
// changes no order among what the session alone has met.
//
// Costs: find() takes tens of microseconds, observe() a few. Memory: one or two kilobytes a
// session, 6 at most for somebody who did much; see bench/profiles_bench.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/events/event.h"
#include "views/profiles/kept_state.h"

namespace handsel::profiles {

inline constexpr double kPassedGamma = 0.1;
inline constexpr double kYoung = 3;          // actions until a session counts as much as its user
inline constexpr std::size_t kGlanced = 3;   // of a page without a click
inline constexpr std::size_t kPageMax = 24;  // listings of a page that are followed

// Of one profile; beyond them the least goes.
inline constexpr std::size_t kAttributesMax = 64;
inline constexpr std::size_t kNamedAttributesMax = 32;    // acted on last; the others are known by key alone
inline constexpr std::size_t kListingAttributesMax = 16;  // of one listing; the rest is not learnt from
inline constexpr std::size_t kTaxonomiesMax = 24;
inline constexpr std::size_t kTaxonomyDepthMax = 8;
inline constexpr std::size_t kRecentListingsMax = 20;
inline constexpr std::size_t kRecentQueriesMax = 5;
inline constexpr std::size_t kNameBytesMax = 100;  // a longer name is not learnt

// What a profile learns of a listing; given by the engine, which has the catalogue.
struct ListingFacts {
  std::string id;
  std::string shop_id;
  std::vector<std::string> taxonomy_path;  // folded names, root to leaf
  // "style=boho", "color=sage", "material=linen", "tag=...", "shop=...": folded.
  std::vector<std::string> attributes;
  std::optional<std::int64_t> price_cents;
  // attribute_key() of each of the attributes, or empty: then they are made when needed,
  // which is what most of observe() would do.
  std::vector<std::uint32_t> attribute_keys;
};

// The facts of a listing as the catalogue has them now; null where it is not known. Called
// while the profile is locked: it must be quick and must not call the store.
using FactsOf = std::function<std::shared_ptr<const ListingFacts>(std::string_view listing_id)>;

// An attribute inside a profile: 32 bits of its hash. Two of the 64 attributes of a
// profile share one with odds of 1 in two million; then they are learnt as one.
std::uint32_t attribute_key(std::string_view attribute);
// The same from hash64() of the attribute.
inline std::uint32_t attribute_key(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

// One attribute of the bandit.
struct Leaning {
  std::uint32_t key = 0;
  double alpha = 1;
  double beta = 1;
  double mean() const { return alpha / (alpha + beta); }
  bool operator==(const Leaning&) const = default;
};

// What a session or a user leans to, at one moment. Plain values.
struct Profile {
  std::size_t actions = 0;                                 // of the session: listings acted on, by any action
  std::vector<std::string> recent_listings;                // acted on, newest first; the session's, then the user's
  std::vector<std::pair<std::string, double>> taxonomies;  // leaf and inner names, share of actions, best first
  // Those of listings acted on last, with the posterior mean of Beta(alpha, beta); best first.
  std::vector<std::pair<std::string, double>> attributes;
  // Geometric mean and spread factor (one standard deviation is a price so many times
  // as high) of the prices of listings acted on.
  std::optional<std::pair<double, double>> price_band_cents;
  std::vector<std::string> recent_queries;  // newest first

  // The whole bandit, with what was only passed over; by key. What a score needs.
  std::vector<Leaning> leanings;
  // Of each of the leanings: its rank, 1 for the best; equal ones share a rank. And that
  // of an attribute that was never met, which stands with the mean of Beta(1, 1).
  std::vector<std::uint32_t> ranks;
  std::uint32_t rank_of_unmet = 1;
  bool operator==(const Profile&) const = default;
};

struct ProfileOptions {
  std::size_t sessions_max = 200'000;
  std::int64_t session_expires_ms = 60 * 60 * 1000;
  std::size_t users_max = 200'000;
  std::int64_t user_expires_ms = 90ll * 24 * 60 * 60 * 1000;
};

// Thread safe. For profiles that can be repeated, one thread observes, in the log's order.
class ProfileStore : public KeptState {
 public:
  static std::unique_ptr<ProfileStore> create(ProfileOptions options);

  // Asks `facts` for the listing acted on, and for those that turn out to have been passed
  // over: a few a page, never the whole page. Events without a session are the user's own;
  // without either nothing is learnt.
  virtual void observe(const events::Event& event, const FactsOf& facts) = 0;
  // The session's, blended with the user's where the session is young. Null where neither
  // acted on a listing: what was only passed over sharpens a taste, it does not make one,
  // and a page that is asked for again keeps its order while nothing was chosen.
  virtual std::shared_ptr<const Profile> find(std::string_view session_id, std::string_view user_id,
                                              std::int64_t now_ms) const = 0;

  struct Stats {
    std::size_t sessions = 0;
    std::size_t users = 0;
    std::size_t bytes = 0;
  };
  virtual Stats stats() const = 0;
};

}  // namespace handsel::profiles
