#include <unistd.h>

#include "app/cli/command.h"
#include "app/engine/folder_lock.h"

namespace handsel::cli {
namespace {

constexpr int kNiceBeside = 10;  // a tenth of a core that a thread at 0 wants too, all of an idle one (sched(7))

}  // namespace

EngineOptions engine_options(const settings::Settings& settings, std::string folder) {
  return {.folder = std::move(folder),
          .default_language = settings.language,
          .threads = static_cast<std::size_t>(settings.threads),
          .memory_max_bytes = static_cast<std::size_t>(settings.memory_max_bytes),
          .refresh_every_ms = settings.refresh_every_ms,
          .commit_every_ms = settings.commit_every_ms,
          .guard_every_ms = settings.guard_every_ms,
          .disk_free_min_bytes = static_cast<std::uint64_t>(settings.disk_free_min_bytes)};
}

Result<std::unique_ptr<Engine>> open_engine(const Context& context, Folder folder, std::string_view instead) {
  EngineOptions options = engine_options(context.settings.values, context.data);
  options.create = folder == Folder::kMayBeMade;
  auto engine = Engine::open(std::move(options), context.process.clock, context.process.files);
  if (engine || engine.error().code != Code::kConflict || instead.empty()) return engine;
  return fail(Code::kConflict, "{}, or ask a server for it: {}", engine.error().message, instead);
}

void tell_degraded(const Engine& engine, const Context& context) {
  for (const std::string& reason : engine.health().degraded) {
    std::fprintf(context.process.err, "handsel: %s\n", reason.c_str());
  }
}

Result<std::unique_ptr<Engine>> open_engine_to_train(const Context& context) {
  EngineOptions options = engine_options(context.settings.values, context.data);
  options.create = false;
  auto alone = Engine::open(options, context.process.clock, context.process.files);
  if (alone) {
    std::fprintf(context.process.err, "handsel: %s is held until the training ends: no server can open it meanwhile\n",
                 context.data.c_str());
  }
  if (alone || alone.error().code != Code::kConflict) return alone;
  // Before any thread, which all inherit it: who serves comes first.
  static_cast<void>(::nice(kNiceBeside));
  options.beside = true;
  auto beside = Engine::open(std::move(options), context.process.clock, context.process.files);
  if (beside) {
    std::fprintf(context.process.err,
                 "handsel: training beside process %s, which has %s open: on the log as it is now, with views of its "
                 "own in %s/training/views\n",
                 FolderLock::holder(context.data).c_str(), context.data.c_str(), context.data.c_str());
  }
  return beside;
}

}  // namespace handsel::cli
