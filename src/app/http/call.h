// One request on its way through the server, and what the handlers may use.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/engine/engine.h"
#include "app/http/keys.h"
#include "app/http/limits.h"
#include "app/http/message.h"
#include "app/http/target.h"
#include "base/core/clock.h"
#include "base/core/metrics.h"

namespace handsel::http {

class Pages;
struct Route;

// Lives as long as the server; shared by all threads.
struct Context {
  Engine& engine;
  const Clock& clock;
  metrics::Registry& metrics;
  const Pages& pages;
  const ServerLimits limits;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> searches = 0;
};

// Belongs to one connection; handed to a pool for as long as that works on it.
struct Call {
  Request request;
  Target target;
  const Route* route = nullptr;    // null: no route fits
  std::string argument;            // what stands for {id} or * in the route's path
  std::shared_ptr<const Key> key;  // null: nobody checks (an open server, a public page)
  std::string request_id;
  std::optional<Response> refusal;  // decided already, without a look at the body
  Stopwatch watch;

  // What the answer is restricted to, in the filter language; empty: nothing.
  std::string key_filter() const { return key == nullptr ? std::string() : key->filter; }
  bool may_personalise() const { return key == nullptr || key->personalisation; }
};

}  // namespace handsel::http
