#include "facts/catalog/import/mapping.h"

#include <algorithm>
#include <optional>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/core/ascii_toml.h"
#include "base/core/toml_reader.h"
#include "facts/catalog/import/internal/listing_fields.h"

namespace handsel::catalog {
namespace {

// Reads one TOML document into a Mapping; messages name file and line.
class MappingReader : TomlReader {
 public:
  explicit MappingReader(const std::string& name) : TomlReader(name, Code::kInvalidArgument) { mapping_.name = name; }

  Result<Mapping> read(const toml::table& document) {
    for (const auto& [key, node] : document) HANDSEL_TRY(read_top(from_ascii_toml(key.str()), node));
    const bool has_id = std::ranges::any_of(
        mapping_.rules, [](const FieldRule& rule) { return rule.target == "id" && !rule.is_attribute; });
    if (!has_id)
      return fail(Code::kInvalidArgument, "{}: [listing] has no id; say which column holds it", mapping_.name);
    return std::move(mapping_);
  }

 private:
  Result<void> read_top(std::string_view key, const toml::node& node) {
    if (key == "listing") return read_rules(node, key, false);
    if (key == "attributes") return read_rules(node, key, true);
    if (key == "format") return read_format(node, key);
    if (key == "delimiter") return read_delimiter(node, key);
    if (key == "quotes") return read_bool(node, key, mapping_.quotes);
    if (key == "columns_optional") return read_bool(node, key, mapping_.columns_optional);
    return wrong(node, key,
                 "is not known; expected format, delimiter, quotes, columns_optional, [listing], [attributes]");
  }

  Result<void> read_bool(const toml::node& node, std::string_view key, bool& out) const {
    HANDSEL_ASSIGN(out, boolean(node, key));
    return {};
  }

  Result<void> read_text(const toml::node& node, std::string_view key, std::string& out) const {
    HANDSEL_ASSIGN(out, text(node, key));
    return {};
  }

  Result<void> read_format(const toml::node& node, std::string_view key) {
    HANDSEL_ASSIGN(const std::string name, text(node, key));
    if (name != "json" && name != "csv" && name != "tsv") return wrong(node, key, "must be json, csv or tsv");
    mapping_.container = name == "json" ? Container::kJson : Container::kTable;
    if (name == "tsv" && mapping_.delimiter == 0) mapping_.delimiter = '\t';
    return {};
  }

  Result<void> read_delimiter(const toml::node& node, std::string_view key) {
    HANDSEL_ASSIGN(const std::string mark, text(node, key));
    const bool usable = mark.size() == 1 && mark != "\"" && mark != "\n" && mark != "\r";
    if (!usable) return wrong(node, key, "must be one ASCII character, and no quote or line end");
    mapping_.delimiter = mark.front();
    return {};
  }

  Result<void> read_rules(const toml::node& node, std::string_view key, bool attributes) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return wrong(node, key, "must be a table");
    for (const auto& [target, value] : *table)
      HANDSEL_TRY(read_target(from_ascii_toml(target.str()), value, attributes));
    return {};
  }

  Result<void> read_target(std::string_view target, const toml::node& node, bool is_attribute) {
    const bool is_list = is_attribute || internal::is_list_field(target);
    if (!is_attribute && !internal::is_listing_field(target)) {
      return wrong(node, target,
                   fmt::format("is no field of a listing; there are {}", internal::listing_field_names()));
    }
    FieldRule rule{.target = std::string(target), .is_attribute = is_attribute};
    const toml::array* array = node.as_array();
    if (array == nullptr) {
      HANDSEL_TRY(read_rule(node, target, rule));
      mapping_.rules.push_back(std::move(rule));
      return {};
    }
    if (!is_list) {  // several columns make one text
      HANDSEL_TRY(read_sources(node, target, rule));
      mapping_.rules.push_back(std::move(rule));
      return {};
    }
    for (const toml::node& element : *array) {
      FieldRule one = rule;
      HANDSEL_TRY(read_rule(element, target, one));
      mapping_.rules.push_back(std::move(one));
    }
    return {};
  }

  Result<void> read_rule(const toml::node& node, std::string_view target, FieldRule& rule) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return read_sources(node, target, rule);
    for (const auto& [key, value] : *table) HANDSEL_TRY(read_option(from_ascii_toml(key.str()), value, rule));
    if (rule.sources.empty() && rule.fallback.empty()) {
      return wrong(node, target, "needs `from`, or `default` for a constant");
    }
    return {};
  }

  Result<void> read_option(std::string_view key, const toml::node& node, FieldRule& rule) {
    if (key == "from") return read_sources(node, key, rule);
    if (key == "first") return read_bool(node, key, rule.takes_first);
    if (key == "join") return read_text(node, key, rule.join);
    if (key == "split") return read_text(node, key, rule.split);
    if (key == "default") return read_text(node, key, rule.fallback);
    if (key == "cents") return read_bool(node, key, rule.price.minor_units);
    if (key == "values") return read_translations(node, key, rule);
    if (key == "decimal") {
      HANDSEL_ASSIGN(const std::string mark, text(node, key));
      if (mark != "." && mark != ",") return wrong(node, key, "must be \".\" or \",\"");
      rule.price.decimal_comma = mark == ",";
      return {};
    }
    return wrong(node, key, "is not known; expected from, first, join, split, values, default, decimal, cents");
  }

  Result<void> read_translations(const toml::node& node, std::string_view key, FieldRule& rule) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return wrong(node, key, "must be a table of what is found and what it means");
    for (const auto& [from, to] : *table) {
      std::string found = from_ascii_toml(from.str());
      HANDSEL_ASSIGN(std::string meaning, text(to, found));
      rule.translations.emplace_back(std::move(found), std::move(meaning));
    }
    return {};
  }

  // "column" or ["column", "column"].
  Result<void> read_sources(const toml::node& node, std::string_view key, FieldRule& rule) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return add_source(node, key, rule);
    for (const toml::node& element : *array) HANDSEL_TRY(add_source(element, key, rule));
    return {};
  }

  Result<void> add_source(const toml::node& node, std::string_view key, FieldRule& rule) {
    HANDSEL_ASSIGN(std::string source, text(node, key));
    if (source.empty()) return wrong(node, key, "names a column without a name");
    const auto found = std::ranges::find(mapping_.sources, source);
    rule.sources.push_back(static_cast<std::size_t>(found - mapping_.sources.begin()));
    if (found == mapping_.sources.end()) mapping_.sources.push_back(std::move(source));
    return {};
  }

  Mapping mapping_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view text, const std::string& name) {
  if (!is_utf8(text)) return fail(Code::kInvalidArgument, "{} is not UTF-8 text", name);
  const toml::parse_result document = toml::parse(to_ascii_toml(text), name);
  if (!document) return TomlReader(name, Code::kInvalidArgument).wrong_toml(document.error());
  return MappingReader(name).read(document.table());
}

Result<Mapping> load_mapping(FileSystem& files, const std::string& path) {
  HANDSEL_ASSIGN(const std::string text, files.read_file(path));
  return parse_mapping(text, path);
}

}  // namespace handsel::catalog
