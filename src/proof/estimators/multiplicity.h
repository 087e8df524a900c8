// Many comparisons at once: p-values adjusted so that comparing them with alpha keeps the promise of one test.
//   Holm                the chance of any false alarm stays below alpha (Holm 1979); any dependence.
//   Benjamini-Hochberg  the expected share of false alarms among all stays below alpha (Benjamini & Hochberg 1995);
//                       independent or positively dependent tests.
// Pure, any thread; n log n. Not-a-number stays what it is and does not count.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace handsel::estimators {

enum class Correction : std::uint8_t { kNone, kHolm, kBenjaminiHochberg };

std::vector<double> adjusted_p(std::span<const double> p, Correction correction);

}  // namespace handsel::estimators
