// A graph read in place: checked as from a file, and again with the checksums made right, so
// that walks and look-ups meet sections that lie.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/core/bytes.h"
#include "base/core/file_system.h"
#include "views/graph/graph.h"
#include "views/graph/internal/graph_file.h"
#include "views/graph/starts.h"
#include "views/graph/walk.h"

namespace {

using namespace handsel;
using namespace handsel::graph;

constexpr Node kNodesLookedAt = 1000;

void use(const Graph& graph) {
  for (const std::string_view text : {"linen apron", "手作り", ""}) {
    const auto starts = starts_for_query(graph, text);
    (void)walk(graph, starts, {.steps = 500}, 1);
    (void)walk(graph, starts, {.steps = 500, .count_visits = true}, 1);
  }
  (void)nearest_queries(graph, "linen apron", 5);
  for (Node node = 0; node < graph.nodes() && node < kNodesLookedAt; ++node) {
    (void)graph.find(graph.kind(node), graph.name(node));
    (void)graph.degree(node);
  }
}

void open_and_use(std::string bytes, Check check) {
  const auto graph = open_graph(std::make_shared<HeapBytes>(std::move(bytes)), check);
  if (graph) use(**graph);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  open_and_use(bytes, Check::kEverything);
  constexpr std::size_t kSum = offsetof(graph::internal::Header, checksum);
  if (size >= sizeof(graph::internal::Header)) {
    const std::uint32_t sum = crc32c(std::string_view(bytes).substr(0, kSum));
    std::memcpy(bytes.data() + kSum, &sum, sizeof(sum));
  }
  open_and_use(std::move(bytes), Check::kStructure);
  return 0;
}
