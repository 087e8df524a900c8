// From text to terms: word boundaries, NFKC and case folding, Snowball stems.
//
// The same function reads listings and queries, so that they meet. Deterministic:
// the same text and language give the same terms on every machine.
//
// What is one word: ICU's word boundaries (UAX #29, with dictionaries for scripts that write
// no spaces), cut further so that parts of product names can be found: letters and digits
// hold together ("12oz", "8x10"); a point or comma holds only between digits ("3.5"), an
// apostrophe only between letters. "t-shirt" and "wear.Color" are two words. A possessive
// 's goes ("women's" is "women"), other apostrophes are passed over. Accents count
// for the stemmer and are dropped then ("café" is "cafe").
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::text {

inline constexpr std::size_t kTermBytesMax = 64;  // a longer word is cut at a character

struct Token {
  std::string term;         // folded and stemmed: "apron"
  std::string surface;      // folded, not stemmed: "aprons"
  std::uint32_t begin = 0;  // bytes of the original text, for highlighting
  std::uint32_t end = 0;
  bool operator==(const Token&) const = default;
};

// The same without owning; valid during the visit only.
struct TokenView {
  std::string_view term;
  std::string_view surface;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Thread safe; scratch space and a bounded cache of stems are per thread inside.
class Analyzer {
 public:
  // `default_language` is used where a text names none or one without a stemmer.
  explicit Analyzer(std::string default_language = "en");
  ~Analyzer();

  // Visits the tokens of `text`, in order. Invalid UTF-8 is read as U+FFFD.
  void visit_tokens(std::string_view text, std::string_view language,
                    const std::function<void(const TokenView&)>& visit) const;
  // Appends them.
  void analyze(std::string_view text, std::string_view language, std::vector<Token>& out) const;
  // The twin of the path for ASCII: everything through ICU.
  void visit_tokens_icu(std::string_view text, std::string_view language,
                        const std::function<void(const TokenView&)>& visit) const;

  // Words that carry no meaning of their own in that language ("the", "for"), by surface.
  // "without" and "no" do carry one.
  bool is_stop_word(std::string_view surface, std::string_view language) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::text
