#include "analysis/text/internal/joins.h"

#include <algorithm>
#include <array>

#include "analysis/text/analyzer.h"

namespace handsel::text::internal {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

// Marks count as letters here: whatever is not a digit.
bool ends_in_letter(std::string_view text) {
  return !is_digit(text.back());
}

bool is_ascii_letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_single_letter(std::string_view text) {
  return text.size() == 1 && is_ascii_letter(text[0]);
}

std::size_t leading_digits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

// What French, Italian and Catalan put before an apostrophe; single letters beside these.
constexpr std::array<std::string_view, 12> kElisions = {"all",  "dall", "dell",  "jusqu", "lorsqu", "nell",
                                                        "puis", "qu",   "quell", "sull",  "un",     "quest"};

bool is_elision(std::string_view word) {
  return is_single_letter(word) || std::ranges::find(kElisions, word) != kElisions.end();
}

// Units that are written against their number. Of one letter there are none: 14k, 80s
// and 3d are words.
constexpr std::array<std::string_view, 36> kUnits = {
    "cc",  "cl",    "cm",  "ft",  "gal", "gb", "gr", "hz",  "in",    "inch",  "inches", "kg",
    "km",  "lb",    "lbs", "mah", "mb",  "mg", "ml", "mm",  "ounce", "oz",    "pack",   "pc",
    "pcs", "piece", "pk",  "ply", "pt",  "qt", "tb", "tpi", "yard",  "yards", "yd",     "yds"};
static_assert(std::ranges::is_sorted(kUnits));

bool is_unit(std::string_view text) {
  return std::ranges::binary_search(kUnits, text);
}

constexpr std::string_view kTimes = "\xC3\x97";  // ×
constexpr std::size_t kSizeGapMax = 6;           // bytes between a number and its x: a space, a quote, a space

// A gap that a size may have: spaces and quotes (feet, inches).
bool is_size_gap(std::string_view gap) {
  return gap.size() <= kSizeGapMax && gap.find_first_not_of(" '\"") == std::string_view::npos;
}

// "8", "8.5", "1/2", "8x10": a number so far, to which another dimension may come.
bool is_measure(std::string_view word) {
  return is_digit(word.front()) && word.find_first_not_of("0123456789./x") == std::string_view::npos;
}

}  // namespace

std::string_view WordReader::gap_after(std::size_t i) const {
  const std::uint32_t end = i + 1 < atoms_.size() ? atoms_[i + 1].begin : static_cast<std::uint32_t>(folded_.size());
  return folded_.substr(atoms_[i].end, end - atoms_[i].end);
}

std::string_view WordReader::surface() const {
  return joined_ ? std::string_view(buffer_) : atom(first_);
}

void WordReader::append(std::string_view part) {
  if (!joined_) buffer_.assign(atom(first_));
  joined_ = true;
  buffer_ += part;
}

bool WordReader::next(Word& word) {
  if (!unit_.surface.empty()) {
    word = unit_;
    unit_.surface = {};
    return true;
  }
  if (at_ == atoms_.size()) return false;
  first_ = last_ = number_ = at_;
  joined_ = closed_ = decimal_ = false;
  while (!closed_ && last_ + 1 < atoms_.size() && surface().size() < kTermBytesMax) {
    if (!join_next() && !join_size()) break;
  }
  at_ = last_ + 1;
  word = {.surface = surface(), .begin = atoms_[first_].begin, .end = atoms_[last_].end};
  if (is_digit(word.surface.front()) && !is_digit(word.surface.back())) part_unit(word);
  return true;
}

// Takes the next atom in where one sign stands between it and the word.
bool WordReader::join_next() {
  if (atoms_[last_ + 1].begin != atoms_[last_].end + 1) return false;
  const char sign = folded_[atoms_[last_].end];
  if (sign == ' ') return false;
  const std::string_view left = atom(last_);
  const std::string_view right = atom(last_ + 1);
  bool joins = false;
  if (sign == '\'') {
    joins = join_apostrophe(left, right);
  } else if (sign == '.' && is_single_letter(left) && is_single_letter(right)) {
    const bool letters_so_far = surface().size() == last_ - first_ + 1;
    if (letters_so_far) append(right);
    joins = letters_so_far;
  } else if (sign == '&' && first_ == last_) {
    joins = std::max(left.size(), right.size()) <= 2 && std::ranges::all_of(left, is_ascii_letter) &&
            std::ranges::all_of(right, is_ascii_letter);
    if (joins) append("&"), append(right);
  } else if (is_digit(left.back()) && is_digit(right.front())) {
    joins = join_number(sign, left, right);
  }
  last_ += joins;
  return joins;
}

bool WordReader::join_apostrophe(std::string_view left, std::string_view right) {
  if (!ends_in_letter(left)) {
    if (!is_digit(right.front()) && right != "s") return false;
    if (right != "s") append("'");
    append(right);
    closed_ = true;
    return true;
  }
  if (right == "s") {
    closed_ = true;  // the word stands for the possessive too, but is spelled without it
    return true;
  }
  if (is_digit(right.front()) || is_digit(left.front())) return false;
  if (first_ == last_ && is_elision(left)) return false;
  append(right);
  return true;
}

bool WordReader::join_number(char sign, std::string_view left, std::string_view right) {
  if (sign == '.') {
    append("."), append(right);
    decimal_ = true;
    return true;
  }
  if (sign == ',') {
    const bool group = !decimal_ && all_digits(left) && leading_digits(right) == 3 &&
                       (number_ == last_ ? left.size() <= 3 : left.size() == 3);
    if (group) append(right);
    return group;
  }
  if (sign != '/' || number_ != last_) return false;
  const bool one_of_many =
      (last_ > 0 && gap_after(last_ - 1) == "/" && is_digit(atom(last_ - 1).back())) ||
      (gap_after(last_ + 1) == "/" && last_ + 2 < atoms_.size() && is_digit(atom(last_ + 2).front()));
  if (one_of_many || !all_digits(left) || left.size() > 2 || leading_digits(right) > 2) return false;  // dates
  append("/"), append(right);
  return true;
}

// "8 x 10", "8x 10", "8 x10", 8" × 10": the next dimension.
bool WordReader::join_size() {
  const std::string_view word = surface();
  const std::string_view gap = gap_after(last_);
  const std::string_view right = atom(last_ + 1);
  if (gap.size() > 2 * kSizeGapMax + kTimes.size() || !is_measure(word)) return false;
  if (word.back() == 'x') return is_digit(right.front()) && is_size_gap(gap) && take_dimension("", last_ + 1);
  if (const std::size_t times = gap.find(kTimes); times != std::string_view::npos) {
    const std::string_view after = gap.substr(times + kTimes.size());
    return is_digit(right.front()) && is_size_gap(gap.substr(0, times)) && is_size_gap(after) &&
           take_dimension("x", last_ + 1);
  }
  if (right.front() != 'x' || gap.empty() || !is_size_gap(gap)) return false;
  if (right.size() > 1) return is_digit(right[1]) && take_dimension("", last_ + 1);
  return last_ + 2 < atoms_.size() && is_size_gap(gap_after(last_ + 1)) && is_digit(atom(last_ + 2).front()) &&
         take_dimension("x", last_ + 2);
}

bool WordReader::take_dimension(std::string_view sign, std::size_t number) {
  append(sign);
  append(atom(number));
  last_ = number_ = number;
  decimal_ = false;
  return true;
}

// Cuts "12oz" into "12", which is returned, and "oz", which comes next.
void WordReader::part_unit(Word& word) {
  const std::size_t number = word.surface.find_last_of("0123456789") + 1;
  const std::string_view unit = word.surface.substr(number);
  const auto unit_size = static_cast<std::uint32_t>(unit.size());
  if (!is_unit(unit) || !atom(last_).ends_with(unit) || atom(last_).size() == unit.size()) return;
  unit_ = {.surface = unit, .begin = word.end - unit_size, .end = word.end};
  word.surface = word.surface.substr(0, number);
  word.end -= unit_size;
}

}  // namespace handsel::text::internal
