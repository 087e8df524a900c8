#include "facts/log/embedded_log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <utility>

#include "base/core/bytes.h"
#include "base/storage/database.h"
#include "facts/log/internal/group_commit.h"
#include "facts/log/internal/idempotency.h"
#include "facts/log/internal/record_codec.h"

namespace handsel::log {
namespace {

constexpr std::uint32_t kFormat = 1;
enum FamilyOf : storage::FamilyIndex { kRecords, kIdempotency, kMeta };

std::vector<storage::Family> families(const Clock& clock) {
  return {
      {.name = "records", .compression = storage::Compression::kZstd, .ascending_prefix_bytes = kKeyPrefixBytes},
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
  using Ends = std::map<std::pair<Topic, std::uint32_t>, std::uint64_t>;
  // Idempotency keys of one group: those of the log, and those that the group adds.
  // Sorted, because the table is, and takes neighbours one after another for less.
  using Seen = std::map<IdempotencyHash, Appended>;

  Result<PendingAppend> prepare(Topic topic, std::span<const NewRecord> records) const;
  void commit(const std::vector<PendingAppend*>& group);
  Result<void> write(const std::vector<PendingAppend*>& group);
  Result<Seen> seen_before(const std::vector<PendingAppend*>& group) const;
  Appended number(Topic topic, PendingAppend::Item& item, Ends& ends, Seen& seen);

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
  HANDSEL_ASSIGN(Seen seen, seen_before(group));
  Ends ends;
  batch_.clear();
  for (PendingAppend* pending : group) {
    std::vector<Appended> appended;
    appended.reserve(pending->items.size());
    for (PendingAppend::Item& item : pending->items) appended.push_back(number(pending->topic, item, ends, seen));
    pending->outcome = std::move(appended);
  }
  if (batch_.empty()) return {};  // duplicates only
  for (const auto& [hash, first] : seen) {
    if (!first.duplicate) idempotency_.remember(batch_, hash, first.position);
  }
  if (const Result<void> written = database_->write(batch_, storage::Sync::kYes); !written) {
    failure_ = Error{written.error().code,
                     fmt::format("the log takes no more writes, because one failed: {}", written.error().message)};
    return written;
  }
  for (const auto& [place, offset] : ends) end(place.first, place.second).store(offset, std::memory_order_release);
  return {};
}

Result<EmbeddedLog::Seen> EmbeddedLog::seen_before(const std::vector<PendingAppend*>& group) const {
  std::vector<IdempotencyHash> hashes;
  for (const PendingAppend* pending : group) {
    for (const PendingAppend::Item& item : pending->items) {
      if (item.idempotency) hashes.push_back(*item.idempotency);
    }
  }
  Seen seen;
  if (hashes.empty()) return seen;
  HANDSEL_ASSIGN(const auto found, idempotency_.find(hashes));
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (found[i]) seen.emplace(hashes[i], Appended{*found[i], true});
  }
  return seen;
}

// Gives the record the next offset of its partition and adds it to the batch, unless
// it was there before, in the log or earlier in this very group.
Appended EmbeddedLog::number(Topic topic, PendingAppend::Item& item, Ends& ends, Seen& seen) {
  if (item.idempotency) {
    if (const auto first = seen.find(*item.idempotency); first != seen.end()) return {first->second.position, true};
  }
  std::uint64_t& next = ends.try_emplace({topic, item.partition}, end_offset(topic, item.partition)).first->second;
  const Position position{item.partition, next++};
  const std::string key = record_key(topic, position);
  seal(item.value, key);
  batch_.put(kRecords, key, item.value);
  if (item.idempotency) seen.emplace(*item.idempotency, Appended{position, false});
  return {position, false};
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

std::string number_bytes(std::uint32_t number) {
  std::string bytes;
  put_fixed(bytes, number);
  return bytes;
}

Result<std::optional<std::uint32_t>> read_number(const storage::Database& database, std::string_view key) {
  HANDSEL_ASSIGN(const std::optional<std::string> bytes, database.get(kMeta, key));
  if (!bytes) return std::nullopt;
  ByteReader reader(*bytes);
  const auto number = reader.fixed<std::uint32_t>();
  if (!reader.ok()) return fail(Code::kCorrupt, "the log's own settings are cut short; restore a backup");
  return number;
}

// How many partitions the log has; writes it down in a new one.
Result<std::uint32_t> settle_partitions(storage::Database& database, const EmbeddedLogOptions& options) {
  HANDSEL_ASSIGN(const auto format, read_number(database, "format"));
  HANDSEL_ASSIGN(const auto stored, read_number(database, "partitions"));
  if (!format) {
    const std::uint32_t partitions = options.partitions.value_or(kPartitionsDefault);
    storage::Batch batch(database);
    batch.put(kMeta, "format", number_bytes(kFormat));
    batch.put(kMeta, "partitions", number_bytes(partitions));
    HANDSEL_TRY(database.write(batch, storage::Sync::kYes));
    return partitions;
  }
  if (*format != kFormat) {
    return fail(Code::kUnsupported, "the log in {} has format {}; this program knows {}", options.folder, *format,
                kFormat);
  }
  if (!stored || *stored == 0 || *stored > kPartitionsMax) {
    return fail(Code::kCorrupt, "the log in {} does not say how many partitions it has; restore a backup",
                options.folder);
  }
  if (options.partitions && *options.partitions != *stored) {
    return fail(Code::kConflict, "the log in {} has {} partitions, not {}; the number is fixed when a log is made",
                options.folder, *stored, *options.partitions);
  }
  return *stored;
}

}  // namespace

Result<std::unique_ptr<Log>> open_embedded_log(const EmbeddedLogOptions& options, const Clock& clock) {
  if (options.partitions && (*options.partitions == 0 || *options.partitions > kPartitionsMax)) {
    return fail(Code::kInvalidArgument, "{} partitions; 1 to {} are allowed", *options.partitions, kPartitionsMax);
  }
  HANDSEL_ASSIGN(auto database,
                 storage::Database::open(
                     options.folder, families(clock),
                     {.memory_max_bytes = options.memory_max_bytes, .create = options.create, .disk = options.disk}));
  HANDSEL_ASSIGN(const std::uint32_t partitions, settle_partitions(*database, options));
  auto log = std::make_unique<EmbeddedLog>(std::move(database), partitions, clock);
  HANDSEL_TRY(log->find_ends());
  return log;
}

}  // namespace handsel::log
