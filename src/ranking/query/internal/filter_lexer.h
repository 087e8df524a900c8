// Cuts a filter into words, quoted strings and symbols.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::query {

struct FilterToken {
  enum class Kind : std::uint8_t { kWord, kString, kSymbol, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;       // of a string: what stands between the quotes, escapes undone
  std::size_t begin = 0;  // bytes
  std::size_t end = 0;
};

// One token ahead. Borrows the text.
class FilterLexer {
 public:
  explicit FilterLexer(std::string_view text) : text_(text) {}
  Result<FilterToken> next();
  // "filter: column 7: expected a number, found 'abc'".
  std::unexpected<Error> expected(std::string_view what, const FilterToken& found) const;
  // "filter: column 7: " and the complaint.
  std::unexpected<Error> wrong(std::size_t at, std::string_view complaint) const;

 private:
  Result<FilterToken> quoted(char quote);
  FilterToken symbol(std::size_t size);

  std::string_view text_;
  std::size_t at_ = 0;
};

// Words that mean something and are no values without quotes: and, or, not, in, exists, geo, true.
bool is_filter_keyword(std::string_view word);
// May stand without quotes.
bool is_bare_word(std::string_view value);
std::string quote(std::string_view value);

}  // namespace handsel::query
