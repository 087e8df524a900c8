#include "views/index/facets.h"

#include <algorithm>

namespace handsel::index {

Result<void> check_facet(const FacetRequest& request) {
  const ColumnKind kind = request.field == "id" ? ColumnKind::kUnknown : column_kind(request.field);
  if (kind == ColumnKind::kUnknown) return fail(Code::kInvalidArgument, "facet: unknown column '{}'", request.field);
  if (kind == ColumnKind::kKeyword && !request.bounds.empty()) {
    return fail(Code::kInvalidArgument, "facet: column '{}' holds keywords and takes no bounds", request.field);
  }
  if (kind == ColumnKind::kNumber && request.bounds.size() < 2) {
    return fail(Code::kInvalidArgument, "facet: column '{}' holds numbers and needs two bounds or more", request.field);
  }
  if (request.bounds.size() > kFacetValuesMax || !std::ranges::is_sorted(request.bounds)) {
    return fail(Code::kInvalidArgument, "facet: bounds of '{}' must ascend, at most {}", request.field,
                kFacetValuesMax);
  }
  return {};
}

FacetCounter::FacetCounter(const FacetRequest& request) : request_(request) {
  if (request_.bounds.size() >= 2) range_counts_.resize(request_.bounds.size() - 1);
}

void FacetCounter::begin(const Segment& segment) {
  segment_ = &segment;
  keyword_ = segment.columns().keyword(request_.field);
  number_ = segment.columns().number(request_.field);
  ordinal_counts_.assign(keyword_ == nullptr ? 0 : keyword_->dictionary().size(), 0);
}

void FacetCounter::add(std::span<const std::uint32_t> docs) {
  if (keyword_ != nullptr) return keyword_->count(docs, ordinal_counts_);
  if (number_ == nullptr || range_counts_.empty()) return;
  for (const std::uint32_t doc : docs) {
    const double value = number_->at(doc);
    if (std::isnan(value)) continue;
    const auto above = std::ranges::upper_bound(request_.bounds, value);
    if (above != request_.bounds.begin() && above != request_.bounds.end()) {
      ++range_counts_[static_cast<std::size_t>(above - request_.bounds.begin()) - 1];
    }
  }
}

void FacetCounter::end() {
  if (keyword_ == nullptr) return;
  for (Dictionary::Iterator it(keyword_->dictionary()); it.valid(); it.next()) {
    const std::uint32_t count = ordinal_counts_[it.number()];
    if (count == 0) continue;
    Value& value = values_[std::string(folded_of(it.value()))];
    value.count += count;
    value.written[std::string(written_of(it.value()))] += count;
  }
}

Facet FacetCounter::finish() const {
  Facet facet{.field = request_.field, .values = {}, .distinct = 0};
  for (std::size_t i = 0; i < range_counts_.size(); ++i) {
    facet.values.push_back({fmt::format("{}..{}", request_.bounds[i], request_.bounds[i + 1]), range_counts_[i]});
    facet.distinct += range_counts_[i] > 0 ? 1 : 0;
  }
  if (!range_counts_.empty()) return facet;
  facet.distinct = values_.size();
  for (const auto& [folded, value] : values_) {
    // Shown as most listings write it.
    const auto best = std::ranges::max_element(value.written, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second < b.second : a.first > b.first;
    });
    facet.values.push_back({best->first, value.count});
  }
  const auto before = [](const FacetValue& a, const FacetValue& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  };
  const std::size_t limit = std::min({request_.limit, kFacetValuesMax, facet.values.size()});
  std::ranges::partial_sort(facet.values, facet.values.begin() + static_cast<std::ptrdiff_t>(limit), before);
  facet.values.resize(limit);
  return facet;
}

}  // namespace handsel::index
