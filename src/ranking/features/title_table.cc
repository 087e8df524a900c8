#include "ranking/features/title_table.h"

#include <algorithm>

namespace handsel::features {

TitleTable::TitleTable(const index::Snapshot& snapshot, const query::QueryPlan& plan,
                       std::span<const index::Hit> candidates, std::span<const std::string_view> markers) {
  for (std::size_t group = 0; group < plan.groups.size(); ++group) {
    for (const index::TermVariant& variant : plan.groups[group].variants) {
      const int number = add(variant.term);
      of_group_[static_cast<std::size_t>(number)].resize(plan.groups.size());
      of_group_[static_cast<std::size_t>(number)][group] = true;
    }
  }
  for (const std::string_view marker : markers) add(marker);
  for (auto& groups : of_group_) groups.resize(plan.groups.size());
  index::TitleMatcher matcher(snapshot, terms_);
  titles_.reserve(candidates.size());
  for (const index::Hit& hit : candidates) titles_.push_back(matcher.positions(hit.doc));
}

int TitleTable::add(std::string_view term) {
  if (const int known = number(term); known >= 0) return known;
  terms_.emplace_back(term);
  of_group_.emplace_back();
  return static_cast<int>(terms_.size()) - 1;
}

int TitleTable::number(std::string_view term) const {
  const auto found = std::ranges::find(terms_, term);
  return found == terms_.end() ? -1 : static_cast<int>(found - terms_.begin());
}

bool TitleTable::has_pair(std::size_t candidate, int left, int right) const {
  if (left < 0 || right < 0) return false;
  const std::vector<int>& title = titles_[candidate];
  for (std::size_t i = 0; i + 1 < title.size(); ++i) {
    if (title[i] == left && title[i + 1] == right) return true;
  }
  return false;
}

}  // namespace handsel::features
