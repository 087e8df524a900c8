#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"

namespace handsel::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string from;
};

Result<void> check(const std::string& from, const std::string& to) {
  if (!fs::exists(from + "/log")) {
    return fail(Code::kNotFound, "{} is not a backup: it has no log; name a folder that 'handsel backup' made", from);
  }
  std::error_code error;
  if (fs::exists(to, error) && !fs::is_empty(to, error)) {
    return fail(Code::kAlreadyExists, "{} is not empty; restore into a new folder", to);
  }
  return {};
}

// Everything of the disk that holds `folder`; the copied files have no other owner that would sync them.
void sync_disk(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::syncfs(fd);
  ::close(fd);
}

Result<void> copy(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directories(to, error);
  if (!error) fs::copy(from, to, fs::copy_options::recursive, error);
  if (error) {
    return fail(Code::kIo, "cannot copy {} to {}: {}; remove {} and try again", from, to, error.message(), to);
  }
  fs::remove(to + "/lock", error);
  sync_disk(to);
  return {};
}

Result<int> run(const Options& options, Context& context) {
  HANDSEL_TRY(check(options.from, context.data));
  HANDSEL_TRY(copy(options.from, context.data));
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMustExist));
  HANDSEL_TRY(engine->catch_up());
  const Health health = engine->health();
  if (context.json) {
    context.print(
        nlohmann::json{{"restored", context.data}, {"listings", health.listings}, {"events", health.events}}.dump() +
        "\n");
  } else {
    context.print(
        fmt::format("restored {} listings and {} events to {}\n", health.listings, health.events, context.data));
  }
  return 0;
}

}  // namespace

Command restore_command() {
  return {.name = "restore",
          .summary = "Copy a backup to a new data folder, and compute its views",
          .example = "handsel restore /backups/2026-01-01 --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.word(options->from, "BACKUP", "A folder that 'handsel backup' made");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli
