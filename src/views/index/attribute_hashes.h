// Hashes of what the documents of a segment say of themselves ("color=sage", "tag=boho"), each made once: profiles
// know attributes by their hashes, and reading and hashing the words again for every candidate took a third of a
// personalised search.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "views/index/columns.h"

namespace handsel::index {

// Of one segment. Borrows its columns. Any thread. Memory: 8 bytes for each distinct value.
class AttributeHashes {
 public:
  explicit AttributeHashes(const Columns& columns);
  // Appends hash64() of each that document_attributes() names, in its order.
  void append(std::uint32_t doc, std::vector<std::uint64_t>& out);

 private:
  struct Column {
    std::string name;
    const KeywordColumn* values;
    std::vector<std::atomic<std::uint64_t>> known;  // by ordinal; 0: not yet
  };
  static std::uint64_t hash_of(const Column& column, std::uint32_t ordinal);

  std::vector<Column> columns_;
};

// The attribute, as document_attributes() has it, that a value of a column is; empty where it is none that anybody
// wants. `name` is that of attribute_columns().
std::string attribute_of(std::string_view name, std::string_view folded_value);

// The columns that hold attributes, by the attributes' names, in the order of the columns.
std::vector<std::pair<std::string, const KeywordColumn*>> attribute_columns(const Columns& columns);

}  // namespace handsel::index
