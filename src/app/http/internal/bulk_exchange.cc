#include "app/http/internal/bulk_exchange.h"

#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/http/handlers.h"
#include "app/http/wire.h"
#include "facts/catalog/import/json_writer.h"

namespace handsel::http {
namespace {

using asio::awaitable;
using asio::use_awaitable;

constexpr std::int64_t kPoolRetryMs = 5;

}  // namespace

awaitable<bool> Signal::wait(std::int64_t ms) {
  error_code error;
  timer_.expires_after(std::chrono::milliseconds(ms));
  co_await timer_.async_wait(asio::redirect_error(use_awaitable, error));
  co_return error == asio::error::operation_aborted;
}

awaitable<std::optional<Response>> BulkExchange::run(error_code& error) {
  if (!share_.reach(2 * limits_.bulk_piece_bytes)) co_return busy(call_);
  const auto executor = co_await asio::this_coro::executor;
  put_.emplace(executor);
  written_.emplace(executor);
  co_await import_all(error);
  if (!is_writing_) {
    if (stopped_) co_return refuse(call_, *stopped_);
    co_return Response{.content_type = std::string(kJsonLines)};
  }
  is_complete_ = true;
  put_->wake();
  while (!is_written_) co_await wait_for_reader();
  if (!error) error = write_error_;
  co_return std::nullopt;
}

awaitable<void> BulkExchange::import_all(error_code& error) {
  const auto executor = co_await asio::this_coro::executor;
  while (!stopped_ && !reader_.is_done() && !write_error_) {
    co_await read_piece(error);
    if (is_malformed(error)) {
      stop({Code::kInvalidArgument, "the body is not framed as HTTP/1.1 asks: " + error.message()});
      error = {};
    }
    if (error || stopped_) co_return;
    bool ran = co_await import_piece();
    if (!ran && !is_writing_) {
      stopped_ = Error{Code::kOverloaded, "more imports are waiting than the server may hold; try again in a second"};
      co_return;
    }
    while (!ran) {
      Signal nobody(executor);
      co_await nobody.wait(kPoolRetryMs);
      ran = co_await import_piece();
    }
    if (stopped_ && !is_writing_) co_return;  // nothing was taken: the answer is a problem document
    if (!is_writing_) asio::co_spawn(executor, write(), asio::detached);
    is_writing_ = true;
    put_->wake();
    while (pending_.size() > limits_.bulk_answer_bytes_max && !is_written_) co_await wait_for_reader();
    if (call_.watch.elapsed_ms() > static_cast<double>(limits_.bulk_time_max_ms)) {
      stop({Code::kTimedOut, "the import takes too long; send the rest in another one"});
    }
  }
}

// Until the next chunk is on its way. A client that reads nothing for that long has
// gone, whatever its connection says.
awaitable<void> BulkExchange::wait_for_reader() {
  const bool has_read = co_await written_->wait(limits_.request_time_max_ms);
  if (!has_read) stream_.close();
}

// As much as has arrived, so that a slow sender gets its statuses at once and a fast
// one has few, large pieces.
awaitable<void> BulkExchange::read_piece(error_code& error) {
  using Until = RequestReader::Until;
  piece_.clear();
  stream_.expire_after_ms(limits_.idle_time_max_ms);
  co_await reader_.read_body(piece_, limits_.bulk_piece_bytes, Until::kBytes, error);
  while (!error && !reader_.is_done() && piece_.size() < limits_.bulk_piece_bytes && stream_.has_bytes_waiting()) {
    co_await reader_.read_body(piece_, limits_.bulk_piece_bytes - piece_.size(), Until::kOneRead, error);
  }
}

awaitable<bool> BulkExchange::import_piece() {
  Result<void> taken;
  std::string statuses;
  const bool is_last = reader_.is_done();
  const auto work = [this, &taken, &statuses, is_last] {
    taken = import_.take(piece_, statuses);
    if (taken && is_last) taken = import_.finish(statuses);
  };
  const bool ran = co_await run_on(shared_.write_pool, work);
  if (!ran) co_return false;
  pending_ += statuses;
  if (!taken) stop(taken.error());
  co_return true;
}

// The last line of an import that was not read to its end.
void BulkExchange::stop(const Error& error) {
  stopped_ = error;
  {
    catalog::JsonObjectWriter object(pending_);
    object.number("line", import_.lines());
    object.text("status", "stopped");
    object.text("reason", error.message);
  }
  pending_.push_back('\n');
}

awaitable<void> BulkExchange::write() {
  Response response{.content_type = std::string(kJsonLines)};
  shared_.service.finish(call_, response);
  const bool keep_alive = reader_.keep_alive() && !shared_.context.stopping;
  const std::string head = response_head(
      response, {.keep_alive = keep_alive, .framing = Framing::kChunked, .now_ms = shared_.context.clock.now_ms()});
  stream_.expire_after_ms(limits_.bulk_time_max_ms);
  co_await stream_.write(head, {}, write_error_);
  while (!write_error_) {
    const std::string statuses = std::exchange(pending_, {});
    written_->wake();
    if (!statuses.empty()) {
      co_await write_chunk(statuses);
    } else if (is_complete_) {
      co_await stream_.write("0\r\n\r\n", {}, write_error_);
      break;
    } else {
      co_await put_->wait(limits_.bulk_time_max_ms);
    }
  }
  is_written_ = true;
  written_->wake();
}

awaitable<void> BulkExchange::write_chunk(std::string_view bytes) {
  const std::string framed = fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
  stream_.expire_after_ms(limits_.bulk_time_max_ms);  // wait_for_reader() is stricter where it matters
  co_await stream_.write(framed, {}, write_error_);
}

}  // namespace handsel::http
