#include "analysis/models/two_tower_pseudo_queries.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/core/utf8.h"

namespace handsel::models {
namespace {

constexpr std::size_t kWordsReadMax = 64;
constexpr std::size_t kLettersForError = 5;
constexpr std::size_t kLongWordBytes = 30;  // beyond, it is a script without spaces
constexpr double kDropChance = 0.1;
constexpr double kErrorChance = 0.1;

bool is_word_byte(unsigned char byte) {
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         byte == '\'';
}

using Words = std::vector<std::string_view>;

Words words_of(std::string_view text) {
  Words words;
  for (std::size_t at = 0; at < text.size() && words.size() < kWordsReadMax;) {
    while (at < text.size() && !is_word_byte(static_cast<unsigned char>(text[at]))) ++at;
    const std::size_t begin = at;
    while (at < text.size() && is_word_byte(static_cast<unsigned char>(text[at]))) ++at;
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

// Short runs are asked for most.
std::size_t draw_length(Rng& rng) {
  return 1 + rng.below(3) + rng.below(2) * rng.below(3);
}

Words run_of(const Words& words, Rng& rng) {
  if (words.empty()) return {};
  const std::size_t length = std::min(draw_length(rng), words.size());
  // The beginning of a title names the thing more often than its end does.
  const std::size_t last = words.size() - length;
  const std::size_t begin = rng.chance(0.5) ? rng.below(std::min<std::size_t>(last, 8) + 1) : rng.below(last + 1);
  const std::span<const std::string_view> run = std::span(words).subspan(begin, length);
  return {run.begin(), run.end()};
}

Words some_of(const Words& words, Rng& rng) {
  Words chosen;
  const std::size_t length = std::min(1 + rng.below(4), words.size());
  for (std::size_t i = 0; i < length; ++i) chosen.push_back(words[rng.below(words.size())]);
  return chosen;
}

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

Words keyword_words(const PseudoSource& source, Rng& rng) {
  Words words;
  if (source.keywords.empty()) return words;
  const std::size_t count = 1 + rng.below(2);
  for (std::size_t i = 0; i < count; ++i) append(words, words_of(source.keywords[rng.below(source.keywords.size())]));
  return words;
}

// What it is, with something about it: "ivory mugs".
Words kind_words(const PseudoSource& source, Rng& rng) {
  Words words;
  if (source.taxonomy.empty()) return words;
  if (rng.chance(0.5)) append(words, keyword_words(source, rng));
  const std::size_t depth = source.taxonomy.size();
  append(words, words_of(source.taxonomy[depth - 1 - rng.below(std::min<std::size_t>(depth, 2))]));
  return words;
}

Words draw_words(const PseudoSource& source, Rng& rng) {
  const std::uint64_t kind = rng.below(10);
  Words words;
  if (kind < 2) words = some_of(words_of(source.title), rng);
  if (kind == 2) words = keyword_words(source, rng);
  if (kind == 3) words = kind_words(source, rng);
  if (kind == 4) words = run_of(words_of(source.description), rng);
  if (words.empty()) words = run_of(words_of(source.title), rng);
  if (words.empty()) words = keyword_words(source, rng);
  if (words.empty()) words = run_of(words_of(source.description), rng);
  if (words.size() > kPseudoWordsMax) words.resize(kPseudoWordsMax);
  return words;
}

// A few characters out of a text that does not part its words.
std::string_view cut_long(std::string_view word, Rng& rng) {
  if (word.size() <= kLongWordBytes) return word;
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < word.size(); at += decode_utf8(word.substr(at)).size) starts.push_back(at);
  starts.push_back(word.size());
  const std::size_t characters = starts.size() - 1;
  const std::size_t length = std::min<std::size_t>(characters, 2 + rng.below(6));
  const std::size_t begin = rng.below(characters - length + 1);
  return word.substr(starts[begin], starts[begin + length] - starts[begin]);
}

void keep(std::vector<std::string>& kept, const std::string& keyword) {
  if (kept.size() < kSourceKeywordsMax && !keyword.empty()) kept.push_back(keyword);
}

}  // namespace

PseudoSource pseudo_source(const catalog::Listing& listing) {
  PseudoSource source{.title = listing.title,
                      .description = std::string(utf8_prefix(listing.description, kSourceDescriptionBytesMax)),
                      .language = listing.language,
                      .keywords = {},
                      .taxonomy = listing.taxonomy_path};
  for (const catalog::Attribute& attribute : listing.attributes) keep(source.keywords, attribute.value);
  for (const std::string& tag : listing.tags) keep(source.keywords, tag);
  for (const std::string& material : listing.materials) keep(source.keywords, material);
  return source;
}

std::string with_typing_error(std::string_view word, Rng& rng) {
  std::string result(word);
  if (!is_ascii(word) || word.size() < kLettersForError) return result;
  // The first letter is seldom wrong.
  const std::size_t at = 1 + rng.below(word.size() - 2);
  const std::uint64_t kind = rng.below(3);
  if (kind == 0) result.erase(at, 1);
  if (kind == 1) result.insert(at, 1, result[at]);
  if (kind == 2) std::swap(result[at], result[at + 1]);
  return result;
}

std::string pseudo_query(const PseudoSource& source, Rng& rng) {
  Words words = draw_words(source, rng);
  if (words.size() > 1 && rng.chance(kDropChance))
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(rng.below(words.size())));
  const bool has_error = !words.empty() && rng.chance(kErrorChance);
  const std::size_t wrong = has_error ? rng.below(words.size()) : words.size();
  std::string query;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) query += ' ';
    const std::string_view word = cut_long(words[i], rng);
    query += i == wrong ? with_typing_error(word, rng) : std::string(word);
  }
  return query;
}

}  // namespace handsel::models
