#include <csignal>
#include <string>

#include <unistd.h>

#include "app/cli/run.h"

namespace {

std::map<std::string, std::string> environment_of_process() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

// Free pages go back to the system by a thread of jemalloc's own, also while nothing is asked.
extern "C" {
const char* malloc_conf = "background_thread:true";
}

int main(int argc, char** argv) {
  // A reader that went away is an error of write(), not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  const handsel::SystemClock clock;
  const handsel::cli::Process process{
      .clock = clock, .files = handsel::real_file_system(), .environment = environment_of_process()};
  return handsel::cli::run({argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)}, process);
}
