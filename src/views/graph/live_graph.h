// A graph that stays fresh: events go in as the log brings them, and every minute or so a
// whole new graph is made and put in place of the old (why not an overlay:
// docs/decisions/0007-graph-edges-are-fresh-by-rebuilding.md).
//
// One thread feeds and publishes; any thread reads graph().
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "views/graph/builder.h"
#include "views/graph/graph.h"

namespace handsel::graph {

struct LiveGraphOptions {
  GraphOptions graph;
  std::int64_t publish_every_ms = 60'000;
  // After a build that took long, the next one waits until no more than this part of the
  // time goes into building.
  double busy_share_max = 0.05;
};

class LiveGraph {
 public:
  LiveGraph(LiveGraphOptions options, const Clock& clock);

  // A graph from before, to answer from until the first one of our own. One of our own is
  // not replaced.
  void adopt(std::shared_ptr<const Graph> graph);

  void observe(const events::Event& event);       // in the order of the log
  void add_listing(const ListingLinks& listing);  // as GraphBuilder
  void remove_listing(std::string_view id);
  // Whoever replays a log says when the past is over; before that nothing is published, so
  // that a graph of half the past never takes the place of an adopted one.
  void caught_up() { caught_up_ = true; }

  // Builds where something has changed and it is time; says whether it did. Blocks for the
  // length of a build, about three seconds for five million pairs.
  Result<bool> publish_if_due();
  // Now. The bytes, for whoever keeps them as an artefact.
  Result<std::shared_ptr<const FileBytes>> publish();

  // Null before the first one.
  std::shared_ptr<const Graph> graph() const;
  GraphBuilder::Stats stats() const { return builder_.stats(); }  // from the feeding thread

 private:
  const LiveGraphOptions options_;
  const Clock& clock_;
  GraphBuilder builder_;
  bool changed_ = false;
  bool caught_up_ = false;
  bool is_ours_ = false;
  std::int64_t pause_ms_ = 0;  // between the begins of two builds
  std::int64_t due_ms_ = 0;
  mutable std::mutex mutex_;  // of graph_
  std::shared_ptr<const Graph> graph_;
};

}  // namespace handsel::graph
