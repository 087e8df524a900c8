// What people do, as the next request sees it: profiles of sessions and users, counters
// of listings. Follows the event log. After a restart it begins with what was kept in
// DIR/derived/profiles and reads what came after; where nothing was, the whole log; both
// in the background.
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
#include "app/engine/session_keeper.h"
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
  struct Options {
    FactsCache::LoadListing load_listing;
    // Whether load_listing knows the listings that events of the log name. Until then none is
    // read: what is learnt of a listing that is not known yet is not learnt later.
    std::function<bool()> listings_are_known;
    SessionKeeper::Options keep;
    profiles::CounterOptions counters;
    profiles::ProfileOptions profiles;
  };
  SessionView(FileSystem& files, const log::Log& log, Options options);
  // Keeps what came since it was kept last.
  ~SessionView();

  const profiles::Counters& counters() const { return *counters_; }
  const profiles::ProfileStore& profiles() const { return *profiles_; }
  // After an append of events.
  void wake() { follower_.wake(); }
  // The same, and returns when they are seen, or after a moment.
  void catch_up(std::chrono::milliseconds wait_max) {
    follower_.wake();
    follower_.wait_applied(wait_max);
  }
  // Events wait: a file is being written, for a moment.
  bool is_keeping() const { return keeper_.is_writing(); }
  // Events that were kept, and were not read again.
  std::uint64_t taken_up() const { return keeper_.taken_up(); }
  std::uint64_t behind() const { return follower_.behind(); }
  std::optional<Error> error() const { return follower_.error(); }
  // Why it cannot be kept.
  std::optional<Error> keeping_error() const { return keeper_.error(); }

 private:
  const std::unique_ptr<profiles::Counters> counters_;
  const std::unique_ptr<profiles::ProfileStore> profiles_;
  SessionObserver observer_;
  SessionKeeper keeper_;
  EventFollower follower_;  // the one thread of what is above
};

}  // namespace handsel
