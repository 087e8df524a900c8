// What an objective asks beside what people did (ranking/learning/objective.h): how old a
// listing was, what a purchase usually is worth. Observes the whole log before labels are made
// of it; listings are loaded where freshness has a weight, each once.
//
// One thread. Memory: 100 bytes a listing that somebody acted on, kListingsMax at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "app/engine/session_view.h"
#include "facts/events/event.h"
#include "ranking/learning/training_rows.h"
#include "ranking/learning/usual_purchases.h"

namespace handsel {

class ObjectiveInputs {
 public:
  static constexpr std::size_t kListingsMax = 2'000'000;

  explicit ObjectiveInputs(FactsCache::LoadListing load_listing) : load_listing_(std::move(load_listing)) {}

  void observe(const events::Event& event) { usual_purchases_.observe(event); }
  // `options` borrow this from now on.
  void give_to(learning::RowOptions& options);
  // At that moment; below 0 where it is not known.
  double age_days(const std::string& listing_id, std::int64_t time_ms);

 private:
  const FactsCache::LoadListing load_listing_;
  learning::UsualPurchases usual_purchases_;
  std::unordered_map<std::string, std::int64_t> created_ms_;  // 0: not known
};

}  // namespace handsel
