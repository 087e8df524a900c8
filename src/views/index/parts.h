// The current set of segments, and how one set becomes the next.
//
// A Part is a segment with the deletions that it has so far. Writers add parts and
// mark documents dead; flushes and merges replace parts by one that holds the same
// live documents. All of it happens under one short lock, so that any moment is
// consistent: the parts are the state after the log positions in `applied`.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "views/index/index.h"
#include "views/index/segment.h"

namespace handsel::index {

struct Part {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Deletions> deletions = std::make_shared<Deletions>();
  std::string file;  // empty: in memory only

  bool in_memory() const { return file.empty(); }
  std::uint32_t live() const { return segment->documents() - deletions->count; }
  SegmentView view() const { return {segment, deletions}; }
};

// Thread safe.
class Parts {
 public:
  explicit Parts(std::vector<std::uint64_t> applied) : applied_(std::move(applied)) {}

  struct State {
    std::vector<Part> parts;
    std::vector<std::uint64_t> applied;
    std::vector<std::string> obsolete_files;  // replaced since they were last taken
  };
  State state() const;

  // One step of the writer: `gone` ids die wherever they are, `added` comes in.
  void change(std::span<const std::string> gone, std::vector<Part> added, std::vector<std::uint64_t> applied);

  // Replaces `sources` (as they were in a state()) by `merged`, which holds `kept[i]` of source i.
  // Documents that died in the meantime are dead in the merged one too.
  void replace(std::span<const Part> sources, std::span<const std::vector<std::uint32_t>> kept, Part merged);

  void forget_obsolete(std::span<const std::string> files);

 private:
  mutable std::mutex mutex_;
  std::vector<Part> parts_;
  std::vector<std::uint64_t> applied_;
  std::vector<std::string> obsolete_files_;
};

}  // namespace handsel::index
