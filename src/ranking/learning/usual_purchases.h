// What a purchase usually is worth, by currency: the geometric mean of price times quantity
// over all purchases of the log. Values in units of it can be compared, whatever they were paid in.
//
// One thread. Some bytes a currency, of which there are kCurrenciesMax at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "facts/events/event.h"

namespace handsel::learning {

class UsualPurchases {
 public:
  static constexpr std::size_t kCurrenciesMax = 1'000;

  void observe(const events::Event& event);
  // In units of the currency; 0 where nothing was bought in it.
  double of(std::string_view currency) const;

 private:
  struct Sum {
    double logarithms = 0;
    std::uint64_t purchases = 0;
  };
  std::map<std::string, Sum, std::less<>> sums_;
};

// Price times quantity, in units of the currency; 0 where it is no purchase or its price is not known.
double bought_value(const events::Event& event);

}  // namespace handsel::learning
