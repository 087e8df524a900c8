#include "facts/catalog/import/toml_guard.h"

#include <algorithm>

namespace handsel::catalog {
namespace {

// Position behind the string that begins at `at`, or the end of the text, or of the
// line where a string of one line is not closed on it.
std::size_t string_end(std::string_view toml, std::size_t at) {
  const char quote = toml[at];
  const bool has_escapes = quote == '"';
  const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
  const bool spans_lines = toml.substr(at).starts_with(three);
  const std::string_view closing = spans_lines ? three : three.substr(0, 1);
  for (at += closing.size(); at < toml.size(); ++at) {
    if (toml.substr(at).starts_with(closing)) return at + closing.size();
    if (toml[at] == '\n' && !spans_lines) return at;
    if (toml[at] == '\\' && has_escapes) ++at;
  }
  return toml.size();
}

}  // namespace

std::optional<std::size_t> find_stray_letter(std::string_view toml) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::size_t at = toml.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < toml.size()) {
    const char c = toml[at];
    if (static_cast<unsigned char>(c) >= 0x80) return at;
    if (c == '#') {
      at = std::min(toml.find('\n', at), toml.size());
    } else if (c == '"' || c == '\'') {
      at = string_end(toml, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace handsel::catalog
