#include "views/index/facets.h"

#include <algorithm>
#include <queue>

namespace handsel::index {
namespace {

// The values of one segment that were found, in the order of its dictionary.
class CountedWalk {
 public:
  CountedWalk(const Dictionary& dictionary, std::span<const std::uint32_t> counts) : at_(dictionary), counts_(counts) {
    pass_over_none();
  }
  bool valid() const { return at_.valid(); }
  const std::string& entry() const { return at_.value(); }
  std::uint32_t count() const { return counts_[at_.number()]; }
  void next() {
    at_.next();
    pass_over_none();
  }

 private:
  void pass_over_none() {
    while (at_.valid() && count() == 0) at_.next();
  }
  Dictionary::Iterator at_;
  std::span<const std::uint32_t> counts_;
};

// Adds up what comes in the order of entries (columns.h: folded form, then as written), and
// keeps the best.
class TopValues {
 public:
  explicit TopValues(std::size_t limit) : limit_(limit) {}

  void add(const std::string& entry, std::uint64_t count) {
    if (entry != entry_) {
      end_entry();
      if (distinct_ == 0 || folded_of(entry) != folded_of(entry_)) {
        end_value();
        ++distinct_;
      }
      entry_ = entry;
    }
    of_entry_ += count;
  }

  std::uint64_t distinct() const { return distinct_; }

  std::vector<FacetValue> take() {
    end_entry();
    end_value();
    std::ranges::sort(best_, better);
    return std::move(best_);
  }

 private:
  static bool better(const FacetValue& a, const FacetValue& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  }

  void end_entry() {
    if (of_entry_ == 0) return;
    of_value_ += of_entry_;
    // Shown as most listings write it.
    const std::string_view written = written_of(entry_);
    if (of_entry_ > most_ || (of_entry_ == most_ && written < shown_)) {
      most_ = of_entry_;
      shown_ = written;
    }
    of_entry_ = 0;
  }

  void end_value() {
    if (of_value_ > 0 && limit_ > 0 && (best_.size() < limit_ || of_value_ >= best_.front().count)) {
      best_.push_back({shown_, of_value_});
      std::ranges::push_heap(best_, better);  // the worst in front
      if (best_.size() > limit_) {
        std::ranges::pop_heap(best_, better);
        best_.pop_back();
      }
    }
    of_value_ = 0;
    most_ = 0;
  }

  const std::size_t limit_;
  std::string entry_;           // the last one
  std::uint64_t of_entry_ = 0;  // its count so far
  std::uint64_t of_value_ = 0;  // of the entries of the same folded form, so far
  std::uint64_t most_ = 0;
  std::string shown_;
  std::uint64_t distinct_ = 0;
  std::vector<FacetValue> best_;
};

}  // namespace

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
  number_ = segment.columns().number(request_.field);
  const KeywordColumn* keyword = segment.columns().keyword(request_.field);
  counting_keywords_ = keyword != nullptr;
  if (counting_keywords_) counted_.push_back({keyword, std::vector<std::uint32_t>(keyword->dictionary().size())});
}

void FacetCounter::add(std::span<const std::uint32_t> docs) {
  if (counting_keywords_) return counted_.back().column->count(docs, counted_.back().counts);
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

Facet FacetCounter::finish_ranges() const {
  Facet facet{.field = request_.field, .values = {}, .distinct = 0};
  for (std::size_t i = 0; i < range_counts_.size(); ++i) {
    facet.values.push_back({fmt::format("{}..{}", request_.bounds[i], request_.bounds[i + 1]), range_counts_[i]});
    facet.distinct += range_counts_[i] > 0 ? 1 : 0;
  }
  return facet;
}

Facet FacetCounter::finish() const {
  if (!range_counts_.empty()) return finish_ranges();
  std::vector<CountedWalk> walks;
  for (const Counted& counted : counted_) walks.emplace_back(counted.column->dictionary(), counted.counts);
  const auto later = [&walks](std::size_t a, std::size_t b) { return walks[a].entry() > walks[b].entry(); };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heads(later);
  for (std::size_t i = 0; i < walks.size(); ++i) {
    if (walks[i].valid()) heads.push(i);
  }
  TopValues top(std::min(request_.limit, kFacetValuesMax));
  while (!heads.empty()) {
    const std::size_t i = heads.top();
    heads.pop();
    top.add(walks[i].entry(), walks[i].count());
    walks[i].next();
    if (walks[i].valid()) heads.push(i);
  }
  return {.field = request_.field, .values = top.take(), .distinct = top.distinct()};
}

}  // namespace handsel::index
