// Everything that changes the truth: check, encode, append. The views follow by
// themselves (applier.h).
#include <algorithm>

#include "app/engine/engine_impl.h"
#include "facts/catalog/codec.h"

namespace handsel {
namespace {

using namespace std::chrono_literals;

// How long a write waits for the views before it is refused.
constexpr auto kRoomWaitMax = 10s;
constexpr auto kCatalogWaitMax = 10s;
// Items of one append: large enough to share a sync, small against the lag that is allowed.
constexpr std::size_t kAppendItems = 2'000;
constexpr std::size_t kAppendBytes = 8u << 20;

Result<log::NewRecord> checked_record(const auto& item) {
  HANDSEL_ASSIGN(log::NewRecord record, catalog::to_record(item));
  if (record.payload.size() > log::kRecordBytesMax) {
    return fail(Code::kTooLarge, "{} is {} bytes, more than {}", record.key, record.payload.size(),
                log::kRecordBytesMax);
  }
  return record;
}

// Hands records over in pieces.
class Pieces {
 public:
  using Append = std::function<Result<void>(std::span<const log::NewRecord>)>;
  explicit Pieces(Append append) : append_(std::move(append)) {}

  Result<void> add(log::NewRecord record) {
    bytes_ += record.payload.size();
    records_.push_back(std::move(record));
    return records_.size() < kAppendItems && bytes_ < kAppendBytes ? Result<void>() : flush();
  }
  Result<void> flush() {
    if (records_.empty()) return {};
    HANDSEL_TRY(append_(records_));
    records_.clear();
    bytes_ = 0;
    return {};
  }

 private:
  const Append append_;
  std::vector<log::NewRecord> records_;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<void> EngineImpl::check_alone() const {
  if (!options_.beside) return {};
  return fail(Code::kConflict, "{} is read here beside process {}, which alone may change it", options_.folder,
              FolderLock::holder(options_.folder));
}

Result<void> EngineImpl::check_writable() const {
  HANDSEL_TRY(check_alone());
  if (const auto error = governor_.disk_error()) return std::unexpected(*error);
  return {};
}

Result<void> EngineImpl::wait_for_catalog() const {
  if (applier_.wait_applied(opened_at_, kCatalogWaitMax)) return {};
  if (const auto error = applier_.error()) return std::unexpected(*error);
  return fail(Code::kOverloaded, "the catalogue is still being read from the log, {} records to go; try again later",
              applier_.behind());
}

Result<void> EngineImpl::append(std::span<const log::NewRecord> records) {
  HANDSEL_ASSIGN(const auto appended, parts_.log->append(log::Topic::kListings, records));
  pending_.add(records, appended);
  applier_.wake();
  learned_.listings_appended();
  return {};
}

Result<std::vector<WriteStatus>> EngineImpl::put_listings(std::span<const catalog::Listing> listings) {
  HANDSEL_TRY(check_writable());
  std::vector<WriteStatus> statuses;
  statuses.reserve(listings.size());
  Pieces pieces([this](std::span<const log::NewRecord> records) -> Result<void> {
    HANDSEL_TRY(applier_.wait_for_room(kRoomWaitMax));
    const auto locks = key_locks_.lock_to_replace(records);
    return append(records);
  });
  for (const catalog::Listing& listing : listings) {
    WriteStatus& status = statuses.emplace_back(WriteStatus{.id = listing.id, .error = std::nullopt});
    if (auto record = checked_record(listing)) {
      HANDSEL_TRY(pieces.add(std::move(*record)));
    } else {
      status.error = std::move(record).error();
    }
  }
  HANDSEL_TRY(pieces.flush());
  return statuses;
}

Result<WriteStatus> EngineImpl::patch_listing(std::string_view id, const catalog::ListingPatch& patch) {
  HANDSEL_TRY(check_writable());
  HANDSEL_TRY(wait_for_catalog());
  HANDSEL_TRY(applier_.wait_for_room(kRoomWaitMax));
  const auto lock = key_locks_.lock_to_change(catalog::make_key(catalog::Kind::kListing, id));
  HANDSEL_ASSIGN(catalog::Listing listing, this->listing(id));
  if (patch.price_cents) listing.price_cents = patch.price_cents;
  if (patch.quantity) listing.quantity = *patch.quantity;
  if (patch.state) listing.state = *patch.state;
  listing.updated_ms = clock_.now_ms();
  HANDSEL_ASSIGN(const log::NewRecord record, checked_record(listing));
  HANDSEL_TRY(append({&record, 1}));
  return WriteStatus{.id = std::string(id), .error = std::nullopt};
}

Result<std::vector<WriteStatus>> EngineImpl::delete_listings(std::span<const std::string> ids) {
  HANDSEL_TRY(check_writable());
  HANDSEL_TRY(wait_for_catalog());
  std::vector<WriteStatus> statuses;
  statuses.reserve(ids.size());
  Pieces pieces([this](std::span<const log::NewRecord> records) -> Result<void> {
    HANDSEL_TRY(applier_.wait_for_room(kRoomWaitMax));
    const auto locks = key_locks_.lock_to_replace(records);
    return append(records);
  });
  for (const std::string& id : ids) {
    WriteStatus& status = statuses.emplace_back(WriteStatus{.id = id, .error = std::nullopt});
    if (const auto position = find_current(catalog::Kind::kListing, id); !position) {
      status.error = position.error();
    } else {
      HANDSEL_TRY(pieces.add(catalog::tombstone(catalog::Kind::kListing, id)));
    }
  }
  HANDSEL_TRY(pieces.flush());
  return statuses;
}

Result<std::vector<WriteStatus>> EngineImpl::put_events(std::span<const events::Event> events) {
  HANDSEL_TRY(check_writable());
  HANDSEL_TRY(wait_for_catalog());
  HANDSEL_ASSIGN(auto put, events_.put(events, [this](std::string_view id) { return knows_listing(id); }));
  learned_.events_appended(events.size());
  std::vector<WriteStatus> statuses;
  statuses.reserve(put.size());
  for (events::PutStatus& status : put) {
    statuses.push_back({.id = std::move(status.id), .error = std::move(status.refused), .duplicate = status.duplicate});
  }
  return statuses;
}

// They name no listing, so they need no catalogue.
Result<std::size_t> EngineImpl::write_exposures(const std::vector<events::Event>& exposures) {
  HANDSEL_TRY(check_writable());
  HANDSEL_ASSIGN(const auto put, events_.put(exposures, [](std::string_view) { return false; }));
  return static_cast<std::size_t>(
      std::ranges::count_if(put, [](const events::PutStatus& status) { return status.refused.has_value(); }));
}

Result<void> EngineImpl::put_experiments(std::string_view toml) {
  const std::lock_guard lock(putting_experiments_);
  HANDSEL_TRY(Experiments::parse(toml, "the definitions"));
  HANDSEL_TRY(check_writable());
  HANDSEL_TRY(files_.write_file(experiments_.path(), toml));
  experiments_.forget_look();
  return {};
}

Result<void> EngineImpl::decide_experiment(decisions::ExperimentDecision decision) {
  const std::int64_t now_ms = clock_.now_ms();
  if (experiments_.current(now_ms)->assignments().find(decision.experiment) == nullptr) {
    return fail(Code::kNotFound, "there is no experiment '{}'", decision.experiment.substr(0, 60));
  }
  HANDSEL_TRY(check_writable());
  decision.time_ms = now_ms;
  return decided_.decide(std::move(decision));
}

Result<std::size_t> EngineImpl::check_guard_rails() {
  HANDSEL_TRY(check_alone());
  static_cast<void>(exposures_.finish_now());  // what could not be written is told by health()
  return guard_.check_now();
}

template <typename Item>
Result<void> EngineImpl::put_all(std::span<const Item> items) {
  HANDSEL_TRY(check_writable());
  Pieces pieces([this](std::span<const log::NewRecord> records) -> Result<void> {
    HANDSEL_TRY(applier_.wait_for_room(kRoomWaitMax));
    return append(records);
  });
  for (const Item& item : items) {
    HANDSEL_ASSIGN(log::NewRecord record, checked_record(item));
    HANDSEL_TRY(pieces.add(std::move(record)));
  }
  return pieces.flush();
}

Result<void> EngineImpl::put_shops(std::span<const catalog::Shop> shops) {
  return put_all(shops);
}
Result<void> EngineImpl::put_taxonomy(std::span<const catalog::TaxonomyNode> nodes) {
  return put_all(nodes);
}

Result<void> EngineImpl::put_reviews(std::span<const catalog::Review> reviews) {
  return put_all(reviews);
}

}  // namespace handsel
