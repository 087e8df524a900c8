#include "facts/log/internal/record_codec.h"

#include <cstring>

#include "base/core/bytes.h"
#include "log_record.pb.h"  // generated from log_record.proto

namespace handsel::log {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKeyBytes = 13;
constexpr std::size_t kHeaderBytes = 5;

std::uint32_t crc_of(std::string_view value, std::string_view key) {
  return crc32c(key, crc32c(value.substr(kHeaderBytes)));
}

std::unexpected<Error> fail_at(Code code, std::string_view key, std::string_view what) {
  const Position position = position_of_key(key);
  return fail(code, "record {}/{}/{} of the log {}", topic_name(static_cast<Topic>(key[0])), position.partition,
              position.offset, what);
}

}  // namespace

std::string record_key(Topic topic, Position position) {
  std::string key;
  key.reserve(kKeyBytes);
  key.push_back(static_cast<char>(topic));
  put_fixed(key, __builtin_bswap32(position.partition));
  put_fixed(key, __builtin_bswap64(position.offset));
  return key;
}

Position position_of_key(std::string_view key) {
  HANDSEL_CHECK(key.size() == kKeyBytes);
  ByteReader reader(key.substr(1));
  Position position;
  position.partition = __builtin_bswap32(reader.fixed<std::uint32_t>());
  position.offset = __builtin_bswap64(reader.fixed<std::uint64_t>());
  return position;
}

std::string encode_unsealed(std::int64_t time_ms, const NewRecord& record) {
  proto::LogRecord message;
  message.set_time_ms(time_ms);
  message.set_key(record.key);
  message.set_payload(record.payload);
  std::string value(kHeaderBytes, '\0');
  value[0] = static_cast<char>(kVersion);
  HANDSEL_CHECK(message.AppendToString(&value));
  return value;
}

void seal(std::string& value, std::string_view key) {
  const std::uint32_t crc = crc_of(value, key);
  std::memcpy(value.data() + 1, &crc, sizeof crc);
}

Result<Record> decode_record(std::string_view key, std::string_view value) {
  ByteReader header(value);
  const auto version = header.fixed<std::uint8_t>();
  const auto crc = header.fixed<std::uint32_t>();
  if (!header.ok()) return fail_at(Code::kCorrupt, key, "is cut short");
  if (version != kVersion) {
    return fail_at(version > kVersion ? Code::kUnsupported : Code::kCorrupt, key,
                   fmt::format("has version {}; this program knows {}", version, kVersion));
  }
  if (crc != crc_of(value, key)) return fail_at(Code::kCorrupt, key, "does not match its checksum");
  proto::LogRecord message;
  const std::string_view body = value.substr(kHeaderBytes);
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return fail_at(Code::kCorrupt, key, "does not parse");
  }
  return Record{.position = position_of_key(key),
                .time_ms = message.time_ms(),
                .key = std::move(*message.mutable_key()),
                .payload = std::move(*message.mutable_payload())};
}

}  // namespace handsel::log
