// The words by which a title says that something is absent: "a belt without buckle".
#pragma once

#include <array>
#include <string_view>

namespace handsel::features {

// Terms that say in a title that something is not there: "without handle", "no handle",
// "non slip"; and behind it: "handle free".
inline constexpr std::array<std::string_view, 3> kAbsentBefore = {"without", "no", "non"};
inline constexpr std::string_view kAbsentBehind = "free";

}  // namespace handsel::features
