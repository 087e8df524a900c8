// A disk that fails when told to, so that whoever promises durability can be tested.
// Nothing but tests makes one.
//
// It stands between a Database and the real file system and remembers how much of
// every file was synced. lose_unsynced() then does what a power cut may do: files
// are cut back to what was synced, and new files whose folder was not synced vanish.
//
//   FaultyDisk disk;
//   auto database = Database::open(path, families, {.disk = &disk});
//   disk.become_after_syncs(DiskState::kDead, 7);   // or become(...), at once
//   ... write until it fails, remember what was acknowledged ...
//   database.reset();
//   disk.lose_unsynced();
//   ... open again: everything acknowledged must be there ...
//
// Thread safe, but for lose_unsynced(): no database may be open on it then.
#pragma once

#include <memory>

#include "base/core/result.h"

namespace handsel::storage {

enum class DiskState {
  kHealthy,
  kFull,       // writes fail with 'no space left'
  kSyncsFail,  // writes work, syncs fail with an I/O error
  kDead,       // nothing that changes the disk works
};

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();

  void become(DiskState state);
  // Lets `count` more file syncs succeed, then becomes `state`.
  void become_after_syncs(DiskState state, int count);
  int syncs() const;  // file syncs that succeeded so far

  Result<void> lose_unsynced();

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::storage
