// How a function says that it failed.
//
// A function that can fail returns Result<T>; the Error names what failed, where,
// and what to do. Codes are one closed list, so that one table (error_codes.h)
// turns them into HTTP statuses and exit codes. Exceptions do not leave a room.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace handsel {

enum class Code {
  kInvalidArgument,  // the caller's words are wrong: a flag, a parameter, a filter
  kInvalidData,      // bytes from outside do not parse: a file, a body, a row
  kNotFound,         // the named thing does not exist
  kAlreadyExists,    // it exists, and may not
  kConflict,         // somebody else holds it: a second process, a version
  kUnauthorized,     // no key, or a wrong one
  kForbidden,        // a key without that scope
  kTooLarge,         // over a stated limit
  kOverloaded,       // try again later
  kTimedOut,
  kCancelled,
  kIo,           // disk or network said no
  kCorrupt,      // our own bytes are not what we wrote
  kUnsupported,  // valid, but not something this build does
};

struct Error {
  Code code;
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(Code code, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

// "invalid_argument" and so on: stable names for logs and problem documents.
std::string_view code_name(Code code);

// Exit codes of the command line: 0 fine, 1 the answer is no, 2 wrong use,
// 3 bad input, 4 environment.
int exit_code(Code code);

// HTTP status of a problem document.
int http_status(Code code);

namespace internal {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}

}  // namespace handsel

// Guards our own invariants; input never triggers it. Always on.
#define HANDSEL_CHECK(expression) \
  (static_cast<bool>(expression) ? static_cast<void>(0) : ::handsel::internal::check_failed(#expression, __FILE__, __LINE__))

#define HANDSEL_CONCAT_INNER(a, b) a##b
#define HANDSEL_CONCAT(a, b) HANDSEL_CONCAT_INNER(a, b)

// HANDSEL_TRY(do_it()): returns the error of a Result<void> (or of any Result) to the caller.
#define HANDSEL_TRY(expression)                                     \
  do {                                                              \
    if (auto handsel_try = (expression); !handsel_try) [[unlikely]] \
      return std::unexpected(std::move(handsel_try).error());       \
  } while (false)

// HANDSEL_ASSIGN(auto bytes, read_file(path)): the value, or the error to the caller.
#define HANDSEL_ASSIGN(declaration, expression) \
  HANDSEL_ASSIGN_INNER(HANDSEL_CONCAT(handsel_result_, __LINE__), declaration, expression)
#define HANDSEL_ASSIGN_INNER(result, declaration, expression) \
  auto result = (expression);                                 \
  if (!result) [[unlikely]]                                   \
    return std::unexpected(std::move(result).error());        \
  declaration = std::move(*result)
