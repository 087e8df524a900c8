#include "ranking/query/internal/filter_lexer.h"

#include <algorithm>
#include <array>

namespace handsel::query {
namespace {

constexpr std::size_t kFoundBytesMax = 40;

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_word_byte(char c) {
  constexpr std::string_view kAlso = "_-.+/'&%#@*$";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 || kAlso.contains(c);
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string shortened(std::string_view text) {
  if (text.size() <= kFoundBytesMax) return std::string(text);
  std::size_t end = kFoundBytesMax;
  while (end > 0 && continues_character(text[end])) --end;
  return std::string(text.substr(0, end)) + "...";
}

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_filter_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 7> kKeywords = {"and", "or", "not", "in", "exists", "geo", "true"};
  return std::ranges::any_of(kKeywords,
                             [&](std::string_view keyword) { return std::ranges::equal(word, keyword, {}, lowered); });
}

bool is_bare_word(std::string_view value) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !value.empty() && std::ranges::all_of(value, plain) && !is_filter_keyword(value);
}

std::string quote(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

Result<FilterToken> FilterLexer::next() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  if (at_ == text_.size()) return FilterToken{.kind = FilterToken::Kind::kEnd, .text = {}, .begin = at_, .end = at_};
  const std::string_view rest = text_.substr(at_);
  if (rest.front() == '"' || rest.front() == '\'') return quoted(rest.front());
  for (const std::string_view wide : {"..<", "..", "!=", "<=", ">="}) {
    if (rest.starts_with(wide)) return symbol(wide.size());
  }
  if (std::string_view("(),:=<>").contains(rest.front())) return symbol(1);
  std::size_t size = 0;
  while (size < rest.size() && is_word_byte(rest[size]) && !rest.substr(size).starts_with("..")) ++size;
  if (size == 0) return wrong(at_, fmt::format("'{}' means nothing here; put values in quotes", rest.front()));
  FilterToken token{.kind = FilterToken::Kind::kWord, .text = {}, .begin = at_, .end = at_ + size};
  token.text = rest.substr(0, size);
  at_ += size;
  return token;
}

FilterToken FilterLexer::symbol(std::size_t size) {
  FilterToken token{.kind = FilterToken::Kind::kSymbol, .text = {}, .begin = at_, .end = at_ + size};
  token.text = text_.substr(at_, size);
  at_ += size;
  return token;
}

Result<FilterToken> FilterLexer::quoted(char quote) {
  FilterToken token{.kind = FilterToken::Kind::kString, .text = {}, .begin = at_, .end = at_};
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\' && i + 1 < text_.size()) {
      token.text.push_back(text_[++i]);
    } else if (text_[i] == quote) {
      at_ = token.end = i + 1;
      return token;
    } else {
      token.text.push_back(text_[i]);
    }
  }
  return wrong(at_, fmt::format("the quotation mark {} is never closed", quote));
}

std::unexpected<Error> FilterLexer::expected(std::string_view what, const FilterToken& found) const {
  if (found.kind == FilterToken::Kind::kEnd) {
    return wrong(found.begin, fmt::format("expected {}, found the end", what));
  }
  const std::string_view written = text_.substr(found.begin, found.end - found.begin);
  return wrong(found.begin, fmt::format("expected {}, found '{}'", what, shortened(written)));
}

std::unexpected<Error> FilterLexer::wrong(std::size_t at, std::string_view complaint) const {
  const std::string_view before = text_.substr(0, at);
  const auto column = 1 + std::ranges::count_if(before, [](char c) { return !continues_character(c); });
  return fail(Code::kInvalidArgument, "filter: column {}: {}", column, complaint);
}

}  // namespace handsel::query
