// Mean and standard deviation of the numbers among some values; NaN, 'not known', is passed over.
#pragma once

#include <span>

namespace handsel::pipeline {

struct Spread {
  double mean = 0;
  double deviation = 0;  // of all of them, not of a sample; 0 where nothing is known
};

Spread spread_of(std::span<const double> values);

}  // namespace handsel::pipeline
