// The work that nobody waits for: commits the index, counts queries, rebuilds the
// query model, forgets superseded records. One thread, one task at a time.
//
// Rules:
//   commit    every commit_every, where something was applied since
//   counts    every kCountEvery, kCountRecordsMax events at a time
//   model     when one listing in a hundred changed, or anything did and it is older
//             than kModelAgeMax; at most every kModelEvery and a tenth of the time
//   forget    a superseded record goes kForgetAfter after it was seen superseded and
//             after two commits: then no cursor and no stored index needs it
//
// Thread safe. finish_now() is for those who do wait (catch_up, tests).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/engine/generations.h"
#include "app/engine/query_counts.h"
#include "facts/catalog/catalog_store.h"
#include "facts/log/log.h"
#include "views/index/index.h"

namespace handsel {

class Housekeeper {
 public:
  using Counts = std::vector<std::pair<std::string, std::uint64_t>>;
  using BuildModel = std::function<std::shared_ptr<const query::QueryModel>(const index::Snapshot&, const Counts&)>;
  struct Parts {  // borrowed
    log::Log& log;
    catalog::CatalogStore& catalog;
    index::Index& index;
    Generations& generations;
    FileSystem& files;
  };
  struct Options {
    std::string counts_path;
    std::chrono::milliseconds commit_every{30'000};
    bool log_is_ours = true;  // false: another process writes it, and forgets what is superseded
    BuildModel build_model;
  };
  Housekeeper(Parts parts, Options options);
  ~Housekeeper();  // a last commit

  // Counts all events and rebuilds the query model, if anything changed. Blocks.
  Result<void> finish_now();
  // Commits the index and forgets everything superseded, now. Blocks.
  Result<void> compact_now();
  // What did not work the last time it was tried; empty: everything.
  std::vector<std::string> troubles() const;

 private:
  using Clock = std::chrono::steady_clock;
  void run(const std::stop_token& stop);
  void tick(Clock::time_point now);
  Result<void> commit();
  Result<void> count();
  void build_model();
  bool model_is_due(Clock::time_point now) const;
  bool model_is_current() const;
  std::uint64_t applied_records() const;
  Result<void> forget(Clock::time_point now);
  Result<void> forget_batch(const std::vector<log::Position>& positions);
  void note(std::string_view task, const Result<void>& outcome);

  const Parts parts_;
  const Options options_;

  std::mutex work_;  // held while any task runs
  QueryCounts counts_;
  Clock::time_point committed_at_ = Clock::now();
  Clock::time_point counted_at_{};
  Clock::time_point model_built_at_{};
  Clock::duration model_took_{};
  std::uint64_t model_generation_ = 0;
  std::uint64_t model_counts_ = 0;
  std::uint64_t model_applied_ = 0;  // records of the log that the listings had come from
  bool model_exists_ = false;
  std::uint64_t commits_ = 0;
  std::uint64_t committed_generation_ = 0;
  struct Leaving {
    std::vector<log::Position> positions;
    Clock::time_point since;
    std::uint64_t commits = 0;  // as they were then
  };
  Leaving leaving_;

  mutable std::mutex troubles_mutex_;
  std::vector<std::pair<std::string, std::string>> troubles_;

  std::mutex sleep_mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace handsel
