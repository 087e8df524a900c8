#include "views/index/keyword_reader.h"

#include "views/index/columns.h"
#include "views/index/segment.h"

namespace handsel::index {

KeywordOrdinals::KeywordOrdinals(const Snapshot& snapshot, std::string_view field) {
  for (const SegmentView& view : snapshot.segments) columns_.push_back(view.segment->columns().keyword(field));
}

void KeywordOrdinals::read(DocRef doc, std::vector<std::uint32_t>& ordinals) const {
  ordinals.clear();
  const KeywordColumn* column = columns_[doc.segment];
  if (column != nullptr) column->visit(doc.doc, [&](std::uint32_t ordinal) { ordinals.push_back(ordinal); });
}

std::uint32_t KeywordOrdinals::count(std::uint32_t segment) const {
  return columns_[segment] == nullptr ? 0 : columns_[segment]->dictionary().size();
}

std::string KeywordOrdinals::value(std::uint32_t segment, std::uint32_t ordinal) const {
  return std::string(folded_of(columns_[segment]->dictionary().at(ordinal)));
}

void KeywordReader::read(DocRef doc, std::vector<std::uint32_t>& numbers) {
  ordinals_.read(doc, numbers);
  for (std::uint32_t& number : numbers) {
    const std::uint32_t ordinal = number;
    const auto [known, is_new] = known_.try_emplace(std::uint64_t{doc.segment} << 32 | ordinal);
    if (is_new) {
      known->second = {static_cast<std::uint32_t>(values_.size()), ordinals_.value(doc.segment, ordinal)};
      values_.push_back(&known->second.value);
    }
    number = known->second.number;
  }
}

}  // namespace handsel::index
