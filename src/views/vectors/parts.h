// The current set of segments, and how one set becomes the next.
//
// A Part is a segment with the deletions that it has so far. The writer adds parts and
// marks rows dead; flushes and builds replace parts by one with the same live rows.
// All of it under one short lock, so that at any moment the parts are the state after
// the log positions in `applied`.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "views/vectors/segment.h"

namespace handsel::vectors {

struct Dead {
  std::vector<std::uint64_t> bits;  // by row; shorter than the rows: the rest is alive
  std::uint32_t count = 0;

  bool has(std::uint32_t row) const { return row / 64 < bits.size() && ((bits[row / 64] >> (row % 64)) & 1) != 0; }
  void add(std::uint32_t row);
};

struct Part {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Dead> dead = std::make_shared<Dead>();
  std::string file = {};     // empty: in memory only
  std::uint32_t effort = 0;  // of its graph: the width of walk that reached the recall wanted
  float recall_at_100 = 1;   // measured with it

  bool in_memory() const { return file.empty(); }
  std::uint32_t live() const { return segment->rows() - dead->count; }
};

// Thread safe.
class Parts {
 public:
  explicit Parts(std::vector<std::uint64_t> applied) : applied_(std::move(applied)) {}

  struct State {
    std::vector<Part> parts;
    std::vector<std::uint64_t> applied;
    std::vector<std::string> obsolete_files;  // replaced, and still named by the manifest
  };
  State state() const;

  // One step of the writer: `gone` ids die wherever they are, `added` comes in.
  void change(std::span<const std::string_view> gone, std::vector<Part> added, std::vector<std::uint64_t> applied);

  // Replaces `sources` (as they were in a state()) by `merged`, which holds their live rows of then.
  // Rows that died in the meantime are dead in the merged one too. Without any row it is left out.
  void replace(std::span<const Part> sources, Part merged);

  void forget_obsolete(std::span<const std::string> files);

 private:
  mutable std::mutex mutex_;
  std::vector<Part> parts_;
  std::vector<std::uint64_t> applied_;
  std::vector<std::string> obsolete_files_;
};

}  // namespace handsel::vectors
