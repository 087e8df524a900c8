// What a subcommand is, and what it is given. One file per subcommand; each file
// has one function (commands.h) that returns its Command.
//
// A command writes its result to `out`, progress and errors to `err`, and returns
// the exit code: 0 fine, 1 the answer is no. An Error becomes one line on `err` and
// the exit code of its code (2 wrong use, 3 bad input, 4 environment).
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "app/cli/flags.h"
#include "app/engine/engine.h"
#include "app/settings/settings.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::cli {

// What the process was started with; a test makes its own.
struct Process {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  const Clock& clock;
  FileSystem& files;
  std::map<std::string, std::string> environment;
};

struct Context {
  const Process& process;
  bool json = false;  // for programs: one JSON object on `out`
  std::string data;   // --data
  settings::InForce settings;

  void print(std::string_view text) const { std::fwrite(text.data(), 1, text.size(), process.out); }
};

using Action = std::function<Result<int>(Context&)>;

enum class Uses : std::uint8_t {
  kNothing,
  kDataMaybe,  // the same as kData, with --data left to the caller
  kData,       // --data, --config and the engine's settings
  kTrain,      // and those of training
  kServe,      // the engine's, and those of HTTP
  kDoctor,     // all, with --data left to the caller
};

struct Command {
  std::string_view name;     // "search", "evaluate search"
  std::string_view summary;  // one line
  std::string_view example;  // shown under --help
  Uses uses = Uses::kData;
  // Declares the command's own flags and returns what runs with their values.
  std::function<Action(Flags&)> declare;
};

// The engine on --data with the settings in force. Where `create` is false, a
// folder that holds no marketplace is an error. `instead` is what does the same over HTTP, for the message where a
// server has the folder; empty: nothing does.
enum class Folder : std::uint8_t { kMustExist, kMayBeMade };
Result<std::unique_ptr<Engine>> open_engine(const Context& context, Folder folder, std::string_view instead = "");
// To learn: alone in the folder where nobody else has it, else beside whoever has, and then with what that one leaves
// of the processor. Says which on `err`.
Result<std::unique_ptr<Engine>> open_engine_to_train(const Context& context);
// What of the engine does not work as it should, one line each on `err`: whoever measures or looks must not take an
// answer without a model for one with it.
void tell_degraded(const Engine& engine, const Context& context);
EngineOptions engine_options(const settings::Settings& settings, std::string folder);

}  // namespace handsel::cli
