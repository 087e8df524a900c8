// Values of one keyword column of many documents: each distinct value is read from its dictionary once.
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

class KeywordReader {
 public:
  KeywordReader(const Snapshot& snapshot, std::string field);

  // Numbers of the document's values, from 0 on in the order in which they were met; in the column's order.
  void read(DocRef doc, std::vector<std::uint32_t>& numbers);
  // Folded; as long as the reader lives. Two segments number the same value apart.
  const std::string& value(std::uint32_t number) const { return *values_[number]; }
  std::size_t values() const { return values_.size(); }

 private:
  const Snapshot& snapshot_;
  const std::string field_;
  struct Known {
    std::uint32_t number;
    std::string value;
  };
  std::unordered_map<std::uint64_t, Known> known_;  // by segment and ordinal
  std::vector<const std::string*> values_;
};

}  // namespace handsel::index
