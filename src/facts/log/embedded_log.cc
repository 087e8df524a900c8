#include "facts/log/embedded_log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <utility>

#include "base/storage/database.h"
#include "facts/log/internal/group_commit.h"
#include "facts/log/internal/idempotency.h"
#include "facts/log/internal/log_meta.h"
#include "facts/log/internal/record_codec.h"

namespace handsel::log {
namespace {

enum FamilyOf : storage::FamilyIndex { kRecords, kIdempotency, kMeta };

std::vector<storage::Family> families(const Clock& clock) {
  return {
      {.name = "records", .compression = storage::Compression::kZstd, .growing_prefix_bytes = kKeyPrefixBytes},
      {.name = "idempotency",
       .compression = storage::Compression::kNone,
       .bloom = true,
       .expired = [&clock](std::string_view value) { return IdempotencyTable::expired(value, clock.now_ms()); }},
      {.name = "meta"},
  };
}

// One caller's records on their way to the disk.
struct PendingAppend {
  struct Item {
    std::uint32_t partition;
    std::string value;  // unsealed
    std::optional<IdempotencyHash> idempotency;
  };

  Topic topic;
  std::vector<Item> items;
  std::size_t bytes = 0;
  Result<std::vector<Appended>> outcome;
};

class EmbeddedLog final : public Log {
 public:
  EmbeddedLog(std::unique_ptr<storage::Database> database, std::uint32_t partitions, const Clock& clock)
      : partitions_(partitions),
        clock_(clock),
        database_(std::move(database)),
        idempotency_(*database_, kIdempotency, clock),
        batch_(*database_),
        ends_(kTopics.size() * partitions),
        group_commit_(kGroupBytesMax, [this](const std::vector<PendingAppend*>& group) { commit(group); }) {}

  Result<void> find_ends();

  Result<std::vector<Appended>> append(Topic topic, std::span<const NewRecord> records) override;
  Result<std::uint64_t> read(Topic topic, std::uint32_t partition, std::uint64_t offset,
                             const std::function<bool(const Record&)>& visit) const override;
  Result<Record> get(Topic topic, Position position) const override;
  std::uint32_t partitions(Topic) const override { return partitions_; }
  std::uint64_t end_offset(Topic topic, std::uint32_t partition) const override {
    return partition < partitions_ ? end(topic, partition).load(std::memory_order_acquire) : 0;
  }
  Result<void> forget(Topic topic, std::span<const Position> positions) override;
  Result<void> backup(const std::string& folder) const override { return database_->checkpoint(folder); }

 private:
  // What a group adds to one partition.
  struct Addition {
    std::uint64_t first_offset;
    std::vector<std::string*> values;  // unsealed; of the group's items
  };
  // Sorted like the tables that they go to, which take neighbours in order for less.
  struct Plan {
    std::map<std::pair<Topic, std::uint32_t>, Addition> additions;
    std::map<IdempotencyHash, Appended> seen;  // those of the log, and those that the group adds
  };

  Result<PendingAppend> prepare(Topic topic, std::span<const NewRecord> records) const;
  void commit(const std::vector<PendingAppend*>& group);
  Result<void> write(const std::vector<PendingAppend*>& group);
  Result<void> find_seen(const std::vector<PendingAppend*>& group, Plan& plan) const;
  Appended number(Topic topic, PendingAppend::Item& item, Plan& plan) const;
  void fill_batch(const Plan& plan);

  std::atomic<std::uint64_t>& end(Topic topic, std::uint32_t partition) {
    return ends_[static_cast<std::size_t>(topic) * partitions_ + partition];
  }
  const std::atomic<std::uint64_t>& end(Topic topic, std::uint32_t partition) const {
    return ends_[static_cast<std::size_t>(topic) * partitions_ + partition];
  }

  const std::uint32_t partitions_;
  const Clock& clock_;
  const std::unique_ptr<storage::Database> database_;
  const IdempotencyTable idempotency_;
  // The next three belong to the leader of the moment.
  storage::Batch batch_;
  std::optional<Error> failure_;                  // set once; then every append gets it
  std::vector<std::atomic<std::uint64_t>> ends_;  // written by the leader, read by all
  GroupCommit<PendingAppend> group_commit_;
};

Result<void> EmbeddedLog::find_ends() {
  for (const Topic topic : kTopics) {
    for (std::uint32_t partition = 0; partition < partitions_; ++partition) {
      const std::string begin = record_key(topic, {partition, 0});
      const std::string behind = record_key(topic, {partition + 1, 0});
      HANDSEL_ASSIGN(const auto last, database_->last(kRecords, {begin, behind}));
      if (last) end(topic, partition) = position_of_key(last->key).offset + 1;
    }
  }
  return {};
}

Result<std::vector<Appended>> EmbeddedLog::append(Topic topic, std::span<const NewRecord> records) {
  if (records.empty()) return std::vector<Appended>();
  HANDSEL_ASSIGN(PendingAppend pending, prepare(topic, records));
  group_commit_.run(pending);
  return std::move(pending.outcome);
}

Result<PendingAppend> EmbeddedLog::prepare(Topic topic, std::span<const NewRecord> records) const {
  if (records.size() > kAppendRecordsMax) {
    return fail(Code::kTooLarge, "{} records in one append; at most {} are allowed", records.size(), kAppendRecordsMax);
  }
  PendingAppend pending{.topic = topic};
  pending.items.reserve(records.size());
  const std::int64_t now_ms = clock_.now_ms();
  for (const NewRecord& record : records) {
    const std::size_t bytes = record.key.size() + record.payload.size();
    if (bytes > kRecordBytesMax) {
      return fail(Code::kTooLarge, "the record of '{}' has {} bytes; at most {} are allowed", record.key.substr(0, 100),
                  bytes, kRecordBytesMax);
    }
    PendingAppend::Item item{.partition = partition_of(record.key, partitions_),
                             .value = encode_unsealed(now_ms, record)};
    if (!record.idempotency_key.empty()) item.idempotency = idempotency_hash(topic, record.idempotency_key);
    pending.bytes += item.value.size();
    pending.items.push_back(std::move(item));
  }
  if (pending.bytes > kAppendBytesMax) {
    return fail(Code::kTooLarge, "{} bytes in one append; at most {} are allowed", pending.bytes, kAppendBytesMax);
  }
  return pending;
}

void EmbeddedLog::commit(const std::vector<PendingAppend*>& group) {
  if (const Result<void> written = write(group); !written) {
    for (PendingAppend* pending : group) pending->outcome = std::unexpected(written.error());
  }
}

// The whole group is one batch: it is on the disk, or none of it is acknowledged.
Result<void> EmbeddedLog::write(const std::vector<PendingAppend*>& group) {
  if (failure_) return std::unexpected(*failure_);
  Plan plan;
  HANDSEL_TRY(find_seen(group, plan));
  for (PendingAppend* pending : group) {
    std::vector<Appended> appended;
    appended.reserve(pending->items.size());
    for (PendingAppend::Item& item : pending->items) appended.push_back(number(pending->topic, item, plan));
    pending->outcome = std::move(appended);
  }
  if (plan.additions.empty()) return {};  // duplicates only
  fill_batch(plan);
  if (const Result<void> written = database_->write(batch_, storage::Sync::kYes); !written) {
    failure_ = Error{written.error().code,
                     fmt::format("the log takes no more writes, because one failed: {}", written.error().message)};
    return written;
  }
  for (const auto& [place, addition] : plan.additions) {
    end(place.first, place.second).store(addition.first_offset + addition.values.size(), std::memory_order_release);
  }
  return {};
}

Result<void> EmbeddedLog::find_seen(const std::vector<PendingAppend*>& group, Plan& plan) const {
  std::vector<IdempotencyHash> hashes;
  for (const PendingAppend* pending : group) {
    for (const PendingAppend::Item& item : pending->items) {
      if (item.idempotency) hashes.push_back(*item.idempotency);
    }
  }
  if (hashes.empty()) return {};
  HANDSEL_ASSIGN(const auto found, idempotency_.find(hashes));
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (found[i]) plan.seen.emplace(hashes[i], Appended{*found[i], true});
  }
  return {};
}

// Gives the record the next offset of its partition, unless it was there before, in the
// log or earlier in this very group.
Appended EmbeddedLog::number(Topic topic, PendingAppend::Item& item, Plan& plan) const {
  if (item.idempotency) {
    const auto first = plan.seen.find(*item.idempotency);
    if (first != plan.seen.end()) return {first->second.position, true};
  }
  Addition& addition =
      plan.additions.try_emplace({topic, item.partition}, Addition{end_offset(topic, item.partition), {}})
          .first->second;
  const Appended appended{{item.partition, addition.first_offset + addition.values.size()}, false};
  addition.values.push_back(&item.value);
  if (item.idempotency) plan.seen.emplace(*item.idempotency, appended);
  return appended;
}

void EmbeddedLog::fill_batch(const Plan& plan) {
  batch_.clear();
  for (const auto& [place, addition] : plan.additions) {
    Position position{place.second, addition.first_offset};
    for (std::string* value : addition.values) {
      const std::string key = record_key(place.first, position);
      seal(*value, key);
      batch_.put(kRecords, key, *value);
      ++position.offset;
    }
  }
  for (const auto& [hash, first] : plan.seen) {
    if (!first.duplicate) idempotency_.remember(batch_, hash, first.position);
  }
}

Result<std::uint64_t> EmbeddedLog::read(Topic topic, std::uint32_t partition, std::uint64_t offset,
                                        const std::function<bool(const Record&)>& visit) const {
  const std::uint64_t durable_end = end_offset(topic, partition);
  if (offset >= durable_end) return offset;
  const std::string begin = record_key(topic, {partition, offset});
  const std::string behind = record_key(topic, {partition, durable_end});
  std::uint64_t next = durable_end;
  Result<void> decoded;
  HANDSEL_TRY(database_->visit(kRecords, {begin, behind}, [&](std::string_view key, std::string_view value) {
    const Result<Record> record = decode_record(key, value);
    if (!record) {
      decoded = std::unexpected(record.error());
      return false;
    }
    if (visit(*record)) return true;
    next = record->position.offset + 1;
    return false;
  }));
  HANDSEL_TRY(decoded);
  return next;
}

Result<Record> EmbeddedLog::get(Topic topic, Position position) const {
  if (position.offset < end_offset(topic, position.partition)) {
    const std::string key = record_key(topic, position);
    HANDSEL_ASSIGN(const std::optional<std::string> value, database_->get(kRecords, key));
    if (value) return decode_record(key, *value);
  }
  return fail(Code::kNotFound, "there is no record {}/{}/{} in the log", topic_name(topic), position.partition,
              position.offset);
}

Result<void> EmbeddedLog::forget(Topic topic, std::span<const Position> positions) {
  storage::Batch batch(*database_);
  for (const Position position : positions) {
    // The last record stays whatever the caller says: the next start counts on from it.
    if (position.offset + 1 >= end_offset(topic, position.partition)) continue;
    batch.remove(kRecords, record_key(topic, position));
  }
  return batch.empty() ? Result<void>() : database_->write(batch, storage::Sync::kNo);
}

}  // namespace

Result<std::unique_ptr<Log>> open_embedded_log(const EmbeddedLogOptions& options, const Clock& clock) {
  if (options.partitions && (*options.partitions == 0 || *options.partitions > kPartitionsMax)) {
    return fail(Code::kInvalidArgument, "{} partitions; 1 to {} are allowed", *options.partitions, kPartitionsMax);
  }
  HANDSEL_ASSIGN(auto database, storage::Database::open(options.folder, families(clock),
                                                        {.memory_max_bytes = options.memory_max_bytes,
                                                         .create = options.create && !options.read_only,
                                                         .read_only = options.read_only,
                                                         .disk = options.disk}));
  HANDSEL_ASSIGN(const std::uint32_t partitions, settle_partitions(*database, kMeta, options));
  auto log = std::make_unique<EmbeddedLog>(std::move(database), partitions, clock);
  HANDSEL_TRY(log->find_ends());
  return log;
}

}  // namespace handsel::log
