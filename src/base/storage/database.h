// Key-value tables that survive a crash: a thin wrapper over RocksDB, which nobody
// else in the project sees.
//
// A database is one folder; it holds families, each a sorted table of byte keys. A
// Batch changes any of them, all or nothing. A write with Sync::kYes is on the disk
// when it returns; one with Sync::kNo is in the order of the others, and a crash
// keeps a prefix of that order. Once a write has failed, or a merge of files in the
// background has, no more writes are taken until the database is opened again.
//
// Thread safe, except that one Batch belongs to one thread. A get costs 1-10
// microseconds where the block is cached, a synced write one fsync. Memory stays near
// Options::memory_max_bytes (block cache and write buffers together).
//
// Errors name the folder and what to do: kConflict where another process holds it,
// kIo where the disk fails or is full, kCorrupt where stored bytes are not ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::storage {

class FaultyDisk;

// A family by its place in the list that open() was given.
using FamilyIndex = std::size_t;

enum class Compression {
  kNone,  // keys and values are random bytes
  kLz4,
  kZstd,  // lz4 while young, zstd once settled
};

struct Family {
  std::string name;
  Compression compression = Compression::kLz4;
  // Makes asking for keys that are not there cheap; 10 bits a key.
  bool bloom = false;
  // Where not 0: keys that share so many first bytes mostly come in growing order. Files
  // are then cut where these bytes change, so that merging young ones leaves old ones alone.
  std::size_t growing_prefix_bytes = 0;
  // Values for which this is true may vanish at any time. Called from background
  // threads; must not throw.
  std::function<bool(std::string_view value)> expired;
};

struct Options {
  std::size_t memory_max_bytes = 64 << 20;
  bool create = true;
  // Sees what was there at the moment of opening, beside a process that writes; every write is an error.
  bool read_only = false;
  FaultyDisk* disk = nullptr;  // tests make it fail; borrowed, outlives the database
};

// From `begin`, up to but not with `end`; an empty `end` is the end of the family.
struct Range {
  std::string_view begin;
  std::string_view end;
};

struct KeyValue {
  std::string key;
  std::string value;
};

enum class Sync : bool { kNo, kYes };

class Database;

class Batch {
 public:
  explicit Batch(const Database& database);
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;

  void put(FamilyIndex family, std::string_view key, std::string_view value);
  void remove(FamilyIndex family, std::string_view key);
  void remove_range(FamilyIndex family, Range range);
  bool empty() const;
  // Ready for use again, keeping its memory.
  void clear();

 private:
  friend class Database;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Database {
 public:
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

  // Makes folder and families where they are absent. Families that exist but are not
  // named are an error: an older program must not open what it does not understand.
  static Result<std::unique_ptr<Database>> open(const std::string& path, std::vector<Family> families,
                                                const Options& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<std::optional<std::string>> get(FamilyIndex family, std::string_view key) const;
  // In the order of `keys`; cheaper than as many gets.
  Result<std::vector<std::optional<std::string>>> multi_get(FamilyIndex family,
                                                            std::span<const std::string_view> keys) const;
  // In the order of keys, as of the moment of the call, until `visit` returns false.
  Result<void> visit(FamilyIndex family, Range range, const Visitor& visit) const;
  // The greatest key of the range.
  Result<std::optional<KeyValue>> last(FamilyIndex family, Range range) const;

  Result<void> write(Batch& batch, Sync sync);

  // A consistent copy in `folder`, which must be absent or empty, while writes go on.
  // Files are linked where the disk allows it, so it is quick and small.
  Result<void> checkpoint(const std::string& folder) const;
  // Writes buffers out and merges files now, dropping what was removed or expired.
  Result<void> compact(FamilyIndex family);
  // An estimate, for people; off by what was overwritten and not yet merged.
  std::uint64_t approximate_count(FamilyIndex family) const;

 private:
  friend class Batch;
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::storage
