#include "app/http/internal/connection.h"

#include <algorithm>
#include <optional>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/http/handlers.h"
#include "app/http/internal/bulk_exchange.h"
#include "app/http/internal/request_reader.h"
#include "app/http/wire.h"

namespace handsel::http {
namespace {

using asio::awaitable;
using asio::use_awaitable;

constexpr std::size_t kBodyPieceBytes = 64 * 1024;
// After an answer that came before the whole request: read on a little, so that the
// client sees the answer and not a reset.
constexpr std::size_t kLingerBytesMax = 4u << 20;

class Connection {
 public:
  Connection(Shared& shared, OpenConnection& self)
      : shared_(shared), self_(self), stream_(self.stream), limits_(shared.context.limits), reader_(stream_, limits_) {}

  awaitable<void> serve() {
    error_code error;
    stream_.expire_after_ms(limits_.request_time_max_ms);
    co_await stream_.handshake(error);
    while (!error && !closing_ && !shared_.context.stopping) {
      co_await wait_for_request(error);
      if (!error) co_await serve_request(error);
    }
    stream_.close();
  }

 private:
  awaitable<void> wait_for_request(error_code& error) {
    if (!reader_.has_buffered()) {
      self_.is_idle = true;
      stream_.expire_after_ms(limits_.idle_time_max_ms);
      co_await reader_.wait(error);
    }
    self_.is_idle = false;
  }

  awaitable<void> serve_request(error_code& error) {
    stream_.expire_after_ms(limits_.request_time_max_ms);
    co_await reader_.read_head(error);
    if (error) {
      if (is_malformed(error)) co_await answer_malformed(error);
      co_return;
    }
    Call call = shared_.service.admit(reader_.head());
    if (!reader_.names_one_host()) {
      call.refusal = refuse(call, {Code::kInvalidArgument, "a request needs one Host header"});
    }
    if (call.refusal) {
      co_await send_early(call, std::move(*call.refusal), error);
    } else if (Service::is_bulk(call)) {
      co_await serve_bulk(call, error);
    } else {
      co_await serve_whole(call, error);
    }
  }

  awaitable<void> answer_malformed(error_code& error) {
    closing_ = true;
    Call call;
    call.request_id = shared_.service.new_request_id();
    Response response;
    if (is_head_too_large(error)) {
      const std::string reason = fmt::format("the head of the request is over {} bytes", limits_.header_bytes_max);
      response = refuse(call, {Code::kTooLarge, reason}, 431);
    } else {
      response = refuse(call, {Code::kInvalidArgument, "this is no request of HTTP/1.1: " + error.message()});
    }
    co_await send_early(call, std::move(response), error);
  }

  awaitable<void> serve_whole(Call& call, error_code& error) {
    BodyShare share(shared_.bodies);
    std::optional<Response> refusal = co_await read_whole(call, share, error);
    if (refusal) {
      co_await send_early(call, std::move(*refusal), error);
      co_return;
    }
    if (error) co_return;
    Response response;
    if (call.route->runs == Runs::kHere) {
      response = shared_.service.answer(call);
    } else {
      ThreadPool& pool = call.route->runs == Runs::kOnSearch ? shared_.search_pool : shared_.write_pool;
      const bool ran = co_await run_on(pool, [this, &call, &response] { response = shared_.service.answer(call); });
      if (!ran) response = busy(call);
    }
    co_await send(call, std::move(response), error);
  }

  // Reads the body into the call. Returns the answer to one that cannot be taken.
  awaitable<std::optional<Response>> read_whole(Call& call, BodyShare& share, error_code& error) {
    const std::size_t bytes_max = shared_.service.body_bytes_max(call);
    const Error too_large{Code::kTooLarge, fmt::format("the body is over {} bytes", bytes_max)};
    const std::optional<std::uint64_t> length = reader_.content_length();
    if (length.value_or(0) > bytes_max) co_return refuse(call, too_large);
    if (!share.reach(length.value_or(0))) co_return busy(call);
    co_await send_continue(error);
    std::string& body = call.request.body;
    body.reserve(length.value_or(0));
    while (!error && !reader_.is_done()) {
      const std::size_t piece = length ? std::min(*length - body.size(), kBodyPieceBytes) : kBodyPieceBytes;
      if (!share.reach(body.size() + piece)) co_return busy(call);
      co_await reader_.read_body(body, piece, RequestReader::Until::kBytes, error);
      if (body.size() > bytes_max) co_return refuse(call, too_large);
    }
    if (!is_malformed(error)) co_return std::nullopt;
    closing_ = true;
    co_return refuse(call, {Code::kInvalidArgument, "the body is not framed as HTTP/1.1 asks: " + error.message()});
  }

  awaitable<void> serve_bulk(Call& call, error_code& error) {
    if (reader_.is_http_1_0()) {
      co_await send_early(call, refuse(call, {Code::kUnsupported, "a bulk import needs HTTP/1.1"}), error);
      co_return;
    }
    co_await send_continue(error);
    BulkExchange exchange(shared_, stream_, reader_, call);
    std::optional<Response> unsent = co_await exchange.run(error);
    if (error) co_return;
    if (unsent) {
      co_await send_early(call, std::move(*unsent), error);
      co_return;
    }
    closing_ = !reader_.is_done() || !reader_.keep_alive() || shared_.context.stopping;
    if (closing_) co_await end_writing();
    if (!reader_.is_done()) co_await linger();
  }

  awaitable<void> send_continue(error_code& error) {
    if (reader_.is_done() || reader_.has_buffered() || !reader_.expects_continue()) co_return;
    co_await stream_.write("HTTP/1.1 100 Continue\r\n\r\n", {}, error);
  }

  // An answer that does not wait for the rest of the request.
  awaitable<void> send_early(const Call& call, Response response, error_code& error) {
    error = {};
    const bool unread = closing_ || !reader_.is_done();
    closing_ = unread;
    co_await send(call, std::move(response), error);
    if (unread && !error) co_await linger();
  }

  awaitable<void> send(const Call& call, Response response, error_code& error) {
    shared_.service.finish(call, response);
    closing_ = closing_ || shared_.context.stopping || !reader_.keep_alive();
    const WireOptions options{
        .keep_alive = !closing_, .http_1_0 = reader_.is_http_1_0(), .now_ms = shared_.context.clock.now_ms()};
    const std::string head = response_head(response, options);
    const bool head_only = call.request.method == Method::kHead;
    stream_.expire_after_ms(limits_.request_time_max_ms);
    co_await stream_.write(head, head_only ? std::string_view{} : response.bytes(), error);
    if (closing_ && !error) co_await end_writing();
  }

  awaitable<void> end_writing() {
    error_code ignored;
    stream_.expire_after_ms(limits_.linger_time_max_ms);
    co_await stream_.end_writing(ignored);
  }

  awaitable<void> linger() {
    error_code error;
    std::string ignored(kBodyPieceBytes, '\0');
    std::size_t bytes = 0;
    stream_.expire_after_ms(limits_.linger_time_max_ms);
    while (!error && bytes < kLingerBytesMax) bytes += co_await stream_.read_some(ignored, error);
  }

  Shared& shared_;
  OpenConnection& self_;
  Stream& stream_;
  const ServerLimits& limits_;
  RequestReader reader_;
  bool closing_ = false;
};

}  // namespace

asio::awaitable<bool> run_on(ThreadPool& pool, std::function<void()> work) {
  const auto executor = co_await asio::this_coro::executor;
  auto start = [&pool, &work, executor](auto handler) {
    auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    const bool taken = pool.try_submit([&work, executor, resume] {
      work();
      asio::post(executor, [resume] { (*resume)(true); });
    });
    if (!taken) asio::post(executor, [resume] { (*resume)(false); });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(start, use_awaitable);
}

Response busy(const Call& call) {
  return refuse(call, {Code::kOverloaded, "more requests are waiting than the server may hold; try again in a second"});
}

asio::awaitable<void> serve_connection(Shared& shared, OpenConnections& open, std::unique_ptr<Stream> stream) {
  OpenConnection self{*stream};
  open.insert(&self);
  Connection connection(shared, self);
  co_await connection.serve();
  open.erase(&self);
}

}  // namespace handsel::http
