// From text to terms: NFKC and case folding, ICU word boundaries, Snowball stems.
//
// The same function reads listings and queries, so that they meet. Deterministic:
// the same text and language give the same terms on every machine.
#pragma once

#include <cstdint>
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
};

// Thread safe; scratch space is per thread inside.
class Analyzer {
 public:
  // `default_language` is used where a text names none or one without a stemmer.
  explicit Analyzer(std::string default_language = "en");
  ~Analyzer();

  // Appends the tokens of `text`, in order. Invalid UTF-8 is read as U+FFFD.
  void analyze(std::string_view text, std::string_view language, std::vector<Token>& out) const;

  // Words that carry no meaning of their own in that language ("the", "for"), by surface.
  bool is_stop_word(std::string_view surface, std::string_view language) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::text
