#include "products/search/internal/cursor.h"

#include <array>

#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::search {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

enum Flags : std::uint8_t { kRelaxed = 1, kWithoutPhrases = 2, kInRanked = 4, kByRules = 8 };

std::string to_base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
    for (count += 8; count >= 6; count -= 6) out.push_back(kAlphabet[bits >> (count - 6) & 63]);
  }
  if (count > 0) out.push_back(kAlphabet[bits << (6 - count) & 63]);
  return out;
}

// Nothing where a character is not of the alphabet or bits are left over.
Result<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return fail(Code::kInvalidArgument, "cursor: '{}' is in none of ours", c);
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count & 0xff));
    }
  }
  if (count >= 6 || (bits & ((1u << count) - 1)) != 0) {
    return fail(Code::kInvalidArgument, "cursor: it is cut off; pass next_cursor on unchanged");
  }
  return out;
}

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
  std::string bytes;
  put_fixed(bytes, kVersion);
  put_fixed(bytes,
            static_cast<std::uint8_t>((cursor.relaxed ? kRelaxed : 0) | (cursor.without_phrases ? kWithoutPhrases : 0) |
                                      (cursor.in_ranked ? kInRanked : 0) | (cursor.by_rules ? kByRules : 0)));
  put_varint(bytes, cursor.generation);
  put_fixed(bytes, cursor.fingerprint);
  put_varint(bytes, cursor.head);
  put_varint(bytes, cursor.place);
  put_fixed(bytes, cursor.after.key);
  put_fixed(bytes, cursor.after.id_hash);
  put_varint(bytes, cursor.passed);
  put_fixed(bytes, crc32c(bytes));
  return to_base64url(bytes);
}

Result<Cursor> decode_cursor(std::string_view text) {
  const auto damaged = [] {
    return fail(Code::kInvalidArgument, "cursor: it is damaged or not ours; pass next_cursor on unchanged");
  };
  if (text.size() > kCursorBytesMax) return damaged();
  HANDSEL_ASSIGN(const std::string bytes, from_base64url(text));
  if (bytes.size() < sizeof(std::uint32_t)) return damaged();
  const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - sizeof(std::uint32_t));
  if (ByteReader(std::string_view(bytes).substr(body.size())).fixed<std::uint32_t>() != crc32c(body)) return damaged();
  ByteReader reader(body);
  if (reader.fixed<std::uint8_t>() != kVersion) {
    return fail(Code::kInvalidArgument, "cursor: it is of another version; search again without it");
  }
  const auto flags = reader.fixed<std::uint8_t>();
  Cursor cursor{.relaxed = (flags & kRelaxed) != 0,
                .without_phrases = (flags & kWithoutPhrases) != 0,
                .by_rules = (flags & kByRules) != 0,
                .in_ranked = (flags & kInRanked) != 0};
  cursor.generation = reader.varint();
  cursor.fingerprint = reader.fixed<std::uint64_t>();
  cursor.head = reader.varint();
  cursor.place = reader.varint();
  cursor.after.key = reader.fixed<std::int64_t>();
  cursor.after.id_hash = reader.fixed<std::uint64_t>();
  cursor.passed = reader.varint();
  if (!reader.ok() || !reader.empty()) return damaged();
  return cursor;
}

std::uint64_t request_fingerprint(const SearchRequest& request) {
  std::string bytes;
  for (const std::string* part : {&request.query, &request.language, &request.filter, &request.key_filter,
                                  &request.sort.column, &request.group_by}) {
    put_string(bytes, *part);
  }
  put_fixed(bytes, request.sort.descending);
  put_fixed(bytes, request.match);
  put_fixed(bytes, request.spell);
  put_fixed(bytes, request.meaning);
  put_fixed(bytes, request.explore);
  put_varint(bytes, request.per_shop_max);
  // A cap per page depends on how long pages are.
  if (request.per_shop_max > 0) put_varint(bytes, request.limit);
  return hash64(bytes);
}

Result<std::uint64_t> cursor_generation(std::string_view cursor) {
  HANDSEL_ASSIGN(const Cursor decoded, decode_cursor(cursor));
  return decoded.generation;
}

}  // namespace handsel::search
