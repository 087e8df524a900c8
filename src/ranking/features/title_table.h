// Which words of the query stand where in the titles of the candidates; read once,
// used by several features.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::features {

class TitleTable {
 public:
  // Of the plan's terms and of `markers`, which features look for beside them.
  TitleTable(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> candidates,
             std::span<const std::string_view> markers);

  // For each word of the title the number of its term, or -1.
  const std::vector<int>& words(std::size_t candidate) const { return titles_[candidate]; }
  // -1 where the table does not look for the term.
  int number(std::string_view term) const;
  // Whether the term with that number is a variant of the plan's group.
  bool is_of_group(int number, std::size_t group) const {
    return number >= 0 && of_group_[static_cast<std::size_t>(number)][group];
  }
  // Whether two numbers stand next to each other, in this order.
  bool has_pair(std::size_t candidate, int left, int right) const;

 private:
  int add(std::string_view term);

  std::vector<std::string> terms_;
  std::vector<std::vector<bool>> of_group_;  // by number, by group
  std::vector<std::vector<int>> titles_;
};

}  // namespace handsel::features
