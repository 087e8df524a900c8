// Files that are part of the program: the pages and the description of the API.
// cmake/embed.cmake generates the definitions at build time, from web/dist (where
// HANDSEL_WEB is on; one plain page otherwise) and from api/openapi.json.
#pragma once

#include <span>
#include <string_view>

namespace handsel::http {

struct Asset {
  std::string_view path;  // "/index.html", "/assets/shop.1f3a.js"
  std::string_view mime;
  std::string_view bytes;
};

// Sorted by path; valid as long as the process.
std::span<const Asset> web_assets();
std::string_view openapi_json();

}  // namespace handsel::http
