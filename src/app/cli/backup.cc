#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/engine/backup_request.h"

namespace handsel::cli {
namespace {

constexpr std::chrono::seconds kTakenWithin(10);

struct Options {
  std::string to;
};

// By this process where nothing has the folder open, else by the one that has.
Result<void> backup(const Context& context, const std::string& to) {
  const auto engine = open_engine(context, Folder::kMustExist);
  if (engine) return (*engine)->backup(to);
  if (engine.error().code != Code::kConflict) return std::unexpected(engine.error());
  return request_backup(context.process.files, context.data, to, kTakenWithin);
}

Result<int> run(const Options& options, Context& context) {
  HANDSEL_TRY(backup(context, std::filesystem::absolute(options.to).string()));
  if (context.json) {
    context.print(nlohmann::json{{"backup", options.to}}.dump() + "\n");
  } else {
    context.print(fmt::format("backed up {} to {}; 'handsel restore {} --data NEW' makes a folder of it\n",
                              context.data, options.to, options.to));
  }
  return 0;
}

}  // namespace

Command backup_command() {
  return {.name = "backup",
          .summary = "Copy what a data folder knows to another folder, also while it is served",
          .example = "handsel backup /backups/2026-01-01 --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.word(options->to, "FOLDER", "Where to; must be absent or empty");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli
