#include "app/http/routes.h"

#include <algorithm>
#include <array>

#include "app/http/handlers.h"

namespace handsel::http {
namespace {

constexpr std::array kRoutes = {
    Route{Method::kGet, "/v1/search", "search", Scope::kSearch, Runs::kOnSearch, Body::kNone, handle_search},
    Route{Method::kPost, "/v1/search", "search", Scope::kSearch, Runs::kOnSearch, Body::kSmall, handle_search_body},
    Route{Method::kPost, "/v1/multi-search", "multi_search", Scope::kSearch, Runs::kOnSearch, Body::kSmall,
          handle_multi_search},
    Route{Method::kGet, "/v1/complete", "complete", Scope::kSearch, Runs::kOnSearch, Body::kNone, handle_complete},
    Route{Method::kPost, "/v1/listings", "listings", Scope::kListings, Runs::kOnWrites, Body::kListings,
          handle_put_listing},
    Route{Method::kGet, "/v1/listings/{id}", "listing", Scope::kSearch, Runs::kOnSearch, Body::kNone, handle_listing},
    Route{Method::kPatch, "/v1/listings/{id}", "listing_patch", Scope::kListings, Runs::kOnWrites, Body::kSmall,
          handle_patch_listing},
    Route{Method::kDelete, "/v1/listings/{id}", "listing_delete", Scope::kListings, Runs::kOnWrites, Body::kNone,
          handle_delete_listing},
    Route{Method::kPost, "/v1/events", "events", Scope::kEvents, Runs::kOnWrites, Body::kWhole, handle_events},
    Route{Method::kPost, "/v1/assign", "assign", Scope::kSearch, Runs::kOnSearch, Body::kSmall, handle_assign},
    Route{Method::kGet, "/v1/experiments", "experiments", Scope::kAdmin, Runs::kOnSearch, Body::kNone,
          handle_experiments},
    Route{Method::kPut, "/v1/experiments", "experiments_put", Scope::kAdmin, Runs::kOnWrites, Body::kToml,
          handle_put_experiments},
    Route{Method::kPost, "/v1/experiments/{name}/decision", "experiment_decision", Scope::kAdmin, Runs::kOnWrites,
          Body::kSmall, handle_decide_experiment},
    Route{Method::kGet, "/health/live", "health", std::nullopt, Runs::kHere, Body::kNone, handle_live},
    Route{Method::kGet, "/health/ready", "health", std::nullopt, Runs::kHere, Body::kNone, handle_ready},
    Route{Method::kGet, "/metrics", "metrics", Scope::kMetrics, Runs::kHere, Body::kNone, handle_metrics},
    Route{Method::kGet, "/openapi.json", "page", std::nullopt, Runs::kHere, Body::kNone, handle_page},
    Route{Method::kGet, "/pictures/{name}", "picture", std::nullopt, Runs::kHere, Body::kNone, handle_picture},
    Route{Method::kGet, "/assets/*", "page", std::nullopt, Runs::kHere, Body::kNone, handle_page},
    Route{Method::kGet, "/", "page", std::nullopt, Runs::kHere, Body::kNone, handle_page},
};

struct MethodRow {
  Method method;
  std::string_view name;
};
constexpr std::array kMethods = {
    MethodRow{Method::kGet, "GET"},         MethodRow{Method::kHead, "HEAD"},   MethodRow{Method::kPost, "POST"},
    MethodRow{Method::kPut, "PUT"},         MethodRow{Method::kPatch, "PATCH"}, MethodRow{Method::kDelete, "DELETE"},
    MethodRow{Method::kOptions, "OPTIONS"},
};

// What the wildcard of the pattern stands for ("" where it has none), or nothing.
std::optional<std::string> fits(std::string_view pattern, std::span<const std::string> segments) {
  std::string argument;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const std::size_t slash = pattern.find('/');
    const std::string_view part = pattern.substr(0, slash);
    pattern = slash == std::string_view::npos ? std::string_view{} : pattern.substr(slash + 1);
    if (segments.empty()) return std::nullopt;
    if (part == "*") {
      for (const std::string& segment : segments) argument += (argument.empty() ? "" : "/") + segment;
      return argument;
    }
    const bool is_argument = part.starts_with('{');
    if (is_argument ? segments.front().empty() : part != segments.front()) return std::nullopt;
    if (is_argument) argument = segments.front();
    segments = segments.subspan(1);
  }
  return segments.empty() ? std::optional(std::move(argument)) : std::nullopt;
}

std::string_view method_name(Method method) {
  return std::ranges::find(kMethods, method, &MethodRow::method)->name;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

Method parse_method(std::string_view name) {
  const auto row = std::ranges::find(kMethods, name, &MethodRow::name);
  return row == kMethods.end() ? Method::kOther : row->method;
}

Match match(Method method, const std::vector<std::string>& segments) {
  Match found;
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  for (const Route& route : kRoutes) {
    std::optional<std::string> argument = fits(route.path, segments);
    if (!argument) continue;
    found.allow += fmt::format("{}, {}", method_name(route.method), route.method == Method::kGet ? "HEAD, " : "");
    if (route.method != wanted) continue;
    found.route = &route;
    found.argument = std::move(*argument);
  }
  if (!found.allow.empty()) found.allow += "OPTIONS";
  return found;
}

}  // namespace handsel::http
