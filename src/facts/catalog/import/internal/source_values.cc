#include "facts/catalog/import/internal/source_values.h"

#include <algorithm>

namespace handsel::catalog::internal {
namespace {

constexpr std::size_t kValuesMax = 1000;  // of one source in one row

void clear(SourceValues& values, std::size_t sources) {
  values.resize(sources);
  for (std::vector<std::string>& of_source : values) of_source.clear();
}

std::vector<std::string> path_segments(std::string_view source) {
  const char separator = source.starts_with('/') ? '/' : '.';
  if (separator == '/') source.remove_prefix(1);
  std::vector<std::string> segments;
  for (;;) {
    const std::size_t end = source.find(separator);
    segments.emplace_back(source.substr(0, end));
    if (end == source.npos) return segments;
    source.remove_prefix(end + 1);
  }
}

void collect(json::Element value, std::span<const std::string> path, std::vector<std::string>& out) {
  if (out.size() >= kValuesMax || value.is_null()) return;
  json::Array array;
  if (value.get(array) == simdjson::SUCCESS) {
    const std::optional<std::int64_t> index = path.empty() ? std::nullopt : parse_whole_number(path.front());
    if (!index) {
      for (const json::Element element : array) collect(element, path, out);
      return;
    }
    json::Element element;
    if (*index >= 0 && array.at(static_cast<std::size_t>(*index)).get(element) == simdjson::SUCCESS) {
      collect(element, path.subspan(1), out);
    }
    return;
  }
  if (path.empty()) {
    std::string text = json::text_of(value);
    if (!text.empty()) out.push_back(std::move(text));
    return;
  }
  if (const std::optional<json::Element> inner = json::member(value, path.front())) {
    collect(*inner, path.subspan(1), out);
  }
}

std::string list_of(std::span<const std::string> names) {
  constexpr std::size_t kNamesShown = 20;
  std::string list;
  for (const std::string& name : names.first(std::min(names.size(), kNamesShown))) {
    if (!list.empty()) list += ", ";
    list += cut_text(name, 60);
  }
  return names.size() > kNamesShown ? list + ", ..." : list;
}

}  // namespace

Result<TableColumns> TableColumns::from_header(const Mapping& mapping, std::span<const std::string> header) {
  TableColumns columns;
  columns.source_count_ = mapping.sources.size();
  columns.source_of_column_.resize(header.size());
  for (std::size_t source = 0; source < mapping.sources.size(); ++source) {
    const auto found = std::ranges::find(header, mapping.sources[source],
                                         [](const std::string& cell) { return std::string(trim(cell)); });
    if (found != header.end()) {
      columns.source_of_column_[static_cast<std::size_t>(found - header.begin())] = source;
    } else if (!mapping.columns_optional) {
      return fail(Code::kInvalidArgument, "{} names the column '{}', which the table does not have; it has {}",
                  mapping.name, mapping.sources[source], list_of(header));
    }
  }
  return columns;
}

void TableColumns::fetch(std::span<const std::string> cells, SourceValues& values) const {
  clear(values, source_count_);
  for (std::size_t column = 0; column < std::min(cells.size(), source_of_column_.size()); ++column) {
    const std::string_view text = trim(cells[column]);
    if (source_of_column_[column] && !text.empty()) values[*source_of_column_[column]].emplace_back(text);
  }
}

void fetch_fields(const Mapping& mapping, std::vector<std::pair<std::string, std::string>>&& fields,
                  SourceValues& values) {
  clear(values, mapping.sources.size());
  for (auto& [name, text] : fields) {
    const auto found = std::ranges::find(mapping.sources, name);
    if (found == mapping.sources.end()) continue;
    std::vector<std::string>& of_source = values[static_cast<std::size_t>(found - mapping.sources.begin())];
    if (of_source.size() < kValuesMax) of_source.push_back(std::move(text));
  }
}

JsonPaths::JsonPaths(const Mapping& mapping) {
  for (const std::string& source : mapping.sources) paths_.push_back(path_segments(source));
}

void JsonPaths::fetch(json::Element object, SourceValues& values) const {
  clear(values, paths_.size());
  for (std::size_t i = 0; i < paths_.size(); ++i) collect(object, paths_[i], values[i]);
}

}  // namespace handsel::catalog::internal
