// The memory ceiling, divided: the one place that says who gets what.
//
// What the plan does not name (requests in flight, caches of filters, the runtime) lives
// in the rest. Mapped segments are the operating system's to drop: the governor
// (governor.h) tells it to when the process comes near the ceiling.
#pragma once

#include <cstddef>

namespace handsel {

// Below this the parts would be too small to work; a lower ceiling is taken as this.
inline constexpr std::size_t kMemoryMaxLowest = 128u << 20;

struct MemoryPlan {
  std::size_t ceiling_bytes = 0;  // 0: none
  std::size_t log_bytes = 0;      // RocksDB: block cache and write buffers
  std::size_t catalog_bytes = 0;  // RocksDB: ids to positions
  std::size_t index_tail_bytes = 0;
  std::size_t tag_lexicon_bytes = 0;
  std::size_t model_listings_max = 0;  // that the query model is built from
  std::size_t understanding_listings_max = 0;
  std::size_t graph_bytes = 0;  // of what people did; 0: its own limits
};

MemoryPlan plan_memory(std::size_t memory_max_bytes);

// What the process has in memory now: its own pages and the mapped ones.
std::size_t resident_bytes();

}  // namespace handsel
