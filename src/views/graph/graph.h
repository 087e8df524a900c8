// What people did, as a graph: queries, listings, shops and tags, joined by events.
//
// A graph is a file (internal/graph_file.h has the bytes), mapped and immutable; builder.h
// makes it from events, app/engine/graph_view.h keeps one fresh. Everything here may be called from any
// thread. Nodes are numbered from 0, kind by kind, within a kind the busiest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::graph {

enum class NodeKind : std::uint8_t { kQuery, kListing, kShop, kTag };
inline constexpr std::size_t kNodeKinds = 4;
using Node = std::uint32_t;

namespace internal {
class GraphFile;
}

class Graph {
 public:
  explicit Graph(std::unique_ptr<const internal::GraphFile> file);
  ~Graph();

  std::size_t nodes() const;
  std::size_t nodes(NodeKind kind) const;
  std::size_t edges() const;  // directed: two for every pair that is joined
  // The moment as of which weights have decayed; the least of 64 bits where there was no event.
  std::int64_t newest_event_ms() const;
  // Queries and tags by text::normalised_query(), listings and shops by id.
  std::optional<Node> find(NodeKind kind, std::string_view name) const;
  // `node` < nodes() in what follows. Names live as long as the graph.
  NodeKind kind(Node node) const;
  std::string_view name(Node node) const;
  std::size_t degree(Node node) const;  // edges that leave it

  const internal::GraphFile& file() const { return *file_; }

 private:
  std::unique_ptr<const internal::GraphFile> file_;
};

enum class Check : std::uint8_t {
  kEverything,  // checksums of all sections: one pass over the bytes, about 0.1 ms a megabyte
  kStructure,   // header and sizes alone: for bytes that somebody checked already (ArtefactStore)
};

// kCorrupt where the bytes are not what was written, kUnsupported where they are of another
// version. Walks on bytes that are damaged behind an unchecked checksum are wrong, but never
// read outside the file.
Result<std::shared_ptr<const Graph>> open_graph(std::shared_ptr<const FileBytes> bytes,
                                                Check check = Check::kEverything);

}  // namespace handsel::graph
