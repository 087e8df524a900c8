#include "analysis/models/two_tower_features.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/core/hash.h"
#include "base/core/utf8.h"

namespace handsel::models {
namespace {

// The parts of the table, in order: one half for words, a quarter for pairs, the rest
// for trigrams but for the last rows, which are for facts.
constexpr std::uint32_t kFactRows = 512;

constexpr std::uint64_t kWordSeed = 1;
constexpr std::uint64_t kPairSeed = 2;
constexpr std::uint64_t kTrigramSeed = 3;
constexpr std::uint64_t kFactSeed = 4;

struct Part {
  std::uint32_t begin;
  std::uint32_t size;
  std::uint32_t row(std::uint64_t hash) const { return begin + static_cast<std::uint32_t>((hash >> 32) % size); }
};

Part words_part(std::size_t rows) {
  return {0, static_cast<std::uint32_t>(rows / 2)};
}
Part pairs_part(std::size_t rows) {
  return {static_cast<std::uint32_t>(rows / 2), static_cast<std::uint32_t>(rows / 4)};
}
Part trigrams_part(std::size_t rows) {
  return {static_cast<std::uint32_t>(rows / 4 * 3), static_cast<std::uint32_t>(rows / 4 - kFactRows)};
}
Part facts_part(std::size_t rows) {
  return {static_cast<std::uint32_t>(rows - kFactRows), kFactRows};
}

// Ends the next segment with `rows`, which may hold a row several times; they are sorted.
void close_segment(std::vector<std::uint32_t>& rows, FeatureBag& bag) {
  std::ranges::sort(rows);
  const std::size_t begin = bag.rows.size();
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i + 1;
    while (end < rows.size() && rows[end] == rows[i]) ++end;
    bag.rows.push_back(rows[i]);
    bag.weights.push_back(std::sqrt(static_cast<float>(std::min(end - i, kFeatureCountMax))));
    i = end;
  }
  const std::size_t count = bag.rows.size() - begin;
  if (count > 0) {
    const float scale = 1.0F / std::sqrt(static_cast<float>(count));
    for (std::size_t i = begin; i < bag.weights.size(); ++i) bag.weights[i] *= scale;
  }
  bag.ends[bag.segments++] = static_cast<std::uint32_t>(bag.rows.size());
  rows.clear();
}

}  // namespace

void FeatureBag::clear() {
  rows.clear();
  weights.clear();
  ends = {};
  segments = 0;
}

// What was read of one or several texts: rows, possibly repeated. Null: not wanted.
struct FeatureMaker::Counts {
  std::vector<std::uint32_t>* words = nullptr;
  std::vector<std::uint32_t>* pairs = nullptr;
  std::vector<std::uint32_t>* trigrams = nullptr;
};

FeatureMaker::FeatureMaker(FeatureSettings settings) : settings_(std::move(settings)) {
  HANDSEL_CHECK(settings_.table_bits >= kTableBitsMin && settings_.table_bits <= kTableBitsMax);
}

std::uint32_t FeatureMaker::word_row(std::string_view word) const {
  return words_part(settings_.rows()).row(hash64(word, kWordSeed));
}

std::uint32_t FeatureMaker::pair_row(std::string_view first, std::string_view second) const {
  return pairs_part(settings_.rows()).row(hash64(second, hash64(first, kPairSeed)));
}

std::uint32_t FeatureMaker::trigram_row(std::string_view characters) const {
  return trigrams_part(settings_.rows()).row(hash64(characters, kTrigramSeed));
}

std::uint32_t FeatureMaker::fact_row(std::string_view kind, std::string_view value) const {
  return facts_part(settings_.rows()).row(hash64(value, hash64(kind, kFactSeed)));
}

void FeatureMaker::add_trigrams(std::string_view word, std::vector<std::uint32_t>& rows) const {
  // '<' and '>' mark the borders: folded words never hold them.
  std::string marked;
  marked.reserve(word.size() + 2);
  marked.append("<").append(word).append(">");
  std::array<std::size_t, kTrigramsPerWordMax + 3> starts{};
  std::size_t count = 0;
  for (std::size_t at = 0; at < marked.size() && count < starts.size();) {
    starts[count++] = at;
    at += decode_utf8(std::string_view(marked).substr(at)).size;
    if (at >= marked.size() && count < starts.size()) starts[count++] = marked.size();
  }
  for (std::size_t i = 0; i + 3 < count; ++i) {
    rows.push_back(trigram_row(std::string_view(marked).substr(starts[i], starts[i + 3] - starts[i])));
  }
}

void FeatureMaker::read_text(std::string_view text, std::string_view language, std::size_t words_max,
                             Counts& counts) const {
  std::size_t words = 0;
  std::string before;
  analyzer_.visit_tokens(text, language, [&](const text::TokenView& token) {
    if (words >= words_max) return;
    ++words;
    if (counts.words != nullptr) counts.words->push_back(word_row(token.term));
    if (counts.trigrams != nullptr) add_trigrams(token.surface, *counts.trigrams);
    if (counts.pairs == nullptr) return;
    if (!before.empty()) counts.pairs->push_back(pair_row(before, token.term));
    before = token.term;
  });
}

std::size_t FeatureMaker::price_quantile(std::int64_t price_cents) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(settings_.price_edges, price_cents) -
                                  settings_.price_edges.begin());
}

void FeatureMaker::of_query(const QueryInput& query, FeatureBag& bag) const {
  bag.clear();
  std::vector<std::uint32_t> words;
  std::vector<std::uint32_t> pairs;
  std::vector<std::uint32_t> trigrams;
  std::vector<std::uint32_t> facts;
  Counts counts{.words = &words, .pairs = &pairs, .trigrams = &trigrams};
  read_text(utf8_prefix(query.text, kQueryBytesMax), query.language, kQueryWordsMax, counts);
  if (!query.language.empty()) facts.push_back(fact_row("query language", query.language));
  if (std::ranges::binary_search(settings_.countries, query.country))
    facts.push_back(fact_row("buyer country", query.country));
  close_segment(words, bag);
  close_segment(pairs, bag);
  close_segment(trigrams, bag);
  close_segment(facts, bag);
}

void FeatureMaker::of_listing(const catalog::Listing& listing, FeatureBag& bag) const {
  bag.clear();
  std::vector<std::uint32_t> words;
  std::vector<std::uint32_t> pairs;
  std::vector<std::uint32_t> trigrams;
  Counts title{.words = &words, .pairs = &pairs, .trigrams = &trigrams};
  read_text(utf8_prefix(listing.title, catalog::kTitleBytesMax), listing.language, kTitleWordsMax, title);
  close_segment(words, bag);
  close_segment(pairs, bag);
  close_segment(trigrams, bag);

  // Each keyword by itself: a pair does not reach from one into the next.
  Counts keywords{.words = &words, .pairs = &words};
  const auto read_keyword = [&](std::string_view keyword) {
    if (words.size() >= 2 * kKeywordWordsMax) return;
    read_text(utf8_prefix(keyword, catalog::kKeywordBytesMax), listing.language, kKeywordWordsMax, keywords);
  };
  for (const std::string& tag : listing.tags) read_keyword(tag);
  for (const std::string& material : listing.materials) read_keyword(material);
  for (const catalog::Attribute& attribute : listing.attributes) read_keyword(attribute.value);
  close_segment(words, bag);

  for (const std::string& name : listing.taxonomy_path) read_keyword(name);
  close_segment(words, bag);

  Counts description{.words = &words};
  read_text(utf8_prefix(listing.description, kDescriptionBytesMax), listing.language, kDescriptionWordsMax,
            description);
  close_segment(words, bag);

  if (listing.price_cents && listing.currency == settings_.currency && !settings_.price_edges.empty()) {
    words.push_back(fact_row("price quantile", std::to_string(price_quantile(*listing.price_cents))));
  }
  if (!listing.ships_from.empty()) words.push_back(fact_row("ships from", listing.ships_from));
  if (!listing.language.empty()) words.push_back(fact_row("listing language", listing.language));
  close_segment(words, bag);
}

}  // namespace handsel::models
