// The files that are part of the program, ready to be sent: each with its ETag, and
// compressed once at start where that helps. Immutable; any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "app/http/assets.h"
#include "app/http/message.h"

namespace handsel::http {

class Pages {
 public:
  // The first of `assets` to be found under "/" is "/index.html". `openapi` is served
  // under "/openapi.json".
  Pages(std::span<const Asset> assets, std::string_view openapi);

  // Status 304 where the reader has it already; nothing to send (status 404, no body)
  // where there is no such file.
  Response serve(std::string_view path, const Request& request) const;

 private:
  struct Page {
    Asset asset;
    std::string etag;
    std::string gzipped;  // empty: not worth it
    bool never_changes = false;
  };
  void add(std::string_view path, const Asset& asset);

  std::map<std::string, Page, std::less<>> pages_;
};

// "shop.4f1c9a2b77.js": the name changes with the content, so it may be kept for ever.
bool has_content_hash(std::string_view path);

}  // namespace handsel::http
