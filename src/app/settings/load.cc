// The sources in their order, and the only place that sees toml++.
#include <algorithm>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "app/settings/settings.h"
#include "base/core/ascii_toml.h"

namespace handsel::settings {
namespace {

constexpr std::string_view kEnvironmentPrefix = "HANDSEL_";

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  const std::string near = nearest(word, names);
  return near.empty() ? "'handsel doctor' lists all settings" : fmt::format("did you mean '{}'?", near);
}

std::vector<std::string> names_of(auto&& name_of) {
  std::vector<std::string> names;
  for (const Setting& setting : table()) names.push_back(std::string(name_of(setting)));
  return names;
}

// toml++ counts lines from 1; 0 is "unknown".
std::string place(const std::string& path, const toml::source_region& region) {
  return region.begin.line == 0 ? path : fmt::format("{} line {}", path, region.begin.line);
}

Result<void> set(InForce& in_force, const Setting& setting, std::string_view text, Origin origin) {
  if (auto done = assign(in_force.values, setting, text); !done) {
    return fail(Code::kInvalidArgument, "{} ({})", done.error().message, origin.where);
  }
  in_force.origins[static_cast<std::size_t>(&setting - table().data())] = std::move(origin);
  return {};
}

// A TOML value as the text that a person would have given on the command line.
std::optional<std::string> as_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return from_ascii_toml(text->get());
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
  return std::nullopt;
}

Result<void> apply_value(const std::string& name, const toml::node& node, const std::string& path, InForce& in_force) {
  const std::string where = place(path, node.source());
  const Setting* setting = find(name);
  if (setting == nullptr) {
    return fail(Code::kInvalidArgument, "{}: there is no setting '{}'; {}", where, name.substr(0, 128),
                did_you_mean(name, names_of([](const Setting& s) { return s.name; })));
  }
  const auto text = as_text(node);
  if (!text || (setting->kind == Kind::kText && !node.is_string())) {
    return fail(Code::kInvalidArgument, "{}: '{}' must be {}", where, name,
                setting->kind == Kind::kText ? "a text in quotes" : kind_name(setting->kind));
  }
  return set(in_force, *setting, *text, {.source = Source::kFile, .where = where});
}

Result<void> apply_file(const Sources& sources, FileSystem& files, InForce& in_force) {
  if (sources.file.empty()) return {};
  if (!sources.file_must_exist && !files.exists(sources.file)) return {};
  auto text = files.read_file(sources.file);
  if (!text) {
    return fail(text.error().code == Code::kNotFound ? Code::kNotFound : Code::kIo, "settings file: {}",
                text.error().message);
  }
  return apply_toml(*text, sources.file, in_force);
}

Result<void> apply_environment(const Sources& sources, InForce& in_force) {
  const auto names = names_of(environment_name);
  for (const auto& [name, value] : sources.environment) {
    if (!name.starts_with(kEnvironmentPrefix)) continue;
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
      // Not an error: orchestrators put variables with a service's name into every process.
      in_force.complaints.push_back(
          fmt::format("the environment variable {} names no setting; {}", name, did_you_mean(name, names)));
      continue;
    }
    const Setting& setting = table()[static_cast<std::size_t>(found - names.begin())];
    HANDSEL_TRY(set(in_force, setting, value, {.source = Source::kEnvironment, .where = name}));
  }
  return {};
}

}  // namespace

Result<void> apply_toml(std::string_view text, const std::string& path, InForce& in_force) {
  in_force.origins.resize(table().size());
  if (text.size() > kFileBytesMax) {
    return fail(Code::kInvalidArgument, "{}: larger than {} bytes", path, kFileBytesMax);
  }
  const toml::parse_result parsed = toml::parse(to_ascii_toml(text), path);
  if (!parsed) {
    return fail(Code::kInvalidArgument, "{}: not TOML: {}", place(path, parsed.error().source()),
                parsed.error().description());
  }
  for (const auto& [group, node] : parsed.table()) {
    const toml::table* members = node.as_table();
    if (members == nullptr) {
      HANDSEL_TRY(apply_value(std::string(group.str()), node, path, in_force));
      continue;
    }
    for (const auto& [key, value] : *members) {
      HANDSEL_TRY(apply_value(fmt::format("{}.{}", group.str(), key.str()), value, path, in_force));
    }
  }
  return {};
}

Result<InForce> load(const Sources& sources, FileSystem& files) {
  InForce in_force;
  in_force.origins.assign(table().size(), {.source = Source::kDefault, .where = "default"});
  HANDSEL_TRY(apply_file(sources, files, in_force));
  HANDSEL_TRY(apply_environment(sources, in_force));
  for (const auto& [name, value] : sources.flags) {
    const Setting* setting = find(name);
    if (setting == nullptr) return fail(Code::kInvalidArgument, "there is no setting '{}'", name);
    HANDSEL_TRY(set(in_force, *setting, value, {.source = Source::kFlag, .where = std::string(setting->flag)}));
  }
  return in_force;
}

}  // namespace handsel::settings
