#include "ranking/learning/search_collector.h"

#include <algorithm>
#include <utility>

#include "ranking/learning/usual_purchases.h"

namespace handsel::learning {
namespace {

using events::Event;
using events::EventKind;

std::string session_key(std::string_view session, std::string_view listing) {
  std::string key(session);
  key += '\n';
  key += listing;
  return key;
}

void mark(ShownListing& shown, const Event& event) {
  Outcome& outcome = shown.outcome;
  switch (event.kind) {
    case EventKind::kClick:
    case EventKind::kView:
      outcome.clicked = true;
      break;
    case EventKind::kFavourite:
      outcome.favourited = true;
      break;
    case EventKind::kCart:
      outcome.carted = true;
      break;
    case EventKind::kPurchase:
      outcome.purchased = true;
      if (shown.currency != event.currency) outcome.bought_value = 0;  // what cannot be added up
      outcome.bought_value += bought_value(event);
      shown.currency = event.currency;
      break;
    case EventKind::kHide:
    case EventKind::kReport:
      outcome.rejected = true;
      break;
    case EventKind::kSearch:
    case EventKind::kImpression:
    case EventKind::kDwell:
    case EventKind::kExposure:
      break;
  }
}

}  // namespace

SearchCollector::SearchCollector(CollectorOptions options, Done done)
    : options_(std::move(options)), done_(std::move(done)) {}

void SearchCollector::observe(const Event& event) {
  now_ms_ = std::max(now_ms_, event.time_ms);
  while (!open_.empty() && open_.front()->search.time_ms + options_.window_ms < now_ms_) close_first();
  switch (event.kind) {
    case EventKind::kSearch:
      open_page(event);
      return;
    case EventKind::kImpression:
    case EventKind::kDwell:
    case EventKind::kExposure:
      return;
    default:
      act(event);
  }
}

void SearchCollector::open_page(const Event& event) {
  if (event.query_id.empty() || (!options_.surface.empty() && event.surface != options_.surface)) return;
  Open*& open = by_query_id_[event.query_id];
  if (open == nullptr) {
    open_.push_back(std::make_unique<Open>());
    open = open_.back().get();
    open->search = {.query_id = event.query_id,
                    .query = event.query,
                    .language = event.language,
                    .country = event.country,
                    .sort = event.sort,
                    .session_id = event.session_id,
                    .user_id = event.user_id,
                    .time_ms = event.time_ms};
    ++counts_.searches;
  }
  auto& shown = open->search.shown;
  for (std::size_t i = 0; i < event.shown.size() && shown.size() < options_.shown_max; ++i) {
    if (!open->row_of.emplace(event.shown[i], shown.size()).second) continue;
    shown.push_back({.listing_id = event.shown[i],
                     .place = std::max<std::int64_t>(event.offset, 0) + static_cast<std::int64_t>(i)});
  }
  if (open_.size() > options_.open_max) {
    ++counts_.closed_early;
    close_first();
  }
}

SearchCollector::Open* SearchCollector::find(const Event& event) {
  if (!event.query_id.empty()) {
    const auto found = by_query_id_.find(event.query_id);
    return found == by_query_id_.end() ? nullptr : found->second;
  }
  if (event.kind != EventKind::kPurchase || event.session_id.empty()) return nullptr;
  const auto found = last_acted_.find(session_key(event.session_id, event.listing_id));
  return found == last_acted_.end() ? nullptr : found->second;
}

void SearchCollector::act(const Event& event) {
  Open* open = find(event);
  const auto row = open == nullptr ? decltype(open->row_of.end()){} : open->row_of.find(event.listing_id);
  if (open == nullptr || row == open->row_of.end()) {
    ++counts_.stray_actions;
    return;
  }
  ++counts_.actions;
  mark(open->search.shown[row->second], event);
  if (!open->search.session_id.empty()) {
    last_acted_[session_key(open->search.session_id, event.listing_id)] = open;
  }
}

void SearchCollector::close_first() {
  const std::unique_ptr<Open> open = std::move(open_.front());
  open_.pop_front();
  by_query_id_.erase(open->search.query_id);
  if (!open->search.session_id.empty()) {
    for (const ShownListing& row : open->search.shown) {
      const auto found = last_acted_.find(session_key(open->search.session_id, row.listing_id));
      if (found != last_acted_.end() && found->second == open.get()) last_acted_.erase(found);
    }
  }
  std::ranges::stable_sort(open->search.shown, {}, &ShownListing::place);
  done_(open->search);
}

void SearchCollector::finish() {
  while (!open_.empty()) close_first();
}

}  // namespace handsel::learning
