// From text to terms: NFKC and case folding, ICU word boundaries, Snowball stems.
//
// The same function reads listings and queries, so that they meet. Deterministic:
// the same text and language give the same terms on every machine.
//
// 1. Folding. NFKC with full case folding; accents off Latin, Greek and Cyrillic
//    letters ("Café" and "cafe", "Łódź" and "lodz" meet; й stays й), vowel points off
//    Arabic and Hebrew ones, every decimal digit as 0-9. Marks of other scripts stay.
// 2. Boundaries. UAX #29 with ICU's dictionaries for Thai, Lao, Khmer, Burmese,
//    Chinese and Japanese; then a word is letters, digits and their marks, nothing
//    else. Hyphens and other signs part words ("u-shaped": u, shaped); emoji are no words.
// 3. Joining, for what people sell and measure:
//      women's  women        don't  dont        l'amour  l amour       80's  80s
//      3.5  3.5              1,000  1000        1/2 and ½  1/2         1½  1 1/2
//      12oz  12 oz           14k  14k           5'4"  5'4              #10  10
//      8x10, 8 x 10, 8" × 10"  8x10             D&D  d&d               U.S.A.  usa
//    A number parts from a unit of more than one letter (oz, cm, inch, ...) so that
//    "12oz" and "12 oz" meet.
// 4. Stemming by Snowball in the language of the text; words with digits stay whole.
//    Accents go first, so that a word has one stem however carefully it is typed; only
//    in Hungarian and Turkish, whose endings follow them, they go last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::text {

// Of the rules above: raise it when any text gives other terms, so that views of terms
// know that they are out of date.
inline constexpr std::uint32_t kAnalyzerVersion = 1;

inline constexpr std::size_t kTermBytesMax = 64;         // a longer word is cut at a character
inline constexpr std::size_t kTextBytesMax = 16u << 20;  // what lies beyond is not read

struct Token {
  std::string term;         // folded and stemmed: "apron"
  std::string surface;      // folded, not stemmed: "aprons"
  std::uint32_t begin = 0;  // bytes of the original text, for highlighting
  std::uint32_t end = 0;
  bool operator==(const Token&) const = default;
};

// The same without copies; valid until `visit` returns.
struct TokenView {
  std::string_view term;
  std::string_view surface;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Thread safe; scratch space and a cache of stems are per thread inside. Costs time
// in proportion to the text: about 0.1 microseconds a word of English.
class Analyzer {
 public:
  enum class Path : std::uint8_t {
    kFast,   // ASCII and simple scripts by tables, the rest by ICU
    kPlain,  // everything by ICU: the obvious twin, for tests
  };

  // `default_language` is used where a text names none or one without a stemmer.
  explicit Analyzer(std::string_view default_language = "en", Path path = Path::kFast);
  ~Analyzer();

  // Calls `visit` for each token of `text`, in order. Invalid UTF-8 is read as U+FFFD.
  // `language` is a BCP 47 tag, of which the first part counts ("pt-BR"), or empty.
  void visit_tokens(std::string_view text, std::string_view language,
                    const std::function<void(const TokenView&)>& visit) const;

  // Appends the tokens of `text`, in order.
  void analyze(std::string_view text, std::string_view language, std::vector<Token>& out) const;

  // Words that carry no meaning of their own in that language ("the", "for"), by
  // surface. "without", "not" and "no" do carry one and are none.
  bool is_stop_word(std::string_view surface, std::string_view language) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::text
