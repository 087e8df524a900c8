#include "proof/estimators/multiplicity.h"

#include <algorithm>
#include <cmath>

namespace handsel::estimators {

std::vector<double> adjusted_p(std::span<const double> p, Correction correction) {
  std::vector<double> out(p.begin(), p.end());
  if (correction == Correction::kNone) return out;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  const auto count = static_cast<double>(order.size());
  if (correction == Correction::kHolm) {
    double largest = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      largest = std::max(largest, (count - static_cast<double>(rank)) * p[order[rank]]);
      out[order[rank]] = std::min(1.0, largest);
    }
    return out;
  }
  double smallest = 1;
  for (std::size_t rank = order.size(); rank-- > 0;) {
    smallest = std::min(smallest, count / static_cast<double>(rank + 1) * p[order[rank]]);
    out[order[rank]] = smallest;
  }
  return out;
}

}  // namespace handsel::estimators
