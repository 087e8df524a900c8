#include <algorithm>
#include <bit>
#include <limits>

#include "base/core/hash.h"
#include "views/index/facets.h"
#include "views/index/filter_bits.h"
#include "views/index/index.h"
#include "views/index/scorer.h"
#include "views/index/segment.h"

namespace handsel::index {
namespace {

// What to hits by a number column is sorted: missing values last in both directions.
std::int64_t sort_key(double value, bool descending) {
  if (std::isnan(value)) return std::numeric_limits<std::int64_t>::min();
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);  // -0.0 is 0.0
  const std::int64_t ordered = bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
  return descending ? ordered : -ordered;
}

bool better(const Hit& a, const Hit& b) {
  return a.key != b.key ? a.key > b.key : a.id_hash < b.id_hash;
}

// Keeps the best, counts the rest.
class Collector final : public ScoreSink {
 public:
  Collector(const IndexQuery& query, std::vector<FacetCounter>& facets)
      : query_(query),
        facets_(facets),
        by_column_(!query.sort.column.empty()),
        count_all_(query.exact_total || !facets.empty() || by_column_) {
    heap_.reserve(query.top + 1);
  }

  void begin(std::uint32_t number, const Segment& segment) {
    number_ = number;
    segment_ = &segment;
    sort_column_ = by_column_ ? segment.columns().number(query_.sort.column) : nullptr;
    also_.clear();
    const auto mine = std::ranges::equal_range(query_.also, number, {}, &DocRef::segment);
    for (const DocRef& doc : mine) also_.push_back(doc.doc);
    for (FacetCounter& facet : facets_) {
      facet.begin(segment);
      facet.add(also_);
    }
  }

  std::int32_t threshold() const override {
    return count_all_ || heap_.size() < query_.top || heap_.empty() ? 0 : heap_.front().score;
  }

  void offer(std::span<const Scored> documents) override {
    total_ += documents.size();
    for (const Scored& scored : documents) keep(scored);
    if (facets_.empty()) return;
    docs_.clear();
    for (const Scored& scored : documents) {
      if (also_.empty() || !std::ranges::binary_search(also_, scored.doc)) docs_.push_back(scored.doc);
    }
    for (FacetCounter& facet : facets_) facet.add(docs_);
  }

  IndexAnswer finish() {
    std::ranges::sort(heap_, better);
    IndexAnswer answer{.hits = std::move(heap_), .total = total_, .total_exact = count_all_ || !pruned_, .facets = {}};
    for (const FacetCounter& facet : facets_) answer.facets.push_back(facet.finish());
    return answer;
  }

 private:
  void keep(const Scored& scored) {
    std::int64_t key = scored.score;
    if (by_column_) {
      key = sort_key(sort_column_ == nullptr ? kNoNumber : sort_column_->at(scored.doc), query_.sort.descending);
    }
    const bool full = heap_.size() >= query_.top;
    pruned_ |= full;  // from now on documents may be left out
    if (full && (heap_.empty() || key < heap_.front().key)) return;
    const Hit hit{{number_, scored.doc}, key, scored.score, segment_->id_hash(scored.doc)};
    if (query_.after && !better({{}, query_.after->key, 0, query_.after->id_hash}, hit)) return;
    if (full) {
      if (!better(hit, heap_.front())) return;
      std::ranges::pop_heap(heap_, better);
      heap_.pop_back();
    }
    heap_.push_back(hit);
    std::ranges::push_heap(heap_, better);
  }

  const IndexQuery& query_;
  std::vector<FacetCounter>& facets_;
  const bool by_column_;
  const bool count_all_;
  bool pruned_ = false;
  std::uint32_t number_ = 0;
  const Segment* segment_ = nullptr;
  const NumberColumn* sort_column_ = nullptr;
  std::uint64_t total_ = 0;
  std::vector<std::uint32_t> docs_;  // of one offer, to be counted
  std::vector<std::uint32_t> also_;  // of this segment, counted already
  std::vector<Hit> heap_;            // the worst in front
};

Result<void> check(const IndexQuery& query) {
  HANDSEL_TRY(check_filter(query.filter));
  for (const FacetRequest& facet : query.facets) HANDSEL_TRY(check_facet(facet));
  if (!query.sort.column.empty() && column_kind(query.sort.column) != ColumnKind::kNumber) {
    return fail(Code::kInvalidArgument, "sort: '{}' is not a column of numbers", query.sort.column);
  }
  return {};
}

// `allowed` (null: all) less the documents that have one of the terms.
std::shared_ptr<const DocBits> without_terms(const Segment& segment, std::shared_ptr<const DocBits> allowed,
                                             const std::vector<std::string>& terms) {
  if (terms.empty()) return allowed;
  const std::uint32_t documents = segment.documents();
  auto bits =
      std::make_shared<DocBits>(allowed != nullptr ? *allowed : DocBits((documents + 63) / 64, ~std::uint64_t{0}));
  if (allowed == nullptr && documents % 64 != 0) bits->back() = (std::uint64_t{1} << (documents % 64)) - 1;
  for (const std::string& term : terms) {
    const auto ordinal = segment.find_term(term);
    if (!ordinal) continue;
    PostingCursor cursor = segment.postings(*ordinal);
    cursor.visit_before(
        documents, [&](std::uint32_t doc, std::uint8_t) { (*bits)[doc / 64] &= ~(std::uint64_t{1} << (doc % 64)); });
  }
  return bits;
}

template <typename ScoreOne>
Result<IndexAnswer> search_with(const Snapshot& snapshot, const IndexQuery& query, ScoreOne&& score_one) {
  HANDSEL_TRY(check(query));
  const PreparedQuery prepared = prepare(snapshot, query);
  std::vector<FacetCounter> facets;
  for (const FacetRequest& request : query.facets) facets.emplace_back(request);
  Collector collector(query, facets);
  for (std::uint32_t i = 0; i < snapshot.segments.size(); ++i) {
    const SegmentView& view = snapshot.segments[i];
    collector.begin(i, *view.segment);
    score_one(view, prepared, collector);
  }
  return collector.finish();
}

}  // namespace

double idf(std::uint64_t documents, std::uint64_t frequency) {
  const auto n = static_cast<double>(frequency);
  return std::log1p((static_cast<double>(documents) - n + 0.5) / (n + 0.5));
}

Result<IndexAnswer> search(const Snapshot& snapshot, const IndexQuery& query) {
  return search_with(snapshot, query, [&](const SegmentView& view, const PreparedQuery& prepared, Collector& sink) {
    const auto allowed = without_terms(*view.segment, filter_bits(*view.segment, query.filter), query.excluded);
    score_segment(view, prepared, allowed.get(), sink);
  });
}

Result<IndexAnswer> search_exhaustive(const Snapshot& snapshot, const IndexQuery& query) {
  return search_with(snapshot, query, [&](const SegmentView& view, const PreparedQuery& prepared, Collector& sink) {
    score_segment_exhaustive(view, prepared, query.filter, sink);
  });
}

}  // namespace handsel::index
