#include "app/engine/memory_plan.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <unistd.h>

#include "app/engine/understanding_view.h"

namespace handsel {

MemoryPlan plan_memory(std::size_t memory_max_bytes) {
  constexpr std::size_t kMega = 1u << 20;
  // While it is built the model costs about 700 bytes and 30 microseconds for each listing that it looks at: a quarter
  // of the ceiling at most, and ten seconds of one core. The words that more would add are rare ones.
  constexpr std::size_t kModelListings = 300'000;
  constexpr std::size_t kModelBytesPerListing = 700;
  constexpr std::size_t kUnderstandingListings =
      UnderstandingView::kListingsMax;  // of which queries are learnt to mean something
  if (memory_max_bytes == 0) {
    return {.ceiling_bytes = 0,
            .log_bytes = 96 * kMega,
            .catalog_bytes = 64 * kMega,
            .index_tail_bytes = 128 * kMega,
            .tag_lexicon_bytes = 64 * kMega,
            .model_listings_max = kModelListings,
            .understanding_listings_max = kUnderstandingListings};
  }
  const std::size_t ceiling = std::max(memory_max_bytes, kMemoryMaxLowest);
  return {.ceiling_bytes = ceiling,
          .log_bytes = std::min(ceiling / 8, 96 * kMega),
          .catalog_bytes = std::min(ceiling / 16, 64 * kMega),
          .index_tail_bytes = std::min(ceiling / 8, 128 * kMega),
          .tag_lexicon_bytes = std::min(ceiling / 32, 64 * kMega),
          .model_listings_max = std::min(ceiling / 4 / kModelBytesPerListing, kModelListings),
          .understanding_listings_max = std::min(ceiling / 16 / kModelBytesPerListing, kUnderstandingListings),
          .graph_bytes = ceiling / 8};
}

std::size_t resident_bytes() {
  // Second number of /proc/self/statm: resident pages (proc(5)).
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "re"), &std::fclose);
  unsigned long size = 0;
  unsigned long resident = 0;
  if (file == nullptr || std::fscanf(file.get(), "%lu %lu", &size, &resident) != 2) return 0;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace handsel
