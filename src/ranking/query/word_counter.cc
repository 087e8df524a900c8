#include "ranking/query/internal/word_counter.h"

#include <algorithm>

#include "base/core/hash.h"
#include "ranking/query/query_model.h"

namespace handsel::query {
namespace {

constexpr std::size_t kLettersMin = 4;
constexpr std::size_t kLettersMax = 32;
constexpr std::uint64_t kListingsMin = 2;
constexpr std::size_t kTermsMax = 2 * kModelWordsMax;

}  // namespace

std::size_t letters_in(std::string_view surface) {
  return static_cast<std::size_t>(
      std::ranges::count_if(surface, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_spelt_word(std::string_view surface) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; };
  if (surface.size() > 4 * kLettersMax || !std::ranges::all_of(surface, is_letter)) return false;
  const std::size_t letters = letters_in(surface);
  return letters >= kLettersMin && letters <= kLettersMax;
}

WordCounter::WordCounter(const index::Snapshot& snapshot) {
  std::uint64_t listings_min = kListingsMin;
  index::visit_terms(snapshot, [&](std::string_view term, std::uint64_t listings) {
    if (listings < listings_min || letters_in(term) < kLettersMin - 1) return;
    terms_.emplace(term, Term{.listings = listings});
    while (terms_.size() > kTermsMax) {
      ++listings_min;
      std::erase_if(terms_, [&](const auto& entry) { return entry.second.listings < listings_min; });
    }
  });
}

void WordCounter::add(std::string_view surface, std::string_view term) {
  const auto of_index = terms_.find(term);
  if (of_index == terms_.end() || !is_spelt_word(surface)) return;
  ++of_index->second.seen;
  // One surface may have several terms, in several languages.
  key_ = surface;
  key_ += '\0';
  key_ += term;
  ++surfaces_[key_];
}

std::vector<text::WeightedWord> WordCounter::finish(std::size_t limit) const {
  std::vector<text::WeightedWord> words;
  for (const auto& [key, seen] : surfaces_) {
    const std::size_t end = key.find('\0');
    const Term& term = terms_.find(std::string_view(key).substr(end + 1))->second;
    words.push_back({key.substr(0, end), std::max<std::uint64_t>(1, term.listings * seen / term.seen)});
  }
  for (const auto& [name, term] : terms_) {
    if (term.seen == 0 && is_spelt_word(name)) words.push_back({name, term.listings});
  }
  std::ranges::sort(
      words, [](const auto& a, const auto& b) { return a.weight != b.weight ? a.weight > b.weight : a.word < b.word; });
  if (words.size() > limit) words.resize(limit);
  return words;
}

}  // namespace handsel::query
