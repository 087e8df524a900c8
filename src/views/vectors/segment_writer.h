// Writes a segment: rows that come from other segments or from memory, in order.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "views/vectors/segment.h"

namespace handsel::vectors {

// Borrows what it points to.
struct Row {
  std::uint64_t hash = 0;
  std::string_view id;
  const std::uint16_t* halves = nullptr;  // dimensions and the quality
};

// By hash, then by id: the order of rows in a segment.
void sort_rows(std::vector<Row>& rows);

// A graph over rows, ready to be written. Filled by build_graph().
struct Graph {
  std::uint32_t links = 0;
  std::uint32_t upper_links = 0;
  std::vector<std::uint32_t> node_rows;           // by node: its row
  std::vector<std::vector<std::uint32_t>> upper;  // by level: as in the section `upper`, without the counts
  // Appends node `number` to `out`: node_bytes() long.
  std::function<void(std::uint32_t number, std::string& out)> write_node;
};

using Append = std::function<Result<void>(std::string_view bytes)>;

// `rows` as sort_rows() leaves them, no id twice. `graph` may be null. Memory: a buffer.
Result<void> write_segment(const Append& append, std::size_t dimensions, std::span<const Row> rows, const Graph* graph);

// The bytes of the same without a graph.
Result<std::string> segment_bytes(std::size_t dimensions, std::span<const Row> rows);

}  // namespace handsel::vectors
