// How often each query was asked, by different people: a view of the searches in the event log, for
// completion and spelling.
//
// Counts first pages only (a second page is the same question), and nobody again before three others have asked the
// same: up to three the count is of people, so that what one person types ever so often stays with them. Where an event
// says neither user nor session, each is somebody else. Folds the words as keywords are. Bounded: a partition of the
// log keeps kDistinctQueriesMax queries; over that, those asked once are dropped, then those asked twice, and so on. As
// this happens partition by partition, in the order of the log, a rebuild counts the same.
//
// One thread changes it (the housekeeper).
//
// Bytes of the file: "HQRY" u32 version, u32 crc32c of the rest, varint partitions;
// then for each: varint next offset, varint queries, and for each: string text, varint
// count, u32 hashes of the last people counted (as many as were, three at most), in the order of the text.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel {

inline constexpr std::size_t kDistinctQueriesMax = 100'000;
inline constexpr std::uint64_t kCountRecordsMax = 200'000;  // read from the log at once

class QueryCounts {
 public:
  // What is in the file, or nothing where it is missing, damaged or of another log.
  QueryCounts(FileSystem& files, std::string path, const log::Log& log);

  // Reads on in the log, at most kCountRecordsMax events. How many were read.
  Result<std::uint64_t> advance();
  // True where advance() would find nothing.
  bool is_current() const;
  Result<void> save();

  // The texts with their counts, by text.
  std::vector<std::pair<std::string, std::uint64_t>> all() const;
  // Grows whenever a count changes.
  std::uint64_t version() const { return version_; }

 private:
  struct Asked {
    std::uint64_t count = 0;
    std::array<std::uint32_t, 3> people{};  // the last ones counted, in turns; the first `count` where it is less
    std::size_t known() const { return std::min<std::uint64_t>(count, people.size()); }
  };
  struct Partition {
    std::uint64_t next = 0;
    std::unordered_map<std::string, Asked> counts;
  };
  bool load();
  void count(Partition& partition, const log::Record& record);
  static void prune(Partition& partition);

  FileSystem& files_;
  const std::string path_;
  const log::Log& log_;
  std::vector<Partition> partitions_;
  std::uint64_t version_ = 0;
  std::uint64_t saved_version_ = 0;
};

}  // namespace handsel
