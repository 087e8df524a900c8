// Counts values over matching documents, exactly.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/core/result.h"
#include "views/index/query.h"
#include "views/index/segment.h"

namespace handsel::index {

Result<void> check_facet(const FacetRequest& request);

// One thread. Feed segments one after the other, documents of each with add(), many at a time.
class FacetCounter {
 public:
  explicit FacetCounter(const FacetRequest& request);  // was checked
  void begin(const Segment& segment);
  void add(std::span<const std::uint32_t> docs);
  void end();
  Facet finish() const;

 private:
  struct Value {
    std::uint64_t count = 0;
    std::unordered_map<std::string, std::uint64_t> written;  // count by the form it was written in
  };

  const FacetRequest request_;
  const Segment* segment_ = nullptr;
  const KeywordColumn* keyword_ = nullptr;
  const NumberColumn* number_ = nullptr;
  std::vector<std::uint32_t> ordinal_counts_;  // of this segment
  std::vector<std::uint64_t> range_counts_;
  std::unordered_map<std::string, Value> values_;  // by folded form
};

}  // namespace handsel::index
