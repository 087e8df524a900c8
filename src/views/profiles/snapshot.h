// Counters and profiles in one file, with how far in the event log they had come.
//
//   "HPRO" u32 version
//   head: u64 fingerprint of the counters, of the profiles; varint partitions; of each
//         varint next, u64 hash of the record before it (facts/events/log_mark.h)
//   the pieces of the counters, then those of the profiles (kept_state.h)
//
// Head and pieces stand in blocks: u32 size, u32 CRC-32C, bytes. Taken up again and fed
// the rest of the log, the two hold what they would after all of it, to the last bit; the
// facts of listings are those of when the events came, where a replay would take
// today's.
//
// A snapshot says no more of people than the log: the log's events, boiled down. Whoever
// expired is left out but for the hash of the id and the last moment, which decide who
// goes next.
//
// One thread, the one that observes. Memory: a piece at a time, a few megabytes.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "base/core/result.h"
#include "facts/events/log_mark.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"

namespace handsel::profiles {

inline constexpr std::uint32_t kSnapshotVersion = 1;
inline constexpr std::size_t kBlockBytesMax = 256u << 20;
inline constexpr std::size_t kPartitionsMax = 4'096;

using Append = std::function<Result<void>(std::string_view)>;

// kTooLarge where a block would be over the limit, kCancelled where `stop` ended it.
Result<void> write_snapshot(const events::LogMark& mark, const Counters& counters, const ProfileStore& profiles,
                            const Append& append, const std::stop_token& stop = {});

// Into empty ones. `accept` is asked before anything is taken. After an error both are empty again:
// kCorrupt, kUnsupported (another version), kConflict (other options), kCancelled, or accept's own.
Result<events::LogMark> read_snapshot(std::string_view bytes, Counters& counters, ProfileStore& profiles,
                                      const std::function<Result<void>(const events::LogMark&)>& accept,
                                      const std::stop_token& stop = {});

}  // namespace handsel::profiles
