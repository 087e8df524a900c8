// What the index knows of terms and documents, beside answering queries.
#include <algorithm>
#include <map>
#include <numeric>

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
  std::map<std::uint32_t, std::vector<std::pair<std::uint32_t, std::size_t>>> ordinals;  // by segment: of terms, sorted
  std::vector<ForwardTerm> forward;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Segment& segment = *snapshot.segments[documents[i].segment].segment;
    auto [looked_up, first] = ordinals.try_emplace(documents[i].segment);
    if (first) {
      for (std::size_t k = 0; k < terms.size(); ++k) {
        if (const auto ordinal = segment.find_term(terms[k])) looked_up->second.emplace_back(*ordinal, k);
      }
      std::ranges::sort(looked_up->second);
    }
    segment.forward(documents[i].doc, forward);
    auto at = forward.begin();  // both lists ascend
    for (const auto& [ordinal, k] : looked_up->second) {
      while (at != forward.end() && at->ordinal < ordinal) ++at;
      if (at == forward.end()) break;
      if (at->ordinal == ordinal) impacts[i * terms.size() + k] = at->impact;
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
  const IdAsked asked{.id = id, .hash = hash64(id)};
  return find_documents(snapshot, {&asked, 1}).front();
}

std::vector<std::optional<DocRef>> find_documents(const Snapshot& snapshot, std::span<const IdAsked> ids) {
  std::vector<std::optional<DocRef>> found(ids.size());
  std::vector<std::uint64_t> hashes;
  std::vector<std::size_t> open(ids.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  for (std::uint32_t i = 0; i < snapshot.segments.size() && !open.empty(); ++i) {
    const SegmentView& view = snapshot.segments[i];
    hashes.clear();
    for (const std::size_t k : open) hashes.push_back(ids[k].hash);
    view.segment->prefetch_ids(hashes);
    std::erase_if(open, [&](std::size_t k) {
      const auto doc = view.segment->find_id(ids[k].id, ids[k].hash);
      if (doc && !view.deletions->contains(*doc)) found[k] = DocRef{i, *doc};
      return found[k].has_value();
    });
  }
  return found;
}

}  // namespace handsel::index
