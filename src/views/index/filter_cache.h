// Filters repeat: what a filter lets through in an immutable segment is kept as bits.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace handsel::index {

// One bit a document, 64 in a word; bits past the last document are zero.
using DocBits = std::vector<std::uint64_t>;

inline constexpr std::size_t kFiltersCachedMax = 16;

// Least recently used. Thread safe.
class FilterCache {
 public:
  std::shared_ptr<const DocBits> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (it->first != key) continue;
      entries_.splice(entries_.begin(), entries_, it);
      return it->second;
    }
    return nullptr;
  }

  void insert(const std::string& key, std::shared_ptr<const DocBits> bits) {
    const std::lock_guard lock(mutex_);
    entries_.emplace_front(key, std::move(bits));
    if (entries_.size() > kFiltersCachedMax) entries_.pop_back();
  }

 private:
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<const DocBits>>> entries_;
};

}  // namespace handsel::index
