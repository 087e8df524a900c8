// Who may do what: keys, their scopes, rates and origins, and which other sites'
// pages may read the answers (CORS). Thread safe.
//
// Without a keys file the server is open, and then answers only to loopback names
// (or to everybody where `open` is set): a page of another site that had its own name
// resolve to 127.0.0.1 would otherwise read and write through the visitor's browser.
// Bodies must be declared as JSON for the same reason: a browser sends that to
// another site only after asking (OPTIONS).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/call.h"
#include "app/http/key_ring.h"
#include "app/http/rate_limit.h"
#include "app/http/routes.h"
#include "base/core/result.h"

namespace handsel::http {

struct AccessOptions {
  bool keys_required = false;
  bool open = false;
  std::vector<std::string> allowed_origins;
};

class Access {
 public:
  Access(AccessOptions options, const KeyRing& keys, const Clock& clock)
      : options_(std::move(options)), keys_(keys), clock_(clock) {}

  // The key that the request may use the route with; null where none is needed.
  Result<std::shared_ptr<const Key>> admit(const Request& request, const Route& route);
  // A request under a name that an open server does not answer to.
  bool is_misdirected(const Request& request) const;

  // What a page of another site needs to read the answer; nothing where it may not.
  std::vector<Header> cors_headers(const Request& request, const Key* key) const;
  Response preflight(const Request& request, const std::string& allow) const;

 private:
  bool allows_origin(std::string_view origin) const;
  Result<std::shared_ptr<const Key>> find_key(const Request& request) const;
  bool needs_keys() const { return options_.keys_required || keys_.exists(); }

  const AccessOptions options_;
  const KeyRing& keys_;
  const Clock& clock_;
  RateLimit rates_;
};

}  // namespace handsel::http
