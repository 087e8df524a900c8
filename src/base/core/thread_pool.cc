#include "base/core/thread_pool.h"

#include <atomic>
#include <memory>

namespace handsel {

ThreadPool::ThreadPool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_or_stop_.notify_all();
  threads_.clear();  // joins
}

void ThreadPool::submit(std::function<void()> job) {
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return queue_.size() < queue_max_; });
    queue_.push_back(std::move(job));
  }
  work_or_stop_.notify_one();
}

bool ThreadPool::try_submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(job));
  }
  work_or_stop_.notify_one();
  return true;
}

void ThreadPool::parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
  struct Progress {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
  };
  // Shared, because a helper that starts after all items are taken may outlive this call;
  // it then finds nothing to do and never touches `body`.
  auto progress = std::make_shared<Progress>();
  const auto* work = &body;
  auto drain = [progress, work, count] {
    for (std::size_t i; (i = progress->next.fetch_add(1)) < count;) {
      (*work)(i);
      if (progress->done.fetch_add(1) + 1 == count) progress->done.notify_all();
    }
  };
  for (std::size_t i = 1; i < count && i <= threads_.size(); ++i) {
    if (!try_submit(drain)) break;
  }
  drain();
  for (std::size_t done = progress->done.load(); done < count; done = progress->done.load()) progress->done.wait(done);
}

void ThreadPool::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      work_or_stop_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    room_.notify_one();
    job();
  }
}

}  // namespace handsel
