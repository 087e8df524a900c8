#include "analysis/text/analyzer.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include <libstemmer.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include "analysis/text/stop_words.h"

namespace handsel::text {
namespace {

constexpr std::size_t kStemsCachedMax = 1 << 16;  // words a language and thread
constexpr std::string_view kCurlyApostrophe = "\u2019";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
// Part of a word whatever stands around it. All beyond ASCII was judged by ICU already.
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || !is_ascii(c);
}

// Snowball's name of each language that it has a stemmer for.
const char* snowball_name(std::string_view language) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 24> kNames = {{
      {"ar", "arabic"},     {"ca", "catalan"}, {"da", "danish"},    {"de", "german"},     {"el", "greek"},
      {"en", "english"},    {"es", "spanish"}, {"eu", "basque"},    {"fi", "finnish"},    {"fr", "french"},
      {"ga", "irish"},      {"hi", "hindi"},   {"hu", "hungarian"}, {"id", "indonesian"}, {"it", "italian"},
      {"lt", "lithuanian"}, {"nl", "dutch"},   {"no", "norwegian"}, {"pt", "portuguese"}, {"ro", "romanian"},
      {"ru", "russian"},    {"sv", "swedish"}, {"tr", "turkish"},   {"ta", "tamil"},
  }};
  for (const auto& [code, name] : kNames) {
    if (code == language) return name;
  }
  return nullptr;
}

// One language's stemmer with the stems it made. One thread.
class Stemmer {
 public:
  explicit Stemmer(const char* name) : stemmer_(name == nullptr ? nullptr : sb_stemmer_new(name, "UTF_8")) {}
  ~Stemmer() { sb_stemmer_delete(stemmer_); }
  Stemmer(const Stemmer&) = delete;
  Stemmer& operator=(const Stemmer&) = delete;

  // Finished terms by folded word; `make` is called for new ones.
  template <typename Make>
  const std::string& cached(std::string_view word, Make&& make) {
    const auto found = cache_.find(word);
    if (found != cache_.end()) return found->second;
    if (cache_.size() >= kStemsCachedMax) cache_.clear();
    return cache_.emplace(std::string(word), make()).first->second;
  }

  std::string stem(const std::string& word) {
    if (stemmer_ == nullptr) return word;
    const auto* from = reinterpret_cast<const sb_symbol*>(word.data());
    const auto* stemmed = sb_stemmer_stem(stemmer_, from, static_cast<int>(word.size()));
    const auto size = static_cast<std::size_t>(sb_stemmer_length(stemmer_));
    return stemmed == nullptr || size == 0 ? word : std::string(reinterpret_cast<const char*>(stemmed), size);
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
  };
  sb_stemmer* stemmer_;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> cache_;
};

// What a thread needs to analyse: made on its first text, kept for its life.
struct Scratch {
  std::map<std::string, Stemmer, std::less<>> stemmers;
  std::unique_ptr<icu::BreakIterator> words;
  std::string surface;

  Scratch() {
    UErrorCode status = U_ZERO_ERROR;
    words.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  }

  Stemmer& stemmer(std::string_view language, std::string_view fallback) {
    const char* name = snowball_name(language);
    const std::string_view key = name == nullptr ? fallback : language;
    const auto found = stemmers.find(key);
    if (found != stemmers.end()) return found->second;
    return stemmers.try_emplace(std::string(key), name == nullptr ? snowball_name(fallback) : name).first->second;
  }
};

Scratch& scratch() {
  thread_local Scratch scratch;
  return scratch;
}

void cut(std::string& word) {
  if (word.size() <= kTermBytesMax) return;
  std::size_t size = kTermBytesMax;
  while (size > 0 && (static_cast<unsigned char>(word[size]) & 0xc0) == 0x80) --size;
  word.resize(size);
}

// Case and compatibility folding. Accents stay.
std::string fold_unicode(std::string_view word) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const auto text = icu::UnicodeString::fromUTF8({word.data(), static_cast<std::int32_t>(word.size())});
  std::string out;
  fold->normalize(text, status).toUTF8String(out);
  for (std::size_t at; (at = out.find(kCurlyApostrophe)) != std::string::npos;)
    out.replace(at, kCurlyApostrophe.size(), "'");
  return out;
}

bool loses_marks(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

// Drops the accents of Latin, Greek and Cyrillic letters; marks of other scripts are spelling.
std::string drop_accents(const std::string& word) {
  if (std::ranges::all_of(word, is_ascii)) return word;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
  const icu::Normalizer2* compose = icu::Normalizer2::getNFCInstance(status);
  const icu::UnicodeString apart = decompose->normalize(icu::UnicodeString::fromUTF8(word), status);
  icu::UnicodeString kept;
  bool base_loses = false;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    const bool mark = u_charType(c) == U_NON_SPACING_MARK;
    if (!mark) base_loses = loses_marks(c);
    if (!mark || !base_loses) kept.append(c);
  }
  std::string out;
  compose->normalize(kept, status).toUTF8String(out);
  return out;
}

// The end of the word that begins at `begin`, by the rules of the header.
std::size_t word_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (is_word(c)) continue;
    if (end + 1 >= text.size()) break;
    const char before = text[end - 1];
    const char after = text[end + 1];
    const bool in_number = (c == '.' || c == ',') && is_digit(before) && is_digit(after);
    const bool in_word = c == '\'' && !is_digit(before) && !is_digit(after) && is_word(before) && is_word(after);
    if (!in_number && !in_word) break;
  }
  return end;
}

void drop_apostrophes(std::string& word) {
  if (word.find('\'') == std::string::npos) return;
  if (word.ends_with("'s")) word.resize(word.size() - 2);
  std::erase(word, '\'');
}

// Cuts `text`, which starts at byte `base` of the original, into words and visits them.
void visit_words(std::string_view text, std::size_t base, Stemmer& stemmer, std::string& surface,
                 const std::function<void(const TokenView&)>& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_word(text[begin])) {
      ++begin;
      continue;
    }
    const std::size_t end = word_end(text, begin);
    const std::string_view word = text.substr(begin, end - begin);
    surface.assign(word);
    if (std::ranges::all_of(word, is_ascii)) {
      for (char& c : surface) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      surface = fold_unicode(word);
    }
    drop_apostrophes(surface);
    cut(surface);
    if (!surface.empty()) {
      const std::string& term = stemmer.cached(surface, [&] { return drop_accents(stemmer.stem(surface)); });
      const std::string plain = drop_accents(surface);
      visit({.term = term,
             .surface = plain,
             .begin = static_cast<std::uint32_t>(base + begin),
             .end = static_cast<std::uint32_t>(base + end)});
    }
    begin = end;
  }
}

}  // namespace

class Analyzer::Impl {
 public:
  std::string default_language;
};

Analyzer::Analyzer(std::string default_language) : impl_(std::make_unique<Impl>()) {
  impl_->default_language = std::move(default_language);
}
Analyzer::~Analyzer() = default;

void Analyzer::visit_tokens(std::string_view text, std::string_view language,
                            const std::function<void(const TokenView&)>& visit) const {
  if (!std::ranges::all_of(text, is_ascii)) return visit_tokens_icu(text, language, visit);
  Scratch& mine = scratch();
  visit_words(text, 0, mine.stemmer(language, impl_->default_language), mine.surface, visit);
}

void Analyzer::visit_tokens_icu(std::string_view text, std::string_view language,
                                const std::function<void(const TokenView&)>& visit) const {
  Scratch& mine = scratch();
  Stemmer& stemmer = mine.stemmer(language, impl_->default_language);
  UErrorCode status = U_ZERO_ERROR;
  UText* opened = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  mine.words->setText(opened, status);
  std::int32_t begin = mine.words->first();
  for (std::int32_t end = mine.words->next(); end != icu::BreakIterator::DONE; begin = end, end = mine.words->next()) {
    if (mine.words->getRuleStatus() < UBRK_WORD_NONE_LIMIT) continue;
    visit_words(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
                static_cast<std::size_t>(begin), stemmer, mine.surface, visit);
  }
  utext_close(opened);
}

void Analyzer::analyze(std::string_view text, std::string_view language, std::vector<Token>& out) const {
  visit_tokens(text, language, [&out](const TokenView& token) {
    out.push_back({std::string(token.term), std::string(token.surface), token.begin, token.end});
  });
}

bool Analyzer::is_stop_word(std::string_view surface, std::string_view language) const {
  return text::is_stop_word(surface, snowball_name(language) == nullptr ? impl_->default_language : language);
}

}  // namespace handsel::text
