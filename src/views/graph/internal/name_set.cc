#include "views/graph/internal/name_set.h"

#include "base/core/hash.h"

namespace handsel::graph::internal {

std::string_view NameSet::name(std::uint32_t number) const {
  return std::string_view(letters_).substr(begins_[number], begins_[number + 1] - begins_[number]);
}

std::size_t NameSet::place_of(std::string_view name, std::uint64_t hash) const {
  const std::size_t mask = table_.size() - 1;
  const auto half = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & mask;
  while (table_[at].number != 0 && (table_[at].hash != half || this->name(table_[at].number - 1) != name)) {
    at = (at + 1) & mask;
  }
  return at;
}

std::optional<std::uint32_t> NameSet::find(std::string_view name) const {
  const std::uint32_t entry = table_[place_of(name, hash64(name))].number;
  if (entry == 0) return std::nullopt;
  return entry - 1;
}

std::uint32_t NameSet::insert(std::string_view name) {
  const std::uint64_t hash = hash64(name);
  std::size_t at = place_of(name, hash);
  if (table_[at].number != 0) return table_[at].number - 1;
  if (2 * (size() + 1) > table_.size()) {
    grow();
    at = place_of(name, hash);
  }
  letters_.append(name);
  begins_.push_back(letters_.size());
  table_[at] = {static_cast<std::uint32_t>(size()), static_cast<std::uint32_t>(hash >> 32)};
  return table_[at].number - 1;
}

void NameSet::grow() {
  table_.assign(2 * table_.size(), {});
  for (std::uint32_t number = 0; number < size(); ++number) {
    const std::uint64_t hash = hash64(name(number));
    std::size_t at = hash & (table_.size() - 1);
    while (table_[at].number != 0) at = (at + 1) & (table_.size() - 1);
    table_[at] = {number + 1, static_cast<std::uint32_t>(hash >> 32)};
  }
}

std::size_t NameSet::bytes() const {
  return letters_.capacity() + begins_.capacity() * sizeof(std::uint64_t) + table_.capacity() * sizeof(Entry);
}

}  // namespace handsel::graph::internal
