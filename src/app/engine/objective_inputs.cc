#include "app/engine/objective_inputs.h"

#include <algorithm>

namespace handsel {
namespace {

constexpr double kDayMs = 24.0 * 60 * 60 * 1'000;

}  // namespace

double ObjectiveInputs::age_days(const std::string& listing_id, std::int64_t time_ms) {
  auto known = created_ms_.find(listing_id);
  if (known == created_ms_.end()) {
    if (created_ms_.size() >= kListingsMax) created_ms_.clear();
    const auto listing = load_listing_(listing_id);
    known = created_ms_.emplace(listing_id, listing ? listing->created_ms : 0).first;
  }
  if (known->second <= 0) return -1;
  return std::max(0.0, static_cast<double>(time_ms - known->second) / kDayMs);
}

void ObjectiveInputs::give_to(learning::RowOptions& options) {
  if (options.objective.freshness > 0) {
    options.age_days = [this](const std::string& id, std::int64_t time_ms) { return age_days(id, time_ms); };
  }
  if (options.objective.profit > 0) {
    options.usual_purchase = [this](std::string_view currency) { return usual_purchases_.of(currency); };
  }
}

}  // namespace handsel
