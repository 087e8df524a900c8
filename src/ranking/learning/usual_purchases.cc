#include "ranking/learning/usual_purchases.h"

#include <cmath>

namespace handsel::learning {

double bought_value(const events::Event& event) {
  if (event.kind != events::EventKind::kPurchase || event.price_cents.value_or(0) <= 0 || event.quantity <= 0) return 0;
  return static_cast<double>(*event.price_cents) / 100 * static_cast<double>(event.quantity);
}

void UsualPurchases::observe(const events::Event& event) {
  const double value = bought_value(event);
  if (value <= 0) return;
  auto sum = sums_.find(event.currency);
  if (sum == sums_.end()) {
    if (sums_.size() >= kCurrenciesMax) return;
    sum = sums_.emplace(event.currency, Sum{}).first;
  }
  sum->second.logarithms += std::log(value);
  ++sum->second.purchases;
}

double UsualPurchases::of(std::string_view currency) const {
  const auto sum = sums_.find(currency);
  return sum == sums_.end() ? 0 : std::exp(sum->second.logarithms / static_cast<double>(sum->second.purchases));
}

}  // namespace handsel::learning
