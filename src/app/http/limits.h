// Every limit of the HTTP server, in one place. Over a limit the answer is a problem
// document that names it, and memory has not grown.
#pragma once

#include <cstddef>
#include <cstdint>

namespace handsel::http {

struct ServerLimits {
  // Of one request.
  std::size_t header_bytes_max = 16 * 1024;        // 431
  std::size_t body_bytes_max = 32u << 20;          // 413; of requests that are held whole
  std::size_t search_body_bytes_max = 256 * 1024;  // 413; a search, a patch
  std::size_t line_bytes_max = 1u << 20;           // of a bulk import: the line is rejected
  std::size_t searches_max = 50;                   // in one multi-search
  std::size_t rejections_told_max = 1000;          // of one batch of events: the others are only counted

  // A bulk import streams: its length is unbounded, its memory is not.
  std::size_t bulk_piece_bytes = 256 * 1024;     // handed to the engine at once
  std::size_t bulk_answer_bytes_max = 4u << 20;  // status lines that the client has not yet read

  // Of time, in milliseconds.
  std::int64_t request_time_max_ms = 30'000;  // for head and body to arrive, and for each write to leave
  std::int64_t idle_time_max_ms = 60'000;     // between requests, and between two pieces of a bulk import
  std::int64_t bulk_time_max_ms = 60 * 60 * 1000;
  std::int64_t linger_time_max_ms = 2'000;  // for what a client still sends after an early answer
  std::int64_t stop_time_max_ms = 10'000;   // for running requests at a graceful stop

  std::int64_t keys_checked_every_ms = 2'000;  // how soon a new or revoked key counts

  // Of all requests together.
  std::size_t connections_max = 4096;                 // 503
  std::size_t queue_max = 256;                        // requests waiting for a thread: 429
  std::size_t body_bytes_in_flight_max = 256u << 20;  // bodies held in memory, and room for two of the largest: 429
};

}  // namespace handsel::http
