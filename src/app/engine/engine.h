// The engine owns the data directory: the log, the views computed from it, the
// threads that keep them fresh. The command line and the HTTP server are two ways
// to call it.
//
//   DIR/lock          one process at a time
//   DIR/log/          the truth
//   DIR/derived/      views; may be deleted while nothing runs, and come back
//   DIR/models/       what was learned; whole artefacts, which any process may add and promote
//   DIR/training/     what trainings keep; views of an engine beside another one in views/
//   DIR/rejected/     rows that an import did not take, with reasons
//   DIR/settings.toml settings of this marketplace (optional)
//   DIR/rules.toml    the merchandiser's rules (optional; read again when it changes)
//   DIR/experiments.toml  the experiments that run (optional; read again when it changes)
//   DIR/metrics.toml  what is measured of them, with guard rails (optional; read at every check)
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/engine/experiments.h"
#include "app/engine/train.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "facts/decisions/experiment_decision.h"
#include "facts/decisions/judgment.h"
#include "facts/events/event.h"
#include "products/search/search.h"

namespace handsel {

namespace storage {
class FaultyDisk;
}

struct EngineOptions {
  std::string folder;
  bool create = true;  // make the folder where it is absent
  // To learn while another process has the folder open: the log is only read, as it is at the moment of opening, the
  // views are this engine's own (DIR/training/views, kept for the next time), and whatever would change the
  // marketplace is kConflict. One such engine at a time.
  bool beside = false;
  std::string default_language = "en";
  std::size_t threads = 0;                // background work; 0: one per core
  std::size_t memory_max_bytes = 0;       // 0: no ceiling
  std::int64_t refresh_every_ms = 100;    // how soon a write is found
  std::int64_t commit_every_ms = 30'000;  // how much a restart replays
  std::int64_t guard_every_ms = 900'000;  // how often guard rails of experiments are checked; 0: never by itself
  std::uint64_t disk_free_min_bytes = 0;  // with less room on the disk, writes are refused

  // Tests make the disk of the log fail, and tell how much room there is.
  storage::FaultyDisk* disk = nullptr;
  std::function<Result<std::uint64_t>(const std::string& path)> free_disk_bytes;  // empty: the real one
};

struct WriteStatus {
  std::string id;
  std::optional<Error> error;  // nothing: acknowledged and durable
  bool duplicate = false;      // an event that was there already
};

// Vectors of the encoder that serves.
struct VectorHealth {
  std::uint64_t live = 0;      // listings that have one
  std::uint64_t in_graph = 0;  // of these; the others are looked at one by one
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;    // on disk
  std::uint64_t refused = 0;  // since the start: what the encoder made of a listing was no vector
  double recall_at_100 = 1;   // of the last build, against exact
};

struct Health {
  bool ready = false;  // the views have caught up with the log
  std::uint64_t listings = 0;
  std::uint64_t events = 0;
  std::uint64_t behind = 0;  // records of the log not yet applied
  std::uint64_t index_segments = 0;
  std::uint64_t index_bytes = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t exposures = 0;            // to experiments, written since the start
  std::uint64_t exposures_dropped = 0;    // because too many waited, or the disk failed
  std::uint64_t experiments_stopped = 0;  // of those defined, by decisions
  std::uint64_t guard_checks = 0;         // of guard rails, since the start
  std::uint64_t guard_check_ms = 0;       // the last one took, with its rests
  std::string encoder;                    // the ids of the models that serve; empty: none does
  std::string ranker;
  std::optional<VectorHealth> vectors;  // nothing: no encoder serves
  // How often a model failed while it answered, since the start; every stage of search::kModelStages.
  std::map<std::string, std::uint64_t, std::less<>> model_troubles;
  std::vector<std::string> degraded;  // what does not work as it should, in words
};

// Thread safe.
class Engine {
 public:
  static Result<std::unique_ptr<Engine>> open(EngineOptions options, const Clock& clock,
                                              FileSystem& files = real_file_system());
  virtual ~Engine() = default;  // commits

  // Writes: durable when they return. One status per item, in order; an error of the
  // whole (a full disk) is the Result's.
  virtual Result<std::vector<WriteStatus>> put_listings(std::span<const catalog::Listing> listings) = 0;
  virtual Result<WriteStatus> patch_listing(std::string_view id, const catalog::ListingPatch& patch) = 0;
  virtual Result<std::vector<WriteStatus>> delete_listings(std::span<const std::string> ids) = 0;
  virtual Result<std::vector<WriteStatus>> put_events(std::span<const events::Event> events) = 0;
  virtual Result<void> put_shops(std::span<const catalog::Shop> shops) = 0;
  virtual Result<void> put_taxonomy(std::span<const catalog::TaxonomyNode> nodes) = 0;
  virtual Result<void> put_reviews(std::span<const catalog::Review> reviews) = 0;

  virtual Result<void> put_judgments(std::span<const decisions::Judgment> judgments) = 0;

  // Learns from all that is durable; minutes. One at a time, on the folder: kConflict where one runs already.
  virtual Result<std::vector<TrainOutcome>> train(const TrainRequest& request, const TrainProgressed& progress,
                                                  std::stop_token stop) = 0;

  // Reads.
  virtual Result<catalog::Listing> listing(std::string_view id) const = 0;
  virtual Result<search::SearchResponse> search(const search::SearchRequest& request) const = 0;
  struct Completion {
    std::string text;
    std::uint64_t weight = 0;
  };
  // What the ranker sees of a request, by the code that serves it (products/search/search.h).
  virtual Result<search::CandidateRows> candidate_rows(const search::SearchRequest& request,
                                                       std::span<const std::string> also = {}) const = 0;
  virtual std::vector<Completion> complete(std::string_view prefix, std::size_t limit) const = 0;
  virtual Result<void> visit_events(const std::function<bool(const events::Event&)>& visit) const = 0;
  virtual Result<void> visit_listings(const std::function<bool(const catalog::Listing&)>& visit) const = 0;
  virtual Health health() const = 0;

  // Experiments. Searches are in them by themselves; others ask what is in force, and say whom they exposed: it is
  // written down once for a unit, behind the answer (exposures.h).
  virtual ExperimentsInForce experiments() const = 0;
  virtual void expose(std::span<const Assigned> assigned, const Exposed& to) const = 0;
  // Replaces the definitions (TOML), whole and durable; in force when it returns. kInvalidData leaves the old ones.
  virtual Result<void> put_experiments(std::string_view toml) = 0;
  // Writes down what somebody decided about one of the definitions, now; durable, and obeyed when it returns.
  // kNotFound: there is no such definition. kInvalidArgument: facts/decisions/experiment_decision.h.
  virtual Result<void> decide_experiment(decisions::ExperimentDecision decision) = 0;
  // Checks the guard rails of all that run, now and at full speed; how many were stopped.
  virtual Result<std::size_t> check_guard_rails() = 0;
  virtual bool knows_listing(std::string_view id) const = 0;

  // Waits until everything acknowledged so far is searchable by its words.
  virtual Result<void> catch_up() = 0;
  // Waits until vectors, graph and counters have it too, and what was promoted serves: as
  // long as the encoder needs for what is new.
  virtual Result<void> catch_up_learned() = 0;
  virtual Result<void> compact() = 0;
  // A consistent copy of the log, while serving. Restored by opening it.
  virtual Result<void> backup(const std::string& folder) const = 0;
};

}  // namespace handsel
