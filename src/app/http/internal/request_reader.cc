#include "app/http/internal/request_reader.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "app/http/routes.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;

constexpr std::size_t kReadBytes = 16 * 1024;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct RequestReader::Parser {
  beast::flat_buffer buffer;
  std::optional<wire::request_parser<wire::buffer_body>> http;

  // One step forward with what is in the buffer; need_more where that is not enough.
  void step(error_code& error) {
    error = {};
    buffer.consume(http->put(buffer.data(), error));
  }
};

RequestReader::RequestReader(Stream& stream, const ServerLimits& limits)
    : stream_(stream), limits_(limits), parser_(std::make_unique<Parser>()) {}
RequestReader::~RequestReader() = default;

bool RequestReader::has_buffered() const {
  return parser_->buffer.size() > 0;
}
bool RequestReader::is_done() const {
  return parser_->http->is_done();
}
bool RequestReader::keep_alive() const {
  return parser_->http->keep_alive();
}
bool RequestReader::is_http_1_0() const {
  return parser_->http->get().version() < 11;
}

bool RequestReader::names_one_host() const {
  return is_http_1_0() || parser_->http->get().count(wire::field::host) == 1;
}

bool RequestReader::expects_continue() const {
  return catalog::equal_ignoring_case(view(parser_->http->get()[wire::field::expect]), "100-continue");
}

std::optional<std::uint64_t> RequestReader::content_length() const {
  const auto length = parser_->http->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

Request RequestReader::head() const {
  const auto& head = parser_->http->get();
  const auto field = [&head](wire::field name) { return std::string(view(head[name])); };
  Request request;
  request.method = parse_method(view(head.method_string()));
  request.target = view(head.target());
  request.host = field(wire::field::host);
  request.content_type = field(wire::field::content_type);
  request.content_encoding = field(wire::field::content_encoding);
  request.accept_encoding = field(wire::field::accept_encoding);
  request.authorization = field(wire::field::authorization);
  request.api_key = view(head["X-API-Key"]);
  request.origin = field(wire::field::origin);
  request.if_none_match = field(wire::field::if_none_match);
  request.request_id = view(head["X-Request-Id"]);
  request.preflight_method = field(wire::field::access_control_request_method);
  return request;
}

asio::awaitable<void> RequestReader::fetch(error_code& error) {
  const auto room = parser_->buffer.prepare(kReadBytes);
  error = {};
  const std::size_t bytes = co_await stream_.read_some({static_cast<char*>(room.data()), room.size()}, error);
  parser_->buffer.commit(bytes);
}

asio::awaitable<void> RequestReader::wait(error_code& error) {
  co_await fetch(error);
}

asio::awaitable<void> RequestReader::read_head(error_code& error) {
  auto& http = parser_->http;
  http.emplace();
  http->header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
  http->body_limit(boost::none);  // ours depend on the route
  error = {};
  while (!http->is_header_done()) {
    if (!has_buffered() || error == wire::error::need_more) co_await fetch(error);
    if (error) co_return;
    parser_->step(error);
    if (error && error != wire::error::need_more) co_return;
  }
  error = {};
}

asio::awaitable<void> RequestReader::read_body(std::string& body, std::size_t bytes_max, Until until,
                                               error_code& error) {
  const std::size_t begin = body.size();
  body.resize(begin + bytes_max);
  auto& room = parser_->http->get().body();
  room = {.data = body.data() + begin, .size = bytes_max, .more = true};
  error = {};
  bool has_waited = false;
  while (!is_done() && room.size > 0) {
    if (!has_buffered() || error == wire::error::need_more) {
      error = {};
      if (room.size < bytes_max || (has_waited && until == Until::kOneRead)) break;
      has_waited = true;
      co_await fetch(error);
    }
    if (error) break;
    parser_->step(error);
    if (error == wire::error::need_buffer) error = {};
    if (error && error != wire::error::need_more) break;
  }
  if (error == wire::error::need_more) error = {};
  body.resize(begin + bytes_max - room.size);
}

bool is_malformed(const error_code& error) {
  return error.category() == wire::make_error_code(wire::error::bad_method).category();
}

bool is_head_too_large(const error_code& error) {
  return error == wire::error::header_limit;
}

}  // namespace handsel::http
