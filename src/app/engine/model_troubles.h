// Models that failed while they answered: nobody who asked was told, so whoever runs the
// program must be. Counted by stage for /metrics, and named in /health for a while.
//
// Thread safe. A search without troubles pays nothing.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "products/search/search.h"

namespace handsel {

class ModelTroubles {
 public:
  static constexpr std::int64_t kToldForMs = 10 * 60 * 1'000;  // after the last one of a stage

  void note(std::span<const search::ModelTrouble> troubles, std::int64_t now_ms);
  // Since the start, every stage.
  std::map<std::string, std::uint64_t, std::less<>> counts() const;
  // In words, those of the last minutes.
  std::vector<std::string> recent(std::int64_t now_ms) const;

 private:
  struct Stage {
    std::uint64_t count = 0;
    std::int64_t last_ms = 0;
    std::string what;  // the last one
  };
  mutable std::mutex mutex_;
  std::array<Stage, std::size(search::kModelStages)> stages_;
};

}  // namespace handsel
