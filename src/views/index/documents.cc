// What a query means for given documents: their scores, whether a filter lets them
// through. For candidates that did not come from the postings.
#include <algorithm>
#include <map>

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

std::vector<std::string> taxonomy_names(const Snapshot& snapshot, DocRef doc) {
  std::string longest;
  for (std::string& path : keyword_values(snapshot, doc, "taxonomy")) {
    if (path.size() > longest.size()) longest = std::move(path);
  }
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < longest.size();) {
    const std::size_t end = std::min(longest.find(kTaxonomySeparator, begin), longest.size());
    names.push_back(longest.substr(begin, end - begin));
    begin = end + kTaxonomySeparator.size();
  }
  return names;
}

std::vector<std::string> document_attributes(const Snapshot& snapshot, DocRef doc) {
  std::vector<std::string> attributes;
  for (const auto& [column, values] : snapshot.segments[doc.segment].segment->columns().keywords()) {
    const std::string_view name =
        std::string_view(column).substr(column.starts_with(kAttributePrefix) ? kAttributePrefix.size() : 0);
    if (column_of_attribute(name) != column) continue;
    values.visit(doc.doc, [&](std::uint32_t ordinal) {
      const std::string entry = values.dictionary().at(ordinal);
      const std::string_view value = folded_of(entry);
      if (name == "personalizable" && value != "true") return;  // nothing that anybody wants
      attributes.push_back(fmt::format("{}={}", name, value));
    });
  }
  return attributes;
}

double number_value(const Snapshot& snapshot, DocRef doc, std::string_view field) {
  const NumberColumn* column = snapshot.segments[doc.segment].segment->columns().number(field);
  return column == nullptr ? kNoNumber : column->at(doc.doc);
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
