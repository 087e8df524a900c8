#include "views/graph/live_graph.h"

#include <algorithm>
#include <utility>

namespace handsel::graph {
namespace {

constexpr double kBusyShareMin = 0.001;

std::int64_t pause_ms(const LiveGraphOptions& options, std::int64_t build_ms) {
  const double share = options.busy_share_max > kBusyShareMin ? std::min(options.busy_share_max, 1.0) : kBusyShareMin;
  return std::max(options.publish_every_ms, static_cast<std::int64_t>(static_cast<double>(build_ms) / share));
}

}  // namespace

LiveGraph::LiveGraph(LiveGraphOptions options, const Clock& clock)
    : options_(options), clock_(clock), builder_(options.graph) {}

void LiveGraph::adopt(std::shared_ptr<const Graph> graph) {
  if (is_ours_) return;
  const std::lock_guard lock(mutex_);
  graph_ = std::move(graph);
}

void LiveGraph::observe(const events::Event& event) {
  builder_.observe(event);
  changed_ = true;
}

void LiveGraph::add_listing(const ListingLinks& listing) {
  builder_.add_listing(listing);
  changed_ = true;
}

void LiveGraph::remove_listing(std::string_view id) {
  builder_.remove_listing(id);
  changed_ = true;
}

Result<bool> LiveGraph::publish_if_due() {
  if (!changed_ || !caught_up_) return false;
  const std::int64_t now_ms = clock_.now_ms();
  // A clock that was set back does not hold us up for longer than a pause.
  due_ms_ = std::min(due_ms_, now_ms + pause_ms_);
  if (now_ms < due_ms_) return false;
  HANDSEL_TRY(publish());
  return true;
}

Result<std::shared_ptr<const FileBytes>> LiveGraph::publish() {
  const std::int64_t began_ms = clock_.now_ms();
  auto bytes = builder_.build();
  // Whatever came of it: a build that fails is not tried again at once.
  pause_ms_ = pause_ms(options_, clock_.now_ms() - began_ms);
  due_ms_ = began_ms + pause_ms_;
  if (!bytes) return std::unexpected(std::move(bytes).error());
  std::shared_ptr<const FileBytes> file = std::make_shared<HeapBytes>(std::move(*bytes));
  HANDSEL_ASSIGN(auto graph, open_graph(file, Check::kStructure));
  changed_ = false;
  is_ours_ = true;
  const std::lock_guard lock(mutex_);
  graph_ = std::move(graph);
  return file;
}

std::shared_ptr<const Graph> LiveGraph::graph() const {
  const std::lock_guard lock(mutex_);
  return graph_;
}

}  // namespace handsel::graph
