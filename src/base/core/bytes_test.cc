#include "base/core/bytes.h"

#include <limits>

#include <gtest/gtest.h>

namespace handsel {
namespace {

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char byte : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(byte) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(byte) & 15]);
  }
  return hex;
}

TEST(Bytes, VarintsAreSevenBitsAByte) {
  struct Row {
    std::uint64_t value;
    std::string hex;
  };
  for (const Row& row : {Row{0, "00"}, Row{1, "01"}, Row{127, "7f"}, Row{128, "8001"}, Row{300, "ac02"},
                         Row{std::numeric_limits<std::uint64_t>::max(), "ffffffffffffffffff01"}}) {
    std::string bytes;
    put_varint(bytes, row.value);
    EXPECT_EQ(to_hex(bytes), row.hex);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.varint(), row.value);
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader.empty());
  }
}

TEST(Bytes, ReadsBackWhatWasPut) {
  std::string bytes;
  put_fixed<std::uint32_t>(bytes, 0x01020304);
  put_string(bytes, "text");
  put_fixed(bytes, -2.5);
  put_string(bytes, "");
  EXPECT_EQ(to_hex(bytes.substr(0, 5)), "0403020104");
  ByteReader reader(bytes);
  EXPECT_EQ(reader.fixed<std::uint32_t>(), 0x01020304u);
  EXPECT_EQ(reader.string(), "text");
  EXPECT_EQ(reader.remaining(), 9u);
  EXPECT_EQ(reader.fixed<double>(), -2.5);
  EXPECT_EQ(reader.string(), "");
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.empty());
}

TEST(Bytes, AfterAFailureEveryReadIsEmpty) {
  struct Row {
    std::string_view bytes;
    void (*read)(ByteReader&);
  };
  const Row rows[] = {
      {"abc", [](ByteReader& r) { EXPECT_EQ(r.fixed<std::uint32_t>(), 0u); }},
      {"", [](ByteReader& r) { EXPECT_EQ(r.varint(), 0u); }},
      {"\x80", [](ByteReader& r) { EXPECT_EQ(r.varint(), 0u); }},
      {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", [](ByteReader& r) { EXPECT_EQ(r.varint(), 0u); }},
      {"\x05text", [](ByteReader& r) { EXPECT_EQ(r.string(), ""); }},
      {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x", [](ByteReader& r) { EXPECT_EQ(r.string(), ""); }},
  };
  for (const Row& row : rows) {
    ByteReader reader(row.bytes);
    row.read(reader);
    EXPECT_FALSE(reader.ok());
    EXPECT_TRUE(reader.empty());
    EXPECT_EQ(reader.fixed<std::uint8_t>(), 0);
    EXPECT_EQ(reader.bytes(0), "");
    EXPECT_FALSE(reader.ok());
  }
}

// The obvious twin: one bit at a time.
std::uint32_t crc32c_bitwise(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

TEST(Bytes, Crc32cIsTheOneOfIscsi) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);            // the check value of the catalogue of CRCs
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(""), 0u);
  std::string bytes;
  for (int size = 0; size < 70; ++size) {
    EXPECT_EQ(crc32c(bytes), crc32c_bitwise(bytes, 0)) << size;
    EXPECT_EQ(crc32c(bytes, 12345), crc32c_bitwise(bytes, 12345)) << size;
    // In parts as in one.
    EXPECT_EQ(crc32c(bytes), crc32c(bytes.substr(bytes.size() / 3), crc32c(bytes.substr(0, bytes.size() / 3))));
    bytes.push_back(static_cast<char>(size * 37));
  }
}

}  // namespace
}  // namespace handsel
