// Any bytes as text: the fast path of the analyzer gives what the plain one gives,
// tokens are in order and in bounds, and what is shown to people is safe in a page.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"
#include "analysis/text/fold.h"
#include "analysis/text/highlight.h"
#include "base/core/result.h"
#include "base/core/utf8.h"

namespace {

using namespace handsel;
using namespace handsel::text;

constexpr std::string_view kLanguages[] = {"en", "de", "fr", "ru", "tr", "hu", "ar", "ja"};

std::vector<Token> tokens_of(const Analyzer& analyzer, std::string_view text, std::string_view language) {
  std::vector<Token> tokens;
  analyzer.analyze(text, language, tokens);
  return tokens;
}

void check_tokens(const std::vector<Token>& tokens, std::size_t text_size) {
  std::uint32_t last = 0;
  for (const Token& token : tokens) {
    HANDSEL_CHECK(!token.term.empty() && token.term.size() <= kTermBytesMax && is_valid_utf8(token.term));
    HANDSEL_CHECK(!token.surface.empty() && token.surface.size() <= kTermBytesMax && is_valid_utf8(token.surface));
    HANDSEL_CHECK(token.begin < token.end && token.end <= text_size && token.begin >= last);
    last = token.begin;
  }
}

void check_shown(const std::string& shown) {
  HANDSEL_CHECK(is_valid_utf8(shown));
  std::size_t open = 0;
  for (std::size_t at = 0; (at = shown.find('<', at)) != std::string::npos; ++at) {
    const std::string_view rest = std::string_view(shown).substr(at);
    HANDSEL_CHECK(rest.starts_with(open == 0 ? "<em>" : "</em>"));
    open = 1 - open;
  }
  HANDSEL_CHECK(open == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Analyzer fast;
  static const Analyzer plain("en", Analyzer::Path::kPlain);
  if (size == 0) return 0;
  const std::string_view language = kLanguages[data[0] % std::size(kLanguages)];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  const std::vector<Token> tokens = tokens_of(fast, text, language);
  HANDSEL_CHECK(tokens == tokens_of(plain, text, language));
  check_tokens(tokens, text.size());

  std::vector<std::string> terms;
  for (std::size_t i = 0; i < tokens.size(); i += 3) terms.push_back(tokens[i].term);
  check_shown(highlight(fast, text, language, terms));
  check_shown(highlight_passage(fast, text, language, terms, 5));
  HANDSEL_CHECK(is_valid_utf8(fold_text(text)) && fold_text(fold_text(text)).size() <= fold_text(text).size());
  return 0;
}
