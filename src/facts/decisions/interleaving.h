// Which of two rankers put which listing where, in one answer: a fact that clicks are joined with
// later. In the decisions topic of the log.
//
// Record: key "i/" and the query_id; payload u8 version, string serving ranker, string
// challenger, u64 unit, varint count, then for each place string listing id and u8 team
// (0 none, 1 the serving one, 2 the challenger). Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel::decisions {

inline constexpr std::size_t kInterleavedMax = 500;  // listings of one answer
inline constexpr std::size_t kQueryIdBytesMax = 200;

enum class Side : std::uint8_t { kNone = 0, kServing = 1, kChallenger = 2 };

struct InterleavedSearch {
  struct Place {
    std::string listing_id;
    Side side = Side::kNone;
    bool operator==(const Place&) const = default;
  };
  std::string query_id;  // of the answer; each page has its own
  std::string serving;   // ids of the two rankers
  std::string challenger;
  std::uint64_t unit = 0;     // hash of the session, or of the user: what is independent of the others
  std::vector<Place> places;  // as shown, best first
  bool operator==(const InterleavedSearch&) const = default;
};

// kInvalidArgument names what is wrong with it.
Result<log::NewRecord> to_record(const InterleavedSearch& search);
// kUnsupported for records of other kinds or newer versions, kCorrupt for what was never written.
Result<InterleavedSearch> parse_interleaved(const log::Record& record);

}  // namespace handsel::decisions
