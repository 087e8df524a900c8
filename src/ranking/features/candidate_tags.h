// The tags of the candidates word by word (tag_lexicon.h). For what candidates call themselves and for
// what they say of themselves.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ranking/features/tag_lexicon.h"
#include "views/index/index.h"

namespace handsel::features {

class CandidateTags {
 public:
  using Word = TagLexicon::Word;
  using Tag = TagLexicon::Tag;

  // `lexicon` null: no tags are known.
  CandidateTags(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                std::shared_ptr<TagLexicon> lexicon);

  // In the order of their texts; equal pointers are equal tags. As long as this lives.
  std::span<const Tag* const> of(std::size_t candidate) const {
    return std::span(tags_).subspan(begins_[candidate], begins_[candidate + 1] - begins_[candidate]);
  }
  std::size_t candidates() const { return begins_.size() - 1; }
  // Null where no tags are known. Has the words of all of them, and others.
  const TagLexicon* lexicon() const { return lexicon_.get(); }

 private:
  void read(const index::Snapshot& snapshot, std::span<const index::Hit> candidates);

  const std::shared_ptr<TagLexicon> lexicon_;
  std::vector<std::shared_ptr<TagLexicon::SegmentTags>> of_segments_;
  std::vector<const Tag*> tags_;  // of all candidates, one after the other
  std::vector<std::size_t> begins_{0};
};

}  // namespace handsel::features
