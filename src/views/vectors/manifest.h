// Which segments make up the vector index, and how much of the log they hold.
//
//   "HVMA" u32 version, u32 dimensions, fingerprint, u64 next name,
//   applied offsets by partition, segments with their deletions, u32 crc32c of all before
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::vectors {

struct ManifestSegment {
  std::string name;                 // of the file
  std::vector<std::uint64_t> dead;  // bits by row; empty: none
  std::uint32_t effort = 0;         // of its graph, as measured when it was built
  float recall_at_100 = 1;          // with that effort
  bool operator==(const ManifestSegment&) const = default;
};

struct Manifest {
  std::uint32_t dimensions = 0;
  std::string fingerprint;             // of the encoder
  std::uint64_t next_name = 0;         // number of the next segment file
  std::vector<std::uint64_t> applied;  // by partition: the log offset to go on from
  std::vector<ManifestSegment> segments;
  bool operator==(const Manifest&) const = default;
};

std::string encode_manifest(const Manifest& manifest);
// Errors: kCorrupt; kConflict where another version wrote it.
Result<Manifest> decode_manifest(std::string_view bytes);

}  // namespace handsel::vectors
