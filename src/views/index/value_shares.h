// How well documents serve the values that a query wants, each with a share. Each value is looked
// up once a segment, in the column's dictionary; a document then costs a search among a few
// numbers for each of its values, and no string is made.
//
// One thread; borrows the snapshot.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "views/index/columns.h"
#include "views/index/index.h"

namespace handsel::index {

class ValueShares {
 public:
  struct Wanted {
    std::string column;  // "taxonomy", "material", "attr.color"
    std::string value;   // folded
    double share = 0;
  };
  ValueShares(const Snapshot& snapshot, std::vector<Wanted> wanted)
      : snapshot_(snapshot), wanted_(std::move(wanted)), segments_(snapshot.segments.size()) {}

  // The largest of the shares whose value the document has; 0 where it has none of them.
  double best(DocRef doc);

  // Column by column: the largest wanted share (`wanted`), the largest that the document has
  // (`agreed`), and what that lacks to the largest where the document says something in the
  // column (`contradicted`). Sums over the columns.
  struct Agreement {
    double wanted = 0;
    double agreed = 0;
    double contradicted = 0;
  };
  Agreement agreement(DocRef doc);

 private:
  struct Column {
    const KeywordColumn* column = nullptr;
    std::vector<std::pair<std::uint32_t, double>> shares;  // by ordinal, ascending
    double most = 0;                                       // wanted, whether a document of the segment has it or not
  };
  struct Segment {
    bool made = false;
    std::vector<Column> columns;
  };
  const std::vector<Column>& columns_of(std::uint32_t segment);
  template <typename Tell>
  void visit(DocRef doc, Tell tell);

  const Snapshot& snapshot_;
  const std::vector<Wanted> wanted_;
  std::vector<Segment> segments_;
};

// The column of an attribute as document_attributes() names it: "color" is in "attr.color",
// "material", "tag" and "shop" have columns of their own.
std::string column_of_attribute(std::string_view name);

}  // namespace handsel::index
