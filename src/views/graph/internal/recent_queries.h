// Which query was meant: what searches said lately, under a key that later events repeat.
//
// Two generations: when the younger is full, the older is forgotten. So the newest
// entries_max / 2 are always remembered, and never more than entries_max.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace handsel::graph::internal {

// One thread. Keys are hashes: two that collide would take each other's words.
class RecentQueries {
 public:
  RecentQueries(std::size_t entries_max, std::int64_t age_ms_max)
      : entries_max_(entries_max), age_ms_max_(age_ms_max) {}

  void remember(std::uint64_t key, std::string_view name, std::int64_t time_ms) {
    if (young_.size() >= entries_max_ / 2) {
      old_ = std::exchange(young_, {});
    }
    young_.insert_or_assign(key, Entry{std::string(name), time_ms});
  }

  // Empty where nothing is remembered that is young enough at `time_ms`. Valid until the
  // next remember().
  std::string_view find(std::uint64_t key, std::int64_t time_ms) const {
    for (const auto* generation : {&young_, &old_}) {
      const auto found = generation->find(key);
      if (found == generation->end()) continue;
      const bool is_young = time_ms <= found->second.time_ms || time_ms - found->second.time_ms <= age_ms_max_;
      return is_young ? std::string_view(found->second.name) : std::string_view();
    }
    return {};
  }

 private:
  struct Entry {
    std::string name;
    std::int64_t time_ms = 0;
  };
  std::size_t entries_max_;
  std::int64_t age_ms_max_;
  std::unordered_map<std::uint64_t, Entry> young_;
  std::unordered_map<std::uint64_t, Entry> old_;
};

}  // namespace handsel::graph::internal
