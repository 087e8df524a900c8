// Which segments make up the index, and how much of the log they hold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::index {

struct ManifestSegment {
  std::string name;                      // of the file
  std::vector<std::uint64_t> deletions;  // bits; empty: none
  bool operator==(const ManifestSegment&) const = default;
};

struct Manifest {
  std::uint64_t fingerprint = 0;       // scoring_fingerprint of all segments
  std::uint64_t next_name = 0;         // number of the next segment file
  std::vector<std::uint64_t> applied;  // by partition: the log offset to go on from
  std::vector<ManifestSegment> segments;
  bool operator==(const Manifest&) const = default;
};

// "HMAN", u32 version, contents, u32 crc32c of all before.
std::string encode_manifest(const Manifest& manifest);
Result<Manifest> decode_manifest(std::string_view bytes);

}  // namespace handsel::index
