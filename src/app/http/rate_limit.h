// A token bucket for each key that has a rate: `requests_per_s` tokens a second come
// in, a second's worth is kept, a request takes one. Thread safe; one short lock.
// Memory: one entry for each key that was seen, so kKeysMax entries.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace handsel::http {

class RateLimit {
 public:
  // False: too many. A clock that steps back adds nothing and takes nothing.
  bool take(std::string_view id, std::int64_t requests_per_s, std::int64_t now_ms) {
    if (requests_per_s == 0) return true;
    const std::lock_guard lock(mutex_);
    auto found = buckets_.find(id);
    if (found == buckets_.end()) {
      // A thousandth of a token is the unit, so that a millisecond adds a whole number.
      found = buckets_.emplace(std::string(id), Bucket{requests_per_s * kToken, now_ms}).first;
    }
    Bucket& bucket = found->second;
    const std::int64_t passed_ms = std::clamp<std::int64_t>(now_ms - bucket.filled_ms, 0, 1000);
    bucket.tokens = std::min(bucket.tokens + passed_ms * requests_per_s, requests_per_s * kToken);
    bucket.filled_ms = now_ms;
    if (bucket.tokens < kToken) return false;
    bucket.tokens -= kToken;
    return true;
  }

 private:
  static constexpr std::int64_t kToken = 1000;
  struct Bucket {
    std::int64_t tokens = 0;
    std::int64_t filled_ms = 0;
  };

  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace handsel::http
