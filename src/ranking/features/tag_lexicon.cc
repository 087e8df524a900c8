#include "ranking/features/tag_lexicon.h"

#include <algorithm>
#include <utility>

namespace handsel::features {

// Lists of a few entries, one for each language that a tag was met in.
class TagLexicon::SegmentTags {
 public:
  struct Entry {
    Language language;
    const Tag* tag;
    const Entry* next;
  };

  explicit SegmentTags(std::uint32_t count) : lists_(count) {}

  std::vector<std::atomic<const Entry*>> lists_;  // by ordinal
  std::deque<Entry> entries_;                     // under the lexicon's lock
};

namespace {

constexpr std::string_view kBetweenWords = " -/&";
constexpr std::size_t kNodeBytes = 64;  // that a table spends on an entry, about

}  // namespace

TagLexicon::Language TagLexicon::language(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find(languages_, name);
  if (known != languages_.end()) return static_cast<Language>(known - languages_.begin());
  languages_.emplace_back(name);
  by_text_.emplace_back();
  return static_cast<Language>(languages_.size() - 1);
}

std::shared_ptr<TagLexicon::SegmentTags> TagLexicon::tags_of(const std::shared_ptr<const index::Segment>& segment,
                                                             std::uint32_t count) {
  const std::lock_guard lock(mutex_);
  const auto known = segments_.find(segment.get());
  if (known != segments_.end() && known->second.first.lock() == segment) return known->second.second;
  std::erase_if(segments_, [](const auto& entry) { return entry.second.first.expired(); });
  auto tags = std::make_shared<SegmentTags>(count);
  bytes_ += count * sizeof(void*);
  segments_[segment.get()] = {segment, tags};
  return tags;
}

const TagLexicon::Tag* TagLexicon::find(const SegmentTags& tags, std::uint32_t ordinal, Language language) {
  const SegmentTags::Entry* entry = tags.lists_[ordinal].load(std::memory_order_acquire);
  while (entry != nullptr && entry->language != language) entry = entry->next;
  return entry == nullptr ? nullptr : entry->tag;
}

const TagLexicon::Tag* TagLexicon::add(SegmentTags& tags, std::uint32_t ordinal, Language language,
                                       const std::string& folded) {
  const std::lock_guard lock(mutex_);
  if (const Tag* known = find(tags, ordinal, language)) return known;  // another search was quicker
  const Tag& tag = words_of(folded, language);
  const SegmentTags::Entry* next = tags.lists_[ordinal].load(std::memory_order_relaxed);
  tags.lists_[ordinal].store(&tags.entries_.emplace_back(language, &tag, next), std::memory_order_release);
  bytes_ += sizeof(SegmentTags::Entry);
  return &tag;
}

const TagLexicon::Tag& TagLexicon::words_of(std::string_view text, Language language) {
  StringMap<Tag>& known = by_text_[language];
  if (const auto found = known.find(text); found != known.end()) return found->second;
  Tag& words = known[std::string(text)];
  if (text.find_first_of(kBetweenWords) == text.npos) {
    analyzer_.visit_tokens(text, languages_[language], [&](const text::TokenView& token) {
      if (!analyzer_.is_stop_word(token.surface, languages_[language])) words.push_back(number_of(token.term));
    });
  } else {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find_first_of(kBetweenWords, begin), text.size());
      const Tag& part = words_of(text.substr(begin, end - begin), language);
      words.insert(words.end(), part.begin(), part.end());
      begin = end + 1;
    }
  }
  bytes_ += kNodeBytes + sizeof(Tag) + text.size() + words.size() * sizeof(Word);
  return words;
}

TagLexicon::Word TagLexicon::number_of(std::string_view term) {
  if (const auto known = numbers_.find(term); known != numbers_.end()) return known->second;
  const auto number = static_cast<Word>(terms_.size());
  terms_.push_back(&numbers_.emplace(term, number).first->first);
  bytes_ += kNodeBytes + term.size();
  return number;
}

std::optional<TagLexicon::Word> TagLexicon::word(std::string_view term) const {
  const std::lock_guard lock(mutex_);
  const auto known = numbers_.find(term);
  return known == numbers_.end() ? std::nullopt : std::optional(known->second);
}

std::string TagLexicon::term(Word word) const {
  const std::lock_guard lock(mutex_);
  return *terms_[word];
}

std::size_t TagLexicon::words() const {
  const std::lock_guard lock(mutex_);
  return terms_.size();
}

KeptTagLexicon::KeptTagLexicon(const text::Analyzer& analyzer, std::size_t bytes_max)
    : analyzer_(analyzer), bytes_max_(bytes_max), lexicon_(std::make_shared<TagLexicon>(analyzer)) {}

std::shared_ptr<TagLexicon> KeptTagLexicon::current() {
  const std::lock_guard lock(mutex_);
  if (lexicon_->bytes() > bytes_max_) lexicon_ = std::make_shared<TagLexicon>(analyzer_);
  return lexicon_;
}

}  // namespace handsel::features
