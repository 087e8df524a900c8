// The mistakes of people who type: letters swapped, lost, doubled, or mistaken for
// a neighbour on the keyboard, and a few words that many get wrong.
#pragma once

#include <string>
#include <string_view>

#include "base/core/rng.h"

namespace handsel::demo {

// Makes one mistake in one word of plain letters, four or more of them, at or after a random
// place. Valid UTF-8 stays valid. False where there was no such word.
bool misspell(std::string& text, Rng& rng);

}  // namespace handsel::demo
