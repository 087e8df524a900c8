#include "views/index/value_shares.h"

#include <algorithm>
#include <map>

#include "views/index/segment.h"

namespace handsel::index {

std::string column_of_attribute(std::string_view name) {
  if (name == "material" || name == "tag" || name == "shop" || name == "personalizable") return std::string(name);
  return std::string(kAttributePrefix).append(name);
}

const std::vector<ValueShares::Column>& ValueShares::columns_of(std::uint32_t segment) {
  Segment& made = segments_[segment];
  if (made.made) return made.columns;
  made.made = true;
  const Columns& columns = snapshot_.segments[segment].segment->columns();
  std::map<std::string_view, Column> by_name;
  for (const Wanted& wanted : wanted_) {
    Column& column = by_name[wanted.column];
    column.column = columns.keyword(wanted.column);
    if (column.column == nullptr) continue;
    const std::string prefix = wanted.value + '\0';  // entries are folded form, zero, form as written
    const Dictionary& dictionary = column.column->dictionary();
    for (Dictionary::Iterator it(dictionary, dictionary.lower_bound(prefix)); it.valid(); it.next()) {
      if (!it.value().starts_with(prefix)) break;
      column.shares.emplace_back(it.number(), wanted.share);
    }
  }
  for (auto& [name, column] : by_name) {
    std::ranges::sort(column.shares);
    made.columns.push_back(std::move(column));
  }
  return made.columns;
}

const std::vector<ValueShares::Said>& ValueShares::said(DocRef doc) {
  said_.clear();
  for (const Column& column : columns_of(doc.segment)) {
    Said& said = said_.emplace_back();
    if (column.column == nullptr) continue;
    column.column->visit(doc.doc, [&](std::uint32_t ordinal) {
      said.something = true;
      auto found = std::ranges::lower_bound(column.shares, ordinal, {}, &std::pair<std::uint32_t, double>::first);
      for (; found != column.shares.end() && found->first == ordinal; ++found) {
        said.best = std::max(said.best, found->second);
      }
    });
  }
  return said_;
}

double ValueShares::best(DocRef doc) {
  double best = 0;
  for (const Said& said : said(doc)) best = std::max(best, said.best);
  return best;
}

}  // namespace handsel::index
