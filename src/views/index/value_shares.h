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

  // Of each wanted column, in the order of their names: whether the document says anything
  // there, and the largest share that it has. Until the next call.
  struct Said {
    bool something = false;
    double best = 0;
  };
  const std::vector<Said>& said(DocRef doc);

 private:
  struct Column {
    const KeywordColumn* column = nullptr;
    std::vector<std::pair<std::uint32_t, double>> shares;  // by ordinal, ascending
  };
  struct Segment {
    bool made = false;
    std::vector<Column> columns;
  };
  const std::vector<Column>& columns_of(std::uint32_t segment);

  const Snapshot& snapshot_;
  const std::vector<Wanted> wanted_;
  std::vector<Segment> segments_;
  std::vector<Said> said_;
};

// The column of an attribute as document_attributes() names it: "color" is in "attr.color",
// "material", "tag", "shop" and "personalizable" have columns of their own.
std::string column_of_attribute(std::string_view name);

}  // namespace handsel::index
