#include "app/engine/applier.h"

#include <algorithm>

namespace handsel {
namespace {

constexpr auto kRetryAfter = std::chrono::seconds(1);

// Each view says where it goes on; reading starts at the one that is further behind,
// and the other passes over what it has.
Offsets start_of(const Applier::Parts& parts) {
  Offsets start = parts.index.applied();
  for (std::uint32_t p = 0; p < start.size(); ++p) start[p] = std::min(start[p], parts.catalog.applied(p));
  return start;
}

bool reached(const Offsets& here, const Offsets& targets) {
  for (std::size_t p = 0; p < here.size(); ++p) {
    if (here[p] < targets[p]) return false;
  }
  return true;
}

}  // namespace

Applier::Applier(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      index_from_(parts.index.applied()),
      next_(start_of(parts)),
      visible_(next_),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Applier::~Applier() {
  thread_.request_stop();
  changed_.notify_all();
}

void Applier::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

Result<void> Applier::wait_for_room(std::chrono::milliseconds wait_max) {
  std::unique_lock lock(mutex_);
  const auto lag = [this] {
    std::uint64_t records = 0;
    for (std::uint32_t p = 0; p < next_.size(); ++p) {
      records += parts_.log.end_offset(log::Topic::kListings, p) - next_[p];
    }
    return records;
  };
  if (changed_.wait_for(lock, wait_max, [&] { return lag() <= kLagRecordsMax; })) return {};
  if (error_) return fail(Code::kIo, "the views cannot follow the log: {}", error_->message);
  return fail(Code::kOverloaded, "{} writes wait to be indexed; try again in a few seconds", lag());
}

bool Applier::wait_applied(const Offsets& targets, std::chrono::milliseconds wait_max) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, wait_max, [&] { return reached(next_, targets); });
}

Result<void> Applier::wait_visible(const Offsets& targets) {
  std::unique_lock lock(mutex_);
  refresh_wanted_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return reached(visible_, targets) || error_.has_value(); });
  if (!reached(visible_, targets)) return std::unexpected(*error_);
  return {};
}

Offsets Applier::applied() const {
  const std::lock_guard lock(mutex_);
  return next_;
}

std::uint64_t Applier::behind() const {
  const Offsets next = applied();
  std::uint64_t records = 0;
  for (std::uint32_t p = 0; p < next.size(); ++p) {
    records += parts_.log.end_offset(log::Topic::kListings, p) - next[p];
  }
  return records;
}

std::optional<Error> Applier::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

std::uint64_t Applier::unreadable() const {
  const std::lock_guard lock(mutex_);
  return unreadable_;
}

Offsets Applier::end_of(const log::Log& log) {
  Offsets ends;
  for (std::uint32_t p = 0; p < log.partitions(log::Topic::kListings); ++p) {
    ends.push_back(log.end_offset(log::Topic::kListings, p));
  }
  return ends;
}

void Applier::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto applied = step();
    {
      const std::lock_guard lock(mutex_);
      error_ = applied ? std::nullopt : std::optional(applied.error());
    }
    changed_.notify_all();
    if (refresh_is_due(std::chrono::steady_clock::now())) refresh();
    if (!applied || *applied == 0) sleep(stop, !applied);
  }
}

Result<std::size_t> Applier::step() {
  HANDSEL_ASSIGN(const auto records, read_some());
  if (records.empty()) return 0;
  HANDSEL_TRY(parts_.catalog.apply(records));
  index_records(records);
  {
    const std::lock_guard lock(mutex_);
    for (const log::Record& record : records) next_[record.position.partition] = record.position.offset + 1;
  }
  parts_.pending.applied(records);
  return records.size();
}

Result<std::vector<log::Record>> Applier::read_some() const {
  const Offsets from = applied();
  std::vector<log::Record> records;
  std::size_t bytes = 0;
  // A share for each partition, so that one full of work does not starve the others.
  const std::size_t share = std::max<std::size_t>(1, kStepRecordsMax / from.size());
  for (std::uint32_t p = 0; p < from.size(); ++p) {
    std::size_t taken = 0;
    HANDSEL_TRY(parts_.log.read(log::Topic::kListings, p, from[p], [&](const log::Record& record) {
      records.push_back(record);
      bytes += record.payload.size();
      return ++taken < share && bytes < kStepBytesMax;
    }));
  }
  return records;
}

void Applier::index_records(std::span<const log::Record> records) {
  std::vector<catalog::Listing> listings;
  listings.reserve(records.size());  // changes point into it
  std::vector<index::Index::Change> changes;
  std::uint64_t unreadable = 0;
  for (const log::Record& record : records) {
    const auto key = catalog::parse_key(record.key);
    if (!key || key->kind != catalog::Kind::kListing) continue;
    if (record.position.offset < index_from_[record.position.partition]) continue;
    index::Index::Change change{.listing = nullptr, .id = std::string(key->id), .position = record.position};
    if (!record.payload.empty()) {
      auto listing = catalog::decode_listing(record.payload);
      if (listing) {
        listings.push_back(std::move(*listing));
        change.listing = &listings.back();
      } else {
        ++unreadable;  // and so its older version is not shown either
      }
    }
    changes.push_back(std::move(change));
  }
  if (!changes.empty()) parts_.index.apply(changes, options_.threads);
  const std::lock_guard lock(mutex_);
  unreadable_ += unreadable;
}

void Applier::refresh() {
  const Offsets applied_before = applied();
  parts_.index.refresh();
  refreshed_at_ = std::chrono::steady_clock::now();
  if (options_.refreshed) options_.refreshed();
  {
    const std::lock_guard lock(mutex_);
    visible_ = applied_before;
    refresh_wanted_ = false;
  }
  changed_.notify_all();
}

bool Applier::refresh_is_due(Time now) const {
  const std::lock_guard lock(mutex_);
  if (visible_ == next_) return false;
  return refresh_wanted_ || now - refreshed_at_ >= options_.refresh_every;
}

void Applier::sleep(const std::stop_token& stop, bool failed) {
  std::unique_lock lock(mutex_);
  if (failed) {
    changed_.wait_for(lock, stop, kRetryAfter, [] { return false; });
    return;
  }
  const auto wake_up = [this] { return woken_ || (refresh_wanted_ && visible_ != next_); };
  if (visible_ == next_) {
    changed_.wait(lock, stop, wake_up);
  } else {
    changed_.wait_until(lock, stop, refreshed_at_ + options_.refresh_every, wake_up);
  }
  woken_ = false;
}

}  // namespace handsel
