#include "load.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/core/hash.h"

namespace handsel::test {
namespace {

constexpr std::uint64_t kIdsOfAWriter = 200;
constexpr std::int64_t kEventTimeMs = 1'700'000'000'000;

std::string words(std::uint64_t seed, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += fmt::format("{}{:x}", i == 0 ? "" : " ", mix64(seed + static_cast<std::uint64_t>(i)) >> 40);
  }
  return text;
}

catalog::Listing listing_of(const std::string& id, std::uint64_t number) {
  const std::uint64_t seed = hash64(id, number);
  return {.id = id,
          .title = fmt::format("linen {}", words(seed, 4)),
          .description = words(seed, static_cast<int>(seed % 300)),
          .tags = {words(seed, 1)},
          .price_cents = static_cast<std::int64_t>(number),
          .currency = "EUR"};
}

events::Event event_of(const std::string& id, std::uint64_t number) {
  const std::uint64_t seed = hash64(id, number);
  events::Event event{.id = id};
  event.kind = events::EventKind::kSearch;
  event.time_ms = kEventTimeMs + static_cast<std::int64_t>(seed % 1'000'000);
  event.session_id = fmt::format("s{}", seed % 50);
  event.query = words(seed, 3);
  return event;
}

// The state after the operation.
std::optional<catalog::Listing> after(std::optional<catalog::Listing> state, const Operation& operation) {
  switch (operation.kind) {
    case Kind::kPut:
      return listing_of(operation.id, operation.number);
    case Kind::kDelete:
      return std::nullopt;
    case Kind::kPatch:
      if (state) state->price_cents = static_cast<std::int64_t>(operation.number);
      return state;
    case Kind::kEvent:
      break;
  }
  return state;
}

bool is_acknowledged(const WriteStatus& status) {
  return !status.error || status.error->code == Code::kNotFound;
}

bool all_acknowledged(const Result<std::vector<WriteStatus>>& statuses) {
  return statuses && std::ranges::all_of(*statuses, is_acknowledged);
}

bool perform_patch(Engine& engine, const Operation& operation) {
  const auto status = engine.patch_listing(
      operation.id,
      {.price_cents = static_cast<std::int64_t>(operation.number), .quantity = std::nullopt, .state = std::nullopt});
  return status ? is_acknowledged(*status) : status.error().code == Code::kNotFound;
}

std::string describe(const std::optional<catalog::Listing>& state) {
  if (!state) return "nothing";
  return fmt::format("price {} title '{}'", state->price_cents.value_or(-1), state->title);
}

}  // namespace

std::string to_text(const Operation& operation) {
  return fmt::format("{} {} {}", static_cast<char>(operation.kind), operation.id, operation.number);
}

std::optional<Operation> from_text(std::string_view text) {
  const std::size_t space = text.rfind(' ');
  if (text.size() < 5 || text[1] != ' ' || space <= 2 || space == std::string_view::npos) return std::nullopt;
  Operation operation{.kind = static_cast<Kind>(text[0]), .id = std::string(text.substr(2, space - 2))};
  const auto [end, error] = std::from_chars(text.data() + space + 1, text.data() + text.size(), operation.number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return operation;
}

std::vector<Operation> draw(Rng& rng, std::uint64_t writer, std::uint64_t& next_number) {
  constexpr Kind kKinds[] = {Kind::kPut, Kind::kPut, Kind::kPatch, Kind::kDelete, Kind::kEvent};
  const Kind kind = rng.pick<Kind>(kKinds);
  const std::uint64_t count = kind == Kind::kPatch ? 1 : 1 + rng.below(kind == Kind::kDelete ? 5 : 40);
  std::set<std::string> ids;
  while (ids.size() < count) {
    ids.insert(kind == Kind::kEvent ? fmt::format("e{}-{}", writer, next_number + ids.size())
                                    : fmt::format("w{}-{}", writer, rng.below(kIdsOfAWriter)));
  }
  std::vector<Operation> operations;
  for (const std::string& id : ids) operations.push_back({.kind = kind, .id = id, .number = next_number++});
  return operations;
}

bool perform(Engine& engine, const std::vector<Operation>& operations) {
  std::vector<catalog::Listing> listings;
  std::vector<std::string> ids;
  std::vector<events::Event> events;
  for (const Operation& operation : operations) {
    switch (operation.kind) {
      case Kind::kPut:
        listings.push_back(listing_of(operation.id, operation.number));
        break;
      case Kind::kDelete:
        ids.push_back(operation.id);
        break;
      case Kind::kEvent:
        events.push_back(event_of(operation.id, operation.number));
        break;
      case Kind::kPatch:
        return perform_patch(engine, operation);
    }
  }
  if (!listings.empty()) return all_acknowledged(engine.put_listings(listings));
  if (!ids.empty()) return all_acknowledged(engine.delete_listings(ids));
  return all_acknowledged(engine.put_events(events));
}

void Judge::began(const Operation& operation) {
  if (operation.kind == Kind::kEvent) {
    events_.try_emplace(operation.id, TrackedEvent{.number = operation.number});
  } else {
    listings_[operation.id].open = operation;
  }
}

void Judge::acknowledged(const Operation& operation) {
  ++acknowledged_count_;
  if (operation.kind == Kind::kEvent) {
    events_[operation.id].acknowledged = true;
    return;
  }
  Tracked& tracked = listings_[operation.id];
  tracked.settled = after(std::move(tracked.settled), operation);
  tracked.open.reset();
}

std::vector<std::string> Judge::judge(Engine& engine) {
  std::vector<std::string> problems;
  if (const auto done = engine.catch_up(); !done) return {"the views do not catch up: " + done.error().message};
  for (auto& [id, tracked] : listings_) judge_listing(engine, id, tracked, problems);
  judge_pages(engine, problems);
  judge_events(engine, problems);
  return problems;
}

void Judge::judge_listing(Engine& engine, const std::string& id, Tracked& tracked, std::vector<std::string>& problems) {
  auto found = engine.listing(id);
  State state;
  if (found) {
    found->updated_ms = 0;  // a patch sets it by the clock
    state = std::move(*found);
  } else if (found.error().code != Code::kNotFound) {
    problems.push_back(fmt::format("{}: {}", id, found.error().message));
    return;
  }
  const bool is_before = state == tracked.settled;
  const bool is_after = tracked.open && state == after(tracked.settled, *tracked.open);
  if (!is_before && !is_after) {
    problems.push_back(fmt::format("{}: found {}, acknowledged {}, open {}", id, describe(state),
                                   describe(tracked.settled), tracked.open ? to_text(*tracked.open) : "nothing"));
  }
  tracked.settled = std::move(state);
  tracked.open.reset();
}

// Every listing that there is, once, as it is, through the pages of an empty search.
void Judge::judge_pages(Engine& engine, std::vector<std::string>& problems) const {
  std::set<std::string> seen;
  search::SearchRequest request{.limit = 100};
  do {
    const auto page = engine.search(request);
    if (!page) {
      problems.push_back("search: " + page.error().message);
      return;
    }
    for (const auto& hit : page->hits) {
      catalog::Listing listing = hit.listing;
      listing.updated_ms = 0;
      const auto tracked = listings_.find(listing.id);
      if (tracked == listings_.end() || tracked->second.settled != listing) {
        problems.push_back(fmt::format("search shows {} as {}", listing.id, describe(listing)));
      }
      if (!seen.insert(listing.id).second) problems.push_back("search shows twice: " + listing.id);
    }
    request.cursor = page->next_cursor;
  } while (!request.cursor.empty());
  for (const auto& [id, tracked] : listings_) {
    if (tracked.settled && !seen.contains(id)) problems.push_back("search does not show " + id);
  }
}

void Judge::judge_events(Engine& engine, std::vector<std::string>& problems) {
  std::set<std::string> seen;
  const auto visited = engine.visit_events([&](const events::Event& event) {
    const auto tracked = events_.find(event.id);
    if (tracked == events_.end() || event_of(event.id, tracked->second.number) != event) {
      problems.push_back("an event that nobody sent: " + event.id);
    }
    if (!seen.insert(event.id).second) problems.push_back("an event twice: " + event.id);
    return true;
  });
  if (!visited) problems.push_back("events: " + visited.error().message);
  for (auto& [id, tracked] : events_) {
    if (tracked.acknowledged && !seen.contains(id)) problems.push_back("an event was lost: " + id);
    tracked.acknowledged = tracked.acknowledged || seen.contains(id);
  }
}

}  // namespace handsel::test
