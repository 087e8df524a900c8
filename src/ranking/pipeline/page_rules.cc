#include "ranking/pipeline/page_rules.h"

#include <unordered_map>
#include <unordered_set>

namespace handsel::pipeline {
namespace {

class Walk {
 public:
  Walk(std::span<const RuledItem> items, const PageRules& rules) : items_(items), rules_(rules) { pass_over_seen(); }

  // The next page; shorter than `size` only where nothing more fits.
  std::vector<std::size_t> take(std::size_t size) {
    std::vector<std::size_t> page;
    std::unordered_map<std::uint32_t, std::size_t> of_shop;
    const auto fits = [&](std::size_t item) {
      const std::uint32_t shop = items_[item].shop;
      return rules_.per_shop_max == 0 || shop == 0 || of_shop[shop]++ < rules_.per_shop_max;
    };
    std::vector<std::size_t> still_waiting;
    for (const std::size_t item : waiting_) {
      (page.size() < size && fits(item) ? page : still_waiting).push_back(item);
    }
    waiting_ = std::move(still_waiting);
    while (page.size() < size && next_ < items_.size()) {
      (fits(next_) ? page : waiting_).push_back(next_);
      ++next_;
      pass_over_seen();
    }
    return page;
  }

  bool has_more() const { return !waiting_.empty() || next_ < items_.size(); }

 private:
  // To the next item whose group was not seen.
  void pass_over_seen() {
    if (!rules_.one_per_group) return;
    while (next_ < items_.size() && items_[next_].group != 0 && !groups_.insert(items_[next_].group).second) ++next_;
  }

  const std::span<const RuledItem> items_;
  const PageRules& rules_;
  std::size_t next_ = 0;
  std::vector<std::size_t> waiting_;  // in order
  std::unordered_set<std::uint32_t> groups_;
};

}  // namespace

std::optional<RuledPage> page_of(std::span<const RuledItem> items, bool all, const PageRules& rules, std::size_t offset,
                                 std::size_t limit) {
  Walk walk(items, rules);
  const auto take = [&](std::size_t size) -> std::optional<std::vector<std::size_t>> {
    std::vector<std::size_t> page = walk.take(size);
    if (page.size() < size && !all) return std::nullopt;
    return page;
  };
  if (limit == 0) return RuledPage{.items = {}, .more = walk.has_more()};
  if (offset % limit != 0 && !take(offset % limit)) return std::nullopt;
  for (std::size_t page = 0; page < offset / limit && walk.has_more(); ++page) {
    if (!take(limit)) return std::nullopt;
  }
  auto items_of_page = take(limit);
  if (!items_of_page || (!walk.has_more() && !all)) return std::nullopt;
  return RuledPage{.items = std::move(*items_of_page), .more = walk.has_more()};
}

}  // namespace handsel::pipeline
