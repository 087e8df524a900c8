// What people mean by their queries, kept fresh: follows events and listings, learns anew
// when something was seen (every five minutes at most, sooner where the catalogue grew by a
// tenth), and keeps the last in DIR/derived/understanding, so that a restart has it at once.
//
// Of a catalogue beyond `listings_max` it learns the words of a sample of that many, drawn
// by the hash of the id. The same listings and events give the same bytes.
//
// Thread safe; one thread of its own observes and learns. Seconds for a large catalogue, up
// to 300 MB meanwhile, and 20 MB between.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "analysis/text/analyzer.h"
#include "app/engine/action_tally.h"
#include "app/engine/event_follower.h"
#include "app/engine/session_view.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/log/log.h"
#include "ranking/query/understanding.h"

namespace handsel {

// What a builder is told: of one listing, and of all that people did. Stops where `stopping` says so.
void tell_listing(const catalog::Listing& listing, query::UnderstandingBuilder& builder);
void tell_actions(const ActionTally& actions, const FactsCache::LoadListing& load, query::UnderstandingBuilder& builder,
                  const std::atomic<bool>* stopping);

class UnderstandingView {
 public:
  static constexpr std::size_t kListingsMax = 250'000;

  struct Parts {  // borrowed
    FileSystem& files;
    const log::Log& log;
    const text::Analyzer& analyzer;
  };
  struct Options {
    std::string path;
    FactsCache::LoadListing load_listing;
    // How many listings of the log load_listing does not know yet: what is learnt meanwhile is learnt again.
    std::function<std::uint64_t()> listings_behind = [] { return 0; };
    std::size_t listings_max = kListingsMax;
  };
  UnderstandingView(Parts parts, Options options);
  ~UnderstandingView();

  // Null until there is one.
  std::shared_ptr<const query::Understanding> current() const;
  // Observes all that is durable and learns, now; for those who wait (training, tests).
  Result<void> finish_now(std::chrono::milliseconds wait_max);
  std::optional<Error> error() const;

 private:
  Result<void> read_listings();
  Result<void> learn_if_changed();
  void tell_listings(query::UnderstandingBuilder& builder) const;
  void tick();
  bool is_due(std::uint64_t came) const;  // listings, since the last tick

  const Parts parts_;
  const Options options_;

  std::mutex work_;  // of what is learned from
  ActionTally actions_;
  std::vector<std::uint64_t> listings_next_;
  std::map<std::uint64_t, log::Position> listings_;  // the newest version, by the hash of the id
  bool changed_ = false;
  std::size_t learnt_listings_ = 0;
  std::optional<std::chrono::steady_clock::time_point> learnt_at_;
  std::atomic<bool> stopping_ = false;

  mutable std::mutex mutex_;
  std::shared_ptr<const query::Understanding> current_;
  std::optional<Error> error_;
  EventFollower follower_;
};

}  // namespace handsel
