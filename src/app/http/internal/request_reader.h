// Cuts requests out of a stream. What was read beyond one stays for the next, so
// pipelined requests are safe. Memory: the head (header_bytes_max) and one read.
//
// The only user of Beast's parser, which stays in the .cc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "app/http/internal/stream.h"
#include "app/http/limits.h"
#include "app/http/message.h"

namespace handsel::http {

class RequestReader {
 public:
  RequestReader(Stream& stream, const ServerLimits& limits);
  ~RequestReader();

  // Bytes of the next request are here already.
  bool has_buffered() const;
  // Waits for the first bytes of a request.
  asio::awaitable<void> wait(error_code& error);
  asio::awaitable<void> read_head(error_code& error);
  // Appends what has been buffered of the body, up to `bytes_max` bytes. Until::kBytes
  // waits for the first one (or the end); kOneRead is for bytes that are known to have
  // arrived, and may find none of the body among them.
  enum class Until : std::uint8_t { kBytes, kOneRead };
  asio::awaitable<void> read_body(std::string& body, std::size_t bytes_max, Until until, error_code& error);

  // After read_head().
  Request head() const;
  std::optional<std::uint64_t> content_length() const;
  bool expects_continue() const;
  bool names_one_host() const;
  bool is_http_1_0() const;
  bool keep_alive() const;
  // The whole request has been read.
  bool is_done() const;

 private:
  struct Parser;

  asio::awaitable<void> fetch(error_code& error);

  Stream& stream_;
  const ServerLimits& limits_;
  std::unique_ptr<Parser> parser_;
};

// What the client sent is not HTTP/1.1, as against: the connection broke.
bool is_malformed(const error_code& error);
bool is_head_too_large(const error_code& error);

}  // namespace handsel::http
