#include "app/engine/experiments_source.h"

namespace handsel {

std::string experiments_path(const std::string& data_folder) {
  return data_folder + "/experiments.toml";
}

Result<Experiments> load_experiments(FileSystem& files, const std::string& path) {
  if (!files.exists(path)) return Experiments();
  HANDSEL_ASSIGN(const std::string text, files.read_file(path));
  return Experiments::parse(text, path);
}

ExperimentsSource::ExperimentsSource(FileSystem& files, const std::string& path)
    : WatchedFile(files, path, "experiments",
                  [path](const std::string& text) { return Experiments::parse(text, path); }) {}

}  // namespace handsel
