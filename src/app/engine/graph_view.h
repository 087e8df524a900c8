// The graph of what people did, kept fresh: follows events and listings, builds the graph
// again when something new was seen, every minute at most (why not an overlay:
// docs/decisions/0007-graph-edges-are-fresh-by-rebuilding.md), and keeps the last one in
// DIR/derived/graph, so that a restart has walks at once.
//
// Thread safe; one thread of its own observes and builds.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/engine/event_follower.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/log/log.h"
#include "views/graph/builder.h"
#include "views/graph/graph.h"

namespace handsel {

// Between the begins of two builds, where one took so long: a minute, or as long as keeps the
// building below a twentieth of the time.
std::chrono::milliseconds build_pause(std::chrono::milliseconds took);

class GraphView {
 public:
  GraphView(FileSystem& files, const log::Log& log, std::string path, const graph::GraphOptions& options);

  // Null until there is one, and where nobody acted on what a search showed: shops and tags
  // alone say nothing that words do not.
  std::shared_ptr<const graph::Graph> graph() const;
  // Observes all that is durable and builds, now; for those who wait (training, tests).
  Result<void> finish_now(std::chrono::milliseconds wait_max);
  std::optional<Error> error() const;
  // The log was read to its end, and what was to be built of it is there.
  bool has_looked() const { return has_looked_; }

 private:
  Result<void> observe(std::span<const events::Event> events);
  Result<void> read_listings();
  Result<void> build();
  void tick();

  FileSystem& files_;
  const log::Log& log_;
  const std::string path_;

  std::mutex work_;  // of the builder
  graph::GraphBuilder builder_;
  std::vector<std::uint64_t> listings_next_;
  bool changed_ = false;
  std::atomic<bool> has_looked_ = false;
  std::chrono::steady_clock::time_point next_build_{};

  mutable std::mutex mutex_;
  std::shared_ptr<const graph::Graph> graph_;
  std::optional<Error> error_;
  EventFollower follower_;
};

}  // namespace handsel
