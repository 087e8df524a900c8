// Rows of floats as they stand in the files of models: for each row a scale (float), then for each row its numbers as
// int8 multiples of it, which is a kCodeMax-th of the row's largest number.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace handsel::models {

inline constexpr float kCodeMax = 127.0F;

// Appends `count` rows. All numbers must be finite; a row so small that its scale is zero has nothing to say.
void put_coded_rows(std::string& out, std::size_t count, const std::function<std::span<const float>(std::size_t)>& row);

}  // namespace handsel::models
