// Which request goes where: one table. api/openapi.json describes the same routes,
// and a test holds the two together.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/call.h"
#include "app/http/keys.h"
#include "app/http/message.h"
#include "app/http/target.h"

namespace handsel::http {

enum class Runs : std::uint8_t {
  kHere,      // on the connection's own thread: microseconds, no disk
  kOnSearch,  // on the pool for reads
  kOnWrites,  // on the pool for what waits for the disk
};

enum class Body : std::uint8_t {
  kNone,      // not read
  kSmall,     // JSON, up to search_body_bytes_max
  kWhole,     // JSON or lines of JSON, up to body_bytes_max
  kListings,  // one listing as JSON, or any number as lines, streamed
  kToml,      // TOML, up to body_bytes_max
};

struct Route {
  Method method = Method::kGet;  // kGet answers HEAD too
  std::string_view path;         // "{id}", at most one, is one segment, "*" at the end the rest
  std::string_view endpoint;     // the label of its metrics
  std::optional<Scope> scope;    // nothing: public
  Runs runs = Runs::kHere;
  Body body = Body::kNone;
  Response (*handle)(Context& context, const Call& call) = nullptr;
};

std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;
  std::string argument;
  std::string allow;  // methods that the path knows, "GET, HEAD, OPTIONS"; empty: no such path
};
Match match(Method method, const std::vector<std::string>& segments);

Method parse_method(std::string_view name);

}  // namespace handsel::http
