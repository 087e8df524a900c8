#include "app/engine/rules_source.h"

#include "ranking/pipeline/rules_file.h"

namespace handsel {
namespace {

Result<pipeline::Rules> parse(const std::string& path, const std::string& text, const text::Analyzer& analyzer) {
  auto rules = pipeline::parse_rules(analyzer, text);
  if (!rules) return fail(rules.error().code, "{}: {}", path, rules.error().message);
  return rules;
}

}  // namespace

std::string rules_path(const std::string& data_folder) {
  return data_folder + "/rules.toml";
}

Result<pipeline::Rules> load_rules(FileSystem& files, const std::string& path, const text::Analyzer& analyzer) {
  if (!files.exists(path)) return pipeline::Rules();
  HANDSEL_ASSIGN(const std::string text, files.read_file(path));
  return parse(path, text, analyzer);
}

RulesSource::RulesSource(FileSystem& files, const std::string& path, const text::Analyzer& analyzer)
    : WatchedFile(files, path, "rules",
                  [path, &analyzer](const std::string& text) { return parse(path, text, analyzer); }) {}

}  // namespace handsel
