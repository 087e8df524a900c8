#include "facts/catalog/import/json_writer.h"

#include <fmt/format.h>

namespace handsel::catalog {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t plain_from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
    out += text.substr(plain_from, i - plain_from);
    append_escaped(out, c);
    plain_from = i + 1;
  }
  out += text.substr(plain_from);
  out.push_back('"');
}

void append_json_units(std::string& out, std::int64_t cents) {
  const std::int64_t part = cents % 100;
  if (part == 0) {
    out += fmt::format("{}", cents / 100);
  } else if (part % 10 == 0) {
    out += fmt::format("{}.{}", cents / 100, part / 10);
  } else {
    out += fmt::format("{}.{:02}", cents / 100, part);
  }
}

std::string& JsonObjectWriter::key(std::string_view name) {
  if (!first_) out_.push_back(',');
  first_ = false;
  append_json_string(out_, name);
  out_.push_back(':');
  return out_;
}

}  // namespace handsel::catalog
