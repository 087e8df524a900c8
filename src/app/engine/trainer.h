// The work behind Engine::train (train.h says what it promises). One thread.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "app/engine/ranking_data.h"
#include "app/engine/session_view.h"
#include "app/engine/train.h"
#include "app/engine/unfinished_training.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "base/storage/artefact_store.h"
#include "facts/events/event.h"
#include "facts/log/log.h"
#include "products/search/search.h"
#include "ranking/learning/propensities.h"
#include "ranking/learning/search_collector.h"
#include "ranking/learning/training_rows.h"
#include "views/graph/graph.h"

namespace handsel {

// What a search of the past knew, beside the catalogue of today.
struct AsOf {
  const profiles::Counters* counters = nullptr;
  const profiles::Profile* profile = nullptr;
  const graph::Graph* graph = nullptr;
  const query::Understanding* understanding = nullptr;
  std::int64_t now_ms = 0;
};

class Trainer {
 public:
  struct Parts {  // borrowed
    FileSystem& files;
    const Clock& clock;
    const log::Log& log;
    std::string folder;  // of the data
    // Always in the same order while nothing is written.
    std::function<Result<void>(const std::function<bool(const catalog::Listing&)>&)> visit_listings;
    FactsCache::LoadListing load_listing;
    const text::Analyzer& analyzer;
    std::function<Result<search::CandidateRows>(const search::SearchRequest&, std::span<const std::string> also,
                                                const AsOf* as_of)>
        candidate_rows;  // as_of null: of now
    // What was promoted serves, and has read everything.
    std::function<Result<void>()> reload;
    std::size_t threads = 1;
  };
  Trainer(Parts parts, TrainRequest request, TrainProgressed progress, std::stop_token stop);

  Result<std::vector<TrainOutcome>> run();

 private:
  Result<TrainOutcome> train(Trained kind);
  Result<TrainOutcome> train_encoder();
  Result<TrainOutcome> train_propensities();
  Result<TrainOutcome> keep_propensities(const learning::Propensities& propensities);
  Result<TrainOutcome> train_ranker();

  // The log of events in order: the whole of it, or so many that came first.
  Result<void> visit_events(std::string_view stage, const std::function<Result<void>(const events::Event&)>& visit,
                            std::uint64_t events_max = std::numeric_limits<std::uint64_t>::max());
  std::uint64_t events_in_log() const;
  Result<std::uint64_t> early_events(std::uint64_t events) const;
  Result<std::string> imported_encoder() const;
  struct KnownPropensities {
    std::string id;
    learning::Propensities propensities;
  };
  Result<std::optional<KnownPropensities>> promoted_propensities() const;
  // What the ranker corrects by: of this run, else of those before.
  struct PositionBias {
    learning::Propensities propensities;
    std::string detail;  // for the ranker's manifest
    std::string note;    // where something is wrong
  };
  PositionBias position_bias() const;
  std::string fingerprint_of_events() const;
  Result<void> add_judged(RankingData& data);
  Result<std::uint64_t> add_searches(const learning::Propensities& propensities, RankingData& data);
  // Stores it and, where `promote` and the request say so, puts it to work.
  Result<TrainOutcome> keep(Trained kind, storage::Manifest manifest, const std::map<std::string, std::string>& files,
                            bool promote, std::string note);
  std::optional<TrainOutcome> made_before(Trained kind, const std::map<std::string, std::string>& made) const;
  std::string checkpoint_path() const { return parts_.folder + "/training/encoder.checkpoint"; }
  std::uint64_t task() const;  // as UnfinishedTraining::Run
  std::uint64_t records_in_log() const;
  void say(std::string_view stage, std::uint64_t done = 0, std::uint64_t total = 0) const;

  const Parts parts_;
  const TrainRequest request_;
  const TrainProgressed progress_;
  const std::stop_token stop_;
  storage::ArtefactStore store_;
  std::optional<UnfinishedTraining> unfinished_;  // where what is made is something to go on from
  std::uint64_t events_ = 0;
  std::uint64_t events_hash_ = 0;               // of those that were visited last
  std::optional<KnownPropensities> estimated_;  // by this run; without an id where no artefact was made
};

}  // namespace handsel
