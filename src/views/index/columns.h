// Columns: what is filtered, counted and sorted by, one value or several per document.
//
// Keyword column:  dictionary of the values; per document a list of numbers into it.
//                  A value is stored as its folded form, a zero byte, and the form it
//                  was written in where that differs: values that differ only in case
//                  stand together and filter as one.
// Number column:   one double per document, or nothing (NaN).
//
// Bytes of a column set: varint columns, then for each: string name, u8 kind,
// string body. Bodies:
//   keyword: string dictionary, u8 single, u8 width (1, 2, 4), then
//     single 1: per document a number of `width` bytes, all ones for none
//     single 0: u32 offset per document + 1, then the numbers
//   number:  u8 coding; 0: one double for all; 1: f64 each;
//            2: u32 each, value * 100 - base, with the base as f64 first, all ones for none
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/catalog/listing.h"
#include "views/index/dictionary.h"
#include "views/index/filter.h"

namespace handsel::index {

inline constexpr std::size_t kAttributeColumnsMax = 256;       // in a segment; further names are searched, not filtered
inline constexpr std::string_view kAttributePrefix = "attr.";  // of the columns of attributes
inline constexpr std::string_view kTaxonomySeparator = " > ";
inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::uint32_t kNoOrdinal = 0xffffffff;

// What a listing puts into each column, by name. The one place that says so.
struct ColumnValues {
  std::vector<std::pair<std::string, std::string>> keywords;  // (column, value), repeated for several
  std::vector<std::pair<std::string_view, double>> numbers;
};
ColumnValues column_values(const catalog::Listing& listing);
std::string keyword_entry(std::string_view value);
std::string_view folded_of(std::string_view entry);
std::string_view written_of(std::string_view entry);
// "A", "A > B", "A > B > C": the path and everything above it.
std::vector<std::string> taxonomy_prefixes(std::span<const std::string> path);

// Collects values document by document.
class ColumnsBuilder {
 public:
  void add(std::uint32_t doc, const ColumnValues& values);
  // `documents`: how many there are in all; those without a value get none.
  std::string finish(std::uint32_t documents) const;

 private:
  struct Keyword {
    std::unordered_map<std::string, std::uint32_t> numbers;       // in order of appearance
    std::vector<std::pair<std::uint32_t, std::uint32_t>> values;  // (document, number)
  };
  std::map<std::string, Keyword, std::less<>> keywords_;
  std::map<std::string, std::vector<std::pair<std::uint32_t, double>>, std::less<>> numbers_;
};

// Readers borrow the bytes. Any thread. Damaged bytes give missing values.
class KeywordColumn {
 public:
  KeywordColumn() = default;
  KeywordColumn(std::string_view body, std::uint32_t documents);

  const Dictionary& dictionary() const { return dictionary_; }

  // Adds one to counts[ordinal] for each value of each document; `counts` is as long as the dictionary.
  void count(std::span<const std::uint32_t> docs, std::span<std::uint32_t> counts) const;

  // Fetch what visit() will look at: first the one for all documents, then the other.
  void prefetch_offset(std::uint32_t doc) const;
  void prefetch_values(std::uint32_t doc) const;

  template <typename Visit>
  void visit(std::uint32_t doc, Visit&& visit) const {
    std::uint32_t begin = doc;
    std::uint32_t end = doc + 1;
    if (!single_) {
      begin = offset(doc);
      end = offset(doc + 1);
    }
    for (; begin < end; ++begin) {
      const std::uint32_t ordinal = ordinal_at(begin);
      if (ordinal < dictionary_.size()) visit(ordinal);
    }
  }

 private:
  std::uint32_t offset(std::uint32_t doc) const;
  std::uint32_t ordinal_at(std::uint32_t index) const;
  template <typename Ordinal>
  void count_as(std::span<const std::uint32_t> docs, std::span<std::uint32_t> counts) const;

  Dictionary dictionary_;
  bool single_ = true;
  std::uint8_t width_ = 1;
  std::uint32_t count_ = 0;  // ordinals
  std::string_view offsets_;
  std::string_view ordinals_;
};

class NumberColumn {
 public:
  NumberColumn() = default;
  NumberColumn(std::string_view body, std::uint32_t documents);
  double at(std::uint32_t doc) const;
  void prefetch(std::uint32_t doc) const;

 private:
  std::uint8_t coding_ = 0;
  double base_ = kNoNumber;
  std::string_view values_;
};

class Columns {
 public:
  Columns() = default;
  Columns(std::string_view bytes, std::uint32_t documents);
  const KeywordColumn* keyword(std::string_view name) const;
  const NumberColumn* number(std::string_view name) const;
  const std::map<std::string, KeywordColumn, std::less<>>& keywords() const { return keywords_; }
  const std::map<std::string, NumberColumn, std::less<>>& numbers() const { return numbers_; }

 private:
  std::map<std::string, KeywordColumn, std::less<>> keywords_;
  std::map<std::string, NumberColumn, std::less<>> numbers_;
};

// Joins the columns of several segments; `kept[i]` lists the documents of source i
// that stay, in order; the new numbers count through them.
struct ColumnSource {
  const Columns* columns;
  std::span<const std::uint32_t> kept;
};
std::string merge_columns(std::span<const ColumnSource> sources);

}  // namespace handsel::index
