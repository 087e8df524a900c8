// What the server does with one request, apart from sockets:
//
//   admit()   the head alone: route, key, type of the body. May refuse at once.
//   answer()  the whole request: calls the engine, and may block. On a thread that
//             the call's route names.
//   finish()  the same headers on every answer, and its count in the metrics.
//
// Thread safe; a Call belongs to one thread at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/http/access.h"
#include "app/http/bulk_import.h"
#include "app/http/call.h"
#include "app/http/message.h"
#include "app/http/pages.h"
#include "app/http/routes.h"

namespace handsel::http {

class Service {
 public:
  // `seed` makes the ids of requests; any number.
  Service(Context& context, AccessOptions access, const KeyRing& keys, std::uint64_t seed);

  Call admit(Request request);
  Response answer(const Call& call);
  void finish(const Call& call, Response& response);

  // True where the body is lines of listings: read with bulk_import(), piece by
  // piece, instead of answer().
  static bool is_bulk(const Call& call);
  BulkImport bulk_import() const { return {context_.engine, context_.limits.line_bytes_max}; }

  // Bytes of body that the call may have; none for a bulk import.
  std::size_t body_bytes_max(const Call& call) const;

  std::string new_request_id();

  // admit, answer, finish: for tests and fuzzing.
  Response handle(Request request);

 private:
  // Of one endpoint; looked up once, so that counting takes no lock.
  struct Counts {
    std::array<metrics::Counter*, 5> by_status_class{};
    metrics::Histogram* seconds = nullptr;
  };
  Counts counts_of(std::string_view endpoint);

  std::optional<Response> refusal(Call& call);

  Context& context_;
  Access access_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::vector<Counts> counts_;  // in the order of routes(), then of what no route fits
};

}  // namespace handsel::http
