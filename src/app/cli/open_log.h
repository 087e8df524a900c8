// The log of a data folder, without the views above it: for looking, and for folders whose views are broken.
#pragma once

#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/engine/folder_lock.h"
#include "facts/log/log.h"

namespace handsel::cli {

struct OpenLog {
  std::optional<FolderLock> lock;
  std::unique_ptr<log::Log> log;
};

// kNotFound: no marketplace there. kConflict: another process has it; one at a time may write.
Result<OpenLog> open_log(const Context& context);
// As it is at this moment, beside a server that writes it.
Result<std::unique_ptr<log::Log>> open_log_for_reading(const Context& context);

}  // namespace handsel::cli
