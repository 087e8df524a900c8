#include "views/index/keyword_reader.h"

#include <utility>

#include "views/index/columns.h"
#include "views/index/segment.h"

namespace handsel::index {

KeywordReader::KeywordReader(const Snapshot& snapshot, std::string field)
    : snapshot_(snapshot), field_(std::move(field)) {}

void KeywordReader::read(DocRef doc, std::vector<std::uint32_t>& numbers) {
  numbers.clear();
  const KeywordColumn* column = snapshot_.segments[doc.segment].segment->columns().keyword(field_);
  if (column == nullptr) return;
  column->visit(doc.doc, [&](std::uint32_t ordinal) {
    const auto [known, is_new] = known_.try_emplace(std::uint64_t{doc.segment} << 32 | ordinal);
    if (is_new) {
      known->second.number = static_cast<std::uint32_t>(values_.size());
      known->second.value = folded_of(column->dictionary().at(ordinal));
      values_.push_back(&known->second.value);
    }
    numbers.push_back(known->second.number);
  });
}

}  // namespace handsel::index
