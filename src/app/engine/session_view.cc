#include "app/engine/session_view.h"

#include "views/profiles/listing_facts.h"

namespace handsel {
namespace {

// Facts are read again so often, so that a changed listing is seen.
constexpr std::chrono::milliseconds kFactsAgeMax{60'000};

}  // namespace

std::shared_ptr<const profiles::ListingFacts> FactsCache::find(std::string_view id) {
  std::string name(id);
  if (const auto known = facts_.find(name); known != facts_.end()) return known->second;
  if (facts_.size() >= kEntriesMax) facts_.clear();
  std::shared_ptr<const profiles::ListingFacts> facts;
  if (const auto listing = load_(id))
    facts = std::make_shared<const profiles::ListingFacts>(profiles::facts_of(*listing));
  return facts_.emplace(std::move(name), std::move(facts)).first->second;
}

SessionView::SessionView(FileSystem& files, const log::Log& log, Options options)
    : counters_(profiles::Counters::create(std::move(options.counters))),
      profiles_(profiles::ProfileStore::create(options.profiles)),
      observer_(*profiles_, *counters_, std::move(options.load_listing)),
      keeper_({.files = files, .log = log, .counters = *counters_, .profiles = *profiles_}, std::move(options.keep)),
      follower_(log, {.apply = [this](std::span<const events::Event> events) -> Result<void> {
                        for (const events::Event& event : events) observer_.observe(event);
                        return {};
                      },
                      .tick =
                          [this] {
                            observer_.forget_facts();
                            keeper_.caught_up();
                          },
                      .tick_every = kFactsAgeMax,
                      .start = [this](const std::stop_token& stop) { return keeper_.take_up(stop); },
                      .ready = std::move(options.listings_are_known),
                      .applied = [this](const EventFollower::Next& next) { keeper_.applied(next); }}) {}

SessionView::~SessionView() {
  follower_.stop();
  keeper_.finish();
}

}  // namespace handsel
