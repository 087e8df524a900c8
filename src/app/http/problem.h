// Errors as problem documents (RFC 9457).
#pragma once

#include <string>
#include <string_view>

#include "app/http/message.h"
#include "base/core/result.h"

namespace handsel::http {

inline constexpr std::string_view kProblemJson = "application/problem+json";

// "Not Found" and so on; empty for a status that we never send.
std::string_view status_text(int status);

struct Problem {
  int status = 0;             // 0: http_status(code)
  std::string_view instance;  // path of the request; may be empty
  std::string_view request_id;
};

// Appends {"type", "title", "status", "detail", "instance", "code", "request_id"}. `type` is
// urn:handsel:problem: and the name of the code.
void append_problem(std::string& out, const Error& error, const Problem& problem = {});
// With Retry-After where trying again helps.
Response problem_response(const Error& error, const Problem& problem = {});

}  // namespace handsel::http
