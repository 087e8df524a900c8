#include "app/engine/generations.h"

#include <algorithm>

namespace handsel {

void Generations::publish(std::shared_ptr<const index::Snapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  newest_.snapshot.swap(snapshot);  // the old one is let go outside of the lock
}

void Generations::publish(std::shared_ptr<const query::QueryModel> query_model) {
  const std::lock_guard lock(mutex_);
  newest_.query_model.swap(query_model);
}

View Generations::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

void Generations::keep(const View& view, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Kept kept{.view = view, .until_ms = now_ms + kCursorAgeMs};
  const auto same = std::ranges::find(kept_, view.snapshot->generation,
                                      [](const Kept& other) { return other.view.snapshot->generation; });
  if (same != kept_.end()) {
    kept.view = same->view;  // the first cursor's, whose query model its next pages need
    kept_.erase(same);
  }
  kept_.push_back(std::move(kept));
  drop_old(now_ms);
}

View Generations::find(std::uint64_t generation, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  drop_old(now_ms);
  const auto distance = [&](const View& view) {
    const std::uint64_t other = view.snapshot->generation;
    return other > generation ? other - generation : generation - other;
  };
  const View* best = &newest_;
  for (const Kept& kept : kept_) {
    if (distance(kept.view) <= distance(*best)) best = &kept.view;
  }
  return *best;
}

std::size_t Generations::drop_kept() {
  std::deque<Kept> dropped;  // let go after the lock
  const std::lock_guard lock(mutex_);
  dropped.swap(kept_);
  return dropped.size();
}

std::size_t Generations::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

void Generations::drop_old(std::int64_t now_ms) {
  while (!kept_.empty() && (kept_.size() > kGenerationsMax || kept_.front().until_ms <= now_ms)) kept_.pop_front();
}

}  // namespace handsel
