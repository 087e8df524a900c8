#include "facts/log/internal/record_codec.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/log/internal/idempotency.h"

namespace handsel::log {
namespace {

using testing::HasSubstr;

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

constexpr Position kPosition{3, 0x0102030405060708};

std::string sealed(const NewRecord& record, std::string_view key) {
  std::string value = encode_unsealed(1'700'000'000'000, record);
  seal(value, key);
  return value;
}

// These bytes are in the logs of people who run the program: they are read for ever.
TEST(RecordCodec, ReadsWhatVersionOneWrote) {
  const std::string key = from_hex("01000000030102030405060708");
  const std::string value = from_hex("015f122b5e0880d095ffbc311207746865206b65791a0b746865207061796c6f6164");
  EXPECT_EQ(to_hex(record_key(Topic::kEvents, kPosition)), to_hex(key));
  EXPECT_EQ(to_hex(sealed({"the key", "the payload", "not stored"}, key)), to_hex(value));
  const auto record = decode_record(key, value);
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->position, kPosition);
  EXPECT_EQ(record->time_ms, 1'700'000'000'000);
  EXPECT_EQ(record->key, "the key");
  EXPECT_EQ(record->payload, "the payload");
}

// Were these to change, records would be looked for in the wrong place.
TEST(RecordCodec, HashesOfTheFormatStayAsTheyAre) {
  EXPECT_EQ(to_hex(idempotency_hash(Topic::kEvents, "an event's id").bytes()), "40b148297a01621ff26069ddbe3ef99a");
  EXPECT_NE(idempotency_hash(Topic::kListings, "id"), idempotency_hash(Topic::kEvents, "id"));
  EXPECT_EQ(partition_of("l/12345", 1000), 826u);
}

TEST(RecordCodec, KeysSortByTopicPartitionOffset) {
  const std::string keys[] = {record_key(Topic::kListings, {0, 0}),   record_key(Topic::kListings, {0, 255}),
                              record_key(Topic::kListings, {0, 256}), record_key(Topic::kListings, {1, 0}),
                              record_key(Topic::kListings, {256, 0}), record_key(Topic::kEvents, {0, 0})};
  EXPECT_TRUE(std::ranges::is_sorted(keys));
}

TEST(RecordCodec, AnyChangedByteIsFoundOut) {
  const std::string key = record_key(Topic::kEvents, kPosition);
  const std::string good = sealed({"k", "payload", ""}, key);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x40);
    EXPECT_FALSE(decode_record(key, bad)) << "byte " << i;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto record = decode_record(key, good.substr(0, size));
    ASSERT_FALSE(record) << size << " bytes";
    EXPECT_EQ(record.error().code, Code::kCorrupt);
  }
}

TEST(RecordCodec, ErrorsNameThePosition) {
  const std::string key = record_key(Topic::kEvents, {3, 7});
  const std::string good = sealed({"k", "payload", ""}, key);
  std::string newer = good;
  newer[0] = 2;
  struct Row {
    std::string key;
    std::string value;
    Code code;
    std::string words;
  };
  const Row rows[] = {
      {key, "", Code::kCorrupt, "record events/3/7 of the log is cut short"},
      {key, newer, Code::kUnsupported, "record events/3/7 of the log has version 2; this program knows 1"},
      {record_key(Topic::kEvents, {3, 8}), good, Code::kCorrupt, "record events/3/8 of the log does not match"},
  };
  for (const Row& row : rows) {
    const auto record = decode_record(row.key, row.value);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code, row.code);
    EXPECT_THAT(record.error().message, HasSubstr(row.words));
  }
}

}  // namespace
}  // namespace handsel::log
