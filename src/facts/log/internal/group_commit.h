// Callers that arrive together share one commit.
//
// run() queues its item. Whoever is at the head of the queue while nobody commits
// becomes the leader: it takes the items from the head, as many as the limit allows,
// commits them with the queue unlocked, and wakes their owners and the next leader.
// While one group is synced, the next one gathers; under load a sync thus carries as
// many items as arrived during the one before it.
//
// Invariants: an item is in the queue until its commit returned; items are committed in
// the order of the queue; at most one thread is inside `commit`.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace handsel::log {

// Item has a member std::size_t bytes. Its other members are set by its owner before
// run() and by the leader inside `commit`. Thread safe.
template <typename Item>
class GroupCommit {
 public:
  using Commit = std::function<void(const std::vector<Item*>& group)>;

  GroupCommit(std::size_t group_bytes_max, Commit commit)
      : group_bytes_max_(group_bytes_max), commit_(std::move(commit)) {}

  // Items queued and not yet committed.
  std::size_t pending() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

  // Returns when `item` has been committed, by this thread or another.
  void run(Item& item) {
    Waiter waiter{.item = &item};
    std::unique_lock lock(mutex_);
    queue_.push_back(&waiter);
    waiter.wake.wait(lock, [&] { return waiter.done || (!leading_ && queue_.front() == &waiter); });
    if (waiter.done) return;
    lead(lock);
  }

 private:
  struct Waiter {
    Item* item;
    bool done = false;
    std::condition_variable wake{};
  };

  void lead(std::unique_lock<std::mutex>& lock) {
    leading_ = true;
    const std::vector<Item*> group = gather();
    lock.unlock();
    commit_(group);
    lock.lock();
    for (std::size_t i = 0; i < group.size(); ++i) {
      Waiter& waiter = *queue_.front();
      queue_.pop_front();
      waiter.done = true;
      waiter.wake.notify_one();  // under the lock: its owner may destroy it as soon as it can run
    }
    leading_ = false;
    if (!queue_.empty()) queue_.front()->wake.notify_one();
  }

  std::vector<Item*> gather() const {
    std::vector<Item*> group;
    std::size_t bytes = 0;
    for (const Waiter* waiter : queue_) {
      bytes += waiter->item->bytes;
      if (!group.empty() && bytes > group_bytes_max_) break;
      group.push_back(waiter->item);
    }
    return group;
  }

  const std::size_t group_bytes_max_;
  const Commit commit_;
  mutable std::mutex mutex_;
  std::deque<Waiter*> queue_;
  bool leading_ = false;
};

}  // namespace handsel::log
