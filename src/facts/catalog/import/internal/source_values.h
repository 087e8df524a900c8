// The first step of mapping.h: from a row of a table, an item of a feed or a JSON
// object to the values of the sources of a mapping.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/import/json_fields.h"
#include "facts/catalog/import/mapping.h"

namespace handsel::catalog::internal {

// Knows which source holds at which column.
class TableColumns {
 public:
  // kInvalidArgument, naming the columns there are, where one is lacking that may not.
  static Result<TableColumns> from_header(const Mapping& mapping, std::span<const std::string> header);

  std::size_t column_count() const { return source_of_column_.size(); }
  void fetch(std::span<const std::string> cells, SourceValues& values) const;

 private:
  std::size_t source_count_ = 0;
  std::vector<std::optional<std::size_t>> source_of_column_;
};

// By name; of a name that is there several times, every value.
void fetch_fields(const Mapping& mapping, std::vector<std::pair<std::string, std::string>>&& fields,
                  SourceValues& values);

// The sources as paths into JSON: "category", "price.amount", "images.url" (of every
// image), "images.0.url" (of the first), or with slashes where names have dots in
// them: "/attrs.brand/name".
class JsonPaths {
 public:
  explicit JsonPaths(const Mapping& mapping);
  void fetch(json::Element object, SourceValues& values) const;

 private:
  std::vector<std::vector<std::string>> paths_;
};

}  // namespace handsel::catalog::internal
