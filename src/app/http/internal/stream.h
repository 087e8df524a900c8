// One connection's bytes, over TCP or TLS, with a deadline on every operation. Asio
// stays behind this header and connection.h.
//
// A stream belongs to one event loop. One read and one write may be under way at
// once, each with the deadline that was set when it began.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include "base/core/result.h"

namespace handsel::http {

namespace asio = boost::asio;
using boost::system::error_code;

class Stream {
 public:
  virtual ~Stream() = default;

  // For the operations that begin after this.
  virtual void expire_after_ms(std::int64_t ms) = 0;

  // All set `error`; a passed deadline closes the connection.
  virtual asio::awaitable<void> handshake(error_code& error) = 0;
  // At least one byte, or an error (the end is one).
  virtual asio::awaitable<std::size_t> read_some(std::span<char> to, error_code& error) = 0;
  // Both, one after the other, all of them.
  virtual asio::awaitable<void> write(std::string_view first, std::string_view second, error_code& error) = 0;
  // Tells the other side that nothing more comes.
  virtual asio::awaitable<void> end_writing(error_code& error) = 0;

  // Bytes that have arrived and can be read without waiting.
  virtual bool has_bytes_waiting() = 0;
  // At once; operations under way end with an error.
  virtual void close() = 0;
};

std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket);
// `tls` outlives the stream.
std::unique_ptr<Stream> tls_stream(asio::ip::tcp::socket socket, asio::ssl::context& tls);

// TLS 1.2 and later with the certificate chain and key of two PEM files.
// kInvalidArgument names the file that cannot be used.
Result<std::unique_ptr<asio::ssl::context>> load_tls(const std::string& certificate, const std::string& key);

}  // namespace handsel::http
