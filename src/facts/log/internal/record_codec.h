// The bytes of one record in the embedded log; embedded_log.h states the layout.
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel::log {

// How many bytes of a key are topic and partition; offsets grow behind them.
inline constexpr std::size_t kKeyPrefixBytes = 5;

// Sorts by topic, then partition, then offset.
std::string record_key(Topic topic, Position position);
// Nothing but the position; the key is 13 bytes of ours.
Position position_of_key(std::string_view key);

// The value but for its crc, which needs the position: callers encode side by side
// and the leader of a group, who numbers the records, seals them.
std::string encode_unsealed(std::int64_t time_ms, const NewRecord& record);
void seal(std::string& value, std::string_view key);

// kCorrupt where the bytes are not what seal() left for this key, kUnsupported for a
// version of the future; both name topic and position.
Result<Record> decode_record(std::string_view key, std::string_view value);

}  // namespace handsel::log
