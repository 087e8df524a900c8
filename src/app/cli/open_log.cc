#include "app/cli/open_log.h"

#include "facts/log/embedded_log.h"

namespace handsel::cli {
namespace {

Result<std::string> log_folder(const Context& context) {
  std::string folder = context.data + "/log";
  if (!context.process.files.exists(folder)) {
    return fail(Code::kNotFound, "there is no marketplace in {}", context.data);
  }
  return folder;
}

}  // namespace

Result<std::unique_ptr<log::Log>> open_log_for_reading(const Context& context) {
  HANDSEL_ASSIGN(const std::string folder, log_folder(context));
  return log::open_embedded_log({.folder = folder, .partitions = {}, .create = false, .read_only = true},
                                context.process.clock);
}

Result<OpenLog> open_log(const Context& context) {
  HANDSEL_ASSIGN(const std::string folder, log_folder(context));
  HANDSEL_ASSIGN(FolderLock lock, FolderLock::acquire(context.data));
  HANDSEL_ASSIGN(auto log,
                 log::open_embedded_log({.folder = folder, .partitions = {}, .create = false}, context.process.clock));
  return OpenLog{.lock = std::move(lock), .log = std::move(log)};
}

}  // namespace handsel::cli
