#include "app/http/wire.h"

#include <chrono>

#include <fmt/chrono.h>

#include "app/http/problem.h"

namespace handsel::http {

std::string http_date(std::int64_t time_ms) {
  const std::chrono::sys_seconds time{std::chrono::seconds(time_ms / 1000)};
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string response_head(const Response& response, const WireOptions& options) {
  std::string out = fmt::format("HTTP/1.{} {} {}\r\nServer: handsel\r\nDate: {}\r\n", options.http_1_0 ? 0 : 1,
                                response.status, status_text(response.status), http_date(options.now_ms));
  if (!response.content_type.empty()) out += fmt::format("Content-Type: {}\r\n", response.content_type);
  for (const Header& header : response.headers) out += fmt::format("{}: {}\r\n", header.name, header.value);
  if (options.framing == Framing::kChunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (response.status != 204 && response.status != 304) {
    out += fmt::format("Content-Length: {}\r\n", response.bytes().size());
  }
  if (!options.keep_alive) {
    out += "Connection: close\r\n";
  } else if (options.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  return out + "\r\n";
}

}  // namespace handsel::http
