// What database.cc needs of a FaultyDisk. Only for the .cc files of this room.
#pragma once

#include <memory>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/storage/faulty_disk.h"

namespace handsel::storage {

class FaultyFileSystem;

struct FaultyDisk::Impl {
  std::shared_ptr<FaultyFileSystem> files;
  std::unique_ptr<rocksdb::Env> env;
};

}  // namespace handsel::storage
