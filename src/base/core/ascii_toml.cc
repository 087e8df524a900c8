#include "base/core/ascii_toml.h"

#include <algorithm>

#include <fmt/format.h>

namespace handsel {
namespace {

// 0 to 15, or -1.
int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string to_ascii_toml(std::string_view toml) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (toml.starts_with(kByteOrderMark)) toml.remove_prefix(kByteOrderMark.size());
  std::string ascii;
  ascii.reserve(toml.size());
  for (const char c : toml) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && c != '%') {
      ascii.push_back(c);
    } else {
      ascii += fmt::format("%{:02x}", byte);
    }
  }
  return ascii;
}

std::string from_ascii_toml(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const int high = i + 2 < value.size() ? digit_of(value[i + 1]) : -1;
    const int low = i + 2 < value.size() ? digit_of(value[i + 2]) : -1;
    if (value[i] == '%' && high >= 0 && low >= 0) {
      text.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      text.push_back(value[i]);
    }
  }
  return text;
}

std::size_t line_of_unnamed_table(std::string_view ascii) {
  std::size_t line = 0;
  while (!ascii.empty()) {
    ++line;
    const std::size_t end = std::min(ascii.find('\n'), ascii.size());
    std::string_view text = ascii.substr(0, end);
    ascii.remove_prefix(std::min(end + 1, ascii.size()));
    const auto skip_blanks = [&] { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); };
    skip_blanks();
    if (!text.starts_with("[")) continue;
    text.remove_prefix(text.starts_with("[[") ? 2 : 1);
    skip_blanks();
    const char first = text.empty() ? '\0' : text.front();
    const bool is_letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    const bool is_name = is_letter || (first >= '0' && first <= '9') || first == '_' || first == '-';
    if (!is_name && first != '"' && first != '\'') return line;
  }
  return 0;
}

}  // namespace handsel
