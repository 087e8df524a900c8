// Words that the owners of a marketplace know to mean the same.
//
// DIR/synonyms.txt, one rule a line:
//
//   sofa, couch, settee          each of them finds the others
//   ring => band, signet         ring finds band and signet, not the other way round
//   key chain, keychain          up to four words each
//   # a comment
//
// Words are compared as the index has them: case, accents and endings do not matter.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/result.h"

namespace handsel::query {

inline constexpr std::size_t kSynonymFileBytesMax = 4u << 20;
inline constexpr std::size_t kSynonymWordsMax = 4;          // of one phrase
inline constexpr std::size_t kSynonymAlternativesMax = 16;  // on a line, and of one phrase

// Immutable; any thread.
class Synonyms {
 public:
  using Phrase = std::vector<std::string>;  // terms

  Synonyms() = default;
  // Errors name the line and what to do; a file is taken as a whole or not at all.
  static Result<Synonyms> parse(const text::Analyzer& analyzer, std::string_view text);

  // What else `phrase` may be called; null where nothing is known.
  const std::vector<Phrase>* find(std::span<const std::string> phrase) const;
  std::size_t longest() const { return longest_; }  // words of the longest phrase
  std::size_t size() const { return alternatives_.size(); }

 private:
  Result<void> add(const Phrase& from, const Phrase& to, std::size_t line);

  std::map<Phrase, std::vector<Phrase>> alternatives_;
  std::size_t longest_ = 0;
};

}  // namespace handsel::query
