// DIR/rules.toml, read again when it changes (watched_file.h): the merchandiser's rules in force.
#pragma once

#include <string>

#include "analysis/text/analyzer.h"
#include "app/engine/watched_file.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "ranking/pipeline/rules.h"

namespace handsel {

std::string rules_path(const std::string& data_folder);
// None where there is no such file. Errors name file and line.
Result<pipeline::Rules> load_rules(FileSystem& files, const std::string& path, const text::Analyzer& analyzer);

class RulesSource : public WatchedFile<pipeline::Rules> {
 public:
  // Borrows all but the path.
  RulesSource(FileSystem& files, const std::string& path, const text::Analyzer& analyzer);
};

}  // namespace handsel
