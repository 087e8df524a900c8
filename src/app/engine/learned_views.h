// Everything that was learned, as the read path sees it: encoder and vectors, graph,
// counters and profiles, what queries mean, the ranker. Which encoder and which ranker serve is what was
// promoted in DIR/models (base/storage/artefact_store.h); a promotion from another process
// is noticed within a second.
//
// Whatever is missing or broken is left out: the path goes on without it, and troubles()
// says so. A new encoder serves once it has read the catalogue, but for the newest few
// listings; until then the old one does, after a restart too. Thread safe; one thread of
// its own watches.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "analysis/models/text_encoder.h"
#include "app/engine/graph_view.h"
#include "app/engine/session_view.h"
#include "app/engine/understanding_view.h"
#include "app/engine/vector_view.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/storage/artefact_store.h"
#include "facts/log/log.h"
#include "ranking/pipeline/rank.h"

namespace handsel {

inline constexpr std::string_view kEncoderModel = "encoder";
inline constexpr std::string_view kRankerModel = "ranker";
inline constexpr std::string_view kPropensitiesModel = "propensities";
inline constexpr std::string_view kRankerFile = "trees.bin";
// Of a ranker's manifest: pipeline::RankModel's untrained_share. Absent: 0.
inline constexpr std::string_view kUntrainedShareMetric = "untrained_share";
// What a ranker that learned from the log leaves to the untrained score (docs/decisions/0009, 0014), and where it
// believes what pages left out (0020).
inline constexpr double kUntrainedShare = 0.2;
inline constexpr double kUntrainedShareOfBelievers = 0.1;

// Details of an encoder that is two of them, side by side: the ids of its parts.
inline constexpr std::string_view kJoinedFormat = "joined";
inline constexpr std::string_view kFirstDetail = "first";                         // an imported transformer
inline constexpr std::string_view kSecondDetail = "second";                       // a model of our own
std::string detail_of(const storage::Manifest& manifest, std::string_view name);  // empty: it has none

// An encoder of any filling from its artefact; the parts of a joined one from the store.
Result<std::shared_ptr<const models::TextEncoder>> open_encoder(const storage::ArtefactStore& store,
                                                                const storage::Artefact& artefact);

// A ranker that is tried on a share of the traffic, beside the one that serves.
struct RankTrial {
  pipeline::RankModel model;
  std::string serving;  // the ids of the two
  std::string challenger;
  double share = 0;          // of the sessions
  std::uint64_t number = 0;  // of this pair; never 0
};

class LearnedViews {
 public:
  struct Parts {  // borrowed
    FileSystem& files;
    const Clock& clock;
    const log::Log& log;
    const text::Analyzer& analyzer;
  };
  struct Options {
    std::string models_folder;
    std::string derived_folder;
    std::size_t threads = 1;
    FactsCache::LoadListing load_listing;
    std::function<std::uint64_t()> listings_behind = [] { return 0; };  // as UnderstandingView::Options
    std::function<bool()> listings_are_known;                           // as SessionView::Options
    std::size_t understanding_listings_max = UnderstandingView::kListingsMax;
    std::size_t graph_bytes = 0;  // 0: the limits that a graph has by itself
  };
  LearnedViews(Parts parts, Options options);
  ~LearnedViews();

  using Rankers = std::map<std::string, std::shared_ptr<const pipeline::RankModel>, std::less<>>;  // by id

  // What one read uses, all of one moment.
  struct Current {
    std::shared_ptr<const VectorView> vector_view;  // owns the encoder
    std::shared_ptr<const vectors::VectorSnapshot> vectors;
    float similarity_min = 0;
    float similarity_noise = -1;
    std::shared_ptr<const graph::Graph> graph;
    std::shared_ptr<const query::Understanding> understanding;
    std::shared_ptr<const pipeline::RankModel> ranker;
    std::shared_ptr<const RankTrial> trial;  // null: none
    // Those of want_rankers() that could be opened. Never null.
    std::shared_ptr<const Rankers> rankers;
  };
  Current current() const;
  const SessionView& sessions() const { return sessions_; }

  // Rankers that are to be at hand by id, beside the promoted one; the thread that looks opens them, and troubles()
  // names those that it cannot open.
  void want_rankers(const std::set<std::string>& ids);

  void listings_appended();
  // Returns when the events are seen, or after a moment.
  void events_appended(std::size_t count);
  // Looks at what is promoted, now; waits until it serves.
  Result<void> reload_now(std::chrono::milliseconds wait_max);
  // All vectors of the encoder that serves, linked into one segment; minutes at a million.
  Result<void> compact(std::chrono::milliseconds wait_max);
  // Until vectors, graph and the understanding of queries have all that is durable.
  Result<void> finish_now(std::chrono::milliseconds wait_max);

  // The ids of those that serve; empty: none does.
  std::string serving_encoder() const;
  std::string serving_ranker() const;
  std::vector<std::string> troubles() const;
  std::optional<VectorHealth> vector_health() const;
  void release_pages();

 private:
  struct EncoderView {
    std::shared_ptr<VectorView> view;  // owns the encoder
    std::string id;
    float similarity_min = 0;
    float similarity_noise = -1;
  };

  void run(const std::stop_token& stop);
  void look();
  void look_at_ranker();
  void look_at_challenger();
  void look_at_wanted();
  Result<EncoderView> open_view(const std::string& id);
  void look_at_encoder();
  void set_next(EncoderView next);
  void serve(EncoderView next);
  void serve_one_before();
  void serve_next_encoder();
  void remove_other_vectors();
  Result<storage::Artefact> open_promoted(std::string_view kind, const std::string& id);
  Result<pipeline::RankModel> open_ranker(const std::string& id);
  Result<std::shared_ptr<const RankTrial>> open_trial(const storage::Challenger& challenger);
  void set_trouble(std::string_view what, std::optional<std::string> trouble);
  void note_opening(std::string_view what, const Error* error);  // null: it succeeded
  bool is_due_again(std::string_view what) const;

  const Parts parts_;
  const Options options_;
  const storage::ArtefactStore store_;

  std::mutex work_;  // of looking
  std::string encoder_seen_;
  std::string ranker_seen_;
  std::optional<storage::Challenger> challenger_seen_;
  std::string challenged_;            // the ranker that served then
  bool others_have_vectors_ = false;  // perhaps: encoders that served before
  // When something could not be opened, for a reason that may pass.
  std::map<std::string, std::int64_t, std::less<>> failed_ms_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  EncoderView next_;  // reads the catalogue, does not serve yet; changed under work_, too
  std::shared_ptr<VectorView> view_;
  std::string encoder_id_;
  float similarity_min_ = 0;
  float similarity_noise_ = -1;
  std::shared_ptr<const pipeline::RankModel> ranker_;
  std::string ranker_id_;
  std::shared_ptr<const RankTrial> trial_;
  std::set<std::string> wanted_;
  std::shared_ptr<const Rankers> rankers_ = std::make_shared<const Rankers>();
  std::map<std::string, std::string, std::less<>> troubles_;

  SessionView sessions_;
  GraphView graph_;
  UnderstandingView understanding_;
  std::jthread thread_;
};

}  // namespace handsel
