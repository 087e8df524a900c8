// An immutable set of vectors in a file (or in memory, laid out the same): rows for
// the exact answer and, in large ones, a graph for the fast one.
//
//   "HVEC" u32 version, zeros up to 64
//   sections, each from a multiple of 64:
//     hashes   u64 a row: hash64 of the id. Rows are sorted by it, then by id.
//     offsets  u32 a row and one more: where its id starts in `ids`
//     ids      bytes
//     halves   (dimensions + 1) u16 a row: the vector and then the quality, in half precision
//     nodes    node_bytes a node: f32 scale, u16 quality (half), u16 number of links,
//              `dimensions` int8 codes, u32 links to other nodes
//     rows     u32 a node: its row
//     upper    the sparser levels, lowest first. Nodes are numbered so that those of a
//              level are the first of the level below: so many u32 counts as there are
//              levels, then (1 + upper_links) u32 a node and level: number of links, links
//   footer: see Footer; u32 crc32c of the footer, "CEVH"
//
// A node's codes and links lie together and start at a cache line, so a step of the
// walk touches few lines. The graph is that of HNSW (Malkov & Yashunin 2016, arXiv
// 1603.09320). Node 0 is where a walk starts.
//
// Opening reads the footer only; verify() reads all. Whoever reads a segment that was
// not verified gets wrong answers at worst: every number taken from it is checked
// against the bounds before it is used.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::vectors {

inline constexpr std::uint32_t kSegmentVersion = 1;
inline constexpr std::uint32_t kDimensionsMax = 4096;
inline constexpr std::uint32_t kRowsMax = 200'000'000;
inline constexpr std::uint32_t kLevelsMax = 32;
inline constexpr std::uint32_t kLinksMax = 256;
inline constexpr std::size_t kNodeHeadBytes = 8;
inline constexpr std::size_t kLineBytes = 64;

enum class Section : std::uint8_t { kHashes, kOffsets, kIds, kHalves, kNodes, kRows, kUpper };
inline constexpr std::size_t kSections = 7;

// What a segment says of itself.
struct Footer {
  std::uint32_t dimensions = 0;
  std::uint32_t rows = 0;
  std::uint32_t links = 0;  // room for links in a node; 0: no graph
  std::uint32_t upper_links = 0;
  std::uint32_t levels = 0;  // above the lowest
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
  };
  Place sections[kSections];
};

std::string encode_footer(const Footer& footer);
std::size_t node_bytes(std::size_t dimensions, std::size_t links);

// A node of the lowest level, as it lies in the file.
struct Node {
  const char* at;
  std::size_t dimensions;

  float scale() const { return read<float>(0); }
  std::uint16_t quality() const { return read<std::uint16_t>(4); }
  std::uint16_t link_count() const { return read<std::uint16_t>(6); }
  const std::int8_t* codes() const { return reinterpret_cast<const std::int8_t*>(at + kNodeHeadBytes); }
  std::uint32_t link(std::size_t i) const { return read<std::uint32_t>(kNodeHeadBytes + dimensions + 4 * i); }

 private:
  template <typename T>
  T read(std::size_t offset) const {
    T value;
    std::memcpy(&value, at + offset, sizeof(T));
    return value;
  }
};

// Thread safe.
class Segment {
 public:
  static Result<std::shared_ptr<const Segment>> open(std::shared_ptr<const FileBytes> bytes, std::size_t dimensions);
  // Every checksum, and that rows are in order.
  Result<void> verify() const;

  std::uint32_t rows() const { return footer_.rows; }
  std::size_t dimensions() const { return footer_.dimensions; }
  bool has_graph() const { return footer_.links > 0; }
  const Footer& footer() const { return footer_; }

  std::uint64_t hash(std::uint32_t row) const { return hashes_[row]; }
  std::string_view id(std::uint32_t row) const;
  // `dimensions()` halves, then the quality.
  const std::uint16_t* halves(std::uint32_t row) const { return halves_ + std::size_t{row} * (footer_.dimensions + 1); }
  std::optional<std::uint32_t> find(std::string_view id, std::uint64_t hash) const;

  // Of the graph. There are as many nodes as rows.
  Node node(std::uint32_t number) const { return {nodes_ + number * node_bytes_, footer_.dimensions}; }
  std::uint32_t row_of_node(std::uint32_t number) const;
  std::uint32_t level_size(std::size_t level) const { return level_sizes_[level]; }  // 0 .. footer().levels - 1
  // Links of a node (below level_size) on a level above the lowest; each may be out of range.
  std::span<const std::uint32_t> upper_links(std::size_t level, std::uint32_t node) const;

  std::string_view bytes() const { return bytes_->bytes(); }
  void release() const { bytes_->release(); }

 private:
  std::uint32_t first_row_of(std::uint64_t hash) const;
  Segment(std::shared_ptr<const FileBytes> bytes, const Footer& footer) : bytes_(std::move(bytes)), footer_(footer) {}
  std::string_view section(Section section) const;
  Result<void> check_sizes();
  Result<void> check_levels();

  std::shared_ptr<const FileBytes> bytes_;
  Footer footer_;
  const std::uint64_t* hashes_ = nullptr;
  const std::uint32_t* offsets_ = nullptr;
  std::string_view ids_;
  const std::uint16_t* halves_ = nullptr;
  const char* nodes_ = nullptr;
  std::size_t node_bytes_ = 0;
  const std::uint32_t* node_rows_ = nullptr;
  std::vector<std::uint32_t> level_sizes_;
  std::vector<const std::uint32_t*> levels_;
};

}  // namespace handsel::vectors
