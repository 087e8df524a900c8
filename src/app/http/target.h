// Reads the target of a request: "/v1/search?q=linen+apron&limit=10".
//
// Strict, because a parameter that is silently not understood is worse than an
// error: percent signs must be followed by two hexadecimal digits, names and values
// must be UTF-8 without NUL, no name may be there twice. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::http {

inline constexpr std::size_t kParametersMax = 100;

struct Parameter {
  std::string name;
  std::string value;
};

struct Target {
  std::vector<std::string> segments;  // of the path, decoded: {"v1", "listings", "a/b"}
  std::vector<Parameter> parameters;

  const std::string* find(std::string_view name) const;
};

// kInvalidArgument names the part that cannot be read.
Result<Target> parse_target(std::string_view target);

enum class PlusSign : bool { kIsItself, kIsSpace };
std::optional<std::string> percent_decode(std::string_view text, PlusSign plus);

}  // namespace handsel::http
