#include "app/cli/table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace handsel::cli {
namespace {

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

// Control characters would break the lines, or speak to the terminal.
std::string printable(std::string_view text) {
  std::string clean(text);
  std::ranges::replace_if(clean, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return clean;
}

std::string cut(std::string text, std::size_t width_max) {
  if (characters(text) <= width_max) return text;
  std::size_t kept = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    if (starts_character(text[end]) && ++kept == width_max) break;
    ++end;
  }
  return text.substr(0, end) + "…";
}

}  // namespace

void Table::row(std::vector<std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cut(printable(cells[i]), columns_[i].width_max);
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = characters(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, characters(row[i]));
    widths.push_back(width);
  }
  std::string out;
  const auto line = [&](auto&& cell_of) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view cell = cell_of(i);
      const std::string pad(widths[i] - characters(cell), ' ');
      text += fmt::format("{}{}{}", i == 0 ? "" : "  ", columns_[i].right ? pad : "", cell);
      if (!columns_[i].right) text += pad;
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + "\n";
  };
  line([&](std::size_t i) { return columns_[i].title; });
  for (const auto& row : rows_) line([&](std::size_t i) { return std::string_view(row[i]); });
  return out;
}

std::string price_text(std::int64_t cents, std::string_view currency) {
  const std::int64_t whole = cents / 100;
  return fmt::format("{}.{:02} {}", whole, cents % 100, currency);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace handsel::cli
