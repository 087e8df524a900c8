// Which query was meant: what searches said lately, under a key that later events repeat.
//
// Two generations: when the younger is full, the older is forgotten. So the newest
// entries_max / 2 are always remembered, and never more than entries_max. 24 to 48 bytes an
// entry beside its letters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::graph::internal {

// One thread. Keys are hashes: two that collide would take each other's words.
class RecentQueries {
 public:
  RecentQueries(std::size_t entries_max, std::int64_t age_ms_max)
      : generation_max_(entries_max / 2), age_ms_max_(age_ms_max) {}

  // `name` is shorter than 64 KiB and does not lie in here.
  void remember(std::uint64_t key, std::string_view name, std::int64_t time_ms);
  // Empty where nothing is remembered that is young enough at `time_ms`. Valid until the
  // next remember().
  std::string_view find(std::uint64_t key, std::int64_t time_ms) const;

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::int64_t time_ms = 0;
    std::uint32_t begin = 0;  // of the name, in letters
    std::uint16_t size = 0;
    bool is_taken = false;
  };
  struct Generation {
    std::string letters;
    std::vector<Entry> slots = std::vector<Entry>(16);
    std::size_t size = 0;
    std::size_t place_of(std::uint64_t key) const;
    void grow();
  };

  std::size_t generation_max_;
  std::int64_t age_ms_max_;
  Generation young_;
  Generation old_;
};

}  // namespace handsel::graph::internal
