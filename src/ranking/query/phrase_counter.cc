#include "ranking/query/internal/phrase_counter.h"

#include <algorithm>
#include <cmath>

#include "base/core/hash.h"

namespace handsel::query {
namespace {

constexpr std::size_t kJoinedBytesMin = 5;
constexpr std::size_t kJoinedBytesMax = 64;
constexpr std::size_t kRightBytesMin = 3;
constexpr std::size_t kPhraseWords = 3;
constexpr unsigned kNumberBits = 21;
constexpr std::uint32_t kNumbersMax = (1u << kNumberBits) - 1;  // 0 is none
constexpr std::uint64_t kPhraseTitlesMin = 3;

bool is_letters(std::string_view word) {
  return std::ranges::all_of(word,
                             [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; });
}

bool is_inside_character(std::string_view text, std::size_t at) {
  return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

void append_distinct(std::vector<std::uint64_t>& from, std::vector<std::uint64_t>& to) {
  std::ranges::sort(from);
  const auto repeated = std::ranges::unique(from);
  to.insert(to.end(), from.begin(), repeated.begin());
  from.clear();
}

// Calls visit(key, count) for each distinct key, ascending.
template <typename Visit>
void visit_counts(std::vector<std::uint64_t>& keys, Visit&& visit) {
  std::ranges::sort(keys);
  for (std::size_t begin = 0; begin < keys.size();) {
    std::size_t end = begin + 1;
    while (end < keys.size() && keys[end] == keys[begin]) ++end;
    visit(keys[begin], end - begin);
    begin = end;
  }
}

}  // namespace

PairCounts::PairCounts(std::vector<std::uint64_t> keys, double rate) : rate_(rate) {
  visit_counts(keys, [&](std::uint64_t key, std::size_t count) {
    if (count < 2) return;
    keys_.push_back(key);
    counts_.push_back(static_cast<std::uint32_t>(std::min<std::size_t>(count, 0xffffffff)));
  });
  keys_.shrink_to_fit();
  counts_.shrink_to_fit();
}

std::uint64_t PairCounts::key(std::string_view left, std::string_view right_term) {
  std::string joined(left);
  joined += right_term;
  return hash64(joined, left.size());
}

std::uint64_t PairCounts::count(std::uint64_t key) const {
  const auto found = std::ranges::lower_bound(keys_, key);
  if (found == keys_.end() || *found != key) return 0;
  return static_cast<std::uint64_t>(std::llround(rate_ * counts_[static_cast<std::size_t>(found - keys_.begin())]));
}

std::optional<QueryModel::Halves> PairCounts::best_split(std::string_view joined) const {
  if (joined.size() < kJoinedBytesMin || joined.size() > kJoinedBytesMax || !is_letters(joined)) return std::nullopt;
  std::optional<QueryModel::Halves> best;
  for (std::size_t seam = 1; seam + kRightBytesMin <= joined.size(); ++seam) {
    if (is_inside_character(joined, seam)) continue;
    const std::uint64_t titles = count(hash64(joined, seam));
    if (titles == 0 || (best && best->titles >= titles)) continue;
    best = {
        .left = std::string(joined.substr(0, seam)), .right_term = std::string(joined.substr(seam)), .titles = titles};
  }
  return best;
}

void PhraseCounter::begin_title() {
  title_.clear();
  previous_surface_.clear();
}

std::uint32_t PhraseCounter::number_of(std::string_view surface) {
  const auto known = numbers_.find(surface);
  if (known != numbers_.end()) return known->second;
  if (surfaces_.size() == kNumbersMax) return 0;
  const auto added = numbers_.emplace(surface, static_cast<std::uint32_t>(surfaces_.size() + 1)).first;
  surfaces_.push_back(&added->first);
  return added->second;
}

void PhraseCounter::add_word(std::string_view surface, std::string_view term, bool is_stop_word) {
  if (title_.size() == kModelTitleWordsMax) return;
  title_.push_back({number_of(surface), is_stop_word});
  const bool joins = !previous_surface_.empty() && term.size() >= kRightBytesMin && is_letters(term) &&
                     previous_surface_.size() + term.size() >= kJoinedBytesMin;
  if (joins) title_pairs_.push_back(PairCounts::key(previous_surface_, term));
  previous_surface_ = is_letters(surface) ? surface : "";
}

void PhraseCounter::end_title() {
  for (std::size_t begin = 0; begin < title_.size(); ++begin) {
    if (title_[begin].is_stop_word) continue;
    std::uint64_t phrase = 0;
    for (std::size_t i = begin; i < std::min(title_.size(), begin + kPhraseWords); ++i) {
      if (title_[i].number == 0) break;
      phrase = phrase << kNumberBits | title_[i].number;
      if (!title_[i].is_stop_word) title_phrases_.push_back(phrase);
    }
  }
  append_distinct(title_pairs_, pairs_);
  append_distinct(title_phrases_, phrases_);
}

void PhraseCounter::add_name(std::string name) {
  ++names_[std::move(name)];
}

PairCounts PhraseCounter::pairs(double rate) {
  return PairCounts(std::move(pairs_), rate);
}

std::vector<text::WeightedPhrase> PhraseCounter::phrases(std::size_t limit, double rate) {
  StringMap<std::uint64_t> counts = std::move(names_);
  visit_counts(phrases_, [&](std::uint64_t phrase, std::uint64_t count) {
    if (count < kPhraseTitlesMin) return;
    std::string text;
    for (int place = kPhraseWords - 1; place >= 0; --place) {
      const std::uint64_t number = phrase >> (kNumberBits * static_cast<unsigned>(place)) & kNumbersMax;
      if (number == 0) continue;
      if (!text.empty()) text += ' ';
      text += *surfaces_[number - 1];
    }
    std::uint64_t& known = counts[text];
    known = std::max(known, count);
  });
  std::vector<text::WeightedPhrase> out;
  for (const auto& [text, count] : counts) {
    out.push_back({text, static_cast<std::uint64_t>(std::llround(rate * static_cast<double>(count)))});
  }
  std::ranges::sort(
      out, [](const auto& a, const auto& b) { return a.weight != b.weight ? a.weight > b.weight : a.text < b.text; });
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace handsel::query
