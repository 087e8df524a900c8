// One request and one answer, as the handlers see them: plain values that know
// nothing of sockets. connection.cc translates from and to the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace handsel::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

// Of the header, only what somebody here reads.
struct Request {
  Method method = Method::kGet;
  std::string target;  // as sent: "/v1/search?q=linen%20apron"
  std::string host;
  std::string content_type;
  std::string content_encoding;
  std::string accept_encoding;
  std::string authorization;
  std::string api_key;  // X-API-Key
  std::string origin;
  std::string if_none_match;
  std::string request_id;        // X-Request-Id
  std::string preflight_method;  // Access-Control-Request-Method
  std::string body;
};

struct Header {
  std::string name;
  std::string value;
};

struct Response {
  int status = 200;
  std::string content_type;  // empty: no body
  std::string body;
  // Sent instead of `body` where not empty; lives as long as the process.
  std::string_view lasting_body;
  std::vector<Header> headers;
  bool close = false;  // the connection is of no use after this answer

  std::string_view bytes() const { return lasting_body.empty() ? std::string_view(body) : lasting_body; }
};

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kJsonLines = "application/x-ndjson";
inline constexpr std::string_view kToml = "application/toml";

}  // namespace handsel::http
