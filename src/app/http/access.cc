#include "app/http/access.h"

#include <algorithm>

#include "app/http/listen_address.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

// X-API-Key, or Authorization: Bearer. Empty: none was sent.
std::string_view presented_key(const Request& request) {
  constexpr std::string_view kBearer = "bearer ";
  if (!request.api_key.empty()) return request.api_key;
  const std::string_view authorization = request.authorization;
  if (!catalog::equal_ignoring_case(authorization.substr(0, kBearer.size()), kBearer)) return {};
  return catalog::trim(authorization.substr(kBearer.size()));
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

}  // namespace

Result<std::shared_ptr<const Key>> Access::find_key(const Request& request) const {
  const std::string_view presented = presented_key(request);
  if (!presented.empty()) return keys_.verify(presented, clock_.now_ms());
  if (auto anonymous = keys_.anonymous(clock_.now_ms())) return anonymous;
  return fail(Code::kUnauthorized, "this needs an API key, in the header X-API-Key or as Authorization: Bearer");
}

Result<std::shared_ptr<const Key>> Access::admit(const Request& request, const Route& route) {
  if (!route.scope || !needs_keys()) return nullptr;
  HANDSEL_ASSIGN(std::shared_ptr<const Key> key, find_key(request));
  if (!allows(key->scopes, *route.scope)) {
    return fail(Code::kForbidden, "the API key {} lacks the scope '{}'", key->id, scope_name(*route.scope));
  }
  if (!request.origin.empty() && !key->origins.empty() && !contains(key->origins, request.origin)) {
    return fail(Code::kForbidden, "the API key {} is not for pages of {}", key->id,
                catalog::cut_text(request.origin, 100));
  }
  if (!rates_.take(key->id, key->requests_per_s, clock_.now_ms())) {
    return fail(Code::kOverloaded, "the API key {} is allowed {} requests a second", key->id, key->requests_per_s);
  }
  return key;
}

bool Access::is_misdirected(const Request& request) const {
  // Browsers always name a host; HTTP/1.0 need not.
  return !needs_keys() && !options_.open && !request.host.empty() && !is_loopback_name(host_of(request.host));
}

bool Access::allows_origin(std::string_view origin) const {
  return contains(options_.allowed_origins, origin) || contains(options_.allowed_origins, "*");
}

std::vector<Header> Access::cors_headers(const Request& request, const Key* key) const {
  if (request.origin.empty()) return {};
  std::vector<Header> headers = {{"Vary", "Origin"}};
  if (allows_origin(request.origin) || (key != nullptr && contains(key->origins, request.origin))) {
    headers.push_back({"Access-Control-Allow-Origin", request.origin});
    headers.push_back({"Access-Control-Expose-Headers", "X-Request-Id, Retry-After"});
  }
  return headers;
}

Response Access::preflight(const Request& request, const std::string& allow) const {
  Response response{.status = 204, .headers = {{"Allow", allow}}};
  // The browser asks without its key, so any key's origin will do here; the request
  // itself is then held to its own key.
  if (request.preflight_method.empty() || request.origin.empty()) return response;
  if (!allows_origin(request.origin) && !keys_.any_key_has_origin(request.origin)) return response;
  response.headers.push_back({"Access-Control-Allow-Origin", request.origin});
  response.headers.push_back({"Access-Control-Allow-Methods", allow});
  response.headers.push_back({"Access-Control-Allow-Headers", "Authorization, Content-Type, X-API-Key, X-Request-Id"});
  response.headers.push_back({"Access-Control-Max-Age", "600"});
  return response;
}

}  // namespace handsel::http
