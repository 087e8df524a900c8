// How the engine is put together. Seen by app/engine alone.
//
// Threads: callers write and read on their own; the applier carries writes into the
// views, the housekeeper does what nobody waits for, the governor watches memory and
// disk. Members stand in the order in which they need each other, so that destruction
// (the reverse) stops the threads before it takes away what they use.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "analysis/text/analyzer.h"
#include "app/engine/applier.h"
#include "app/engine/backup_request.h"
#include "app/engine/decided_experiments.h"
#include "app/engine/engine.h"
#include "app/engine/experiment_guard.h"
#include "app/engine/experiments_source.h"
#include "app/engine/exposures.h"
#include "app/engine/folder_lock.h"
#include "app/engine/generations.h"
#include "app/engine/governor.h"
#include "app/engine/housekeeper.h"
#include "app/engine/interleaving_writer.h"
#include "app/engine/key_locks.h"
#include "app/engine/learned_views.h"
#include "app/engine/memory_plan.h"
#include "app/engine/model_source.h"
#include "app/engine/model_troubles.h"
#include "app/engine/pending_writes.h"
#include "app/engine/rules_source.h"
#include "app/engine/trainer.h"
#include "facts/catalog/catalog_store.h"
#include "facts/events/event_store.h"
#include "facts/log/log.h"
#include "products/search/ranked_heads.h"
#include "ranking/features/tag_lexicon.h"
#include "views/index/index.h"

namespace handsel {

// What is opened from the data folder before any thread starts.
struct OpenParts {
  FolderLock lock;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<text::Analyzer> analyzer;
  std::unique_ptr<catalog::CatalogStore> catalog;
  std::unique_ptr<index::Index> index;
  query::Synonyms synonyms;
  MemoryPlan memory;
};
Result<OpenParts> open_parts(const EngineOptions& options, const Clock& clock, FileSystem& files);

class EngineImpl final : public Engine {
 public:
  EngineImpl(OpenParts parts, EngineOptions options, const Clock& clock, FileSystem& files);

  Result<std::vector<WriteStatus>> put_listings(std::span<const catalog::Listing> listings) override;
  Result<WriteStatus> patch_listing(std::string_view id, const catalog::ListingPatch& patch) override;
  Result<std::vector<WriteStatus>> delete_listings(std::span<const std::string> ids) override;
  Result<std::vector<WriteStatus>> put_events(std::span<const events::Event> events) override;
  Result<void> put_shops(std::span<const catalog::Shop> shops) override;
  Result<void> put_taxonomy(std::span<const catalog::TaxonomyNode> nodes) override;
  Result<void> put_reviews(std::span<const catalog::Review> reviews) override;

  Result<void> put_judgments(std::span<const decisions::Judgment> judgments) override;
  Result<std::vector<TrainOutcome>> train(const TrainRequest& request, const TrainProgressed& progress,
                                          std::stop_token stop) override;

  Result<catalog::Listing> listing(std::string_view id) const override;
  Result<search::SearchResponse> search(const search::SearchRequest& request) const override;
  Result<search::CandidateRows> candidate_rows(const search::SearchRequest& request,
                                               std::span<const std::string> also) const override;
  std::vector<Completion> complete(std::string_view prefix, std::size_t limit) const override;
  Result<void> visit_events(const std::function<bool(const events::Event&)>& visit) const override;
  Result<void> visit_listings(const std::function<bool(const catalog::Listing&)>& visit) const override;
  Health health() const override;
  bool knows_listing(std::string_view id) const override;

  ExperimentsInForce experiments() const override;
  void expose(std::span<const Assigned> assigned, const Exposed& to) const override;
  Result<void> put_experiments(std::string_view toml) override;
  Result<void> decide_experiment(decisions::ExperimentDecision decision) override;
  Result<std::size_t> check_guard_rails() override;

  Result<void> catch_up() override;
  Result<void> catch_up_learned() override;
  Result<void> compact() override;
  Result<void> backup(const std::string& folder) const override;

  // What a trainer works with: the log and the read path of this engine.
  Trainer::Parts trainer_parts();

 private:
  // Writes (engine_write.cc).
  Result<void> check_alone() const;
  Result<void> check_writable() const;
  Result<void> wait_for_catalog() const;
  Result<std::size_t> write_exposures(const std::vector<events::Event>& exposures);
  Result<void> append(std::span<const log::NewRecord> records);
  template <typename Item>
  Result<void> put_all(std::span<const Item> items);

  // Reads (engine_read.cc).
  Result<log::Position> find_current(catalog::Kind kind, std::string_view id) const;
  Result<catalog::Listing> load(log::Position position) const;
  Result<catalog::Listing> load_shown(const index::DocInfo& document) const;
  std::vector<std::string> degraded() const;
  // What one read looks at, kept alive for its length.
  struct Reading {
    View view;
    LearnedViews::Current learned;
    std::shared_ptr<const profiles::Profile> profile;
    std::shared_ptr<const pipeline::Rules> rules;
    std::int64_t now_ms = 0;
    std::uint64_t unit = 0;                          // of a trial that the request is in; 0: it is in none
    std::uint64_t draw = 0;                          // seed of its draw
    std::shared_ptr<const Experiments> experiments;  // that `chosen` points into
    Experiments::OfSearch chosen;
  };
  Result<Reading> begin_reading(const search::SearchRequest& request) const;
  void choose_variants(const search::SearchRequest& request, Reading& reading) const;
  void tell_variants(const search::SearchRequest& request, const Reading& reading, search::SearchResponse& response,
                     double ms) const;
  search::SearchContext context_of(const Reading& reading) const;
  void record_teams(const Reading& reading, const search::SearchResponse& response) const;

  OpenParts parts_;
  const EngineOptions options_;
  const Clock& clock_;
  FileSystem& files_;
  const std::int64_t opened_ms_ = clock_.now_ms();
  mutable std::atomic<std::uint64_t> searches_ = 0;

  events::EventStore events_;
  mutable KeyLocks key_locks_;
  PendingWrites pending_;
  mutable Generations generations_;
  // What the log held when it was opened: until the catalogue has that, an id that it
  // does not know may still exist.
  const Offsets opened_at_;
  mutable Applier applier_;
  const ModelSource model_source_;
  mutable search::RankedHeads heads_;
  mutable features::KeptTagLexicon tags_;
  mutable RulesSource rules_;
  mutable ExperimentsSource experiments_;
  std::mutex putting_experiments_;
  DecidedExperiments decided_;
  ExperimentGuard guard_;  // of experiments_ and decided_
  mutable InterleavingWriter interleaving_;
  mutable LearnedViews learned_;
  mutable ModelTroubles model_troubles_;
  std::mutex training_;
  Housekeeper housekeeper_;
  Governor governor_;
  mutable Exposures exposures_;
  std::unique_ptr<BackupRequests> backup_requests_;  // null beside another process, which takes them
};

}  // namespace handsel
