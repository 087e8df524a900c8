#include "app/cli/run.h"

#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/version.h"

namespace handsel::cli {
namespace {

// One subcommand as it stands in the parser, and what its common flags were set to.
struct Registered {
  Command command;
  CLI::App* app = nullptr;
  Action action;
  bool json = false;
  std::string data;
  std::string config;
  std::map<std::string, std::string> settings;  // by name
};

// One clear line, whatever a library put into its message.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line.push_back(c == '\n' || c == '\r' ? ' ' : c);
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

void add_setting(Registered& to, const settings::Setting& setting) {
  std::string& target = to.settings[std::string(setting.name)];
  const std::string flag(setting.flag);
  const std::string help(setting.help);
  CLI::Option* option = setting.kind == settings::Kind::kBoolean
                            ? to.app->add_flag(flag, target, help)
                            : to.app->add_option(flag, target, help)->type_name("VALUE");
  option->group("Settings (also in the settings file and the environment; 'handsel doctor' shows them)");
}

void add_common_flags(Registered& to) {
  to.app->add_flag("--json", to.json, "Print JSON for programs");
  if (to.command.uses == Uses::kNothing) return;
  CLI::Option* data = to.app->add_option("--data", to.data, "The data folder")->type_name("DIR");
  const bool may_lack_data = to.command.uses == Uses::kDoctor || to.command.uses == Uses::kDataMaybe;
  if (!may_lack_data) data->required();
  to.app->add_option("--config", to.config, "Settings file; DIR/settings.toml where absent")->type_name("FILE");
  for (const settings::Setting& setting : settings::table()) {
    const bool all = to.command.uses == Uses::kDoctor;
    if (setting.part == settings::Part::kHttp && to.command.uses != Uses::kServe && !all) continue;
    if (setting.part == settings::Part::kTrain && to.command.uses != Uses::kTrain && !all) continue;
    add_setting(to, setting);
  }
}

CLI::App* add_app(CLI::App& root, const Command& command) {
  const std::size_t space = command.name.find(' ');
  CLI::App* parent = &root;
  if (space != std::string_view::npos) {
    const std::string group(command.name.substr(0, space));
    const auto groups = root.get_subcommands([&](CLI::App* app) { return app->get_name() == group; });
    if (!groups.empty()) {
      parent = groups.front();
    } else {
      parent = root.add_subcommand(group, std::string(group_summary(group)));
      parent->require_subcommand(1);
    }
  }
  const std::string name(space == std::string_view::npos ? command.name : command.name.substr(space + 1));
  return parent->add_subcommand(name, std::string(command.summary));
}

std::vector<std::unique_ptr<Registered>> register_all(CLI::App& root) {
  std::vector<std::unique_ptr<Registered>> all;
  for (const auto make : kCommands) {
    auto entry = std::make_unique<Registered>();
    entry->command = make();
    entry->app = add_app(root, entry->command);
    Flags flags(*entry->app);
    entry->action = entry->command.declare(flags);
    add_common_flags(*entry);
    entry->app->footer("Example:\n  " + std::string(entry->command.example));
    all.push_back(std::move(entry));
  }
  return all;
}

CLI::App& deepest(CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : deepest(*chosen.front());
}

std::string path_of(CLI::App& app) {
  return app.get_parent() == nullptr ? "handsel" : path_of(*app.get_parent()) + " " + app.get_name();
}

// Flags and subcommands that the word could have been.
std::vector<std::string> possible_words(CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  for (const CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) words.push_back(sub->get_name());
  return words;
}

// The first word that nothing takes; CLI11 may have complained about something that is
// missing because of it.
std::string unknown_word(CLI::App& app) {
  for (const std::string& word : app.remaining(true)) {
    if (word != "--") return word.substr(0, word.find('='));
  }
  return "";
}

std::string explain(const CLI::ParseError& error, CLI::App& app) {
  if (const std::string word = unknown_word(app); !word.empty()) {
    const std::string near = settings::nearest(word, possible_words(app));
    return fmt::format("'{}' is not known here{}", word, near.empty() ? "" : "; did you mean '" + near + "'?");
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && app.get_option_no_throw("--json") == nullptr) {
    return "a command is needed";
  }
  return one_line(error.what());
}

int print_error(const Process& process, const Error& error) {
  std::fprintf(process.err, "handsel: %s\n", one_line(error.message).c_str());
  return exit_code(error.code);
}

int wrong_use(const Process& process, CLI::App& app, const CLI::ParseError& error) {
  const std::string path = path_of(app);
  return print_error(process, {Code::kInvalidArgument,
                               fmt::format("{}{}; see '{} --help'", path == "handsel" ? "" : path.substr(8) + ": ",
                                           explain(error, app), path)});
}

Result<settings::InForce> load_settings(const Registered& entry, const Process& process) {
  settings::Sources sources;
  sources.environment = process.environment;
  for (const auto& [name, value] : entry.settings) {
    const CLI::Option* option = entry.app->get_option_no_throw(std::string(settings::find(name)->flag));
    if (option != nullptr && option->count() > 0) sources.flags.emplace(name, value);
  }
  sources.file_must_exist = !entry.config.empty();
  sources.file = entry.config;
  if (sources.file.empty() && !entry.data.empty()) sources.file = entry.data + "/settings.toml";
  return settings::load(sources, process.files);
}

int run_command(const Registered& entry, const Process& process) {
  Context context{.process = process, .json = entry.json, .data = entry.data, .settings = {}};
  auto settings = load_settings(entry, process);
  if (!settings) return print_error(process, settings.error());
  context.settings = std::move(*settings);
  const auto code = entry.action(context);
  if (std::fflush(process.out) != 0 && code) {
    return print_error(process, {Code::kIo, "cannot write the output: is the disk full, or the reader gone?"});
  }
  return code ? *code : print_error(process, code.error());
}

int parse_and_run(CLI::App& root, std::span<const char* const> args, const Process& process) {
  const auto commands = register_all(root);
  std::vector<std::string> words(args.rbegin(), args.rend());  // CLI11 takes them from the back
  try {
    root.parse(words);
  } catch (const CLI::CallForHelp&) {
    CLI::App& app = deepest(root);
    std::fputs(app.help(app.get_parent() == nullptr ? "" : path_of(*app.get_parent())).c_str(), process.out);
    return 0;
  } catch (const CLI::CallForVersion&) {
    std::fprintf(process.out, "handsel %s\n", std::string(kVersion).c_str());
    return 0;
  } catch (const CLI::ParseError& error) {
    return wrong_use(process, deepest(root), error);
  }
  for (const auto& entry : commands) {
    if (entry->app->parsed()) return run_command(*entry, process);
  }
  return wrong_use(process, root, CLI::RequiredError("a command"));
}

}  // namespace

int run(std::span<const char* const> args, const Process& process) {
  CLI::App root("Handsel: search for a marketplace of makers, in one program.", "handsel");
  root.set_version_flag("--version", std::string(kVersion));
  root.require_subcommand(1);
  root.footer("'handsel COMMAND --help' explains a command, with an example.");
  try {
    return parse_and_run(root, args, process);
  } catch (const std::exception& error) {
    // A defect of ours or of a library; still one line, and never an abort with data open.
    return print_error(process, {Code::kCorrupt, fmt::format("unexpected: {}", error.what())});
  }
}

}  // namespace handsel::cli
