#include "products/search/internal/cursor.h"

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::search {
namespace {

Cursor random_cursor(Rng& rng) {
  return {.generation = rng() >> rng.below(64),
          .fingerprint = rng(),
          .relaxed = rng.chance(0.5),
          .without_phrases = rng.chance(0.5),
          .by_rules = rng.chance(0.5),
          .in_ranked = rng.chance(0.5),
          .head = rng() >> rng.below(64),
          .place = rng() >> rng.below(64),
          .after = {.key = static_cast<std::int64_t>(rng()), .id_hash = rng()},
          .passed = rng() >> rng.below(64)};
}

TEST(Cursor, ComesBackAsItWent) {
  Rng rng(1);
  for (int i = 0; i < 1'000; ++i) {
    const Cursor cursor = random_cursor(rng);
    const std::string text = encode_cursor(cursor);
    EXPECT_LE(text.size(), kCursorBytesMax);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const auto again = decode_cursor(text);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(*again, cursor);
    EXPECT_EQ(cursor_generation(text).value(), cursor.generation);
  }
}

TEST(Cursor, EveryChangeIsFound) {
  Rng rng(2);
  const std::string text = encode_cursor(random_cursor(rng));
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'A', 'b', '7', '-', '.', '\0', '\xff'}) {
      std::string changed = text;
      if (changed[i] == c) continue;
      changed[i] = c;
      const auto cursor = decode_cursor(changed);
      ASSERT_FALSE(cursor.has_value()) << i << c;
      EXPECT_EQ(cursor.error().code, Code::kInvalidArgument);
      EXPECT_TRUE(cursor.error().message.starts_with("cursor: ")) << cursor.error().message;
    }
    EXPECT_FALSE(decode_cursor(text.substr(0, i)).has_value());
    EXPECT_FALSE(decode_cursor(text.substr(0, i) + text.substr(i + 1)).has_value());
  }
  EXPECT_FALSE(decode_cursor(text + "A").has_value());
  EXPECT_FALSE(decode_cursor(text + text).has_value());
  EXPECT_FALSE(decode_cursor(std::string(10'000, 'A')).has_value());
}

// What changes the order changes the fingerprint; what does not, does not.
TEST(Cursor, FingerprintIsOfTheOrder) {
  const SearchRequest base{.query = "mug"};
  const auto differs = [&](auto&& change) {
    SearchRequest other = base;
    change(other);
    return request_fingerprint(other) != request_fingerprint(base);
  };
  EXPECT_TRUE(differs([](auto& r) { r.query = "mugs"; }));
  EXPECT_TRUE(differs([](auto& r) { r.language = "de"; }));
  EXPECT_TRUE(differs([](auto& r) { r.filter = "tag=x"; }));
  EXPECT_TRUE(differs([](auto& r) { r.key_filter = "tag=x"; }));
  EXPECT_TRUE(differs([](auto& r) { r.sort.column = "price"; }));
  EXPECT_TRUE(differs([](auto& r) { r.sort.descending = false; }));
  EXPECT_TRUE(differs([](auto& r) { r.match = MatchRule::kAll; }));
  EXPECT_TRUE(differs([](auto& r) { r.spell = false; }));
  EXPECT_TRUE(differs([](auto& r) { r.group_by = "shop"; }));
  EXPECT_TRUE(differs([](auto& r) { r.per_shop_max = 2; }));
  EXPECT_FALSE(differs([](auto& r) { r.limit = 7; }));
  EXPECT_FALSE(differs([](auto& r) { r.facets = {{.field = "tag"}}; }));
  EXPECT_FALSE(differs([](auto& r) { r.highlight = r.explain = r.exact_total = true; }));
  SearchRequest capped{.query = "mug", .limit = 5, .per_shop_max = 2};
  SearchRequest longer = capped;
  longer.limit = 6;
  EXPECT_NE(request_fingerprint(capped), request_fingerprint(longer));
}

}  // namespace
}  // namespace handsel::search
