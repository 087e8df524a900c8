#include "app/http/service.h"

#include <algorithm>

#include "app/http/compress.h"
#include "app/http/handlers.h"
#include "app/http/problem.h"
#include "base/core/hash.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

constexpr std::size_t kRequestIdBytesMax = 64;

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytesMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

bool has_header(const Response& response, std::string_view name) {
  return std::ranges::find(response.headers, name, &Header::name) != response.headers.end();
}

// Compresses what was made for this request; pages come compressed already.
void compress(const Request& request, Response& response) {
  const bool worth_it = response.lasting_body.empty() && response.body.size() > kCompressFromBytes;
  if (!worth_it || has_header(response, "Content-Encoding")) return;
  response.headers.push_back({"Vary", "Accept-Encoding"});
  if (!accepts_gzip(request.accept_encoding)) return;
  std::optional<std::string> smaller = gzip(response.body);
  if (!smaller) return;
  response.body = std::move(*smaller);
  response.headers.push_back({"Content-Encoding", "gzip"});
}

// Nothing where the body is of a type that the route reads.
std::optional<Error> problem_with_body(const Call& call) {
  const Request& request = call.request;
  if (call.route->body == Body::kNone) return std::nullopt;
  if (!request.content_encoding.empty() && request.content_encoding != "identity") {
    return Error{Code::kUnsupported, "the body is compressed; send plain JSON"};
  }
  if (call.route->body == Body::kToml) {
    if (has_type(request.content_type, kToml)) return std::nullopt;
    return Error{Code::kUnsupported, fmt::format("the Content-Type is '{}'; expected {}",
                                                 catalog::cut_text(request.content_type, 60), kToml)};
  }
  const bool takes_lines = call.route->body == Body::kListings || call.route->body == Body::kWhole;
  if (has_type(request.content_type, kJson)) return std::nullopt;
  if (takes_lines && has_type(request.content_type, kJsonLines)) return std::nullopt;
  return Error{Code::kUnsupported,
               fmt::format("the Content-Type is '{}'; expected {}{}", catalog::cut_text(request.content_type, 60),
                           kJson, takes_lines ? " or application/x-ndjson" : "")};
}

}  // namespace

bool has_type(std::string_view content_type, std::string_view type) {
  return catalog::equal_ignoring_case(catalog::trim(content_type.substr(0, content_type.find(';'))), type);
}

Response json_answer(std::string body) {
  return {.content_type = std::string(kJson), .body = std::move(body)};
}

Response refuse(const Call& call, const Error& error, int status) {
  const std::string_view target = call.request.target;
  std::string_view path = target.substr(0, target.find('?'));
  if (!catalog::is_utf8(path)) path = {};
  return problem_response(error, {.status = status, .instance = path, .request_id = call.request_id});
}

Service::Service(Context& context, AccessOptions access, const KeyRing& keys, std::uint64_t seed)
    : context_(context), access_(std::move(access), keys, context.clock), seed_(seed) {
  for (const Route& route : routes()) counts_.push_back(counts_of(route.endpoint));
  counts_.push_back(counts_of("none"));
}

Service::Counts Service::counts_of(std::string_view endpoint) {
  Counts counts;
  for (std::size_t i = 0; i < counts.by_status_class.size(); ++i) {
    counts.by_status_class[i] =
        &context_.metrics.counter("handsel_http_requests_total", "Requests answered.",
                                  {{"endpoint", std::string(endpoint)}, {"status", fmt::format("{}xx", i + 1)}});
  }
  counts.seconds =
      &context_.metrics.histogram("handsel_http_request_seconds", "Time from the head of a request to its answer.",
                                  {{"endpoint", std::string(endpoint)}});
  return counts;
}

bool Service::is_bulk(const Call& call) {
  return call.route != nullptr && call.route->body == Body::kListings &&
         has_type(call.request.content_type, kJsonLines);
}

std::size_t Service::body_bytes_max(const Call& call) const {
  const bool is_large = call.route->body != Body::kNone && call.route->body != Body::kSmall;
  return is_large ? context_.limits.body_bytes_max : context_.limits.search_body_bytes_max;
}

std::string Service::new_request_id() {
  return fmt::format("{:016x}", mix64(seed_ + requests_.fetch_add(1, std::memory_order_relaxed)));
}

Call Service::admit(Request request) {
  Call call;
  call.request_id = is_request_id(request.request_id) ? request.request_id : new_request_id();
  call.request = std::move(request);
  call.refusal = refusal(call);
  return call;
}

std::optional<Response> Service::refusal(Call& call) {
  const Request& request = call.request;
  if (access_.is_misdirected(request)) {
    return refuse(call,
                  {Code::kForbidden,
                   "this server has no API keys and answers to localhost only; make a key with "
                   "'handsel key new', or start it with --open"},
                  421);
  }
  auto target = parse_target(request.target);
  if (!target) return refuse(call, target.error());
  call.target = std::move(*target);
  Match found = match(request.method, call.target.segments);
  if (found.allow.empty())
    return refuse(call, {Code::kNotFound, "there is nothing under this path; see /openapi.json"});
  if (request.method == Method::kOptions) return access_.preflight(request, found.allow);
  if (found.route == nullptr) {
    Response response =
        refuse(call, {Code::kInvalidArgument, fmt::format("this path takes {} only", found.allow)}, 405);
    response.headers.push_back({"Allow", found.allow});
    return response;
  }
  call.route = found.route;
  call.argument = std::move(found.argument);
  auto key = access_.admit(request, *call.route);
  if (!key) return refuse(call, key.error());
  call.key = std::move(*key);
  if (const auto problem = problem_with_body(call)) return refuse(call, *problem);
  return std::nullopt;
}

Response Service::answer(const Call& call) {
  Response response = call.route->handle(context_, call);
  compress(call.request, response);
  return response;
}

void Service::finish(const Call& call, Response& response) {
  response.headers.push_back({"X-Request-Id", call.request_id});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  if (!has_header(response, "Cache-Control")) response.headers.push_back({"Cache-Control", "no-store"});
  if (!has_header(response, "Access-Control-Allow-Origin")) {
    for (Header& header : access_.cors_headers(call.request, call.key.get())) {
      response.headers.push_back(std::move(header));
    }
  }
  const Counts& counts =
      call.route == nullptr ? counts_.back() : counts_[static_cast<std::size_t>(call.route - routes().data())];
  counts.by_status_class[static_cast<std::size_t>(std::clamp(response.status / 100, 1, 5) - 1)]->add();
  counts.seconds->observe_ms(call.watch.elapsed_ms());
}

Response Service::handle(Request request) {
  Call call = admit(std::move(request));
  Response response;
  if (call.refusal) {
    response = std::move(*call.refusal);
  } else if (is_bulk(call)) {
    BulkImport import = bulk_import();
    response.content_type = kJsonLines;
    if (import.take(call.request.body, response.body)) (void)import.finish(response.body);
  } else {
    response = answer(call);
  }
  finish(call, response);
  return response;
}

}  // namespace handsel::http
