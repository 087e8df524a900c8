#include "views/index/merge.h"

#include <algorithm>
#include <queue>

#include "base/core/bytes.h"
#include "views/index/forward_writer.h"
#include "views/index/segment_builder.h"

namespace handsel::index {
namespace {

constexpr std::uint32_t kDropped = 0xffffffff;

// One source while it is merged.
struct Source {
  const Segment* segment;
  std::vector<std::uint32_t> new_docs;      // by old document; kDropped for the dead
  std::vector<std::uint32_t> new_ordinals;  // by old ordinal; kDropped where only the dead had the term
  Dictionary::Iterator terms;
};

void append_kept(const Source& source, std::uint32_t ordinal, std::vector<Posting>& out) {
  PostingCursor cursor = source.segment->postings(ordinal);
  cursor.visit_before(kEndOfPostings, [&](std::uint32_t doc, std::uint8_t impact) {
    if (source.new_docs[doc] != kDropped) out.push_back({source.new_docs[doc], impact});
  });
}

std::uint32_t ordinal_of_head(const Source& source) {
  return source.segment->ordinal_at(source.terms.number());
}

// Every term of any source, in order of places: writes its list and notes its new ordinal.
void merge_terms(std::vector<Source>& sources, SegmentFileWriter& writer) {
  const auto later = [&](std::size_t a, std::size_t b) {
    const auto order = sources[a].terms.value() <=> sources[b].terms.value();
    return order != 0 ? order > 0 : a > b;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heads(later);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].terms.valid()) heads.push(i);
  }
  DictionaryBuilder dictionary;
  std::string offsets;
  std::string list;
  std::vector<Posting> postings;
  std::vector<std::uint32_t> frequencies;  // by new place
  std::vector<std::size_t> holders;
  writer.begin(kPostings);
  while (!heads.empty()) {
    const std::string term = sources[heads.top()].terms.value();
    postings.clear();
    holders.clear();
    while (!heads.empty() && sources[heads.top()].terms.value() == term) {
      holders.push_back(heads.top());
      heads.pop();
      append_kept(sources[holders.back()], ordinal_of_head(sources[holders.back()]), postings);
    }
    for (const std::size_t i : holders) {
      Source& source = sources[i];
      source.new_ordinals[ordinal_of_head(source)] = postings.empty() ? kDropped : dictionary.size();  // yet its place
      source.terms.next();
      if (source.terms.valid()) heads.push(i);
    }
    if (postings.empty()) continue;
    dictionary.add(term);
    frequencies.push_back(static_cast<std::uint32_t>(postings.size()));
    put_offset(offsets, writer.section_size());
    list.clear();
    encode_postings(postings, list);
    writer.append(list);
  }
  put_offset(offsets, writer.section_size());
  writer.section(kTermOffsets, offsets);
  writer.section(kTerms, dictionary.finish());
  const std::vector<std::uint32_t> ordinals = write_ordinals(frequencies, writer);
  for (Source& source : sources) {
    for (std::uint32_t& ordinal : source.new_ordinals) {
      if (ordinal != kDropped) ordinal = ordinals[ordinal];
    }
  }
}

// What is frequent in one source is frequent in the others, so few terms move, and not far: by insertion.
void sort_nearly_sorted(std::vector<ForwardTerm>& terms) {
  constexpr std::size_t kInsertionMax = 400;  // above it the moves could take a while
  if (terms.size() > kInsertionMax) {
    std::ranges::sort(terms, {}, &ForwardTerm::ordinal);
    return;
  }
  for (std::size_t i = 1; i < terms.size(); ++i) {
    const ForwardTerm term = terms[i];
    std::size_t at = i;
    for (; at > 0 && terms[at - 1].ordinal > term.ordinal; --at) terms[at] = terms[at - 1];
    terms[at] = term;
  }
}

void merge_forward(const std::vector<Source>& sources, std::span<const std::vector<std::uint32_t>> kept,
                   SegmentFileWriter& writer) {
  ForwardWriter forward(writer);
  std::vector<std::uint32_t> title;
  std::vector<ForwardTerm> terms;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::vector<std::uint32_t>& ordinals = sources[i].new_ordinals;
    for (const std::uint32_t doc : kept[i]) {
      sources[i].segment->title(doc, title);
      sources[i].segment->forward(doc, terms);
      for (std::uint32_t& ordinal : title) ordinal = ordinal < ordinals.size() ? ordinals[ordinal] : 0;
      for (ForwardTerm& term : terms) term.ordinal = term.ordinal < ordinals.size() ? ordinals[term.ordinal] : 0;
      sort_nearly_sorted(terms);
      forward.add(title, terms);
    }
  }
  forward.finish();
}

}  // namespace

Result<void> merge_segments(std::span<const SegmentView> views, std::uint64_t fingerprint, SegmentSink& sink,
                            std::vector<std::vector<std::uint32_t>>& kept) {
  std::vector<Source> sources;
  std::uint32_t documents = 0;
  kept.assign(views.size(), {});
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Segment& segment = *views[i].segment;
    Source source{&segment, std::vector(segment.documents(), kDropped), std::vector(segment.terms().size(), kDropped),
                  Dictionary::Iterator(segment.terms())};
    for (std::uint32_t doc = 0; doc < segment.documents(); ++doc) {
      if (views[i].deletions->contains(doc)) continue;
      source.new_docs[doc] = documents++;
      kept[i].push_back(doc);
    }
    sources.push_back(std::move(source));
  }

  SegmentFileWriter writer(sink);
  std::string meta;
  put_fixed(meta, documents);
  put_fixed(meta, fingerprint);
  writer.section(kMeta, meta);
  merge_terms(sources, writer);
  merge_forward(sources, kept, writer);
  IdSectionsBuilder ids;
  std::vector<ColumnSource> columns;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Segment& segment = *views[i].segment;
    for (const std::uint32_t doc : kept[i]) ids.add(segment.id(doc), segment.position(doc));
    columns.push_back({&segment.columns(), kept[i]});
  }
  ids.write(writer);
  writer.section(kColumns, merge_columns(columns));
  return writer.finish();
}

}  // namespace handsel::index
