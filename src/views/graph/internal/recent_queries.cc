#include "views/graph/internal/recent_queries.h"

#include <utility>

#include "base/core/hash.h"

namespace handsel::graph::internal {
namespace {

// A key that is remembered again and again leaves its old letters behind.
constexpr std::size_t kLettersMax = 1u << 30;

}  // namespace

std::size_t RecentQueries::Generation::place_of(std::uint64_t key) const {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = mix64(key) & mask;
  while (slots[at].is_taken && slots[at].key != key) at = (at + 1) & mask;
  return at;
}

void RecentQueries::Generation::grow() {
  std::vector<Entry> old(2 * slots.size());
  old.swap(slots);
  for (const Entry& entry : old) {
    if (entry.is_taken) slots[place_of(entry.key)] = entry;
  }
}

void RecentQueries::remember(std::uint64_t key, std::string_view name, std::int64_t time_ms) {
  if (young_.size >= generation_max_ || young_.letters.size() + name.size() > kLettersMax) {
    old_ = std::exchange(young_, {});
  }
  if (2 * (young_.size + 1) > young_.slots.size()) young_.grow();
  Entry& entry = young_.slots[young_.place_of(key)];
  const bool is_same = entry.is_taken && std::string_view(young_.letters).substr(entry.begin, entry.size) == name;
  if (!entry.is_taken) ++young_.size;
  if (!is_same) {
    entry.begin = static_cast<std::uint32_t>(young_.letters.size());
    entry.size = static_cast<std::uint16_t>(name.size());
    young_.letters.append(name);
  }
  entry.key = key;
  entry.time_ms = time_ms;
  entry.is_taken = true;
}

std::string_view RecentQueries::find(std::uint64_t key, std::int64_t time_ms) const {
  for (const Generation* generation : {&young_, &old_}) {
    const Entry& entry = generation->slots[generation->place_of(key)];
    if (!entry.is_taken) continue;
    const bool is_young = time_ms <= entry.time_ms || time_ms - entry.time_ms <= age_ms_max_;
    return is_young ? std::string_view(generation->letters).substr(entry.begin, entry.size) : std::string_view();
  }
  return {};
}

}  // namespace handsel::graph::internal
