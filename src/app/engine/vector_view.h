// Listings as vectors of one encoder: follows the listings topic on a thread of its own, so
// that a slow encoder holds up nobody. Kept in DIR/derived/vectors; another encoder's
// vectors are thrown away and made again from the log.
//
// Thread safe. Catches up at the speed of the encoder: tens of thousands of listings a
// second for a two-tower model, some tens for a transformer.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "analysis/models/text_encoder.h"
#include "app/engine/engine.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/log/log.h"
#include "views/vectors/vector_index.h"

namespace handsel {

class VectorView {
 public:
  struct Options {
    std::string folder;
    std::size_t threads = 1;  // that encode
    std::chrono::milliseconds refresh_every{250};
    std::chrono::milliseconds commit_every{30'000};
  };
  static Result<std::unique_ptr<VectorView>> open(FileSystem& files, const log::Log& log,
                                                  std::shared_ptr<const models::TextEncoder> encoder, Options options);
  ~VectorView();  // a last commit

  const models::TextEncoder& encoder() const { return *encoder_; }
  std::shared_ptr<const vectors::VectorSnapshot> snapshot() const { return index_->snapshot(); }
  VectorHealth health() const;
  // What does not work as it should, in words.
  std::vector<std::string> troubles() const;

  // After an append of listings.
  void wake();
  // Until everything durable at the call is visible; false after `wait_max`.
  bool wait_visible(std::chrono::milliseconds wait_max);
  Result<void> compact() { return index_->compact(); }
  // Records that are durable and not visible.
  std::uint64_t behind() const;
  // All that was durable when it was opened is visible, and of what came since all but so many records.
  bool has_caught_up(std::uint64_t behind_max) const;
  std::optional<Error> error() const;
  void release_pages() { index_->release_pages(); }

 private:
  VectorView(const log::Log& log, std::shared_ptr<const models::TextEncoder> encoder,
             std::unique_ptr<vectors::VectorIndex> index, Options options);
  void run(const std::stop_token& stop);
  Result<std::size_t> step(const std::stop_token& stop);
  // kCancelled where it was stopped between two batches; then nothing is applied.
  Result<void> encode(std::span<const log::Record> records, const std::stop_token& stop);
  void publish();

  const log::Log& log_;
  const std::shared_ptr<const models::TextEncoder> encoder_;
  const std::unique_ptr<vectors::VectorIndex> index_;
  const Options options_;
  const std::vector<std::uint64_t> opened_at_;  // the ends of the log then
  std::atomic<std::uint64_t> refused_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::uint64_t> next_;     // to be read
  std::vector<std::uint64_t> visible_;  // as of the last refresh
  bool woken_ = false;
  std::optional<Error> error_;
  std::jthread thread_;
};

// What an index says of itself, in words; empty: all is well.
std::vector<std::string> troubles_of(const vectors::VectorIndex::Stats& stats);

}  // namespace handsel
