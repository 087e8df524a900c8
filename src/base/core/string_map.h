// A hash table by strings that can be asked with a part of another string.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/core/hash.h"

namespace handsel {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};
template <typename Value>
using StringMap = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

}  // namespace handsel
