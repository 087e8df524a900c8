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

RulesSource::RulesSource(FileSystem& files, std::string path, const text::Analyzer& analyzer)
    : files_(files), path_(std::move(path)), analyzer_(analyzer) {}

std::shared_ptr<const pipeline::Rules> RulesSource::current(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  look(now_ms);
  return rules_;
}

std::optional<std::string> RulesSource::trouble(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  look(now_ms);
  return trouble_;
}

void RulesSource::look(std::int64_t now_ms) {
  // A clock that was set back must not stop the looking.
  if (looked_ms_ && now_ms >= *looked_ms_ && now_ms - *looked_ms_ < kLookEveryMs) return;
  looked_ms_ = now_ms;
  if (!files_.exists(path_)) {
    rules_ = std::make_shared<pipeline::Rules>();
    seen_.reset();
    trouble_.reset();
    return;
  }
  auto text = files_.read_file(path_);
  if (!text) {
    seen_.reset();
    trouble_ = "the rules before it stay in force: " + text.error().message;
    return;
  }
  if (seen_ == *text) return;
  seen_ = std::move(*text);
  auto rules = parse(path_, *seen_, analyzer_);
  if (rules) {
    rules_ = std::make_shared<pipeline::Rules>(std::move(*rules));
    trouble_.reset();
  } else {
    trouble_ = "the rules before it stay in force: " + rules.error().message;
  }
}

}  // namespace handsel
