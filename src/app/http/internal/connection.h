// One connection from accept to close: reads requests, has them answered, writes the
// answers. Lives on one event loop, which knows its open connections so that a stop
// can end the idle ones.
//
// In the coroutines of this folder the value of a co_await gets a name before it is
// used: GCC 12 compiles `if (!co_await f()) g();` to code that never returns.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>

#include <boost/asio/awaitable.hpp>

#include "app/http/body_budget.h"
#include "app/http/internal/stream.h"
#include "app/http/service.h"
#include "base/core/thread_pool.h"

namespace handsel::http {

// What all connections of a server share; outlives them.
struct Shared {
  Context& context;
  Service& service;
  ThreadPool& search_pool;
  ThreadPool& write_pool;
  BodyBudget bodies;
};

struct OpenConnection {
  Stream& stream;
  bool is_idle = true;  // nothing of a request has arrived
};
// Of one event loop; only its thread touches them.
using OpenConnections = std::set<OpenConnection*>;

// Serves until the client goes, a limit is passed or the server stops.
asio::awaitable<void> serve_connection(Shared& shared, OpenConnections& open, std::unique_ptr<Stream> stream);

// Runs `work` on the pool, then goes on on this loop. False: the pool's queue is
// full, and nothing ran.
asio::awaitable<bool> run_on(ThreadPool& pool, std::function<void()> work);

Response busy(const Call& call);

}  // namespace handsel::http
