#include "app/cli/command.h"

namespace handsel::cli {

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

Result<std::unique_ptr<Engine>> open_engine(const Context& context, Folder folder) {
  EngineOptions options = engine_options(context.settings.values, context.data);
  options.create = folder == Folder::kMayBeMade;
  return Engine::open(std::move(options), context.process.clock, context.process.files);
}

}  // namespace handsel::cli
