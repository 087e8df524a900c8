// What a query means for given documents: their scores, whether a filter lets them
// through. For candidates that did not come from the postings.
#include <algorithm>
#include <map>

#include "views/index/attribute_hashes.h"
#include "views/index/filter_bits.h"
#include "views/index/index.h"
#include "views/index/phrase_check.h"
#include "views/index/scorer.h"
#include "views/index/segment.h"
#include "views/index/value_shares.h"

namespace handsel::index {
namespace {

// A prepared query in the term numbers of one segment.
class DocumentScorer {
 public:
  DocumentScorer(const SegmentView& view, const PreparedQuery& query)
      : segment_(*view.segment), match_(query.match), phrases_(segment_, query.phrases) {
    for (const PreparedGroup& prepared : query.groups) {
      Group group{.variants = {}, .required = prepared.required};
      for (const PreparedVariant& variant : prepared.variants) {
        if (const auto ordinal = segment_.find_term(variant.term))
          group.variants.emplace_back(*ordinal, variant.weight);
      }
      groups_.push_back(std::move(group));
    }
    for (const std::string& term : query.excluded) {
      if (const auto ordinal = segment_.find_term(term)) excluded_.push_back(*ordinal);
    }
  }

  DocumentScore score(std::uint32_t doc) {
    segment_.forward(doc, forward_);
    DocumentScore out;
    out.has_excluded = std::ranges::any_of(excluded_, [this](std::uint32_t term) { return impact(term) >= 0; });
    std::size_t required = 0;
    std::size_t found = 0;
    for (const Group& group : groups_) {
      std::int32_t best = -1;
      for (const auto& [ordinal, weight] : group.variants) {
        if (const int of_term = impact(ordinal); of_term >= 0) best = std::max(best, of_term * weight);
      }
      required += group.required ? 1 : 0;
      found += group.required && best >= 0 ? 1 : 0;
      out.score += std::max(best, 0);
    }
    const bool words = groups_.empty() || (match_ == Match::kAll ? found == required : found > 0);
    out.matches = words && !out.has_excluded && (phrases_.empty() || phrases_.passes(doc));
    return out;
  }

 private:
  struct Group {
    std::vector<std::pair<std::uint32_t, std::int32_t>> variants;  // term, weight
    bool required = true;
  };

  // -1 where the document does not have the term.
  int impact(std::uint32_t ordinal) const {
    const auto found = std::ranges::lower_bound(forward_, ordinal, {}, &ForwardTerm::ordinal);
    return found != forward_.end() && found->ordinal == ordinal ? found->impact : -1;
  }

  const Segment& segment_;
  const Match match_;
  PhraseCheck phrases_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> excluded_;
  std::vector<ForwardTerm> forward_;
};

}  // namespace

std::vector<DocumentScore> score_documents(const Snapshot& snapshot, const IndexQuery& query,
                                           std::span<const DocRef> documents) {
  std::vector<DocumentScore> scores;
  scores.reserve(documents.size());
  const PreparedQuery prepared = prepare(snapshot, query);
  std::map<std::uint32_t, DocumentScorer> scorers;  // by segment
  for (const DocRef& doc : documents) {
    const auto scorer = scorers.try_emplace(doc.segment, snapshot.segments[doc.segment], prepared).first;
    scores.push_back(scorer->second.score(doc.doc));
  }
  return scores;
}

std::vector<std::string> taxonomy_names(std::string_view path) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find(kTaxonomySeparator, begin), path.size());
    names.emplace_back(path.substr(begin, end - begin));
    begin = end + kTaxonomySeparator.size();
  }
  return names;
}

std::vector<std::string> document_attributes(const Snapshot& snapshot, DocRef doc) {
  std::vector<std::string> attributes;
  for (const auto& [name, values] : attribute_columns(snapshot.segments[doc.segment].segment->columns())) {
    values->visit(doc.doc, [&](std::uint32_t ordinal) {
      const std::string entry = values->dictionary().at(ordinal);
      std::string attribute = attribute_of(name, folded_of(entry));
      if (!attribute.empty()) attributes.push_back(std::move(attribute));
    });
  }
  return attributes;
}

void append_attribute_hashes(const Snapshot& snapshot, DocRef doc, std::vector<std::uint64_t>& out) {
  snapshot.segments[doc.segment].segment->attribute_hashes().append(doc.doc, out);
}

NumberReader::NumberReader(const Snapshot& snapshot, std::string_view field) {
  for (const SegmentView& view : snapshot.segments) columns_.push_back(view.segment->columns().number(field));
}

double NumberReader::at(DocRef doc) const {
  const NumberColumn* column = columns_[doc.segment];
  return column == nullptr ? kNoNumber : column->at(doc.doc);
}

void prefetch_documents(const Snapshot& snapshot, std::span<const Hit> documents,
                        std::span<const std::string_view> columns) {
  std::vector<std::vector<const KeywordColumn*>> keywords(snapshot.segments.size());
  std::vector<std::vector<const NumberColumn*>> numbers(snapshot.segments.size());
  for (std::size_t i = 0; i < snapshot.segments.size(); ++i) {
    const Columns& of_segment = snapshot.segments[i].segment->columns();
    for (const std::string_view name : columns) {
      if (const KeywordColumn* column = of_segment.keyword(name)) keywords[i].push_back(column);
      if (const NumberColumn* column = of_segment.number(name)) numbers[i].push_back(column);
    }
  }
  // First where things are, then the things.
  for (const Hit& hit : documents) {
    snapshot.segments[hit.doc.segment].segment->prefetch_offsets(hit.doc.doc);
    for (const KeywordColumn* column : keywords[hit.doc.segment]) column->prefetch_offset(hit.doc.doc);
    for (const NumberColumn* column : numbers[hit.doc.segment]) column->prefetch(hit.doc.doc);
  }
  for (const Hit& hit : documents) {
    snapshot.segments[hit.doc.segment].segment->prefetch_document(hit.doc.doc);
    for (const KeywordColumn* column : keywords[hit.doc.segment]) column->prefetch_values(hit.doc.doc);
  }
}

Result<FilterMatcher> FilterMatcher::create(const Snapshot& snapshot, const Filter& filter) {
  HANDSEL_TRY(check_filter(filter));
  return FilterMatcher(snapshot, filter);
}

FilterMatcher::FilterMatcher(const Snapshot& snapshot, const Filter& filter)
    : snapshot_(&snapshot), filter_(&filter), bits_(snapshot.segments.size()) {}

bool FilterMatcher::passes(DocRef doc) {
  Bits& bits = bits_[doc.segment];
  if (!bits.made) {
    bits.made = true;
    bits.words = filter_bits(*snapshot_->segments[doc.segment].segment, *filter_);
  }
  return bits.words == nullptr || ((*bits.words)[doc.doc / 64] >> (doc.doc % 64) & 1) != 0;
}

}  // namespace handsel::index
