#include "views/index/value_shares.h"

#include <algorithm>
#include <map>

#include "views/index/segment.h"

namespace handsel::index {

std::string column_of_attribute(std::string_view name) {
  if (name == "material" || name == "tag" || name == "shop") return std::string(name);
  return std::string(kAttributePrefix).append(name);
}

const std::vector<ValueShares::Column>& ValueShares::columns_of(std::uint32_t segment) {
  Segment& made = segments_[segment];
  if (made.made) return made.columns;
  made.made = true;
  const Columns& columns = snapshot_.segments[segment].segment->columns();
  std::map<const KeywordColumn*, std::vector<std::pair<std::uint32_t, double>>> shares;
  for (const Wanted& wanted : wanted_) {
    const KeywordColumn* column = columns.keyword(wanted.column);
    if (column == nullptr) continue;
    const std::string prefix = wanted.value + '\0';  // entries are folded form, zero, form as written
    for (Dictionary::Iterator it(column->dictionary(), column->dictionary().lower_bound(prefix)); it.valid();
         it.next()) {
      if (!it.value().starts_with(prefix)) break;
      shares[column].emplace_back(it.number(), wanted.share);
    }
  }
  for (auto& [column, of_column] : shares) {
    std::ranges::sort(of_column);
    made.columns.push_back({column, std::move(of_column)});
  }
  return made.columns;
}

double ValueShares::best(DocRef doc) {
  double best = 0;
  for (const Column& column : columns_of(doc.segment)) {
    column.column->visit(doc.doc, [&](std::uint32_t ordinal) {
      auto found = std::ranges::lower_bound(column.shares, ordinal, {}, &std::pair<std::uint32_t, double>::first);
      for (; found != column.shares.end() && found->first == ordinal; ++found) best = std::max(best, found->second);
    });
  }
  return best;
}

}  // namespace handsel::index
