#include "facts/catalog/catalog_store.h"

#include <algorithm>

#include "base/core/bytes.h"
#include "base/storage/database.h"

namespace handsel::catalog {
namespace {

constexpr std::uint32_t kFormat = 1;
constexpr std::string_view kAppliedPrefix = "applied/";
constexpr std::string_view kAppliedEnd = "applied0";  // '0' follows '/'
enum FamilyOf : storage::FamilyIndex { kNewest, kSuperseded, kMeta };

// A deleted thing keeps its entry, so that the tombstone's own record can be forgotten
// when the thing comes back.
struct Entry {
  log::Position position;
  bool exists = false;
};

std::string encode_entry(const Entry& entry) {
  std::string bytes;
  put_fixed(bytes, entry.position.partition);
  put_fixed(bytes, entry.position.offset);
  bytes.push_back(entry.exists ? 1 : 0);
  return bytes;
}

Result<Entry> decode_entry(std::string_view bytes) {
  ByteReader reader(bytes);
  Entry entry;
  entry.position.partition = reader.fixed<std::uint32_t>();
  entry.position.offset = reader.fixed<std::uint64_t>();
  entry.exists = reader.fixed<std::uint8_t>() != 0;
  if (!reader.ok()) return fail(Code::kCorrupt, "the catalogue view is damaged; delete its folder, it is made again");
  return entry;
}

std::string position_key(log::Position position) {
  std::string key;
  put_fixed(key, __builtin_bswap32(position.partition));
  put_fixed(key, __builtin_bswap64(position.offset));
  return key;
}

log::Position position_of_key(std::string_view key) {
  ByteReader reader(key);
  const std::uint32_t partition = __builtin_bswap32(reader.fixed<std::uint32_t>());
  return {partition, __builtin_bswap64(reader.fixed<std::uint64_t>())};
}

std::string applied_key(std::uint32_t partition) {
  std::string key(kAppliedPrefix);
  put_fixed(key, __builtin_bswap32(partition));
  return key;
}

std::string count_key(Kind kind) {
  return std::string("count/") + static_cast<char>(kind);
}

template <typename T>
std::string fixed_bytes(T value) {
  std::string bytes;
  put_fixed(bytes, value);
  return bytes;
}

std::uint64_t read_fixed64(std::string_view bytes) {
  return ByteReader(bytes).fixed<std::uint64_t>();
}

std::size_t index_of(Kind kind) {
  return static_cast<std::size_t>(std::ranges::find(kKinds, kind) - kKinds.begin());
}

}  // namespace

// What one apply() is about to write. Later records of the same call see it.
struct CatalogStore::Changes {
  storage::Batch batch;
  std::map<std::string, Entry, std::less<>> entries;  // by key
  Counts counts;
  Applied applied;
};

CatalogStore::CatalogStore(std::unique_ptr<storage::Database> database) : database_(std::move(database)) {}
CatalogStore::~CatalogStore() = default;

Result<std::unique_ptr<CatalogStore>> CatalogStore::open(const std::string& folder, std::size_t memory_max_bytes) {
  std::vector<storage::Family> families = {{.name = "newest", .bloom = true},
                                           {.name = "superseded", .compression = storage::Compression::kNone},
                                           {.name = "meta"}};
  HANDSEL_ASSIGN(auto database,
                 storage::Database::open(folder, std::move(families), {.memory_max_bytes = memory_max_bytes}));
  std::unique_ptr<CatalogStore> store(new CatalogStore(std::move(database)));
  HANDSEL_TRY(store->load());
  return store;
}

Result<void> CatalogStore::load() {
  HANDSEL_ASSIGN(const auto format, database_->get(kMeta, "format"));
  if (format && *format != fixed_bytes(kFormat)) {
    return fail(Code::kUnsupported, "the catalogue view is of another version; delete its folder, it is made again");
  }
  if (!format) {
    storage::Batch batch(*database_);
    batch.put(kMeta, "format", fixed_bytes(kFormat));
    HANDSEL_TRY(database_->write(batch, storage::Sync::kNo));
  }
  for (const Kind kind : kKinds) {
    HANDSEL_ASSIGN(const auto count, database_->get(kMeta, count_key(kind)));
    if (count) counts_[index_of(kind)] = read_fixed64(*count);
  }
  return database_->visit(kMeta, {kAppliedPrefix, kAppliedEnd}, [this](std::string_view key, std::string_view value) {
    const auto partition = ByteReader(key.substr(kAppliedPrefix.size())).fixed<std::uint32_t>();
    applied_[__builtin_bswap32(partition)] = read_fixed64(value);
    return true;
  });
}

Result<void> CatalogStore::apply(std::span<const log::Record> records) {
  // Only this thread changes the two, so a copy taken here stays true.
  Changes changes{.batch = storage::Batch(*database_), .entries = {}, .counts = counts_, .applied = applied_};
  for (const log::Record& record : records) HANDSEL_TRY(apply_one(record, changes));
  if (changes.applied == applied_) return {};
  for (const auto& [key, entry] : changes.entries) changes.batch.put(kNewest, key, encode_entry(entry));
  for (const Kind kind : kKinds) {
    changes.batch.put(kMeta, count_key(kind), fixed_bytes(changes.counts[index_of(kind)]));
  }
  for (const auto& [partition, next] : changes.applied) {
    changes.batch.put(kMeta, applied_key(partition), fixed_bytes(next));
  }
  HANDSEL_TRY(database_->write(changes.batch, storage::Sync::kNo));
  const std::lock_guard lock(mutex_);
  counts_ = changes.counts;
  applied_ = std::move(changes.applied);
  return {};
}

Result<void> CatalogStore::apply_one(const log::Record& record, Changes& changes) const {
  std::uint64_t& next = changes.applied[record.position.partition];
  if (record.position.offset < next) return {};
  next = record.position.offset + 1;
  const std::optional<KeyParts> parts = parse_key(record.key);
  if (!parts) return {};

  std::optional<Entry> before;
  if (const auto changed = changes.entries.find(record.key); changed != changes.entries.end()) {
    before = changed->second;
  } else {
    HANDSEL_ASSIGN(const auto stored, database_->get(kNewest, record.key));
    if (stored) {
      HANDSEL_ASSIGN(before, decode_entry(*stored));
    }
  }
  const Entry now{.position = record.position, .exists = !record.payload.empty()};
  if (before) changes.batch.put(kSuperseded, position_key(before->position), "");
  std::uint64_t& count = changes.counts[index_of(parts->kind)];
  count += static_cast<std::uint64_t>(now.exists);
  count -= static_cast<std::uint64_t>(before && before->exists);
  changes.entries[record.key] = now;
  return {};
}

std::uint64_t CatalogStore::applied(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = applied_.find(partition);
  return found == applied_.end() ? 0 : found->second;
}

std::uint64_t CatalogStore::count(Kind kind) const {
  const std::lock_guard lock(mutex_);
  return counts_[index_of(kind)];
}

Result<log::Position> CatalogStore::get(Kind kind, std::string_view id) const {
  HANDSEL_ASSIGN(const auto stored, database_->get(kNewest, make_key(kind, id)));
  if (stored) {
    HANDSEL_ASSIGN(const Entry entry, decode_entry(*stored));
    if (entry.exists) return entry.position;
  }
  return fail(Code::kNotFound, "'{}' is not in the catalogue", id.substr(0, kIdBytesMax));
}

Result<bool> CatalogStore::contains(Kind kind, std::string_view id) const {
  const Result<log::Position> position = get(kind, id);
  if (!position && position.error().code != Code::kNotFound) return std::unexpected(position.error());
  return position.has_value();
}

Result<void> CatalogStore::visit(Kind kind, const Visitor& visit) const {
  const std::string begin = {static_cast<char>(kind), '/'};
  const std::string end = {static_cast<char>(kind), '/' + 1};
  Result<void> decoded;
  HANDSEL_TRY(database_->visit(kNewest, {begin, end}, [&](std::string_view key, std::string_view value) {
    const Result<Entry> entry = decode_entry(value);
    if (!entry) {
      decoded = std::unexpected(entry.error());
      return false;
    }
    return !entry->exists || visit(key.substr(begin.size()), entry->position);
  }));
  return decoded;
}

Result<std::vector<log::Position>> CatalogStore::superseded(std::size_t limit) const {
  std::vector<log::Position> positions;
  if (limit == 0) return positions;
  HANDSEL_TRY(database_->visit(kSuperseded, {}, [&](std::string_view key, std::string_view) {
    positions.push_back(position_of_key(key));
    return positions.size() < limit;
  }));
  return positions;
}

Result<void> CatalogStore::forgotten(std::span<const log::Position> positions) {
  storage::Batch batch(*database_);
  for (const log::Position position : positions) batch.remove(kSuperseded, position_key(position));
  return batch.empty() ? Result<void>() : database_->write(batch, storage::Sync::kNo);
}

}  // namespace handsel::catalog
