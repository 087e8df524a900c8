// Rules that make a page of a ranked list: a cap for each shop, one listing for each
// value of a column.
//
// The order is cut into pages of `limit` places. A listing over its shop's cap waits
// and goes first on the next page that has room for its shop; so no page breaks the
// cap and none is lost. Where only shops at their cap are left, a page stays short. A
// listing whose group was seen before, on any page, is left out. Pages are counted so
// that `offset` begins one; all pages of one walk with one limit fit together.
//
// Pure. O(items x pages) at worst, with small constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace handsel::pipeline {

struct PageRules {
  std::size_t per_shop_max = 0;  // 0: no cap
  bool one_per_group = false;
  bool any() const { return per_shop_max > 0 || one_per_group; }
};

// What the rules look at; equal numbers are equal shops and groups, 0 is none.
struct RuledItem {
  std::uint32_t shop = 0;
  std::uint32_t group = 0;
};

struct RuledPage {
  std::vector<std::size_t> items;  // into the list, in the order of the page
  bool more = false;               // something comes after it
};

// `all`: the list ends where `items` end. Nothing where the answer depends on what follows.
std::optional<RuledPage> page_of(std::span<const RuledItem> items, bool all, const PageRules& rules, std::size_t offset,
                                 std::size_t limit);

}  // namespace handsel::pipeline
