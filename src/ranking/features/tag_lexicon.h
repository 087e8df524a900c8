// What tags say word by word, kept from one search to the next: a tag that many listings carry is read
// from its dictionary and stemmed once, not once a search. That took a fifth of a search.
//
// A lexicon only grows, so what it hands out stays where it is. KeptTagLexicon begins a new one where it
// has grown over its limit; searches that run go on with the one they began with.
//
// Any thread. Finding a known tag takes no lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/string_map.h"
#include "views/index/index.h"

namespace handsel::features {

class TagLexicon {
 public:
  using Word = std::uint32_t;      // equal numbers are equal terms
  using Tag = std::vector<Word>;   // terms as the index has them, without stop words
  using Language = std::uint32_t;  // that a tag is written in
  class SegmentTags;

  explicit TagLexicon(const text::Analyzer& analyzer) : analyzer_(analyzer) {}
  TagLexicon(const TagLexicon&) = delete;
  TagLexicon& operator=(const TagLexicon&) = delete;

  Language language(std::string_view name);
  // The tags of a segment that has `count` distinct ones, by their ordinals.
  std::shared_ptr<SegmentTags> tags_of(const std::shared_ptr<const index::Segment>& segment, std::uint32_t count);
  // Null where it is not known yet: add() it. `ordinal` is below the segment's count.
  static const Tag* find(const SegmentTags& tags, std::uint32_t ordinal, Language language);
  const Tag* add(SegmentTags& tags, std::uint32_t ordinal, Language language, const std::string& folded);

  std::optional<Word> word(std::string_view term) const;
  std::string term(Word word) const;
  std::size_t words() const;
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }  // about

 private:
  const Tag& words_of(std::string_view text, Language language);
  Word number_of(std::string_view term);

  const text::Analyzer& analyzer_;
  std::atomic<std::size_t> bytes_ = 0;
  mutable std::mutex mutex_;  // over all below
  std::deque<std::string> languages_;
  std::map<const index::Segment*, std::pair<std::weak_ptr<const index::Segment>, std::shared_ptr<SegmentTags>>>
      segments_;
  std::deque<StringMap<Tag>> by_text_;  // by language: tags, and the parts that they are made of
  StringMap<Word> numbers_;
  std::vector<const std::string*> terms_;
};

class KeptTagLexicon {
 public:
  // `analyzer` outlives it.
  KeptTagLexicon(const text::Analyzer& analyzer, std::size_t bytes_max);
  std::shared_ptr<TagLexicon> current();

 private:
  const text::Analyzer& analyzer_;
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::shared_ptr<TagLexicon> lexicon_;
};

}  // namespace handsel::features
