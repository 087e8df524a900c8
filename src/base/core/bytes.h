// Little-endian integers and varints in byte strings: the alphabet of every file
// format of ours. Readers check bounds and never throw.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace handsel {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "file formats are little-endian");

template <typename T>
void put_fixed(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

inline void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

inline void put_string(std::string& out, std::string_view value) {
  put_varint(out, value.size());
  out.append(value);
}

// Reads from the front of a borrowed string. After the first failure ok() is
// false and every further read gives zero or an empty string.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  T fixed() {
    T value{};
    if (rest_.size() < sizeof(T)) return fail_with(value);
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
    return value;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail_with(std::uint64_t{0});
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return fail_with(std::uint64_t{0});
  }

  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) return fail_with(std::string_view{});
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }

  std::string_view string() { return bytes(varint()); }

  bool ok() const { return ok_; }
  bool empty() const { return rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }

 private:
  template <typename T>
  T fail_with(T value) {
    ok_ = false;
    rest_ = {};
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// CRC-32C (Castagnoli), as in iSCSI; guards every block we write.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace handsel
