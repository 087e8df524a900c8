#include "app/http/problem.h"

#include <algorithm>
#include <array>

#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

struct StatusRow {
  int status;
  std::string_view text;
};
constexpr std::array kStatuses = {
    StatusRow{200, "OK"},
    StatusRow{204, "No Content"},
    StatusRow{304, "Not Modified"},
    StatusRow{400, "Bad Request"},
    StatusRow{401, "Unauthorized"},
    StatusRow{403, "Forbidden"},
    StatusRow{404, "Not Found"},
    StatusRow{405, "Method Not Allowed"},
    StatusRow{408, "Request Timeout"},
    StatusRow{409, "Conflict"},
    StatusRow{413, "Content Too Large"},
    StatusRow{415, "Unsupported Media Type"},
    StatusRow{421, "Misdirected Request"},
    StatusRow{422, "Unprocessable Content"},
    StatusRow{429, "Too Many Requests"},
    StatusRow{431, "Request Header Fields Too Large"},
    StatusRow{500, "Internal Server Error"},
    StatusRow{503, "Service Unavailable"},
};

// Messages quote what a client sent, headers among it, which may be any bytes; JSON
// may not.
std::string as_utf8(std::string text) {
  if (catalog::is_utf8(text)) return text;
  std::ranges::replace_if(text, [](unsigned char c) { return c >= 0x80; }, '?');
  return text;
}

}  // namespace

std::string_view status_text(int status) {
  const auto row = std::ranges::find(kStatuses, status, &StatusRow::status);
  return row == kStatuses.end() ? std::string_view{} : row->text;
}

void append_problem(std::string& out, const Error& error, const Problem& problem) {
  const int status = problem.status != 0 ? problem.status : http_status(error.code);
  catalog::JsonObjectWriter object(out);
  object.text("type", fmt::format("urn:handsel:problem:{}", code_name(error.code)));
  object.text("title", status_text(status));
  object.number("status", status);
  object.text("detail", as_utf8(error.message));
  object.text_if_any("instance", problem.instance);
  object.text("code", code_name(error.code));
  object.text_if_any("request_id", problem.request_id);
}

Response problem_response(const Error& error, const Problem& problem) {
  Response response{.status = problem.status != 0 ? problem.status : http_status(error.code),
                    .content_type = std::string(kProblemJson)};
  append_problem(response.body, error, problem);
  if (response.status == 429 || response.status == 503) response.headers.push_back({"Retry-After", "1"});
  if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace handsel::http
