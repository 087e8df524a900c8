#include "views/index/segment_builder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "views/index/forward_writer.h"
#include "views/index/postings.h"
#include "views/index/segment.h"

namespace handsel::index {

std::uint8_t impact_of(double weighted_frequency, double k1) {
  const double saturated = weighted_frequency / (k1 + weighted_frequency);
  return static_cast<std::uint8_t>(std::clamp(std::lround(saturated * 255), 1l, 255l));
}

void IdSectionsBuilder::add(std::string_view id, log::Position position) {
  const std::uint64_t hash = hash64(id);
  put_fixed(offsets_, static_cast<std::uint32_t>(ids_.size()));
  ids_.append(id);
  put_fixed(hashes_, hash);
  put_fixed(positions_, pack_position(position));
  hash_values_.push_back(hash);
}

void IdSectionsBuilder::write(SegmentFileWriter& writer) const {
  std::string offsets = offsets_;
  put_fixed(offsets, static_cast<std::uint32_t>(ids_.size()));
  writer.section(kIdOffsets, offsets);
  writer.section(kIds, ids_);
  writer.section(kIdHashes, hashes_);
  std::vector<std::uint32_t> table(std::bit_ceil(hash_values_.size() * 3 / 2 + 2));
  for (std::uint32_t doc = 0; doc < hash_values_.size(); ++doc) {
    std::size_t slot = hash_values_[doc] & (table.size() - 1);
    while (table[slot] != 0) slot = (slot + 1) & (table.size() - 1);
    table[slot] = doc + 1;
  }
  writer.section(kIdTable, {reinterpret_cast<const char*>(table.data()), table.size() * 4});
  writer.section(kPositions, positions_);
}

std::size_t SegmentBuilder::TermHash::operator()(std::string_view term) const {
  return hash64(term);
}

SegmentBuilder::SegmentBuilder(const text::Analyzer& analyzer, const Scoring& scoring)
    : analyzer_(analyzer), scoring_(scoring) {}

std::uint32_t SegmentBuilder::term_number(std::string_view term) {
  const auto found = numbers_.find(term);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(terms_.size());
  const auto added = numbers_.emplace(std::string(term), number).first;
  terms_.push_back(added->first);  // nodes of the map do not move
  weighted_.push_back(0);
  return number;
}

void SegmentBuilder::add_text(Field field, std::string_view text, std::string_view language) {
  analyzer_.visit_tokens(text, language, [&](const text::TokenView& token) {
    const std::uint32_t number = term_number(token.term);
    field_terms_.push_back(number);
    if (field == Field::kTitle) titles_.push_back(number);
  });
}

void SegmentBuilder::end_field(Field field) {
  const FieldWeights& weights = scoring_.fields[static_cast<std::size_t>(field)];
  const double length = static_cast<double>(field_terms_.size());
  const double part = weights.weight / (1 - weights.b + weights.b * length / weights.length_pivot);
  for (const std::uint32_t term : field_terms_) {
    if (weighted_[term] == 0) touched_.push_back(term);
    weighted_[term] += part;
  }
  field_terms_.clear();
}

void SegmentBuilder::add(const catalog::Listing& listing, log::Position position) {
  const std::string& language = listing.language;
  add_text(Field::kTitle, listing.title, language);
  end_field(Field::kTitle);
  for (const std::string& tag : listing.tags) add_text(Field::kTags, tag, language);
  end_field(Field::kTags);
  for (const std::string& material : listing.materials) add_text(Field::kMaterials, material, language);
  end_field(Field::kMaterials);
  for (const catalog::Attribute& attribute : listing.attributes)
    add_text(Field::kAttributes, attribute.value, language);
  end_field(Field::kAttributes);
  add_text(Field::kShop, listing.shop_name, language);
  end_field(Field::kShop);
  for (const std::string& name : listing.taxonomy_path) add_text(Field::kTaxonomy, name, language);
  end_field(Field::kTaxonomy);
  add_text(Field::kDescription, listing.description, language);
  end_field(Field::kDescription);

  for (const std::uint32_t term : touched_) {
    doc_terms_.push_back(term);
    doc_impacts_.push_back(impact_of(weighted_[term], scoring_.k1));
    weighted_[term] = 0;
  }
  touched_.clear();
  doc_ends_.push_back(doc_terms_.size());
  title_ends_.push_back(titles_.size());
  ids_.add(listing.id, position);
  columns_.add(documents_, column_values(listing));
  ++documents_;
}

Result<void> SegmentBuilder::write(SegmentSink& sink) const {
  // Terms in byte order; places[number] is a term's place in it.
  std::vector<std::uint32_t> sorted(terms_.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::ranges::sort(sorted, {}, [this](std::uint32_t number) { return terms_[number]; });
  std::vector<std::uint32_t> places(terms_.size());
  DictionaryBuilder dictionary;
  for (const std::uint32_t number : sorted) {
    places[number] = dictionary.size();
    dictionary.add(terms_[number]);
  }

  // Postings by counting sort: how many each term has, then each to its place.
  std::vector<std::size_t> starts(terms_.size() + 1);
  for (const std::uint32_t number : doc_terms_) ++starts[places[number] + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<Posting> postings(doc_terms_.size());
  {
    std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
    std::size_t at = 0;
    for (std::uint32_t doc = 0; doc < documents_; ++doc) {
      for (; at < doc_ends_[doc]; ++at) postings[next[places[doc_terms_[at]]]++] = {doc, doc_impacts_[at]};
    }
  }

  SegmentFileWriter writer(sink);
  std::string meta;
  put_fixed(meta, documents_);
  put_fixed(meta, scoring_fingerprint(scoring_));
  writer.section(kMeta, meta);
  writer.section(kTerms, dictionary.finish());
  writer.begin(kPostings);
  std::string offsets;
  std::string list;
  std::vector<std::uint32_t> frequencies;
  for (std::size_t term = 0; term < terms_.size(); ++term) {
    put_offset(offsets, writer.section_size());
    frequencies.push_back(static_cast<std::uint32_t>(starts[term + 1] - starts[term]));
    list.clear();
    encode_postings(std::span(postings).subspan(starts[term], starts[term + 1] - starts[term]), list);
    writer.append(list);
  }
  put_offset(offsets, writer.section_size());
  writer.section(kTermOffsets, offsets);
  const std::vector<std::uint32_t> ordinals = write_ordinals(frequencies, writer);

  ForwardWriter forward(writer);
  std::vector<std::uint32_t> title;
  std::vector<ForwardTerm> terms;
  std::size_t at = 0;
  std::size_t title_at = 0;
  for (std::uint32_t doc = 0; doc < documents_; ++doc) {
    title.clear();
    terms.clear();
    for (; title_at < title_ends_[doc]; ++title_at) title.push_back(ordinals[places[titles_[title_at]]]);
    for (; at < doc_ends_[doc]; ++at) terms.push_back({ordinals[places[doc_terms_[at]]], doc_impacts_[at]});
    std::ranges::sort(terms, {}, &ForwardTerm::ordinal);
    forward.add(title, terms);
  }
  forward.finish();
  ids_.write(writer);
  writer.section(kColumns, columns_.finish(documents_));
  return writer.finish();
}

}  // namespace handsel::index
