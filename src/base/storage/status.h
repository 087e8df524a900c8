// RocksDB's statuses as our errors. Only for the .cc files of this room.
#pragma once

#include <string_view>

#include <rocksdb/status.h>

#include "base/core/result.h"

namespace handsel::storage {

// `doing` is a verb phrase that the path follows: "write to".
std::unexpected<Error> fail_status(const rocksdb::Status& status, std::string_view doing, std::string_view path);

}  // namespace handsel::storage
