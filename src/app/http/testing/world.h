// A service with everything around it in memory, for tests and fuzzing.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "app/http/key_ring.h"
#include "app/http/pages.h"
#include "app/http/service.h"
#include "app/http/testing/memory_engine.h"
#include "app/http/testing/memory_files.h"

namespace handsel::http {

struct World {
  static constexpr std::array kAssets = {Asset{"/assets/shop.0123abcd.js", "text/javascript", "let a = 1;"},
                                         Asset{"/index.html", "text/html", "<!doctype html><title>Shop</title>"}};

  MemoryEngine engine;
  MemoryFiles files;
  ManualClock clock{1'700'000'000'000};
  metrics::Registry metrics;
  Pages pages{kAssets, "{\"openapi\":\"3.1.0\"}"};
  Context context;
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<Service> service;

  explicit World(AccessOptions access = {}, ServerLimits limits = {})
      : context{engine, clock, metrics, pages, limits},
        keys(std::move(*KeyRing::open(files, "keys.json"))),
        service(std::make_unique<Service>(context, std::move(access), *keys, 1)) {}

  // The text of a new key, which counts at once.
  std::string make_key(Key wishes) {
    const auto made = create_key(files, "keys.json", std::move(wishes), clock);
    HANDSEL_CHECK(made && keys->reload());
    return made->text;
  }

  Response send(Request request) {
    if (request.host.empty()) request.host = "localhost";
    return service->handle(std::move(request));
  }
  Response get(std::string_view target, std::string_view key = {}) {
    return send({.method = Method::kGet, .target = std::string(target), .api_key = std::string(key)});
  }
  Response post(std::string_view target, std::string_view body, std::string_view key = {},
                std::string_view type = kJson) {
    return send({.method = Method::kPost,
                 .target = std::string(target),
                 .content_type = std::string(type),
                 .api_key = std::string(key),
                 .body = std::string(body)});
  }
};

}  // namespace handsel::http
