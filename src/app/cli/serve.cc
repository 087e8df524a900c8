#include <csignal>

#include <pthread.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/http/keys.h"
#include "app/http/server.h"
#include "base/core/metrics.h"

namespace handsel::cli {
namespace {

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

http::ServerOptions server_options(const settings::Settings& settings, const std::string& data) {
  http::ServerOptions options{.listen = settings.listen,
                              .threads = static_cast<std::size_t>(settings.http_threads),
                              .write_threads = static_cast<std::size_t>(settings.write_threads),
                              .tls_certificate = settings.tls_certificate,
                              .tls_key = settings.tls_key,
                              .keys_file = http::keys_path(data),
                              .keys_required = settings.keys_required,
                              .open = settings.open,
                              .allowed_origins = split_commas(settings.allowed_origins),
                              .limits = {}};
  options.limits.body_bytes_max = static_cast<std::size_t>(settings.body_bytes_max);
  options.limits.request_time_max_ms = settings.request_time_max_ms;
  options.limits.idle_time_max_ms = settings.idle_time_max_ms;
  options.limits.connections_max = static_cast<std::size_t>(settings.connections_max);
  options.limits.queue_max = static_cast<std::size_t>(settings.queue_max);
  return options;
}

// SIGTERM and SIGINT, blocked in every thread that is started while this lives and
// taken by wait(). The second one ends the process at once, for who is in a hurry.
class StopSignals {
 public:
  StopSignals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGTERM);
    ::sigaddset(&set_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  int wait() {
    int signal = 0;
    while (::sigwait(&set_, &signal) != 0) {
    }
    ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    return signal;
  }

 private:
  sigset_t set_{};
};

void print_address(const Context& context, const http::Server& server) {
  if (context.json) {
    context.print(nlohmann::json{{"address", server.address()}, {"port", server.port()}}.dump() + "\n");
  } else {
    context.print(fmt::format("{}\n", server.address()));
  }
  std::fflush(context.process.out);
}

Result<int> run(Context& context) {
  StopSignals signals;  // before any thread
  metrics::Registry metrics;
  for (const std::string& complaint : context.settings.complaints) {
    std::fprintf(context.process.err, "handsel: note: %s\n", complaint.c_str());
  }
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMayBeMade));
  HANDSEL_ASSIGN(const auto server, http::Server::start(server_options(context.settings.values, context.data), *engine,
                                                        context.process.clock, context.process.files, metrics));
  print_address(context, *server);
  const int signal = signals.wait();
  std::fprintf(context.process.err, "handsel: %s: finishing what runs, then stopping\n",
               signal == SIGTERM ? "SIGTERM" : "SIGINT");
  server->stop();
  server->wait();
  return 0;
}

}  // namespace

Command serve_command() {
  return {.name = "serve",
          .summary = "Serve a data folder over HTTP; prints the address, then serves until SIGTERM",
          .example = "handsel serve --data shop --listen 127.0.0.1:8080",
          .uses = Uses::kServe,
          .declare = [](Flags&) -> Action { return [](Context& context) { return run(context); }; }};
}

}  // namespace handsel::cli
