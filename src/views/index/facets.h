// Counts values over matching documents, exactly.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/core/result.h"
#include "views/index/query.h"
#include "views/index/segment.h"

namespace handsel::index {

Result<void> check_facet(const FacetRequest& request);

// One thread. Feed segments one after the other, documents of each with add(), many at a time.
// The segments live until finish(): each has its own numbers for values, and only there the
// numbers become words, in one walk over the sorted dictionaries.
class FacetCounter {
 public:
  explicit FacetCounter(const FacetRequest& request);  // was checked
  void begin(const Segment& segment);
  void add(std::span<const std::uint32_t> docs);
  Facet finish() const;

 private:
  // What was counted in a segment, by the ordinals of its column.
  struct Counted {
    const KeywordColumn* column;
    std::vector<std::uint32_t> counts;
  };

  Facet finish_ranges() const;

  const FacetRequest request_;
  const NumberColumn* number_ = nullptr;
  bool counting_keywords_ = false;  // this segment has the column
  std::vector<Counted> counted_;
  std::vector<std::uint64_t> range_counts_;
};

}  // namespace handsel::index
