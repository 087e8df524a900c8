// Locks by key, on a fixed number of stripes: a partial update reads and writes one
// key alone, while whole writes of any keys go on side by side and share a sync.
//
// Thread safe. Stripes are always taken in ascending order, so there is no deadlock.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <vector>

#include "facts/log/log.h"

namespace handsel {

class KeyLocks {
 public:
  // For replacing the records of these keys, whatever they hold.
  std::vector<std::shared_lock<std::shared_mutex>> lock_to_replace(std::span<const log::NewRecord> records) {
    std::set<std::size_t> wanted;
    for (const log::NewRecord& record : records) wanted.insert(stripe(record.key));
    std::vector<std::shared_lock<std::shared_mutex>> locks;
    locks.reserve(wanted.size());
    for (const std::size_t number : wanted) locks.emplace_back(stripes_[number]);
    return locks;
  }
  // For changing what the key holds.
  std::unique_lock<std::shared_mutex> lock_to_change(std::string_view key) {
    return std::unique_lock(stripes_[stripe(key)]);
  }

 private:
  std::size_t stripe(std::string_view key) const { return std::hash<std::string_view>()(key) % stripes_.size(); }

  std::array<std::shared_mutex, 256> stripes_;
};

}  // namespace handsel
