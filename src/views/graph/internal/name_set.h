// Names to numbers, in the order of coming. 12 bytes a name beside its letters.
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
  std::size_t place_of(std::string_view name) const;  // where it is, or would be
  void grow();

  std::string letters_;
  std::vector<std::uint64_t> begins_{0};
  std::vector<std::uint32_t> table_ = std::vector<std::uint32_t>(16);  // number + 1; 0 for nobody
};

}  // namespace handsel::graph::internal
