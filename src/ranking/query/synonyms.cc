#include "ranking/query/synonyms.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace handsel::query {
namespace {

using Phrase = Synonyms::Phrase;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

Result<std::vector<Phrase>> phrases_of(const text::Analyzer& analyzer, std::string_view side, std::size_t line) {
  std::vector<Phrase> phrases;
  for (std::size_t begin = 0; begin <= side.size();) {
    const std::size_t end = std::min(side.find(',', begin), side.size());
    const std::string_view written = trimmed(side.substr(begin, end - begin));
    begin = end + 1;
    Phrase phrase;
    analyzer.visit_tokens(written, "", [&](const text::TokenView& token) { phrase.emplace_back(token.term); });
    if (phrase.empty()) {
      return fail(Code::kInvalidData, "synonyms: line {}: expected a word, found '{}'", line, written);
    }
    if (phrase.size() > kSynonymWordsMax) {
      return fail(Code::kInvalidData, "synonyms: line {}: '{}' has more than {} words", line, written,
                  kSynonymWordsMax);
    }
    phrases.push_back(std::move(phrase));
    if (phrases.size() > kSynonymAlternativesMax) {
      return fail(Code::kInvalidData, "synonyms: line {}: more than {} alternatives; split the line", line,
                  kSynonymAlternativesMax);
    }
  }
  return phrases;
}

}  // namespace

Result<Synonyms> Synonyms::parse(const text::Analyzer& analyzer, std::string_view text) {
  if (text.size() > kSynonymFileBytesMax) {
    return fail(Code::kTooLarge, "synonyms: {} bytes; at most {} are read", text.size(), kSynonymFileBytesMax);
  }
  Synonyms synonyms;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(text.substr(begin, end - begin));
    begin = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::size_t arrow = line.find("=>");
    if (arrow == std::string_view::npos) {
      HANDSEL_ASSIGN(const std::vector<Phrase> same, phrases_of(analyzer, line, number));
      if (same.size() < 2) {
        return fail(Code::kInvalidData, "synonyms: line {}: one word alone; write 'a, b' or 'a => b'", number);
      }
      for (const Phrase& from : same) {
        for (const Phrase& to : same) HANDSEL_TRY(synonyms.add(from, to, number));
      }
      continue;
    }
    HANDSEL_ASSIGN(const std::vector<Phrase> left, phrases_of(analyzer, line.substr(0, arrow), number));
    HANDSEL_ASSIGN(const std::vector<Phrase> right, phrases_of(analyzer, line.substr(arrow + 2), number));
    for (const Phrase& from : left) {
      for (const Phrase& to : right) HANDSEL_TRY(synonyms.add(from, to, number));
    }
  }
  return synonyms;
}

Result<void> Synonyms::add(const Phrase& from, const Phrase& to, std::size_t line) {
  if (from == to) return {};  // "apron, aprons" are one already
  std::vector<Phrase>& known = alternatives_[from];
  if (std::ranges::find(known, to) != known.end()) return {};
  if (known.size() == kSynonymAlternativesMax) {
    return fail(Code::kInvalidData, "synonyms: line {}: '{}' has more than {} alternatives", line, fmt::join(from, " "),
                kSynonymAlternativesMax);
  }
  known.push_back(to);
  longest_ = std::max(longest_, from.size());
  return {};
}

const std::vector<Phrase>* Synonyms::find(std::span<const std::string> phrase) const {
  const auto found = alternatives_.find(Phrase(phrase.begin(), phrase.end()));
  return found == alternatives_.end() ? nullptr : &found->second;
}

}  // namespace handsel::query
