// session_taxonomy: how much of what the session did lies where the listing lies; 0 to 1,
// NaN where there is no session or it may not be read (views/profiles/leanings.h).
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "ranking/features/feature.h"
#include "views/index/keyword_reader.h"
#include "views/profiles/leanings.h"

namespace handsel::features {

void session_taxonomy(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.profile == nullptr) return;
  index::KeywordReader nodes(input.snapshot, "taxonomy");
  std::vector<std::uint32_t> path;
  std::vector<std::optional<double>> known;  // by number of a node
  for (std::size_t k = 0; k < out.size(); ++k) {
    nodes.read(input.candidates[k].doc, path);
    out[k] = 0;
    if (path.empty()) continue;
    const std::uint32_t leaf =
        *std::ranges::max_element(path, {}, [&](std::uint32_t node) { return nodes.value(node).size(); });
    known.resize(std::max<std::size_t>(known.size(), nodes.values()));
    if (!known[leaf])
      known[leaf] = profiles::taxonomy_affinity(*input.signals.profile, index::taxonomy_names(nodes.value(leaf)));
    out[k] = *known[leaf];
  }
}

}  // namespace handsel::features
