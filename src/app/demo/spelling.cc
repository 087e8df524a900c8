#include "app/demo/internal/spelling.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace handsel::demo {
namespace {

constexpr std::size_t kWordMin = 4;

constexpr std::pair<std::string_view, std::string_view> kPopular[] = {
    {"personalised", "personlised"}, {"personalized", "personalised"}, {"jewellery", "jewlery"},
    {"jewelry", "jewlery"},          {"necklace", "necklass"},         {"earrings", "earings"},
    {"bracelet", "bracelett"},       {"ceramic", "cermaic"},           {"stationery", "stationary"},
    {"macrame", "macreme"},          {"crochet", "crotchet"},          {"mustard", "musterd"},
    {"turquoise", "turquise"},       {"birthday", "brithday"},         {"christmas", "chrismas"},
    {"anniversary", "aniversary"},   {"accessories", "accesories"},    {"embroidered", "embroided"},
    {"handmade", "hand made"},       {"keyring", "key ring"},          {"scented", "sented"},
    {"leather", "lether"},           {"vintage", "vintige"},           {"minimalist", "minimilist"},
};

// The keyboard's rows; a finger slips to the left or to the right.
constexpr std::string_view kRows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

char neighbour(char c, Rng& rng) {
  for (const std::string_view row : kRows) {
    const std::size_t at = row.find(c);
    if (at == std::string_view::npos) continue;
    if (at == 0) return row[1];
    if (at + 1 == row.size()) return row[at - 1];
    return row[rng.chance(0.5) ? at - 1 : at + 1];
  }
  return c;
}

void slip(std::string& text, std::size_t begin, std::size_t end, Rng& rng) {
  // The first letter is the one that people get right.
  const std::size_t at = begin + 1 + rng.below(end - begin - 2);
  switch (rng.below(10)) {
    case 0:
    case 1:
    case 2:
      std::swap(text[at], text[at + 1]);
      break;
    case 3:
    case 4:
    case 5:
      text.erase(at, 1);
      break;
    case 6:
    case 7:
      text.insert(at, 1, text[at]);
      break;
    default:
      text[at] = neighbour(text[at], rng);
  }
}

// A run of small letters, kWordMin or more and bounded by something else, at or
// after `from`.
std::pair<std::size_t, std::size_t> next_word(const std::string& text, std::size_t from) {
  std::size_t begin = from;
  while (begin > 0 && is_small(text[begin - 1])) --begin;
  while (begin < text.size()) {
    std::size_t end = begin;
    while (end < text.size() && is_small(text[end])) ++end;
    if (end - begin >= kWordMin) return {begin, end};
    begin = end + 1;
  }
  return {text.size(), text.size()};
}

}  // namespace

bool misspell(std::string& text, Rng& rng) {
  if (text.empty()) return false;
  auto [begin, end] = next_word(text, rng.below(text.size()));
  if (begin == end) std::tie(begin, end) = next_word(text, 0);
  if (begin == end) return false;
  const std::string_view word = std::string_view(text).substr(begin, end - begin);
  const auto* popular = std::ranges::find(kPopular, word, &std::pair<std::string_view, std::string_view>::first);
  if (popular != std::end(kPopular) && rng.chance(0.7)) {
    text.replace(begin, end - begin, popular->second);
  } else {
    slip(text, begin, end, rng);
  }
  return true;
}

}  // namespace handsel::demo
