// What people do, as the next request sees it: profiles of sessions and users, counters
// of listings. Follows the event log; rebuilt from it after a restart, in the background.
//
// Thread safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/engine/event_follower.h"
#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "facts/log/log.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"

namespace handsel {

// Facts of listings that events name again and again. One thread.
class FactsCache {
 public:
  using LoadListing = std::function<Result<catalog::Listing>(std::string_view id)>;
  static constexpr std::size_t kEntriesMax = 50'000;

  explicit FactsCache(LoadListing load) : load_(std::move(load)) {}
  // Null where there is no such listing (any more).
  std::shared_ptr<const profiles::ListingFacts> find(std::string_view id);
  void clear() { facts_.clear(); }

 private:
  const LoadListing load_;
  std::unordered_map<std::string, std::shared_ptr<const profiles::ListingFacts>> facts_;
};

// Observes events in order: the one way in which serving and training do it. One thread.
class SessionObserver {
 public:
  SessionObserver(profiles::ProfileStore& profiles, profiles::Counters& counters, FactsCache::LoadListing load)
      : profiles_(profiles), counters_(counters), facts_(std::move(load)) {}
  void observe(const events::Event& event) {
    profiles_.observe(event, [this](std::string_view id) { return facts_.find(id); });
    counters_.observe(event);
  }
  // What listings say may have changed.
  void forget_facts() { facts_.clear(); }

 private:
  profiles::ProfileStore& profiles_;
  profiles::Counters& counters_;
  FactsCache facts_;
};

class SessionView {
 public:
  SessionView(const log::Log& log, FactsCache::LoadListing load, profiles::CounterOptions counters);

  const profiles::Counters& counters() const { return *counters_; }
  const profiles::ProfileStore& profiles() const { return *profiles_; }
  // After an append of events.
  void wake() { follower_.wake(); }
  // The same, and returns when they are seen, or after a moment.
  void catch_up(std::chrono::milliseconds wait_max) {
    follower_.wake();
    follower_.wait_applied(wait_max);
  }
  std::uint64_t behind() const { return follower_.behind(); }
  std::optional<Error> error() const { return follower_.error(); }

 private:
  const std::unique_ptr<profiles::Counters> counters_;
  const std::unique_ptr<profiles::ProfileStore> profiles_;
  SessionObserver observer_;
  EventFollower follower_;
};

}  // namespace handsel
