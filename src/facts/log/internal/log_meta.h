// What the log writes down about itself: its format and how many partitions it has.
#pragma once

#include <cstdint>

#include "base/core/result.h"
#include "base/storage/database.h"
#include "facts/log/embedded_log.h"

namespace handsel::log {

// How many partitions each topic of the log has; decides it in a new one. kConflict where
// the options ask for another number, kUnsupported for a format of the future.
Result<std::uint32_t> settle_partitions(storage::Database& database, storage::FamilyIndex meta,
                                        const EmbeddedLogOptions& options);

}  // namespace handsel::log
