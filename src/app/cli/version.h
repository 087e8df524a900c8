// What this program is, and what it was built from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace handsel::cli {

inline constexpr std::string_view kVersion = HANDSEL_VERSION;

struct Part {
  std::string name;
  std::string version;
};
// The libraries in use, as they are at run time where they can say so.
std::vector<Part> parts();

}  // namespace handsel::cli
