#include "views/index/forward_record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/core/bytes.h"

namespace handsel::index {
namespace {

constexpr std::size_t kGroup = 8;
constexpr std::array<std::uint8_t, 16> kWidths = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 21, 32};

std::size_t groups_of(std::size_t terms) {
  return (terms + kGroup - 1) / kGroup;
}

std::size_t packed_bytes(std::size_t gaps, unsigned width) {
  return (gaps * width + 7) / 8;
}

std::size_t width_index(std::uint32_t gaps_together) {
  const auto bits = static_cast<std::uint8_t>(std::bit_width(gaps_together));
  return static_cast<std::size_t>(std::ranges::lower_bound(kWidths, bits) - kWidths.begin());
}

void pack(std::span<const std::uint32_t> values, unsigned width, std::string& out) {
  std::uint64_t word = 0;
  unsigned bits = 0;  // of the word, fewer than 32 between values
  for (const std::uint32_t value : values) {
    word |= std::uint64_t{value} << bits;
    bits += width;
    if (bits < 32) continue;
    put_fixed(out, static_cast<std::uint32_t>(word));
    word >>= 32;
    bits -= 32;
  }
  for (; bits > 0; bits -= std::min(bits, 8u), word >>= 8) out.push_back(static_cast<char>(word));
}

// Value `index` of those in `packed`. Reads a whole word: 8 bytes more than the values have must be there.
std::uint32_t unpack_one(const char* packed, unsigned width, std::size_t index) {
  std::uint64_t word;
  std::memcpy(&word, packed + index * width / 8, sizeof(word));
  return static_cast<std::uint32_t>((word >> (index * width % 8)) & ((std::uint64_t{1} << width) - 1));
}

void unpack(const char* packed, unsigned width, std::uint32_t& previous, std::span<ForwardTerm> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i].ordinal = previous += 1 + unpack_one(packed, width, i);
}

// One bit at least, so that no title has more positions than its bytes have bits.
unsigned title_width_of(std::span<const std::uint32_t> title) {
  return title.empty() ? 1 : std::max(1u, static_cast<unsigned>(std::bit_width(std::ranges::max(title))));
}

struct PackedTitle {
  std::size_t count = 0;
  unsigned width = 1;
  std::string_view bytes;
};

PackedTitle read_title(ByteReader& reader) {
  const std::uint64_t count = reader.varint();
  const auto width = reader.fixed<std::uint8_t>();
  const bool possible = width >= 1 && width <= 32 && count <= reader.remaining() * 8;
  const std::string_view bytes = reader.bytes(possible ? packed_bytes(count, width) : reader.remaining() + 1);
  return reader.ok() ? PackedTitle{count, width, bytes} : PackedTitle{};
}

}  // namespace

void encode_forward(std::span<const std::uint32_t> title, std::span<const ForwardTerm> terms, std::string& out) {
  put_varint(out, title.size());
  const unsigned title_width = title_width_of(title);
  out.push_back(static_cast<char>(title_width));
  pack(title, title_width, out);
  put_varint(out, terms.size());
  const std::size_t widths = out.size();
  out.resize(widths + (groups_of(terms.size()) + 1) / 2);
  std::uint32_t previous = 0xffffffff;
  for (std::size_t group = 0; group < groups_of(terms.size()); ++group) {
    const auto some = terms.subspan(group * kGroup, std::min(kGroup, terms.size() - group * kGroup));
    std::array<std::uint32_t, kGroup> gaps;
    std::uint32_t together = 0;
    for (std::size_t i = 0; i < some.size(); ++i) {
      gaps[i] = some[i].ordinal - previous - 1;
      previous = some[i].ordinal;
      together |= gaps[i];
    }
    const std::size_t width = width_index(together);
    out[widths + group / 2] |= static_cast<char>(width << (group % 2 * 4));
    pack(std::span(gaps).first(some.size()), kWidths[width], out);
  }
  for (const ForwardTerm& term : terms) out.push_back(static_cast<char>(term.impact));
}

void decode_title(std::string_view record, std::vector<std::uint32_t>& out) {
  out.clear();
  ByteReader reader(record);
  const PackedTitle title = read_title(reader);
  out.resize(title.count);
  std::string padded;
  const char* packed = title.bytes.data();
  if (reader.remaining() < sizeof(std::uint64_t)) {  // near the end of the record
    padded = std::string(title.bytes) + std::string(sizeof(std::uint64_t), '\0');
    packed = padded.data();
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = unpack_one(packed, title.width, i);
}

void decode_terms(std::string_view record, std::vector<ForwardTerm>& out) {
  out.clear();
  ByteReader reader(record);
  (void)read_title(reader);
  const std::uint64_t count = reader.varint();
  if (count > reader.remaining()) return;  // each has an impact
  const std::string_view widths = reader.bytes((groups_of(count) + 1) / 2);
  out.resize(count);
  std::uint32_t previous = 0xffffffff;
  for (std::size_t at = 0; at < count; at += kGroup) {
    const std::size_t some = std::min<std::size_t>(kGroup, count - at);
    const auto both = static_cast<std::uint8_t>(widths[at / kGroup / 2]);
    const unsigned width = kWidths[at / kGroup % 2 == 0 ? both & 15 : both >> 4];
    const std::string_view packed = reader.bytes(packed_bytes(some, width));
    if (!reader.ok()) return out.clear();
    if (reader.remaining() >= sizeof(std::uint64_t)) {
      unpack(packed.data(), width, previous, std::span(out).subspan(at, some));
    } else {  // near the end of the record: the words would reach beyond it
      std::array<char, kGroup * sizeof(std::uint32_t) + sizeof(std::uint64_t)> padded{};
      std::ranges::copy(packed, padded.begin());
      unpack(padded.data(), width, previous, std::span(out).subspan(at, some));
    }
  }
  const std::string_view impacts = reader.bytes(count);
  if (!reader.ok()) return out.clear();
  for (std::size_t i = 0; i < out.size(); ++i) out[i].impact = static_cast<std::uint8_t>(impacts[i]);
}

}  // namespace handsel::index
