#include "ranking/features/candidate_tags.h"

#include <algorithm>
#include <utility>

namespace handsel::features {

CandidateTags::CandidateTags(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                             const text::Analyzer* analyzer)
    : analyzer_(analyzer), reader_(snapshot, "tag"), languages_(snapshot, "language") {
  std::vector<std::uint32_t> numbers;
  std::vector<std::uint32_t> languages;
  for (const index::Hit& hit : candidates) {
    if (analyzer_ != nullptr) {
      languages_.read(hit.doc, languages);
      const Language language = languages.empty() ? 0 : languages.front() + 1;
      const std::string_view name = languages.empty() ? std::string_view() : languages_.value(languages.front());
      reader_.read(hit.doc, numbers);
      std::ranges::sort(numbers, {},
                        [this](std::uint32_t number) -> const std::string& { return reader_.value(number); });
      for (const std::uint32_t number : numbers) tags_.push_back(tag(number, language, name));
    }
    begins_.push_back(tags_.size());
  }
}

const CandidateTags::Tag* CandidateTags::tag(std::uint32_t number, Language language, std::string_view language_name) {
  const auto [known, is_new] = by_number_.try_emplace(std::uint64_t{language} << 32 | number);
  if (is_new) {
    const std::string_view text = reader_.value(number);
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" -/&", begin), text.size());
      if (end > begin) {
        const Tag& words = words_of(text.substr(begin, end - begin), language, language_name);
        known->second.insert(known->second.end(), words.begin(), words.end());
      }
      begin = end + 1;
    }
  }
  return &known->second;
}

const CandidateTags::Tag& CandidateTags::words_of(std::string_view text, Language language,
                                                  std::string_view language_name) {
  if (by_text_.size() <= language) by_text_.resize(language + 1);
  const auto [known, is_new] = by_text_[language].try_emplace(text);
  if (is_new) {
    analyzer_->visit_tokens(text, language_name, [&](const text::TokenView& token) {
      if (!analyzer_->is_stop_word(token.surface, language_name)) {
        known->second.push_back(number_of(std::string(token.term)));
      }
    });
  }
  return known->second;
}

CandidateTags::Word CandidateTags::number_of(const std::string& term) {
  const auto [known, is_new] = by_term_.try_emplace(term, static_cast<Word>(terms_.size()));
  if (is_new) terms_.push_back(&known->first);
  return known->second;
}

}  // namespace handsel::features
