#include <array>
#include <chrono>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "app/http/internal/stream.h"

namespace handsel::http {
namespace {

namespace beast = boost::beast;
using asio::redirect_error;
using asio::use_awaitable;
using TlsLayer = beast::ssl_stream<beast::tcp_stream>;

// What both kinds have in common; Layer is beast::tcp_stream or TlsLayer.
template <typename Layer>
class LayeredStream : public Stream {
 public:
  template <typename... Args>
  explicit LayeredStream(Args&&... args) : layer_(std::forward<Args>(args)...) {
    error_code ignored;
    tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  }

  void expire_after_ms(std::int64_t ms) override { tcp().expires_after(std::chrono::milliseconds(ms)); }

  asio::awaitable<std::size_t> read_some(std::span<char> to, error_code& error) override {
    co_return co_await layer_.async_read_some(asio::buffer(to.data(), to.size()), redirect_error(use_awaitable, error));
  }

  asio::awaitable<void> write(std::string_view first, std::string_view second, error_code& error) override {
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first.data(), first.size()),
                                                       asio::buffer(second.data(), second.size())};
    co_await asio::async_write(layer_, buffers, redirect_error(use_awaitable, error));
  }

  bool has_bytes_waiting() override {
    error_code error;
    return tcp().socket().available(error) > 0 && !error;
  }

  void close() override { tcp().close(); }

 protected:
  beast::tcp_stream& tcp() { return beast::get_lowest_layer(layer_); }

  Layer layer_;
};

class PlainStream final : public LayeredStream<beast::tcp_stream> {
 public:
  using LayeredStream::LayeredStream;

  asio::awaitable<void> handshake(error_code& error) override {
    error = {};
    co_return;
  }

  asio::awaitable<void> end_writing(error_code& error) override {
    tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    co_return;
  }
};

class TlsStream final : public LayeredStream<TlsLayer> {
 public:
  using LayeredStream::LayeredStream;

  asio::awaitable<void> handshake(error_code& error) override {
    co_await layer_.async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
  }

  asio::awaitable<void> end_writing(error_code& error) override {
    co_await layer_.async_shutdown(redirect_error(use_awaitable, error));
  }
};

}  // namespace

std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<Stream> tls_stream(asio::ip::tcp::socket socket, asio::ssl::context& tls) {
  return std::make_unique<TlsStream>(std::move(socket), tls);
}

Result<std::unique_ptr<asio::ssl::context>> load_tls(const std::string& certificate, const std::string& key) {
  using asio::ssl::context;
  auto tls = std::make_unique<context>(context::tls_server);
  error_code error;
  tls->set_options(context::default_workarounds | context::no_tlsv1 | context::no_tlsv1_1 | context::no_compression);
  tls->use_certificate_chain_file(certificate, error);
  if (error) {
    return fail(Code::kInvalidArgument,
                "TLS certificate {}: {}; expected a PEM file with the chain, the server's own first", certificate,
                error.message());
  }
  tls->use_private_key_file(key, context::pem, error);
  if (error) {
    return fail(Code::kInvalidArgument, "TLS key {}: {}; expected a PEM file with the private key of {}", key,
                error.message(), certificate);
  }
  return tls;
}

}  // namespace handsel::http
