// Where a page ended, as text that a client carries to the next request.
//
// base64url without padding of: u8 version, u8 flags, varint generation,
// u64 fingerprint of the request, varint head, varint place, i64 key, u64 id hash,
// varint passed, u32 crc32c of the bytes before. The checksum finds mistakes, not forgers: a cursor grants nothing
// that the request and its API key would not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "products/search/search.h"
#include "views/index/query.h"

namespace handsel::search {

struct Cursor {
  std::uint64_t generation = 0;
  std::uint64_t fingerprint = 0;  // of what decides the order
  bool relaxed = false;           // any word was enough
  bool without_phrases = false;   // no title had them
  bool by_rules = false;          // the page was made by rules (page_rules.h): `passed` alone says where it ended
  bool in_ranked = false;         // the page ended at `place` of the ranked; otherwise behind them, at `after`
  std::uint64_t head = 0;         // the ranked, as RankedHeads knows them; 0: not kept
  std::uint64_t place = 0;        // of the first that was not shown
  index::After after;             // the last listing of the page
  std::uint64_t passed = 0;       // places up to and including it
  bool operator==(const Cursor&) const = default;
};

std::string encode_cursor(const Cursor& cursor);
// kInvalidArgument: not ours, damaged, or of another version.
Result<Cursor> decode_cursor(std::string_view text);

// Requests with the same fingerprint walk through the same order.
std::uint64_t request_fingerprint(const SearchRequest& request);

}  // namespace handsel::search
