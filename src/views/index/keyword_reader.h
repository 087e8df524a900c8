// One keyword column, read for many documents.
//
// For what looks at hundreds of documents that say the same again and again (tags of candidates). One
// thread; borrows the snapshot.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "views/index/index.h"

namespace handsel::index {

class KeywordColumn;

// Values by their places in the dictionaries of the segments.
class KeywordOrdinals {
 public:
  KeywordOrdinals(const Snapshot& snapshot, std::string_view field);

  // Of the document's values, in the column's order. Ascending ordinals of a segment are ascending values.
  void read(DocRef doc, std::vector<std::uint32_t>& ordinals) const;
  std::uint32_t count(std::uint32_t segment) const;                       // of distinct values
  std::string value(std::uint32_t segment, std::uint32_t ordinal) const;  // folded

 private:
  std::vector<const KeywordColumn*> columns_;  // by segment; null: it has none
};

// Values by numbers, from 0 on in the order in which they were met: each is read from its dictionary once.
class KeywordReader {
 public:
  KeywordReader(const Snapshot& snapshot, std::string_view field) : ordinals_(snapshot, field) {}

  // Numbers of the document's values, in the column's order.
  void read(DocRef doc, std::vector<std::uint32_t>& numbers);
  // Folded; as long as the reader lives. Two segments number the same value apart.
  const std::string& value(std::uint32_t number) const { return *values_[number]; }
  std::size_t values() const { return values_.size(); }

 private:
  KeywordOrdinals ordinals_;
  struct Known {
    std::uint32_t number;
    std::string value;
  };
  std::unordered_map<std::uint64_t, Known> known_;  // by segment and ordinal
  std::vector<const std::string*> values_;
};

}  // namespace handsel::index
