#include "views/index/attribute_hashes.h"

#include "base/core/hash.h"
#include "views/index/value_shares.h"

namespace handsel::index {
namespace {

constexpr std::uint64_t kNothing = 1;  // of a value that is no attribute

}  // namespace

std::vector<std::pair<std::string, const KeywordColumn*>> attribute_columns(const Columns& columns) {
  std::vector<std::pair<std::string, const KeywordColumn*>> out;
  for (const auto& [column, values] : columns.keywords()) {
    const std::string_view name =
        std::string_view(column).substr(column.starts_with(kAttributePrefix) ? kAttributePrefix.size() : 0);
    if (column_of_attribute(name) == column) out.emplace_back(name, &values);
  }
  return out;
}

std::string attribute_of(std::string_view name, std::string_view folded_value) {
  if (name == "personalizable" && folded_value != "true") return {};
  return std::string(name).append(1, '=').append(folded_value);
}

AttributeHashes::AttributeHashes(const Columns& columns) {
  for (auto& [name, values] : attribute_columns(columns)) {
    columns_.push_back({std::move(name), values, std::vector<std::atomic<std::uint64_t>>(values->dictionary().size())});
  }
}

void AttributeHashes::append(std::uint32_t doc, std::vector<std::uint64_t>& out) {
  for (Column& column : columns_) {
    column.values->visit(doc, [&](std::uint32_t ordinal) {
      std::uint64_t hash = column.known[ordinal].load(std::memory_order_relaxed);
      if (hash == 0) {
        hash = hash_of(column, ordinal);
        column.known[ordinal].store(hash, std::memory_order_relaxed);  // another thread stores the same
      }
      if (hash != kNothing) out.push_back(hash);
    });
  }
}

std::uint64_t AttributeHashes::hash_of(const Column& column, std::uint32_t ordinal) {
  const std::string entry = column.values->dictionary().at(ordinal);
  const std::string attribute = attribute_of(column.name, folded_of(entry));
  return attribute.empty() ? kNothing : hash64(attribute);
}

}  // namespace handsel::index
