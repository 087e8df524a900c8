// A bulk import over one connection: the body is read, written to the log and
// answered piece by piece, and the status lines leave while the body still comes.
//
// Memory: one piece and its listings, and bulk_answer_bytes_max of status lines that
// the client has not read; while it reads none beyond that, nothing more is read
// from it. Two coroutines on the connection's loop: run() reads and imports,
// write() writes; run() ends after write().
#pragma once

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/http/bulk_import.h"
#include "app/http/internal/connection.h"
#include "app/http/internal/request_reader.h"

namespace handsel::http {

// Wakes whoever waits, on the same loop.
class Signal {
 public:
  explicit Signal(asio::any_io_executor executor) : timer_(std::move(executor)) {}
  void wake() { timer_.cancel(); }
  // False: nobody woke it for that long.
  asio::awaitable<bool> wait(std::int64_t ms);

 private:
  asio::steady_timer timer_;
};

class BulkExchange {
 public:
  BulkExchange(Shared& shared, Stream& stream, RequestReader& reader, const Call& call)
      : shared_(shared),
        stream_(stream),
        reader_(reader),
        call_(call),
        limits_(shared.context.limits),
        import_(shared.service.bulk_import()),
        share_(shared.bodies) {}

  // An answer where none has been begun: the import was refused as a whole, or empty.
  asio::awaitable<std::optional<Response>> run(error_code& error);

 private:
  asio::awaitable<void> read_piece(error_code& error);
  // False: the pool has no room.
  asio::awaitable<bool> import_piece();
  asio::awaitable<void> import_all(error_code& error);
  asio::awaitable<void> wait_for_reader();
  asio::awaitable<void> write();
  asio::awaitable<void> write_chunk(std::string_view bytes);
  void stop(const Error& error);

  Shared& shared_;
  Stream& stream_;
  RequestReader& reader_;
  const Call& call_;
  const ServerLimits& limits_;
  BulkImport import_;
  BodyShare share_;

  std::string piece_;
  std::optional<Error> stopped_;  // before the end of the body

  std::string pending_;       // status lines that are not yet being written
  bool is_writing_ = false;   // write() has begun
  bool is_complete_ = false;  // nothing more will be pending
  bool is_written_ = false;   // write() has ended
  error_code write_error_;
  std::optional<Signal> put_;
  std::optional<Signal> written_;
};

}  // namespace handsel::http
