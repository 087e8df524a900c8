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
  std::map<std::string_view, Column> by_name;
  for (const Wanted& wanted : wanted_) {
    Column& column = by_name[wanted.column];
    column.column = columns.keyword(wanted.column);
    column.most = std::max(column.most, wanted.share);
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

// Told of each column: the column, whether the document says something there, the largest share it has.
template <typename Tell>
void ValueShares::visit(DocRef doc, Tell tell) {
  for (const Column& column : columns_of(doc.segment)) {
    bool says = false;
    double best = 0;
    if (column.column != nullptr) {
      column.column->visit(doc.doc, [&](std::uint32_t ordinal) {
        says = true;
        auto found = std::ranges::lower_bound(column.shares, ordinal, {}, &std::pair<std::uint32_t, double>::first);
        for (; found != column.shares.end() && found->first == ordinal; ++found) best = std::max(best, found->second);
      });
    }
    tell(column, says, best);
  }
}

double ValueShares::best(DocRef doc) {
  double best = 0;
  visit(doc, [&](const Column&, bool, double has) { best = std::max(best, has); });
  return best;
}

ValueShares::Agreement ValueShares::agreement(DocRef doc) {
  Agreement sum;
  visit(doc, [&](const Column& column, bool says, double has) {
    sum.wanted += column.most;
    sum.agreed += has;
    if (says) sum.contradicted += column.most - has;
  });
  return sum;
}

}  // namespace handsel::index
