// A mapping says, in a small TOML file, which column or JSON path of a foreign row
// becomes which field of a listing. docs/reference/import-formats.md explains the
// file; examples/esci and examples/myntra have two.
//
// Two steps, so that tables and JSON share everything but the first: the reader of
// the container fetches the values of `sources` (SourceValues), then
// listing_from_values() applies the rules. Any thread; costs one copy of each value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/catalog/import/row.h"
#include "facts/catalog/import/values.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog {

enum class Container {
  kRecognise,
  kJson,   // lines, an array, or objects one after another
  kTable,  // CSV, TSV: RFC 4180 with any delimiter
};

struct FieldRule {
  std::string target;  // a listing field, or the name of an attribute
  bool is_attribute = false;
  std::vector<std::size_t> sources;                               // indexes of Mapping::sources; none: a constant
  bool takes_first = false;                                       // the first source that has a value, instead of all
  std::string join = " ";                                         // between values, where the target holds one text
  std::string split;                                              // cuts each value into several; empty: it does not
  std::vector<std::pair<std::string, std::string>> translations;  // whole values, case ignored (ASCII)
  std::string fallback;                                           // where nothing is left
  PriceStyle price;
};

struct Mapping {
  std::string name;  // of its file, for messages
  Container container = Container::kRecognise;
  char delimiter = 0;                // 0: recognised from the first line
  bool quotes = true;                // a table's cells may be quoted
  bool columns_optional = false;     // otherwise a column that the table lacks is an error
  std::vector<std::string> sources;  // column names or JSON paths, each once
  std::vector<FieldRule> rules;
};

// kInvalidArgument, with file and line, for what is not a mapping.
Result<Mapping> parse_mapping(std::string_view toml, const std::string& name);
Result<Mapping> load_mapping(FileSystem& files, const std::string& path);

// Values found in one row, parallel to Mapping::sources.
using SourceValues = std::vector<std::vector<std::string>>;

RowResult<Listing> listing_from_values(const Mapping& mapping, const SourceValues& values);

}  // namespace handsel::catalog
