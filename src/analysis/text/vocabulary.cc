#include "analysis/text/vocabulary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>

#include "base/core/hash.h"
#include "base/core/utf8.h"

namespace handsel::text {
namespace {

// What one edit costs in the score: a known word is given up only for one some hundred
// times as frequent (e^6 = 400).
constexpr double kEditPrice = 6;
constexpr std::size_t kPostingsPerBucket = 5;
constexpr std::size_t kBytesMax = std::numeric_limits<std::uint32_t>::max();  // offsets are 32 bits

// The characters of a word, without allocating; too long a word is cut.
class Characters {
 public:
  explicit Characters(std::string_view word, std::size_t max = kSpelledCharactersMax + 1) {
    while (!word.empty() && size_ < max) {
      const DecodedCharacter character = decode_utf8(word);
      characters_[size_++] = character.code;
      word.remove_prefix(character.size);
    }
  }
  std::u32string_view view() const { return {characters_.data(), size_}; }
  bool is_spelled() const { return size_ > 0 && size_ <= kSpelledCharactersMax; }

 private:
  std::array<char32_t, kSpelledCharactersMax + 1> characters_;
  std::size_t size_ = 0;
};

// Which characters a word has, by their low bits: an edit brings at most one in and
// takes at most one out, so most words can be passed over without a closer look.
// Beyond ASCII a character is several bytes, and one edit many bits: such words have
// the empty set, which is never too far from another.
std::uint32_t letters_of(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word) letters |= 1u << (c & 31);
  return is_ascii(word) ? letters : 0;
}

// The edits between two words, or two beginnings of equal length, are at least these.
std::size_t edits_apart(std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return 0;
  return static_cast<std::size_t>(std::max(std::popcount(a & ~b), std::popcount(b & ~a)));
}

std::string_view prefix_of(std::string_view word) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < kSpelledPrefix && size < word.size(); ++i) size += decode_utf8(word.substr(size)).size;
  return word.substr(0, size);
}

std::array<std::uint8_t, 3> pack(std::uint32_t number) {
  return {static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8),
          static_cast<std::uint8_t>(number >> 16)};
}

std::uint32_t unpack(std::array<std::uint8_t, 3> posting) {
  return posting[0] | std::uint32_t{posting[1]} << 8 | std::uint32_t{posting[2]} << 16;
}

std::uint32_t saturate(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

std::vector<WeightedWord> sort_and_merge(std::vector<WeightedWord> words) {
  std::ranges::sort(words, {}, &WeightedWord::word);
  std::vector<WeightedWord> merged;
  for (WeightedWord& word : words) {
    if (word.word.empty()) continue;
    if (!merged.empty() && merged.back().word == word.word) {
      merged.back().weight = std::uint64_t{saturate(merged.back().weight)} + saturate(word.weight);
    } else {
      merged.push_back(std::move(word));
    }
  }
  return merged;
}

}  // namespace

// The hashes of a beginning with up to some of its characters deleted, each once.
class Vocabulary::Deletions {
 public:
  Deletions(std::u32string_view prefix, std::size_t deletions_max) {
    std::array<char32_t, kSpelledPrefix> characters;
    std::ranges::copy(prefix, characters.begin());
    add(characters, prefix.size(), 0, deletions_max);
    std::sort(hashes_.begin(), hashes_.begin() + size_);
    size_ = std::unique(hashes_.begin(), hashes_.begin() + size_) - hashes_.begin();
  }
  const std::uint64_t* begin() const { return hashes_.data(); }
  const std::uint64_t* end() const { return hashes_.data() + size_; }

 private:
  static constexpr std::size_t kMost = 1 + kSpelledPrefix + kSpelledPrefix * (kSpelledPrefix - 1) / 2;
  using Buffer = std::array<char32_t, kSpelledPrefix>;

  // Deletes from `from` on only, so that no set of places comes twice.
  void add(const Buffer& characters, std::size_t size, std::size_t from, std::size_t deletions_left) {
    hashes_[static_cast<std::size_t>(size_++)] =
        hash64({reinterpret_cast<const char*>(characters.data()), size * sizeof(char32_t)});
    if (deletions_left == 0) return;
    for (std::size_t at = from; at < size; ++at) {
      Buffer shorter = characters;
      std::copy(characters.begin() + at + 1, characters.begin() + size, shorter.begin() + at);
      add(shorter, size - 1, at, deletions_left - 1);
    }
  }

  std::array<std::uint64_t, kMost> hashes_;
  std::ptrdiff_t size_ = 0;
};

Vocabulary Vocabulary::build(std::vector<WeightedWord> words) {
  Vocabulary out;
  for (const WeightedWord& word : sort_and_merge(std::move(words))) {
    if (out.weights_.size() == kVocabularyWordsMax || out.bytes_.size() + word.word.size() > kBytesMax) break;
    out.begins_.push_back(static_cast<std::uint32_t>(out.bytes_.size()));
    out.weights_.push_back(saturate(word.weight));
    out.bytes_ += word.word;
  }
  out.begins_.push_back(static_cast<std::uint32_t>(out.bytes_.size()));
  out.bytes_.shrink_to_fit();
  out.begins_.shrink_to_fit();
  out.weights_.shrink_to_fit();
  out.add_prefixes();
  out.add_postings();
  return out;
}

std::string_view Vocabulary::word_at(std::size_t number) const {
  return std::string_view(bytes_).substr(begins_[number], begins_[number + 1] - begins_[number]);
}

// Byte order is the order of code points, so words with one beginning stand together.
void Vocabulary::add_prefixes() {
  std::string_view last;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const std::string_view prefix = prefix_of(word_at(i));
    if (i > 0 && prefix == last) continue;
    last = prefix;
    prefixes_.push_back({.first_word = i, .letters = letters_of(prefix)});
  }
  prefixes_.push_back({.first_word = static_cast<std::uint32_t>(size()), .letters = 0});
  prefixes_.shrink_to_fit();
}

// Counts, then fills: the usual way to sort into buckets without spare memory.
void Vocabulary::add_postings() {
  const auto visit = [this](auto&& posting) {
    for (std::uint32_t p = 0; p + 1 < prefixes_.size(); ++p) {
      const Characters prefix(word_at(prefixes_[p].first_word), kSpelledPrefix);
      for (const std::uint64_t hash : Deletions(prefix.view(), kEditsMax)) posting(hash, p);
    }
  };
  std::size_t count = 0;
  visit([&](std::uint64_t, std::uint32_t) { ++count; });
  const std::size_t buckets = count / kPostingsPerBucket + 1;
  buckets_.assign(buckets + 1, 0);
  postings_.resize(count);
  visit([&](std::uint64_t hash, std::uint32_t) { ++buckets_[hash % buckets]; });
  std::inclusive_scan(buckets_.begin(), buckets_.end(), buckets_.begin());
  visit([&](std::uint64_t hash, std::uint32_t prefix) { postings_[--buckets_[hash % buckets]] = pack(prefix); });
}

std::vector<std::uint32_t> Vocabulary::prefixes_near(std::u32string_view word, std::size_t edits_max) const {
  std::vector<std::uint32_t> near;
  const std::size_t buckets = buckets_.size() - 1;
  for (const std::uint64_t hash : Deletions(word.substr(0, kSpelledPrefix), edits_max)) {
    const std::size_t bucket = hash % buckets;
    for (std::uint32_t i = buckets_[bucket]; i < buckets_[bucket + 1]; ++i) near.push_back(unpack(postings_[i]));
  }
  std::ranges::sort(near);
  const auto repeated = std::ranges::unique(near);
  near.erase(repeated.begin(), repeated.end());
  return near;
}

std::vector<SpellingCandidate> Vocabulary::lookup(std::string_view word, std::size_t edits_max,
                                                  std::size_t limit) const {
  const Characters typed(word);
  if (!typed.is_spelled() || size() == 0) return {};
  edits_max = std::min(edits_max, kEditsMax);
  const std::uint32_t letters = letters_of(word);
  const std::uint32_t first_letters = letters == 0 ? 0 : letters_of(word.substr(0, kSpelledPrefix));
  std::vector<Found> found;
  for (const std::uint32_t number : prefixes_near(typed.view(), edits_max)) {
    const Prefix& prefix = prefixes_[number];
    if (edits_apart(first_letters, prefix.letters) > edits_max) continue;
    const Characters beginning(word_at(prefix.first_word), kSpelledPrefix);
    if (edit_distance_bound(beginning.view(), typed.view(), edits_max) > edits_max) continue;
    for (std::uint32_t i = prefix.first_word; i < prefixes_[number + 1].first_word; ++i) {
      const std::string_view known = word_at(i);
      if (edits_apart(letters, letters_of(known)) > edits_max) continue;
      const Characters characters(known);
      if (!characters.is_spelled()) continue;
      const std::size_t edits = edit_distance(characters.view(), typed.view(), edits_max);
      if (edits <= edits_max) found.push_back({i, edits});
    }
  }
  return rank(found, typed.view(), limit);
}

std::vector<SpellingCandidate> Vocabulary::lookup_by_scan(std::string_view word, std::size_t edits_max,
                                                          std::size_t limit) const {
  const Characters typed(word);
  if (!typed.is_spelled()) return {};
  edits_max = std::min(edits_max, kEditsMax);
  std::vector<Found> found;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const Characters known(word_at(i));
    if (!known.is_spelled()) continue;
    const std::size_t edits = edit_distance(known.view(), typed.view(), edits_max);
    if (edits <= edits_max) found.push_back({i, edits});
  }
  std::vector<SpellingCandidate> all = rank(found, typed.view(), found.size());
  all.resize(std::min(all.size(), limit));
  return all;
}

// Prices slips best hope first, and stops where no hope is left: a short word has
// thousands of neighbours.
std::vector<SpellingCandidate> Vocabulary::rank(const std::vector<Found>& found, std::u32string_view word,
                                                std::size_t limit) const {
  struct Hope {
    double score;  // with the cheapest slips
    Found found;
  };
  const auto hopeless = [](const Hope& a, const Hope& b) { return a.score < b.score; };
  std::vector<Hope> hopes;
  hopes.reserve(found.size());
  const auto prior = [this](std::uint32_t i) { return std::log1p(static_cast<double>(weights_[i])); };
  for (const Found& one : found)
    hopes.push_back({prior(one.word) - kEditPrice * kCheapestSlip * static_cast<double>(one.edits), one});
  std::ranges::make_heap(hopes, hopeless);

  const auto better = [](const SpellingCandidate& a, const SpellingCandidate& b) {
    return a.score != b.score ? a.score > b.score : a.word < b.word;
  };
  std::vector<SpellingCandidate> best;  // sorted, at most `limit`
  while (!hopes.empty() && limit > 0) {
    if (best.size() == limit && hopes.front().score < best.back().score) break;
    std::ranges::pop_heap(hopes, hopeless);
    const Found one = hopes.back().found;
    hopes.pop_back();
    const std::string_view known = word_at(one.word);
    const double price = one.edits == 0 ? 0 : slip_price(Characters(known).view(), word);
    const SpellingCandidate candidate{known, weights_[one.word], one.edits, prior(one.word) - kEditPrice * price};
    best.insert(std::ranges::upper_bound(best, candidate, better), candidate);
    if (best.size() > limit) best.pop_back();
  }
  return best;
}

std::optional<std::uint64_t> Vocabulary::weight(std::string_view word) const {
  std::size_t low = 0;
  std::size_t high = size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (word_at(middle) < word) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == size() || word_at(low) != word) return std::nullopt;
  return weights_[low];
}

std::size_t Vocabulary::memory_bytes() const {
  return bytes_.capacity() + prefixes_.capacity() * sizeof(Prefix) + postings_.capacity() * sizeof(Posting) +
         (begins_.capacity() + weights_.capacity() + buckets_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace handsel::text
