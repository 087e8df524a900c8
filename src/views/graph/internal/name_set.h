// Names to numbers, in the order of coming. 24 to 40 bytes a name beside its letters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::graph::internal {

// One thread. Views of names live until the next insert().
class NameSet {
 public:
  std::optional<std::uint32_t> find(std::string_view name) const;
  std::uint32_t insert(std::string_view name);  // as find(), new where it is not there
  std::string_view name(std::uint32_t number) const;
  std::size_t size() const { return begins_.size() - 1; }
  std::size_t bytes() const;

 private:
  // In the table: half of the name's hash, so that names are read only where they are
  // almost surely alike. Number + 1; 0 for nobody.
  struct Entry {
    std::uint32_t number = 0;
    std::uint32_t hash = 0;
  };
  std::size_t place_of(std::string_view name, std::uint64_t hash) const;  // where it is, or would be
  void grow();

  std::string letters_;
  std::vector<std::uint64_t> begins_{0};
  std::vector<Entry> table_ = std::vector<Entry>(16);
};

}  // namespace handsel::graph::internal
