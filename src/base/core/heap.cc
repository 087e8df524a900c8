#include "base/core/heap.h"

#include <cstddef>

#include <malloc.h>

// Null where another heap is linked.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value, std::size_t* old_length,
                                             void* new_value, std::size_t new_length);

namespace handsel {

void return_free_memory() {
  // 4096 is MALLCTL_ARENAS_ALL.
  if (mallctl != nullptr) {
    mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);
  } else {
    ::malloc_trim(0);
  }
}

}  // namespace handsel
