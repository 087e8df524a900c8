// What somebody decided about how well a listing answers a query: a fact like any other, in
// the decisions topic of the log. The newest decision on a pair counts.
//
// Record: key "j/" and a hash of query and listing; payload u8 version, string query, string
// listing id, f64 gain. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel::decisions {

inline constexpr std::size_t kJudgedQueryBytesMax = 2'000;
inline constexpr double kGainMax = 1'000;

struct Judgment {
  std::string query;  // as it is typed
  std::string listing_id;
  double gain = 0;  // 0: of no use; the greater the better; usually 0..1
  bool operator==(const Judgment&) const = default;
};

// kInvalidArgument names what is wrong with it.
Result<log::NewRecord> to_record(const Judgment& judgment);
// kUnsupported for records of other kinds or newer versions, kCorrupt for what was never written.
Result<Judgment> parse_judgment(const log::Record& record);

// Durable when it returns; all or nothing.
Result<void> put_judgments(log::Log& log, std::span<const Judgment> judgments);

// By query, listing ids and gains; the newest of each pair.
using JudgedQueries = std::unordered_map<std::string, std::unordered_map<std::string, double>>;
Result<JudgedQueries> read_judgments(const log::Log& log);

}  // namespace handsel::decisions
