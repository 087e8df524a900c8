// A server that runs, for tests: on a port that the system chooses, in front of an
// engine in memory.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "app/http/server.h"
#include "app/http/testing/client.h"
#include "app/http/testing/memory_engine.h"
#include "app/http/testing/memory_files.h"

namespace handsel::http {

struct Running {
  MemoryEngine engine;
  MemoryFiles files;
  SystemClock clock;
  metrics::Registry metrics;
  std::unique_ptr<Server> server;

  explicit Running(ServerOptions options = {}) {
    options.listen = "127.0.0.1:0";
    options.threads = options.threads == 0 ? 2 : options.threads;
    auto started = Server::start(std::move(options), engine, clock, files, metrics);
    if (!started) ADD_FAILURE() << started.error().message;
    server = std::move(*started);
  }

  Client client() const { return Client(server->port()); }
};

// Holds back whoever calls pass() until open() is called.
class Gate {
 public:
  void pass() {
    ++arrived_;
    arrived_.notify_all();
    open_.wait(false);
  }
  void wait_for_arrivals(int count) {
    for (int arrived = arrived_; arrived < count; arrived = arrived_) arrived_.wait(arrived);
  }
  void wait_for_arrival() { wait_for_arrivals(1); }
  void open() {
    open_ = true;
    open_.notify_all();
  }

 private:
  std::atomic<int> arrived_ = 0;
  std::atomic<bool> open_ = false;
};

// The head of an import whose body comes in chunks.
inline constexpr std::string_view kBulkHead =
    "POST /v1/listings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

inline std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

}  // namespace handsel::http
