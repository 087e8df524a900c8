#include "ranking/pipeline/page_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::pipeline {
namespace {

using Numbers = std::vector<std::size_t>;

// Shops as letters, '.' for none; groups as digits, '.' for none.
std::vector<RuledItem> items_of(std::string_view shops, std::string_view groups = "") {
  std::vector<RuledItem> items(shops.size());
  for (std::size_t i = 0; i < shops.size(); ++i) {
    if (shops[i] != '.') items[i].shop = static_cast<std::uint32_t>(shops[i]);
    if (i < groups.size() && groups[i] != '.') items[i].group = static_cast<std::uint32_t>(groups[i]);
  }
  return items;
}

TEST(PageRules, CapAndGroup) {
  struct Row {
    std::string_view shops;
    std::string_view groups;
    PageRules rules;
    std::size_t offset;
    std::size_t limit;
    Numbers page;
    bool more;
  };
  const auto rows = std::to_array<Row>({
      {"aaab", "", {}, 0, 2, {0, 1}, true},
      {"aaab", "", {.per_shop_max = 1}, 0, 2, {0, 3}, true},
      {"aaab", "", {.per_shop_max = 1}, 2, 2, {1}, true},  // only a is left
      {"aaab", "", {.per_shop_max = 1}, 4, 2, {2}, false},
      {"aaabbb", "", {.per_shop_max = 2}, 0, 3, {0, 1, 3}, true},
      {"aaabbb", "", {.per_shop_max = 2}, 3, 3, {2, 4, 5}, false},
      {"....", "", {.per_shop_max = 1}, 0, 4, {0, 1, 2, 3}, false},
      {"abcd", "1121", {.one_per_group = true}, 0, 4, {0, 2}, false},
      {"abcd", "....", {.one_per_group = true}, 0, 3, {0, 1, 2}, true},
      {"abcde", "11213", {.one_per_group = true}, 2, 2, {4}, false},
      {"aabb", "1212", {.per_shop_max = 1, .one_per_group = true}, 0, 2, {0}, true},
      {"aaab", "", {.per_shop_max = 1}, 1, 2, {1, 3}, true},  // pages of 1, 2, 2, ...
      {"", "", {.per_shop_max = 1}, 0, 5, {}, false},
      {"aaab", "", {.per_shop_max = 1}, ~std::size_t{0} - 1, 2, {}, false},  // ends where the list does
  });
  for (const Row& row : rows) {
    const auto items = items_of(row.shops, row.groups);
    const auto page = page_of(items, true, row.rules, row.offset, row.limit);
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->items, row.page) << row.shops << " offset " << row.offset;
    EXPECT_EQ(page->more, row.more) << row.shops << " offset " << row.offset;
  }
}

TEST(PageRules, AsksForMoreWhereTheAnswerDependsOnIt) {
  const auto items = items_of("aaab");
  EXPECT_TRUE(page_of(items, false, {.per_shop_max = 1}, 0, 2).has_value());
  EXPECT_FALSE(page_of(items, false, {.per_shop_max = 1}, 2, 2).has_value());
  EXPECT_FALSE(page_of(items, false, {.one_per_group = true}, 0, 4).has_value());
}

// However long the list that is seen, a page is the same; all pages together are the list.
TEST(PageRules, PagesFitTogether) {
  Rng rng(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<RuledItem> items(rng.below(60));
    for (RuledItem& item : items) {
      item = {static_cast<std::uint32_t>(rng.below(6)), static_cast<std::uint32_t>(rng.below(30))};
    }
    const PageRules rules{.per_shop_max = rng.below(3), .one_per_group = rng.chance(0.5)};
    const std::size_t limit = 1 + rng.below(7);
    std::set<std::size_t> shown;
    for (std::size_t offset = 0;; offset += limit) {
      const auto page = page_of(items, true, rules, offset, limit);
      ASSERT_TRUE(page.has_value());
      const std::size_t seen = rng.below(items.size() + 1);
      if (const auto early = page_of(std::span(items).first(seen), false, rules, offset, limit)) {
        ASSERT_EQ(early->items, page->items);
        ASSERT_TRUE(early->more);
      }
      std::map<std::uint32_t, std::size_t> of_shop;
      for (const std::size_t item : page->items) {
        ASSERT_TRUE(shown.insert(item).second);
        ++of_shop[items[item].shop];
      }
      of_shop.erase(0);
      for (const auto& [shop, count] : of_shop) {
        if (rules.per_shop_max > 0) {
          ASSERT_LE(count, rules.per_shop_max);
        }
      }
      if (!page->more) break;
    }
    std::set<std::size_t> wanted;
    std::set<std::uint32_t> groups;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!rules.one_per_group || items[i].group == 0 || groups.insert(items[i].group).second) wanted.insert(i);
    }
    ASSERT_EQ(shown, wanted);
  }
}

}  // namespace
}  // namespace handsel::pipeline
