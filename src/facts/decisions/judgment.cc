#include "facts/decisions/judgment.h"

#include <algorithm>
#include <cmath>

#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::decisions {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kKeyPrefix = "j/";
constexpr std::size_t kRecordsAtOnce = 5'000;

}  // namespace

Result<log::NewRecord> to_record(const Judgment& judgment) {
  if (judgment.query.empty() || judgment.query.size() > kJudgedQueryBytesMax) {
    return fail(Code::kInvalidArgument, "judgment: a query has 1 to {} bytes, this one {}", kJudgedQueryBytesMax,
                judgment.query.size());
  }
  if (judgment.listing_id.empty()) return fail(Code::kInvalidArgument, "judgment: it names no listing");
  if (!(judgment.gain >= 0 && judgment.gain <= kGainMax)) {
    return fail(Code::kInvalidArgument, "judgment: a gain is 0 to {}, this one {}", kGainMax, judgment.gain);
  }
  log::NewRecord record;
  record.key = fmt::format("{}{:016x}", kKeyPrefix, hash64(judgment.listing_id, hash64(judgment.query)));
  put_fixed(record.payload, kVersion);
  put_string(record.payload, judgment.query);
  put_string(record.payload, judgment.listing_id);
  put_fixed(record.payload, judgment.gain);
  return record;
}

Result<Judgment> parse_judgment(const log::Record& record) {
  if (!record.key.starts_with(kKeyPrefix)) return fail(Code::kUnsupported, "the record is no judgment");
  ByteReader reader(record.payload);
  if (reader.fixed<std::uint8_t>() != kVersion) return fail(Code::kUnsupported, "a judgment of another version");
  Judgment judgment;
  judgment.query = std::string(reader.string());
  judgment.listing_id = std::string(reader.string());
  judgment.gain = reader.fixed<double>();
  if (!reader.ok() || !reader.empty()) return fail(Code::kCorrupt, "a judgment that cannot be read");
  return judgment;
}

Result<void> put_judgments(log::Log& log, std::span<const Judgment> judgments) {
  std::vector<log::NewRecord> records;
  for (const Judgment& judgment : judgments) {
    HANDSEL_ASSIGN(log::NewRecord record, to_record(judgment));
    records.push_back(std::move(record));
  }
  for (std::size_t begin = 0; begin < records.size(); begin += kRecordsAtOnce) {
    const auto some = std::span(records).subspan(begin, std::min(kRecordsAtOnce, records.size() - begin));
    HANDSEL_TRY(log.append(log::Topic::kDecisions, some));
  }
  return {};
}

Result<JudgedQueries> read_judgments(const log::Log& log) {
  JudgedQueries queries;
  Result<void> outcome;
  for (std::uint32_t p = 0; p < log.partitions(log::Topic::kDecisions); ++p) {
    HANDSEL_TRY(log.read(log::Topic::kDecisions, p, 0, [&](const log::Record& record) {
      const auto judgment = parse_judgment(record);
      if (judgment) {
        queries[judgment->query][judgment->listing_id] = judgment->gain;
      } else if (judgment.error().code == Code::kCorrupt) {
        outcome = std::unexpected(judgment.error());
      }
      return outcome.has_value();
    }));
    HANDSEL_TRY(outcome);
  }
  return queries;
}

}  // namespace handsel::decisions
