#include "facts/decisions/interleaving.h"

#include <algorithm>

#include "base/core/bytes.h"

namespace handsel::decisions {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kKeyPrefix = "i/";

}  // namespace

Result<log::NewRecord> to_record(const InterleavedSearch& search) {
  if (search.query_id.empty() || search.query_id.size() > kQueryIdBytesMax) {
    return fail(Code::kInvalidArgument, "interleaved search: a query_id has 1 to {} bytes", kQueryIdBytesMax);
  }
  if (search.serving.empty() || search.challenger.empty()) {
    return fail(Code::kInvalidArgument, "interleaved search: it names no two rankers");
  }
  if (search.places.size() > kInterleavedMax) {
    return fail(Code::kInvalidArgument, "interleaved search: {} places are more than {}", search.places.size(),
                kInterleavedMax);
  }
  log::NewRecord record;
  record.key = fmt::format("{}{}", kKeyPrefix, search.query_id);
  put_fixed(record.payload, kVersion);
  put_string(record.payload, search.serving);
  put_string(record.payload, search.challenger);
  put_fixed(record.payload, search.unit);
  put_varint(record.payload, search.places.size());
  for (const InterleavedSearch::Place& place : search.places) {
    put_string(record.payload, place.listing_id);
    put_fixed(record.payload, place.side);
  }
  if (record.payload.size() > log::kRecordBytesMax) {
    return fail(Code::kTooLarge, "interleaved search: its record is {} bytes", record.payload.size());
  }
  return record;
}

Result<InterleavedSearch> parse_interleaved(const log::Record& record) {
  if (!record.key.starts_with(kKeyPrefix)) return fail(Code::kUnsupported, "the record is no interleaved search");
  ByteReader reader(record.payload);
  if (reader.fixed<std::uint8_t>() != kVersion) {
    return fail(Code::kUnsupported, "an interleaved search of another version");
  }
  InterleavedSearch search{.query_id = record.key.substr(kKeyPrefix.size())};
  search.serving = std::string(reader.string());
  search.challenger = std::string(reader.string());
  search.unit = reader.fixed<std::uint64_t>();
  const std::uint64_t count = reader.varint();
  bool known = count <= kInterleavedMax;
  for (std::uint64_t i = 0; known && reader.ok() && i < count; ++i) {
    InterleavedSearch::Place place{.listing_id = std::string(reader.string())};
    const auto side = reader.fixed<std::uint8_t>();
    known = side <= static_cast<std::uint8_t>(Side::kChallenger);
    place.side = known ? static_cast<Side>(side) : Side::kNone;
    search.places.push_back(std::move(place));
  }
  if (!known || !reader.ok() || !reader.empty()) {
    return fail(Code::kCorrupt, "an interleaved search that cannot be read");
  }
  return search;
}

}  // namespace handsel::decisions
