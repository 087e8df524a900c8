// Remembers the vectors of recent queries, for any encoder: many buyers ask for the
// same few things, and a transformer takes milliseconds to read them.
//
// Thread safe; one lock, held for the copy of a vector, never while a query is read.
// Two threads that miss the same query at once both read it. Very long queries go past the
// cache, and those with a session, unless the encoder reads the text alone: then the cache
// looks at nothing else either. A vector from here is bit for bit what the encoder gave.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/models/text_encoder.h"

namespace handsel::models {

inline constexpr std::size_t kCachedQueriesDefault = 10'000;
inline constexpr std::size_t kCachedQueryBytesMax = 500;

class CachedEncoder final : public TextEncoder {
 public:
  // Keeps at most `queries_max` vectors; the least recently used goes first. Memory:
  // about 4 * dimensions() + 200 bytes each.
  explicit CachedEncoder(std::shared_ptr<const TextEncoder> encoder, std::size_t queries_max = kCachedQueriesDefault)
      : encoder_(std::move(encoder)), queries_max_(queries_max) {}

  std::size_t dimensions() const override { return encoder_->dimensions(); }
  std::string fingerprint() const override { return encoder_->fingerprint(); }
  bool reads_text_alone() const override { return encoder_->reads_text_alone(); }
  Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const override;
  Result<void> encode_listings(std::span<const catalog::Listing* const> listings, std::span<float> out) const override {
    return encoder_->encode_listings(listings, out);
  }

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;  // those that went past the cache too
    std::size_t queries = 0;   // kept now
  };
  Counts counts() const;

 private:
  struct Entry {
    std::string key;
    std::vector<float> vector;
  };
  using Entries = std::list<Entry>;

  bool find(const std::string& key, std::span<float> out) const;
  void keep(std::string key, std::span<const float> vector) const;

  const std::shared_ptr<const TextEncoder> encoder_;
  const std::size_t queries_max_;
  mutable std::mutex mutex_;
  mutable Entries entries_;                                                 // most recently used first
  mutable std::unordered_map<std::string_view, Entries::iterator> by_key_;  // borrows the entries' keys
  mutable std::uint64_t hits_ = 0;
  mutable std::uint64_t misses_ = 0;
};

}  // namespace handsel::models
