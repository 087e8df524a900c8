// What the index knows of terms and documents, beside answering queries.
#include <algorithm>
#include <map>

#include "base/core/hash.h"
#include "views/index/index.h"
#include "views/index/segment.h"

namespace handsel::index {
namespace {

std::uint32_t live_frequency(const SegmentView& view, std::uint32_t ordinal) {
  const std::uint32_t all = view.segment->document_frequency(ordinal);
  const auto dead = view.deletions->term_counts.find(ordinal);
  return dead == view.deletions->term_counts.end() ? all : all - std::min(all, dead->second);
}

}  // namespace

DocInfo doc_info(const Snapshot& snapshot, DocRef doc) {
  const Segment& segment = *snapshot.segments[doc.segment].segment;
  return {.id = segment.id(doc.doc), .position = segment.position(doc.doc)};
}

std::uint64_t document_frequency(const Snapshot& snapshot, std::string_view term) {
  std::uint64_t frequency = 0;
  for (const SegmentView& view : snapshot.segments) {
    if (const auto ordinal = view.segment->find_term(term)) frequency += live_frequency(view, *ordinal);
  }
  return frequency;
}

void visit_terms(const Snapshot& snapshot, const std::function<void(std::string_view term, std::uint64_t df)>& visit) {
  std::vector<Dictionary::Iterator> heads;
  for (const SegmentView& view : snapshot.segments) heads.emplace_back(view.segment->terms());
  for (;;) {
    const std::string* least = nullptr;
    for (const auto& head : heads) {
      if (head.valid() && (least == nullptr || head.value() < *least)) least = &head.value();
    }
    if (least == nullptr) return;
    const std::string term = *least;
    std::uint64_t frequency = 0;
    for (std::size_t i = 0; i < heads.size(); ++i) {
      if (!heads[i].valid() || heads[i].value() != term) continue;
      frequency += live_frequency(snapshot.segments[i], snapshot.segments[i].segment->ordinal_at(heads[i].number()));
      heads[i].next();
    }
    if (frequency > 0) visit(term, frequency);
  }
}

TitleMatcher::TitleMatcher(const Snapshot& snapshot, std::vector<std::string> terms)
    : snapshot_(snapshot),
      terms_(std::move(terms)),
      ordinals_(snapshot.segments.size()),
      looked_up_(snapshot.segments.size()) {}

std::vector<int> TitleMatcher::positions(DocRef doc) {
  const Segment& segment = *snapshot_.segments[doc.segment].segment;
  auto& ordinals = ordinals_[doc.segment];
  if (!looked_up_[doc.segment]) {
    looked_up_[doc.segment] = true;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (const auto ordinal = segment.find_term(terms_[i])) ordinals.emplace_back(*ordinal, static_cast<int>(i));
    }
    std::ranges::sort(ordinals);
  }
  std::vector<std::uint32_t> title;
  segment.title(doc.doc, title);
  std::vector<int> positions;
  positions.reserve(title.size());
  for (const std::uint32_t ordinal : title) {
    const auto found = std::ranges::lower_bound(ordinals, ordinal, {}, &std::pair<std::uint32_t, int>::first);
    positions.push_back(found != ordinals.end() && found->first == ordinal ? found->second : -1);
  }
  return positions;
}

std::vector<DocTerm> document_terms(const Snapshot& snapshot, DocRef doc) {
  const Segment& segment = *snapshot.segments[doc.segment].segment;
  std::vector<ForwardTerm> forward;
  segment.forward(doc.doc, forward);
  std::vector<DocTerm> terms;
  terms.reserve(forward.size());
  for (const ForwardTerm& term : forward) terms.push_back({segment.term(term.ordinal), term.impact});
  return terms;
}

std::vector<std::uint8_t> term_impacts(const Snapshot& snapshot, std::span<const DocRef> documents,
                                       std::span<const std::string> terms) {
  std::vector<std::uint8_t> impacts(documents.size() * terms.size());
  std::map<std::uint32_t, std::vector<std::uint32_t>> ordinals;  // by segment
  std::vector<ForwardTerm> forward;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Segment& segment = *snapshot.segments[documents[i].segment].segment;
    auto [looked_up, first] = ordinals.try_emplace(documents[i].segment);
    if (first) {
      for (const std::string& term : terms) {
        looked_up->second.push_back(segment.find_term(term).value_or(kNoOrdinal));
      }
    }
    segment.forward(documents[i].doc, forward);
    for (std::size_t k = 0; k < terms.size(); ++k) {
      const auto found = std::ranges::lower_bound(forward, looked_up->second[k], {}, &ForwardTerm::ordinal);
      if (found != forward.end() && found->ordinal == looked_up->second[k])
        impacts[i * terms.size() + k] = found->impact;
    }
  }
  return impacts;
}

std::vector<std::string> keyword_values(const Snapshot& snapshot, DocRef doc, std::string_view field) {
  std::vector<std::string> values;
  if (const KeywordColumn* column = snapshot.segments[doc.segment].segment->columns().keyword(field)) {
    column->visit(doc.doc, [&](std::uint32_t ordinal) {
      const std::string entry = column->dictionary().at(ordinal);
      values.emplace_back(folded_of(entry));
    });
  }
  return values;
}

std::optional<DocRef> find_document(const Snapshot& snapshot, std::string_view id) {
  const std::uint64_t hash = hash64(id);
  for (std::uint32_t i = 0; i < snapshot.segments.size(); ++i) {
    const SegmentView& view = snapshot.segments[i];
    const auto doc = view.segment->find_id(id, hash);
    if (doc && !view.deletions->contains(*doc)) return DocRef{i, *doc};
  }
  return std::nullopt;
}

}  // namespace handsel::index
