#include "base/storage/database.h"

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <filesystem>
#include <set>
#include <thread>

#include <rocksdb/cache.h>
#include <rocksdb/compaction_filter.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/sst_partitioner.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

#include "base/storage/faulty_disk_impl.h"
#include "base/storage/status.h"

namespace handsel::storage {
namespace {

constexpr int kReadOnlyTries = 200;
constexpr std::chrono::milliseconds kReadOnlyPauseMax{100};  // between them: about twenty seconds in all
constexpr std::size_t kMemoryMin = 4 << 20;
constexpr std::size_t kBlockBytes = 8 << 10;
constexpr double kBloomBitsPerKey = 10;
// Few, because a block larger than a shard is never cached; our threads are few too.
constexpr int kCacheShardBits = 2;
// Expired values go at the latest when their file is a day old.
constexpr std::uint64_t kExpirySeconds = 24 * 3600;

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

class ExpiryFilter final : public rocksdb::CompactionFilter {
 public:
  explicit ExpiryFilter(std::function<bool(std::string_view)> expired) : expired_(std::move(expired)) {}
  const char* Name() const override { return "handsel.expiry"; }
  bool Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*, bool*) const override {
    return expired_(view(value));
  }

 private:
  const std::function<bool(std::string_view)> expired_;
};

// RocksDB's own log file would be one more thing to fill the disk, and its writer ends
// the process where a write to it has failed. Whatever matters comes back as a status.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// When a disk is too full for its background work, RocksDB goes on trying and slows
// writers down, in the end to nearly nothing. We would rather hear of it: the first
// failure in the background stops writes, as one in the foreground does.
class StopAtFirstError final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    if (error->severity() < rocksdb::Status::kHardError) *error = {*error, rocksdb::Status::kHardError};
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

// How the memory is divided: half of it buffers writes, which the cache accounts for.
struct Memory {
  explicit Memory(std::size_t bytes)
      : total(std::max(bytes, kMemoryMin)),
        cache(rocksdb::NewLRUCache(total, kCacheShardBits)),
        buffers(std::make_shared<rocksdb::WriteBufferManager>(total / 2, cache)) {}

  std::size_t total;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> buffers;
};

rocksdb::ColumnFamilyOptions family_options(const Family& family, const Memory& memory,
                                            const rocksdb::CompactionFilter* filter) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = memory.cache;
  table.block_size = kBlockBytes;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;

  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = memory.total / 4;
  options.max_write_buffer_number = 3;
  options.level_compaction_dynamic_level_bytes = true;
  // Levels in proportion to the buffers: else a small database has one level, which
  // every merge writes anew.
  options.max_bytes_for_level_base = 4 * options.write_buffer_size;
  options.target_file_size_base = options.write_buffer_size;
  if (family.growing_prefix_bytes > 0) {
    options.sst_partitioner_factory = rocksdb::NewSstPartitionerFixedPrefixFactory(family.growing_prefix_bytes);
  }
  if (family.bloom) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
    // In pieces of a few kilobytes, so that filters larger than the cache cost a small
    // read per key and not a large one.
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
  }
  options.compression = family.compression == Compression::kNone ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
  if (family.compression == Compression::kZstd) options.bottommost_compression = rocksdb::kZSTD;
  if (filter != nullptr) {
    options.compaction_filter = filter;
    options.periodic_compaction_seconds = kExpirySeconds;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::DBOptions database_options(const Options& options, const Memory& memory) {
  rocksdb::DBOptions database;
  database.create_if_missing = options.create;
  database.create_missing_column_families = true;
  database.write_buffer_manager = memory.buffers;
  // Bounds what the next start has to replay.
  database.max_total_wal_size = memory.total;
  // A torn tail is a write that nobody was promised; whole files that were synced and are
  // missing or short are damage.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  database.track_and_verify_wals_in_manifest = true;
  database.max_background_jobs = 2;
  database.max_open_files = 512;
  database.bytes_per_sync = 1 << 20;
  database.info_log = std::make_shared<SilentLogger>();
  database.listeners.push_back(std::make_shared<StopAtFirstError>());
  database.max_bgerror_resume_count = 0;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  if (options.disk != nullptr) database.env = options.disk->impl().env.get();
  return database;
}

// RocksDB would make the last folder of the path only, and says little where it cannot.
Result<void> check_folder(const std::string& path, bool create) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  if (std::filesystem::exists(path, error)) return fail(Code::kConflict, "{} is not a folder", path);
  if (!create) return fail(Code::kNotFound, "there is no folder {}", path);
  std::filesystem::create_directories(path, error);
  if (error) return fail(Code::kIo, "cannot create the folder {}: {}", path, error.message());
  return {};
}

std::set<std::string> write_ahead_logs(const std::string& path) {
  std::set<std::string> names;
  std::error_code ignored;  // whoever opens the folder says what is wrong with it
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    if (entry.path().extension() == ".log") names.insert(entry.path().filename());
  }
  return names;
}

}  // namespace

struct Database::Impl {
  std::string path;
  std::vector<std::unique_ptr<ExpiryFilter>> filters;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // in the order of the families

  // Beside a process that writes.
  Result<void> open_read_only(const rocksdb::DBOptions& how,
                              const std::vector<rocksdb::ColumnFamilyDescriptor>& descriptors) {
    // A file may be replaced between our reading its name and opening it, which is an error. And the buffers of a
    // write-ahead log may become a table after we read which tables there are, and the log go away before we read it:
    // then its records are in neither, which is none. So whoever sees a log go away looks again,
    // a little later each time: a writer that merges tables replaces many at once.
    std::chrono::milliseconds pause{1};
    for (int i = 0; i < kReadOnlyTries; ++i) {
      const auto before = write_ahead_logs(path);
      rocksdb::DB* opened = nullptr;
      const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(how, path, descriptors, &handles, &opened);
      db.reset(opened);
      if (status.ok() && std::ranges::includes(write_ahead_logs(path), before)) return {};
      close();
      if (!status.ok() && i + 1 == kReadOnlyTries) return fail_status(status, "open the database", path);
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, kReadOnlyPauseMax);
    }
    return fail(Code::kConflict,
                "cannot open the database {}: who writes to it changes its files all the time; try again", path);
  }

  void close() {
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    handles.clear();
    if (db != nullptr) db->Close().PermitUncheckedError();
    db.reset();
  }

  // Buffers go to files, so that the next start has nothing to replay and damage to what
  // is at rest is found out: a write-ahead log ends where it stops making sense. Failing
  // here loses nothing that was promised.
  ~Impl() {
    if (db == nullptr) return;
    db->Flush({}, handles).PermitUncheckedError();
    close();
  }

  rocksdb::ColumnFamilyHandle* handle(FamilyIndex family) const {
    HANDSEL_CHECK(family + 1 < handles.size());
    return handles[family + 1];  // the first is RocksDB's own 'default', which stays empty
  }
};

struct Batch::Impl {
  const Database* database;
  rocksdb::WriteBatch batch;
};

Batch::Batch(const Database& database) : impl_(std::make_unique<Impl>(&database)) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

// Filling a batch in memory fails only for a family that is not ours.
void Batch::put(FamilyIndex family, std::string_view key, std::string_view value) {
  HANDSEL_CHECK(impl_->batch.Put(impl_->database->impl_->handle(family), slice(key), slice(value)).ok());
}

void Batch::remove(FamilyIndex family, std::string_view key) {
  HANDSEL_CHECK(impl_->batch.Delete(impl_->database->impl_->handle(family), slice(key)).ok());
}

void Batch::remove_range(FamilyIndex family, Range range) {
  HANDSEL_CHECK(
      impl_->batch.DeleteRange(impl_->database->impl_->handle(family), slice(range.begin), slice(range.end)).ok());
}

bool Batch::empty() const {
  return impl_->batch.Count() == 0;
}

void Batch::clear() {
  impl_->batch.Clear();
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::string& path, std::vector<Family> families,
                                                 const Options& options) {
  HANDSEL_TRY(check_folder(path, options.create));
  const Memory memory(options.memory_max_bytes);
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options({}, memory, nullptr));
  for (Family& family : families) {
    const ExpiryFilter* filter = nullptr;
    if (family.expired) {
      filter = impl->filters.emplace_back(std::make_unique<ExpiryFilter>(std::move(family.expired))).get();
    }
    descriptors.emplace_back(family.name, family_options(family, memory, filter));
  }
  rocksdb::DBOptions how = database_options(options, memory);
  if (options.read_only) {
    how.max_open_files = -1;  // all are opened now, so those that the writer removes later can still be read
    HANDSEL_TRY(impl->open_read_only(how, descriptors));
  } else {
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(how, path, descriptors, &impl->handles, &db);
    if (!status.ok()) return fail_status(status, "open the database", path);
    impl->db.reset(db);
  }
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Result<std::optional<std::string>> Database::get(FamilyIndex family, std::string_view key) const {
  std::string value;
  const rocksdb::Status status = impl_->db->Get({}, impl_->handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail_status(status, "read from", impl_->path);
  return value;
}

Result<std::vector<std::optional<std::string>>> Database::multi_get(FamilyIndex family,
                                                                    std::span<const std::string_view> keys) const {
  std::vector<rocksdb::Slice> slices(keys.size());
  std::ranges::transform(keys, slices.begin(), slice);
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  impl_->db->MultiGet({}, impl_->handle(family), keys.size(), slices.data(), found.data(), statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return fail_status(statuses[i], "read from", impl_->path);
    values[i] = found[i].ToString();
  }
  return values;
}

Result<void> Database::visit(FamilyIndex family, Range range, const Visitor& visit) const {
  rocksdb::ReadOptions options;
  const rocksdb::Slice end = slice(range.end);
  if (!range.end.empty()) options.iterate_upper_bound = &end;
  options.readahead_size = 256 << 10;
  const std::unique_ptr<rocksdb::Iterator> at(impl_->db->NewIterator(options, impl_->handle(family)));
  for (at->Seek(slice(range.begin)); at->Valid(); at->Next()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return fail_status(at->status(), "read from", impl_->path);
  return {};
}

Result<std::optional<KeyValue>> Database::last(FamilyIndex family, Range range) const {
  rocksdb::ReadOptions options;
  const rocksdb::Slice begin = slice(range.begin);
  const rocksdb::Slice end = slice(range.end);
  options.iterate_lower_bound = &begin;
  if (!range.end.empty()) options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> at(impl_->db->NewIterator(options, impl_->handle(family)));
  at->SeekToLast();
  if (!at->status().ok()) return fail_status(at->status(), "read from", impl_->path);
  if (!at->Valid()) return std::nullopt;
  return KeyValue{at->key().ToString(), at->value().ToString()};
}

Result<void> Database::write(Batch& batch, Sync sync) {
  HANDSEL_CHECK(batch.impl_->database == this);
  rocksdb::WriteOptions options;
  options.sync = sync == Sync::kYes;
  const rocksdb::Status status = impl_->db->Write(options, &batch.impl_->batch);
  if (!status.ok()) return fail_status(status, "write to", impl_->path);
  return {};
}

Result<void> Database::checkpoint(const std::string& folder) const {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::remove(folder, error)) {
    return fail(Code::kAlreadyExists, "cannot copy {} to {}: it is not an empty folder", impl_->path, folder);
  }
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(impl_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder);
  if (!status.ok()) return fail_status(status, fmt::format("copy {} to", impl_->path), folder);
  return {};
}

Result<void> Database::compact(FamilyIndex family) {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const rocksdb::Status status = impl_->db->CompactRange(options, impl_->handle(family), nullptr, nullptr);
  if (!status.ok()) return fail_status(status, "merge the files of", impl_->path);
  return {};
}

std::uint64_t Database::approximate_count(FamilyIndex family) const {
  std::uint64_t count = 0;
  impl_->db->GetIntProperty(impl_->handle(family), rocksdb::DB::Properties::kEstimateNumKeys, &count);
  return count;
}

}  // namespace handsel::storage
