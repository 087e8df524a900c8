#include "app/engine/graph_view.h"

#include <algorithm>

#include "base/core/clock.h"
#include "facts/catalog/catalog_store.h"
#include "facts/catalog/codec.h"

namespace handsel {
namespace {

constexpr std::chrono::milliseconds kBuildEvery{60'000};
constexpr std::chrono::milliseconds kTickEvery{2'000};
constexpr int kBusyPartMax = 20;  // one in so many milliseconds

}  // namespace

std::chrono::milliseconds build_pause(std::chrono::milliseconds took) {
  return std::max(kBuildEvery, kBusyPartMax * took);
}

GraphView::GraphView(FileSystem& files, const log::Log& log, std::string path, const graph::GraphOptions& options)
    : files_(files),
      log_(log),
      path_(std::move(path)),
      builder_(options),
      listings_next_(log.partitions(log::Topic::kListings)),
      follower_(log, {.apply = [this](std::span<const events::Event> events) { return observe(events); },
                      .tick = [this] { tick(); },
                      .tick_every = kTickEvery}) {
  if (!files_.exists(path_)) return;
  if (auto bytes = files_.map_file(path_)) {
    // A damaged one is made again.
    if (auto graph = graph::open_graph(std::move(*bytes))) {
      const std::lock_guard lock(mutex_);
      if (graph_ == nullptr) graph_ = std::move(*graph);
    }
  }
}

std::shared_ptr<const graph::Graph> GraphView::graph() const {
  const std::lock_guard lock(mutex_);
  return graph_;
}

std::optional<Error> GraphView::error() const {
  if (auto error = follower_.error()) return error;
  const std::lock_guard lock(mutex_);
  return error_;
}

Result<void> GraphView::observe(std::span<const events::Event> events) {
  const std::lock_guard lock(work_);
  for (const events::Event& event : events) builder_.observe(event);
  changed_ = true;
  return {};
}

Result<void> GraphView::read_listings() {
  for (std::uint32_t p = 0; p < listings_next_.size(); ++p) {
    HANDSEL_ASSIGN(listings_next_[p],
                   log_.read(log::Topic::kListings, p, listings_next_[p], [&](const log::Record& record) {
                     const auto key = catalog::parse_key(record.key);
                     if (!key || key->kind != catalog::Kind::kListing) return true;
                     changed_ = true;
                     const auto listing = record.payload.empty() ? Result<catalog::Listing>(catalog::Listing{})
                                                                 : catalog::decode_listing(record.payload);
                     if (record.payload.empty()) {
                       builder_.remove_listing(key->id);
                     } else if (listing) {
                       builder_.add_listing({.id = listing->id, .shop = listing->shop_id, .tags = listing->tags});
                     }
                     return true;
                   }));
  }
  return {};
}

Result<void> GraphView::build() {
  if (builder_.stats().pairs == 0) return {};
  HANDSEL_TRY(read_listings());
  if (!changed_) return {};
  const Stopwatch watch;
  HANDSEL_ASSIGN(const std::string bytes, builder_.build());
  const std::chrono::milliseconds took(static_cast<std::int64_t>(watch.elapsed_ms()));
  next_build_ = std::chrono::steady_clock::now() - took + build_pause(took);
  HANDSEL_TRY(files_.write_file(path_, bytes));
  HANDSEL_ASSIGN(auto mapped, files_.map_file(path_));
  HANDSEL_ASSIGN(auto graph, graph::open_graph(std::move(mapped), graph::Check::kStructure));
  changed_ = false;  // not before: what could not be written is built again
  const std::lock_guard lock(mutex_);
  graph_ = std::move(graph);
  return {};
}

void GraphView::tick() {
  const std::lock_guard lock(work_);
  if (std::chrono::steady_clock::now() < next_build_) return;
  const auto built = build();
  has_looked_ = true;
  const std::lock_guard state(mutex_);
  error_ = built ? std::nullopt : std::optional(built.error());
}

Result<void> GraphView::finish_now(std::chrono::milliseconds wait_max) {
  follower_.wake();
  if (!follower_.wait_applied(wait_max)) {
    return fail(Code::kTimedOut, "the graph still has {} events to read", follower_.behind());
  }
  const std::lock_guard lock(work_);
  const auto built = build();
  has_looked_ = true;
  return built;
}

}  // namespace handsel
