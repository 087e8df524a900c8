#include "facts/catalog/import/internal/recognise.h"

#include <algorithm>
#include <array>

#include "facts/catalog/import/values.h"

namespace handsel::catalog::internal {
namespace {

std::string_view without_mark(std::string_view head) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  return head.substr(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
}

// Without its end, which a quoted cell with a line feed may put too early; enough to
// recognise a header by.
std::string_view first_line(std::string_view head) {
  return without_mark(head).substr(0, without_mark(head).find('\n'));
}

bool has_column(std::string_view line, char delimiter, std::string_view name) {
  while (true) {
    const std::size_t end = line.find(delimiter);
    std::string_view cell = trim(line.substr(0, end));
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    if (cell == name) return true;
    if (end == line.npos) return false;
    line.remove_prefix(end + 1);
  }
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

}  // namespace

ImportFormat recognise_format(std::string_view head) {
  const std::string_view text = without_mark(head);
  if (text.starts_with('<')) return ImportFormat::kMerchantXml;
  if (text.starts_with('{') || text.starts_with('[')) {
    // Pages and trees of Etsy; otherwise ours are the objects that have an "id".
    const bool envelope = has_any(text, {"\"results\":", "\"results\" :", "\"full_path_taxonomy_ids\""});
    const bool foreign_id = has_any(text, {"\"listing_id\"", "\"shop_id\""}) && !text.contains("\"id\"");
    return envelope || foreign_id ? ImportFormat::kEtsy : ImportFormat::kHandsel;
  }
  const std::string_view line = first_line(head);
  const char delimiter = recognise_delimiter(head);
  const bool merchant =
      has_column(line, delimiter, "id") && has_column(line, delimiter, "title") && has_column(line, delimiter, "link");
  return merchant ? ImportFormat::kMerchantTsv : ImportFormat::kRecognise;
}

Container recognise_container(std::string_view head) {
  const std::string_view text = without_mark(head);
  return text.starts_with('{') || text.starts_with('[') ? Container::kJson : Container::kTable;
}

char recognise_delimiter(std::string_view head) {
  constexpr std::array kDelimiters = {',', '\t', ';', '|'};
  const std::string_view line = first_line(head);
  return *std::ranges::max_element(kDelimiters, {},
                                   [&](char delimiter) { return std::ranges::count(line, delimiter); });
}

bool is_utf16(std::string_view head) {
  return head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff");
}

}  // namespace handsel::catalog::internal
