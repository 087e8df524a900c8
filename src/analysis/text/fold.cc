#include "analysis/text/fold.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "analysis/text/internal/folded_text.h"

namespace handsel::text {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string collapse_spaces(std::string_view text) {
  std::string out;
  bool pending = false;
  for (const char c : text) {
    if (is_space(c)) {
      pending = !out.empty();
      continue;
    }
    if (pending) out.push_back(' ');
    pending = false;
    out.push_back(c);
  }
  return out;
}

std::string fold_with_icu(std::string_view keyword) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) return std::string(keyword);
  const auto text = icu::UnicodeString::fromUTF8({keyword.data(), static_cast<std::int32_t>(keyword.size())});
  std::string out;
  normalizer->normalize(text, status).toUTF8String(out);
  return U_FAILURE(status) ? std::string(keyword) : out;
}

}  // namespace

std::string fold_keyword(std::string_view keyword) {
  const bool ascii = std::ranges::all_of(keyword, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) return collapse_spaces(fold_with_icu(keyword));
  std::string out = collapse_spaces(keyword);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string fold_text(std::string_view text) {
  internal::FoldedText folded;
  internal::Folder(internal::Folder::Mode::kFast).fold(text, folded);
  return collapse_spaces(folded.bytes);
}

}  // namespace handsel::text
