// A fixed number of threads and a bounded queue of jobs.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace handsel {

// Thread safe. Jobs may not throw. The destructor runs what was submitted, then joins.
class ThreadPool {
 public:
  explicit ThreadPool(std::size_t threads, std::size_t queue_max = 1024);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Waits for room in the queue.
  void submit(std::function<void()> job);
  // False where the queue is full.
  bool try_submit(std::function<void()> job);
  // Runs body(0) .. body(count - 1), on the pool and on the caller, and waits for
  // all. Safe to call from within a job.
  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

  std::size_t size() const { return threads_.size(); }

 private:
  void run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable work_or_stop_;
  std::condition_variable room_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace handsel
