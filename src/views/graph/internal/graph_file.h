// The bytes of a graph, read in place.
//
//   header      fixed; see Header. Little-endian, as everything
//   sections    each beginning at a multiple of 64, in the order of Section
//
// Nodes are numbered kind by kind: queries, listings, shops, tags. The edges of node n are
// rows[n] .. rows[n + 1]; they are an alias table: an edge drawn uniformly is followed to
// `target` where a uniform 32-bit number is below `threshold`, else to `alias`
// (M. D. Vose, IEEE Transactions on Software Engineering 17(9), 1991).
//
// Every read is bounded by the sizes that open() has checked, so bytes that lie give wrong
// answers and nothing worse. No alignment is asked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "analysis/text/analyzer.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "views/graph/graph.h"

namespace handsel::graph::internal {

inline constexpr std::uint64_t kMagic = 0x3168706172474853;  // "SHGraph1"
inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kSectionAlignment = 64;
inline constexpr std::size_t kProbesMax = 4096;  // of a name table, half full as written

enum class Section : std::uint8_t {
  kRows,         // u32[nodes + 1]: first edge of each node
  kEdges,        // Edge[edges]
  kNameBegins,   // u32[nodes + 1]
  kNames,        // bytes
  kNameTable,    // u32[power of two]: node + 1 at the hash of kind and name, 0 for nobody
  kNorms,        // f32[queries + tags]: length of the vector of idfs
  kTermBegins,   // u32[terms + 1]
  kTerms,        // bytes
  kTermTable,    // u32[power of two], as above
  kPostingRows,  // u32[terms + 1]
  kPostings,     // u32[postings]: queries and tags with that term, ascending
};
inline constexpr std::size_t kSections = 11;

struct SectionPlace {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint32_t checksum = 0;  // CRC-32C
  std::uint32_t reserved = 0;
};

struct Header {
  std::uint64_t magic = kMagic;
  std::uint32_t version = kFormatVersion;
  std::uint32_t analyzer_version = text::kAnalyzerVersion;
  std::int64_t newest_event_ms = 0;
  std::array<std::uint32_t, kNodeKinds> nodes_of_kind{};
  std::array<SectionPlace, kSections> sections{};
  std::uint32_t reserved = 0;
  std::uint32_t checksum = 0;  // CRC-32C of all before it
};
static_assert(sizeof(Header) == 24 + 4 * kNodeKinds + 24 * kSections + 8);

struct Edge {
  Node target = 0;
  Node alias = 0;
  std::uint32_t threshold = 0;
};
static_assert(sizeof(Edge) == 12);

struct Row {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
};

// Numbers that lie anywhere in a string.
template <typename T>
class PackedArray {
 public:
  PackedArray() = default;
  explicit PackedArray(std::string_view bytes) : data_(bytes.data()), size_(bytes.size() / sizeof(T)) {}
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, data_ + i * sizeof(T), sizeof(T));
    return value;
  }
  const char* address(std::size_t i) const { return data_ + i * sizeof(T); }
  std::size_t size() const { return size_; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// Strings by number, and numbers by string.
class NameTable {
 public:
  NameTable() = default;
  NameTable(std::string_view begins, std::string_view names, std::string_view table)
      : begins_(begins), names_(names), table_(table) {}
  std::string_view name(std::size_t number) const;
  // The number that `accept` takes among those of that name.
  template <typename Accept>
  std::optional<std::uint32_t> find(std::string_view name, std::uint64_t hash, Accept accept) const {
    if (table_.size() == 0) return std::nullopt;
    const std::size_t mask = table_.size() - 1;
    for (std::size_t probe = 0; probe < kProbesMax; ++probe) {
      const std::uint32_t entry = table_[(hash + probe) & mask];
      if (entry == 0) return std::nullopt;
      const std::uint32_t number = entry - 1;
      if (number + 1 < begins_.size() && this->name(number) == name && accept(number)) return number;
    }
    return std::nullopt;
  }

 private:
  PackedArray<std::uint32_t> begins_;
  std::string_view names_;
  PackedArray<std::uint32_t> table_;
};

std::uint64_t hash_of_node(NodeKind kind, std::string_view name);
std::uint64_t hash_of_term(std::string_view term);

class GraphFile {
 public:
  static Result<std::unique_ptr<const GraphFile>> open(std::shared_ptr<const FileBytes> bytes, Check check);

  std::uint32_t nodes() const { return first_of_kind_[kNodeKinds]; }
  std::size_t edges() const { return edges_.size(); }
  std::int64_t newest_event_ms() const { return header_.newest_event_ms; }
  NodeKind kind(Node node) const;
  Node first(NodeKind kind) const { return first_of_kind_[static_cast<std::size_t>(kind)]; }
  Node end(NodeKind kind) const { return first_of_kind_[static_cast<std::size_t>(kind) + 1]; }
  std::string_view name(Node node) const { return names_.name(node); }
  std::optional<Node> find(NodeKind kind, std::string_view name) const;

  // Nothing for a node that does not exist.
  Row row(Node node) const {
    if (node >= nodes()) return {};
    const std::uint32_t begin = rows_[node];
    const std::uint32_t end = rows_[node + 1];
    if (begin > end || end > edges_.size()) return {};
    return {begin, end - begin};
  }
  Edge edge(std::size_t i) const { return edges_[i]; }
  void prefetch_row(Node node) const { __builtin_prefetch(rows_.address(node)); }
  void prefetch_edge(std::size_t i) const { __builtin_prefetch(edges_.address(i)); }

  std::size_t terms() const { return term_count_; }
  std::optional<std::uint32_t> find_term(std::string_view term) const;
  Row postings_of(std::uint32_t term) const;
  Node posting(std::size_t i) const { return postings_[i]; }
  // 0 for listings and shops.
  float norm(Node node) const;
  const text::Analyzer& analyzer() const { return analyzer_; }

 private:
  GraphFile(std::shared_ptr<const FileBytes> bytes, const Header& header);
  Result<void> check_header() const;
  Result<void> check_sections(Check check) const;
  std::string_view section(Section section) const;
  void bind_sections();

  std::shared_ptr<const FileBytes> bytes_;
  Header header_;
  std::array<std::uint32_t, kNodeKinds + 1> first_of_kind_{};
  PackedArray<std::uint32_t> rows_;
  PackedArray<Edge> edges_;
  NameTable names_;
  PackedArray<float> norms_;
  std::size_t term_count_ = 0;
  NameTable terms_;
  PackedArray<std::uint32_t> posting_rows_;
  PackedArray<std::uint32_t> postings_;
  text::Analyzer analyzer_;
};

}  // namespace handsel::graph::internal
