// The command line: finds the subcommand, reads the settings, runs it, and turns
// what comes back into one line and an exit code.
#pragma once

#include <span>

#include "app/cli/command.h"

namespace handsel::cli {

// `args` without the program's name. Returns the exit code. Throws nothing.
int run(std::span<const char* const> args, const Process& process);

}  // namespace handsel::cli
