// Who is asking, as far as the last minutes tell: one small profile a session and a user.
//
// Fed by the event flow, in memory, bounded, expiring; rebuilt from the log after a
// restart. The path reads a copy; where a key or a request forbids personalisation,
// find() is never called and nothing of the person is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/events/event.h"

namespace handsel::profiles {

// What a profile learns of a listing; given by the engine, which has the catalogue.
struct ListingFacts {
  std::string id;
  std::string shop_id;
  std::vector<std::string> taxonomy_path;  // folded names, root to leaf
  // "style=boho", "color=sage", "material=linen", "tag=...", "shop=...": folded.
  std::vector<std::string> attributes;
  std::optional<std::int64_t> price_cents;
};

// What a session or a user leans to, at one moment. Plain values.
struct Profile {
  std::size_t actions = 0;  // clicks and more
  std::vector<std::string> recent_listings;                    // acted on, newest first
  std::vector<std::pair<std::string, double>> taxonomies;      // leaf and inner names, share of actions, best first
  // Attribute and its place in the order of the bandit's means: 0 is the most wanted (OPAR, METHODS 3).
  std::vector<std::pair<std::string, double>> attributes;      // posterior mean of Beta(alpha, beta), best first
  std::optional<std::pair<double, double>> price_band_cents;   // geometric mean and spread factor of acted listings
  std::vector<std::string> recent_queries;                     // newest first
};

struct ProfileOptions {
  std::size_t sessions_max = 200'000;
  std::int64_t session_expires_ms = 60 * 60 * 1000;
  std::size_t users_max = 500'000;
  std::int64_t user_expires_ms = 90ll * 24 * 60 * 60 * 1000;
};

// Thread safe.
class ProfileStore {
 public:
  static std::unique_ptr<ProfileStore> create(ProfileOptions options);
  virtual ~ProfileStore() = default;

  // `listings`: the facts of event.listing_id and, for a search, of each of event.shown that is known.
  virtual void observe(const events::Event& event, std::span<const ListingFacts> listings) = 0;
  // The session's, blended with the user's where the session is young. Null: nothing is known.
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
