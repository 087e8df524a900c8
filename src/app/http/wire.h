// The head of an answer, as it goes over the wire. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "app/http/message.h"

namespace handsel::http {

enum class Framing : std::uint8_t { kLength, kChunked };

struct WireOptions {
  bool keep_alive = true;
  bool http_1_0 = false;
  Framing framing = Framing::kLength;
  std::int64_t now_ms = 0;  // for Date
};

// From the status line to the empty line. 204 and 304 have no length.
std::string response_head(const Response& response, const WireOptions& options);
// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t time_ms);

}  // namespace handsel::http
