// The HTTP server: HTTP/1.1 over TCP or TLS in front of an Engine.
// docs/reference/http.md describes what it answers.
//
// Threads. Each io thread has its own event loop; a connection lives on one of them
// from accept to close, so its state needs no lock. Calls of the engine never run
// there: searches go to one pool, writes (which wait for the disk) to another, both
// with bounded queues. So a bulk import cannot hold up a search, and what does not
// fit the queue gets 429 at once. The way to a pool and back costs about 12
// microseconds (two cores, kept-alive connection, median), against the milliseconds
// that a search may take and would hold up every other connection of its loop.
//
// Promises: a request is answered once; pipelined requests in order. Limits
// (limits.h) are checked before memory is taken. After stop() nothing new is
// accepted, running requests are finished within stop_time_max_ms, idle
// connections are closed; what was acknowledged is durable, as the engine promises.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/engine/engine.h"
#include "app/http/limits.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/metrics.h"
#include "base/core/result.h"

namespace handsel::http {

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";  // HOST:PORT, [::1]:PORT; port 0 takes a free one
  std::size_t threads = 0;                // event loops, and threads that search; 0: one per core
  std::size_t write_threads = 8;          // they wait for the disk, and share its syncs
  std::string tls_certificate;            // PEM file with the chain; both or neither
  std::string tls_key;
  std::string keys_file;                     // keys_path(DIR); empty: no keys
  bool keys_required = false;                // refuse requests without a key even where there is no keys file
  bool open = false;                         // serve strangers without keys on any address
  std::vector<std::string> allowed_origins;  // of other sites' pages (CORS); "*": any
  ServerLimits limits;
};

class Server {
 public:
  // Listens and answers when it returns. Errors, each naming what to change:
  // kInvalidArgument for an address or TLS files that cannot be used, and for an
  // address beyond loopback without keys; kConflict where the port is taken; kIo.
  // Everything passed by reference outlives the server.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Engine& engine, const Clock& clock,
                                               FileSystem& files, metrics::Registry& metrics);
  virtual ~Server() = default;  // stop(), wait()

  // "http://127.0.0.1:41233", with the port that was taken.
  virtual std::string address() const = 0;
  virtual std::uint16_t port() const = 0;
  // Begins the graceful stop and returns. Any thread, any number of times; not from
  // a signal handler.
  virtual void stop() = 0;
  // Returns after the stop: nothing runs any more. One thread.
  virtual void wait() = 0;
};

}  // namespace handsel::http
