// Text and facts become bags of numbered features: what both towers of the two-tower
// model read. Training and serving call these functions and no others.
//
// A feature is a row of the model's table, chosen by a hash, so that there is no list
// of words to keep and no word that is unknown. Three kinds of text features have
// their own part of the table: words (stemmed), pairs of neighbouring words, and runs
// of three characters of a word with its borders marked, which bear typing errors.
// Words and characters come folded from text::Analyzer.
//
// A bag is cut into segments (the title's words, its pairs, ...), each scaled to
// 1/sqrt(of its features), so that a long description does not drown a short title;
// the model weighs segments against each other.
//
// Paper: "Semantic Product Search" (Nigam et al., KDD 2019, arXiv 1907.00937) for the
// three kinds and the hashing.
//
// Any thread. Time in proportion to the text that is read, which has limits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/text_encoder.h"
#include "analysis/text/analyzer.h"
#include "facts/catalog/listing.h"

namespace handsel::models {

// What lies beyond is not read.
inline constexpr std::size_t kQueryBytesMax = 1000;
inline constexpr std::size_t kQueryWordsMax = 32;
inline constexpr std::size_t kTitleWordsMax = 48;
inline constexpr std::size_t kKeywordWordsMax = 64;
inline constexpr std::size_t kDescriptionBytesMax = 1000;
inline constexpr std::size_t kDescriptionWordsMax = 128;
inline constexpr std::size_t kTrigramsPerWordMax = 16;
inline constexpr std::size_t kFeatureCountMax = 8;  // the same feature counts so often in a segment, at most

inline constexpr std::size_t kTableBitsMin = 12;
inline constexpr std::size_t kTableBitsMax = 20;
inline constexpr std::size_t kPriceEdgesMax = 64;
inline constexpr std::size_t kCountriesMax = 26 * 26;

enum class QuerySegment : std::uint8_t { kWords, kPairs, kTrigrams, kFacts };
enum class ListingSegment : std::uint8_t {
  kTitleWords,
  kTitlePairs,
  kTitleTrigrams,
  kKeywords,  // words and pairs of tags, materials and values of attributes
  kTaxonomy,
  kDescription,
  kFacts,  // price quantile, where it ships from, language
};
inline constexpr std::size_t kQuerySegments = 4;
inline constexpr std::size_t kListingSegments = 7;
inline constexpr std::size_t kSegmentsMax = 7;

// Rows of the table and what they count for. Segment s is [ends[s-1], ends[s]); inside
// one, rows ascend and none comes twice.
struct FeatureBag {
  std::vector<std::uint32_t> rows;
  std::vector<float> weights;
  std::array<std::uint32_t, kSegmentsMax> ends{};
  std::size_t segments = 0;

  void clear();
  std::size_t begin_of(std::size_t segment) const { return segment == 0 ? 0 : ends[segment - 1]; }
  // False where there are facts at most: nothing that can be compared by meaning.
  bool has_text() const { return segments > 1 && ends[segments - 2] > 0; }
  bool operator==(const FeatureBag&) const = default;
};

// What the features depend on beside the input; kept in the model's file.
struct FeatureSettings {
  std::size_t table_bits = 16;            // rows = 2^table_bits
  std::string currency;                   // of price_edges; other prices count as unknown
  std::vector<std::int64_t> price_edges;  // ascending; price < edges[0] is quantile 0
  std::vector<std::string> countries;     // of buyers, ascending; others count as unknown
  bool operator==(const FeatureSettings&) const = default;

  std::size_t rows() const { return std::size_t{1} << table_bits; }
};

class FeatureMaker {
 public:
  explicit FeatureMaker(FeatureSettings settings);

  const FeatureSettings& settings() const { return settings_; }

  // `bag` is overwritten.
  void of_query(const QueryInput& query, FeatureBag& bag) const;
  void of_listing(const catalog::Listing& listing, FeatureBag& bag) const;

 private:
  struct Counts;
  void read_text(std::string_view text, std::string_view language, std::size_t words_max, Counts& counts) const;
  std::uint32_t word_row(std::string_view word) const;
  std::uint32_t pair_row(std::string_view first, std::string_view second) const;
  std::uint32_t trigram_row(std::string_view characters) const;
  std::uint32_t fact_row(std::string_view kind, std::string_view value) const;
  void add_trigrams(std::string_view word, std::vector<std::uint32_t>& rows) const;
  std::size_t price_quantile(std::int64_t price_cents) const;

  FeatureSettings settings_;
  text::Analyzer analyzer_;
};

}  // namespace handsel::models
