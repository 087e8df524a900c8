// Which log something was computed from, in a few lines of text: how far each partition went, and what its last
// record was. Tells a log that grew from another one in its place (an older backup, say), even where that one is the
// longer by now.
//
// Last records of listings may have been forgotten since; where all of them are, the events and decisions tell, which
// are kept. One read of the log for each partition.
#pragma once

#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel {

Result<std::string> log_stamp(const log::Log& log);

// Whether `log` is the one of the stamp, or has grown from it. False for what is no stamp.
Result<bool> is_stamp_of(const log::Log& log, std::string_view stamp);

}  // namespace handsel
