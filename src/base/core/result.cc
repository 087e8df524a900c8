#include "base/core/result.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace handsel {
namespace {

struct CodeRow {
  Code code;
  std::string_view name;
  int exit_code;
  int http_status;
};

constexpr std::array kCodes = {
    CodeRow{Code::kInvalidArgument, "invalid_argument", 2, 400},
    CodeRow{Code::kInvalidData, "invalid_data", 3, 422},
    CodeRow{Code::kNotFound, "not_found", 3, 404},
    CodeRow{Code::kAlreadyExists, "already_exists", 3, 409},
    CodeRow{Code::kConflict, "conflict", 4, 409},
    CodeRow{Code::kUnauthorized, "unauthorized", 4, 401},
    CodeRow{Code::kForbidden, "forbidden", 4, 403},
    CodeRow{Code::kTooLarge, "too_large", 3, 413},
    CodeRow{Code::kOverloaded, "overloaded", 4, 429},
    CodeRow{Code::kTimedOut, "timed_out", 4, 503},
    CodeRow{Code::kCancelled, "cancelled", 4, 503},
    CodeRow{Code::kIo, "io", 4, 500},
    CodeRow{Code::kCorrupt, "corrupt", 4, 500},
    CodeRow{Code::kUnsupported, "unsupported", 3, 415},
};

const CodeRow& row(Code code) {
  for (const CodeRow& candidate : kCodes) {
    if (candidate.code == code) return candidate;
  }
  std::abort();
}

}  // namespace

std::string_view code_name(Code code) {
  return row(code).name;
}
int exit_code(Code code) {
  return row(code).exit_code;
}
int http_status(Code code) {
  return row(code).http_status;
}

namespace internal {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "handsel: internal check failed: %s (%s:%d); this is a defect, please report it\n", expression,
               file, line);
  std::abort();
}

}  // namespace internal
}  // namespace handsel
