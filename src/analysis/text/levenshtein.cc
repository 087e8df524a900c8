#include "analysis/text/levenshtein.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "base/core/result.h"

namespace handsel::text {
namespace {

constexpr double kDearFirstLetter = 0.5;

constexpr std::size_t kRow = kSpelledCharactersMax + 1;

// Three rows of the dynamic programme: a swap reaches back two.
template <typename T>
class Rows {
 public:
  std::array<T, kRow>& now() { return rows_[now_]; }
  std::array<T, kRow>& before() { return rows_[(now_ + 2) % 3]; }
  std::array<T, kRow>& before_that() { return rows_[(now_ + 1) % 3]; }
  void advance() { now_ = (now_ + 1) % 3; }

 private:
  std::array<std::array<T, kRow>, 3> rows_;
  std::size_t now_ = 0;
};

// Fills the rows for all of `a` against `b`, cells further than `max` from the diagonal
// counting as max + 1. False as soon as no cell of a row is within max: a swap, which
// reaches back a row further, does not help, as rows differ by one edit at most.
bool fill(std::u32string_view a, std::u32string_view b, std::size_t max, Rows<std::uint8_t>& rows) {
  HANDSEL_CHECK(a.size() <= kSpelledCharactersMax && b.size() <= kSpelledCharactersMax);
  const auto beyond = static_cast<std::uint8_t>(max + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows.now()[j] = static_cast<std::uint8_t>(std::min(j, max + 1));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows.advance();
    auto& now = rows.now();
    const auto& before = rows.before();
    const auto& before_that = rows.before_that();
    const std::size_t from = i > max ? i - max : 1;
    const std::size_t to = std::min(b.size(), i + max);
    now[from - 1] = from == 1 ? static_cast<std::uint8_t>(std::min(i, max + 1)) : beyond;
    std::uint8_t least = now[from - 1];
    for (std::size_t j = from; j <= to; ++j) {
      const bool in_band_before = j < i + max;  // the cell above lies in its row's band
      const int above = in_band_before ? before[j] : beyond;
      int cell = std::min({before[j - 1] + (a[i - 1] != b[j - 1]), above + 1, now[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cell = std::min(cell, before_that[j - 2] + 1);
      now[j] = static_cast<std::uint8_t>(std::min<int>(cell, beyond));
      least = std::min(least, now[j]);
    }
    if (least > max) return false;
  }
  return true;
}

bool is_vowel(char32_t c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

// Keys that touch on a QWERTY keyboard, rows shifted by half a key.
bool are_neighbouring_keys(char32_t a, char32_t b) {
  static constexpr std::array<std::u32string_view, 3> kKeys = {U"qwertyuiop", U"asdfghjkl", U"zxcvbnm"};
  const auto place = [](char32_t c, int& row, int& column) {
    for (row = 0; row < 3; ++row) {
      const std::size_t found = kKeys[static_cast<std::size_t>(row)].find(c);
      column = static_cast<int>(found);
      if (found != std::u32string_view::npos) return true;
    }
    return false;
  };
  int row_a, column_a, row_b, column_b;
  if (!place(a, row_a, column_a) || !place(b, row_b, column_b)) return false;
  if (row_a == row_b) return std::abs(column_a - column_b) == 1;
  if (row_a > row_b) std::swap(row_a, row_b), std::swap(column_a, column_b);
  return row_b - row_a == 1 && (column_a == column_b || column_a == column_b + 1);
}

double replace_price(char32_t a, char32_t b) {
  if (a == b) return 0;
  const bool likely = (is_vowel(a) && is_vowel(b)) || are_neighbouring_keys(a, b);
  return likely ? 0.75 : 1.0;
}

// Of a letter of `word` that the other one does not have.
double extra_price(std::u32string_view word, std::size_t at) {
  const bool doubled = (at > 0 && word[at - 1] == word[at]) || (at + 1 < word.size() && word[at + 1] == word[at]);
  return doubled ? kCheapestSlip : 1.0;
}

}  // namespace

std::size_t edit_distance(std::u32string_view a, std::u32string_view b, std::size_t max) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > max) return max + 1;
  Rows<std::uint8_t> rows;
  return fill(a, b, max, rows) ? rows.now()[b.size()] : max + 1;
}

std::size_t edit_distance_bound(std::u32string_view prefix, std::u32string_view word, std::size_t max) {
  Rows<std::uint8_t> rows;
  if (!fill(prefix, word, max, rows)) return max + 1;
  // Whatever follows, its path leaves the last row.
  std::size_t least = max + 1;
  const std::size_t from = prefix.size() > max ? prefix.size() - max : 0;
  for (std::size_t j = from; j <= std::min(word.size(), prefix.size() + max); ++j)
    least = std::min<std::size_t>(least, rows.now()[j]);
  return least;
}

double slip_price(std::u32string_view meant, std::u32string_view typed) {
  HANDSEL_CHECK(meant.size() <= kSpelledCharactersMax && typed.size() <= kSpelledCharactersMax);
  Rows<double> rows;
  rows.now()[0] = 0;
  for (std::size_t j = 1; j <= typed.size(); ++j) rows.now()[j] = rows.now()[j - 1] + extra_price(typed, j - 1);
  for (std::size_t i = 1; i <= meant.size(); ++i) {
    rows.advance();
    auto& now = rows.now();
    const auto& before = rows.before();
    now[0] = before[0] + extra_price(meant, i - 1);
    for (std::size_t j = 1; j <= typed.size(); ++j) {
      double cell = std::min({before[j - 1] + replace_price(meant[i - 1], typed[j - 1]),
                              before[j] + extra_price(meant, i - 1), now[j - 1] + extra_price(typed, j - 1)});
      if (i > 1 && j > 1 && meant[i - 1] == typed[j - 2] && meant[i - 2] == typed[j - 1])
        cell = std::min(cell, rows.before_that()[j - 2] + kCheapestSlip);
      now[j] = cell;
    }
  }
  const bool first_differs = !meant.empty() && !typed.empty() && meant[0] != typed[0];
  return rows.now()[typed.size()] + (first_differs ? kDearFirstLetter : 0);
}

}  // namespace handsel::text
