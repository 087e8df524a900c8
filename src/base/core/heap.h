// What the heap keeps of freed memory goes back to the system: jemalloc's (cmake/handsel.cmake), or another where
// sanitizers bring one. A call for each run of free pages; any thread.
#pragma once

namespace handsel {

void return_free_memory();

}  // namespace handsel
