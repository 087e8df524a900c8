#include "analysis/text/stop_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace handsel::text {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 33> kEnglish = {
    "a",    "an",    "and",  "are", "as",  "at", "be",   "by",    "for",  "from", "in",
    "is",   "it",    "its",  "my",  "of",  "on", "or",   "our",   "that", "the",  "their",
    "them", "these", "this", "to",  "was", "we", "were", "which", "will", "with", "your"};
constexpr std::array<std::string_view, 27> kGerman = {
    "am",    "an",    "auf", "aus", "bei", "das", "dem", "den", "der", "des", "die", "ein", "eine", "einem",
    "einen", "einer", "für", "fur", "im",  "in",  "ist", "mit", "und", "von", "zu",  "zum", "zur"};
constexpr std::array<std::string_view, 19> kFrench = {"a",   "au", "aux",  "avec", "d",  "dans", "de",
                                                      "des", "du", "en",   "et",   "l",  "la",   "le",
                                                      "les", "ou", "pour", "un",   "une"};
constexpr std::array<std::string_view, 19> kSpanish = {"a",  "al",  "con",  "de",   "del", "el",   "en",
                                                       "la", "las", "lo",   "los",  "o",   "para", "por",
                                                       "un", "una", "unas", "unos", "y"};
constexpr std::array<std::string_view, 18> kItalian = {"a", "al",  "alla", "con", "da", "dei", "del", "della", "di",
                                                       "e", "gli", "i",    "il",  "in", "la",  "le",  "per",   "un"};
constexpr std::array<std::string_view, 13> kDutch = {"aan", "de", "een", "en",  "het",  "in", "met",
                                                     "of",  "op", "te",  "van", "voor", "uit"};

Words words_of(std::string_view language) {
  if (language == "en") return kEnglish;
  if (language == "de") return kGerman;
  if (language == "fr") return kFrench;
  if (language == "es") return kSpanish;
  if (language == "it") return kItalian;
  if (language == "nl") return kDutch;
  return {};
}

}  // namespace

bool is_stop_word(std::string_view surface, std::string_view language) {
  return std::ranges::find(words_of(language), surface) != words_of(language).end();
}

}  // namespace handsel::text
