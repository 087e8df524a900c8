#include "facts/events/event_store.h"

#include "facts/events/codec.h"
#include "facts/events/formats/event_rules.h"

namespace handsel::events {
namespace {

// What one append of the log carries.
constexpr std::size_t kEventsPerAppend = 10'000;

Result<log::NewRecord> accept(Event event, std::int64_t now_ms, const KnowsListing& knows_listing) {
  HANDSEL_TRY(validate_event(event, now_ms, knows_listing));
  return to_record(event);
}

}  // namespace

Result<void> validate_event(Event& event, std::int64_t now_ms, const KnowsListing& knows_listing) {
  if (const RowResult<void> fits = apply_rules(event, now_ms); !fits) {
    return fail(Code::kInvalidData, "{} {}", fits.error().field, fits.error().reason);
  }
  if (!event.listing_id.empty() && !knows_listing(event.listing_id)) {
    return fail(Code::kInvalidData, "listing_id '{}' is not in the catalogue; import the listing first",
                event.listing_id);
  }
  return {};
}

Result<std::vector<PutStatus>> EventStore::put(std::span<const Event> events, const KnowsListing& knows_listing) {
  std::vector<PutStatus> statuses(events.size());
  const std::int64_t now_ms = clock_.now_ms();
  for (std::size_t begin = 0; begin < events.size(); begin += kEventsPerAppend) {
    const std::size_t end = std::min(events.size(), begin + kEventsPerAppend);
    std::vector<log::NewRecord> records;
    std::vector<PutStatus*> accepted;  // of each record
    for (std::size_t i = begin; i < end; ++i) {
      Result<log::NewRecord> record = accept(events[i], now_ms, knows_listing);
      statuses[i].id = record ? record->idempotency_key : events[i].id;
      if (!record) {
        statuses[i].refused = std::move(record).error();
        continue;
      }
      records.push_back(std::move(*record));
      accepted.push_back(&statuses[i]);
    }
    HANDSEL_ASSIGN(const std::vector<log::Appended> appended, log_.append(log::Topic::kEvents, records));
    for (std::size_t i = 0; i < appended.size(); ++i) accepted[i]->duplicate = appended[i].duplicate;
  }
  return statuses;
}

Result<void> EventStore::visit(const Visitor& visit) const {
  bool go_on = true;
  for (std::uint32_t partition = 0; go_on && partition < log_.partitions(log::Topic::kEvents); ++partition) {
    Result<void> decoded;
    HANDSEL_TRY(log_.read(log::Topic::kEvents, partition, 0, [&](const log::Record& record) {
      const Result<Event> event = decode(record.payload);
      if (event) return go_on = visit(*event);
      if (event.error().code == Code::kUnsupported) return true;
      decoded = fail(event.error().code, "event {}/{} of the log: {}", record.position.partition,
                     record.position.offset, event.error().message);
      return go_on = false;
    }));
    HANDSEL_TRY(decoded);
  }
  return {};
}

std::uint64_t EventStore::count() const {
  std::uint64_t count = 0;
  for (std::uint32_t partition = 0; partition < log_.partitions(log::Topic::kEvents); ++partition) {
    count += log_.end_offset(log::Topic::kEvents, partition);
  }
  return count;
}

}  // namespace handsel::events
