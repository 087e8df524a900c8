#include "base/core/ascii_toml.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/core/utf8.h"

namespace handsel {
namespace {

// 0 to 15, or -1.
int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool begins_name(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '"' || c == '\'';
}

// Behind the "[" or "[[" at the start of a line, and blanks, that no name follows; nothing: there is none.
std::optional<std::size_t> end_of_unnamed_table(std::string_view ascii) {
  for (std::size_t line = 0; line < ascii.size();) {
    const auto skip_blanks = [&](std::size_t at) { return std::min(ascii.find_first_not_of(" \t", at), ascii.size()); };
    std::size_t at = skip_blanks(line);
    if (ascii.substr(at).starts_with('[')) {
      at = skip_blanks(at + (ascii.substr(at).starts_with("[[") ? 2 : 1));
      if (at == ascii.size() || !begins_name(ascii[at])) return at;
    }
    line = std::min(ascii.find('\n', line), ascii.size() - 1) + 1;
  }
  return std::nullopt;
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
  if (const auto end = end_of_unnamed_table(ascii)) {
    ascii.resize(*end);
    ascii += ']';
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
  const auto end = end_of_unnamed_table(ascii);
  return end ? static_cast<std::size_t>(std::ranges::count(ascii.substr(0, *end), '\n')) + 1 : 0;
}

Result<std::string> checked_ascii_toml(std::string_view toml, std::string_view file_name, std::size_t bytes_max) {
  if (toml.size() > bytes_max) {
    return fail(Code::kTooLarge, "{} has {} bytes; the most are {}", file_name, toml.size(), bytes_max);
  }
  if (!is_valid_utf8(toml)) return fail(Code::kInvalidData, "{} is not UTF-8 text", file_name);
  std::string ascii = to_ascii_toml(toml);
  if (const std::size_t line = line_of_unnamed_table(ascii); line > 0) {
    return fail(Code::kInvalidData, "{}, line {}: a table needs a name", file_name, line);
  }
  return ascii;
}

}  // namespace handsel
