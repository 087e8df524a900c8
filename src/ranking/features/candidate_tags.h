// The tags of the candidates word by word: terms as the index has them (of the listing's own language),
// without stop words. Each distinct tag is read once, each distinct word stemmed once: the same ones come
// again and again. For what candidates call themselves and for what they say of themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/text/analyzer.h"
#include "views/index/index.h"
#include "views/index/keyword_reader.h"

namespace handsel::features {

class CandidateTags {
 public:
  using Word = std::uint32_t;  // equal numbers are equal terms
  using Tag = std::vector<Word>;

  // `analyzer` null: no tags are known.
  CandidateTags(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                const text::Analyzer* analyzer);
  CandidateTags(const CandidateTags&) = delete;  // tags point into it
  CandidateTags& operator=(const CandidateTags&) = delete;

  // In the order of their texts; equal pointers are equal tags. As long as this lives.
  std::span<const Tag* const> of(std::size_t candidate) const {
    return std::span(tags_).subspan(begins_[candidate], begins_[candidate + 1] - begins_[candidate]);
  }
  std::size_t candidates() const { return begins_.size() - 1; }
  const std::string& term(Word word) const { return *terms_[word]; }
  std::size_t words() const { return terms_.size(); }

 private:
  using Language = std::uint32_t;  // a number of languages_

  const Tag* tag(std::uint32_t number, Language language, std::string_view language_name);
  const Tag& words_of(std::string_view text, Language language, std::string_view language_name);
  Word number_of(const std::string& term);

  const text::Analyzer* analyzer_;
  index::KeywordReader reader_;
  index::KeywordReader languages_;
  std::unordered_map<std::uint64_t, Tag> by_number_;                // of language and tag
  std::vector<std::unordered_map<std::string_view, Tag>> by_text_;  // by language: parts of the reader's values
  std::unordered_map<std::string, Word> by_term_;
  std::vector<const std::string*> terms_;
  std::vector<const Tag*> tags_;  // of all candidates, one after the other
  std::vector<std::size_t> begins_{0};
};

}  // namespace handsel::features
