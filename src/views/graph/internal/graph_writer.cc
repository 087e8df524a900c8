#include "views/graph/internal/graph_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/core/bytes.h"
#include "views/graph/internal/alias_table.h"
#include "views/graph/internal/graph_file.h"
#include "views/graph/internal/term_index.h"

namespace handsel::graph::internal {
namespace {

bool is_kept(const RawEdge& edge, std::size_t nodes) {
  return edge.weight > 0 && edge.from < nodes && edge.to < nodes;  // not a number is not above 0
}

template <typename T>
std::string_view as_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

class Writer {
 public:
  explicit Writer(const RawGraph& graph) : graph_(graph), bytes_(sizeof(Header), '\0') {}

  std::string write() {
    header_.newest_event_ms = graph_.newest_event_ms;
    number_nodes();
    write_edges();
    write_names();
    write_terms();
    header_.checksum = crc32c({reinterpret_cast<const char*>(&header_), offsetof(Header, checksum)});
    std::memcpy(bytes_.data(), &header_, sizeof(Header));
    return std::move(bytes_);
  }

 private:
  // The busiest of a kind come first: what walks touch most lies close together.
  void number_nodes() {
    std::vector<std::uint32_t> degrees(graph_.nodes.size());
    for (const RawEdge& edge : graph_.edges) {
      if (is_kept(edge, degrees.size())) ++degrees[edge.from];
    }
    // Ties by hash of the name: any order that depends on the node alone will do.
    struct Place {
      std::uint64_t kind_and_degree;
      std::uint64_t hash;
      std::uint32_t raw;
    };
    std::vector<Place> places;
    places.reserve(graph_.nodes.size());
    for (std::uint32_t raw = 0; raw < graph_.nodes.size(); ++raw) {
      const auto& [kind, name] = graph_.nodes[raw];
      const std::uint64_t turned = ~degrees[raw];
      places.push_back({static_cast<std::uint64_t>(kind) << 32 | (turned & 0xffffffff), hash_of_node(kind, name), raw});
    }
    std::ranges::sort(places, [this](const Place& a, const Place& b) {
      if (a.kind_and_degree != b.kind_and_degree) return a.kind_and_degree < b.kind_and_degree;
      return a.hash != b.hash ? a.hash < b.hash : graph_.nodes[a.raw].name < graph_.nodes[b.raw].name;
    });
    for (const Place& place : places) {
      order_.push_back(place.raw);
      hashes_.push_back(place.hash);
    }
    number_of_.resize(order_.size());
    for (std::uint32_t node = 0; node < order_.size(); ++node) {
      number_of_[order_[node]] = node;
      ++header_.nodes_of_kind[static_cast<std::size_t>(graph_.nodes[order_[node]].kind)];
    }
    rows_.assign(1, 0);
    for (const std::uint32_t raw : order_) rows_.push_back(rows_.back() + degrees[raw]);
  }

  void write_edges() {
    std::vector<WeightedTarget> targets(rows_.back());
    std::vector<std::uint32_t> next(rows_.begin(), rows_.end() - 1);
    for (const RawEdge& edge : graph_.edges) {
      if (!is_kept(edge, order_.size())) continue;
      targets[next[number_of_[edge.from]]++] = {number_of_[edge.to], std::min(edge.weight, kWeightMax)};
    }
    add(Section::kRows, as_bytes(rows_));
    const std::size_t begin = begin_section();
    bytes_.resize(begin + targets.size() * sizeof(Edge));
    AliasTableBuilder builder;
    std::vector<Edge> edges;
    for (std::size_t node = 0; node + 1 < rows_.size(); ++node) {
      const std::span row(targets.data() + rows_[node], rows_[node + 1] - rows_[node]);
      if (row.empty()) continue;
      std::ranges::sort(row, {}, [](const WeightedTarget& edge) { return std::pair(edge.target, edge.weight); });
      edges.resize(row.size());
      builder.build(row, edges);
      std::memcpy(bytes_.data() + begin + rows_[node] * sizeof(Edge), edges.data(), row.size() * sizeof(Edge));
    }
    end_section(Section::kEdges, begin);
  }

  void write_names() {
    std::vector<std::string_view> names;
    for (const std::uint32_t raw : order_) names.push_back(graph_.nodes[raw].name);
    write_name_table(names, hashes_, {Section::kNameBegins, Section::kNames, Section::kNameTable});
  }

  void write_terms() {
    std::vector<NamedText> texts;
    for (std::uint32_t node = 0; node < order_.size(); ++node) {
      const RawNode& raw = graph_.nodes[order_[node]];
      if (raw.kind == NodeKind::kQuery || raw.kind == NodeKind::kTag) texts.push_back({node, raw.name});
    }
    const TermIndex index = build_term_index(text::Analyzer(), texts);
    const std::vector<std::string_view> names(index.terms.begin(), index.terms.end());
    std::vector<std::uint64_t> hashes;
    for (const std::string_view term : names) hashes.push_back(hash_of_term(term));
    add(Section::kNorms, as_bytes(index.norms));
    write_name_table(names, hashes, {Section::kTermBegins, Section::kTerms, Section::kTermTable});
    add(Section::kPostingRows, as_bytes(index.rows));
    add(Section::kPostings, as_bytes(index.postings));
  }

  struct NameSections {
    Section begins;
    Section names;
    Section table;
  };
  void write_name_table(const std::vector<std::string_view>& names, const std::vector<std::uint64_t>& hashes,
                        const NameSections& sections) {
    std::vector<std::uint32_t> begins{0};
    for (const std::string_view name : names) begins.push_back(begins.back() + static_cast<std::uint32_t>(name.size()));
    add(sections.begins, as_bytes(begins));
    const std::size_t begin = begin_section();
    for (const std::string_view name : names) bytes_.append(name);
    end_section(sections.names, begin);
    std::vector<std::uint32_t> table(std::bit_ceil(2 * names.size() + 1));
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      std::size_t at = hashes[i] & (table.size() - 1);
      while (table[at] != 0) at = (at + 1) & (table.size() - 1);
      table[at] = i + 1;
    }
    add(sections.table, as_bytes(table));
  }

  void add(Section section, std::string_view content) {
    const std::size_t begin = begin_section();
    bytes_.append(content);
    end_section(section, begin);
  }
  std::size_t begin_section() {
    bytes_.resize((bytes_.size() + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment);
    return bytes_.size();
  }
  void end_section(Section section, std::size_t begin) {
    const std::string_view content = std::string_view(bytes_).substr(begin);
    header_.sections[static_cast<std::size_t>(section)] = {begin, content.size(), crc32c(content), 0};
  }

  const RawGraph& graph_;
  Header header_;
  std::string bytes_;
  std::vector<std::uint32_t> order_;      // raw number of each node
  std::vector<std::uint64_t> hashes_;     // of each node, by kind and name
  std::vector<std::uint32_t> number_of_;  // the other way about
  std::vector<std::uint32_t> rows_;
};

}  // namespace

Result<std::string> write_graph(const RawGraph& graph) {
  if (graph.nodes.size() > kNodesMax) {
    return fail(Code::kTooLarge, "graph: {} nodes, {} at most", graph.nodes.size(), kNodesMax);
  }
  if (graph.edges.size() > kEdgesMax) {
    return fail(Code::kTooLarge, "graph: {} edges, {} at most", graph.edges.size(), kEdgesMax);
  }
  for (const RawNode& node : graph.nodes) {
    if (node.name.size() > kNameBytesMax) {
      return fail(Code::kTooLarge, "graph: a name of {} bytes, {} at most", node.name.size(), kNameBytesMax);
    }
  }
  return Writer(graph).write();
}

}  // namespace handsel::graph::internal
