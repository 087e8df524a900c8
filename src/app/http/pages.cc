#include "app/http/pages.h"

#include <algorithm>

#include "app/demo/picture.h"
#include "app/http/compress.h"
#include "app/http/handlers.h"
#include "base/core/hash.h"

namespace handsel::http {
namespace {

constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
constexpr std::string_view kAskFirst = "no-cache";

// Pages run our own scripts only. Pictures of listings come from wherever the
// marketplace keeps them.
constexpr std::string_view kPagePolicy =
    "default-src 'self'; img-src 'self' https: data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr std::string_view kPicturePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

bool is_compressible(std::string_view mime) {
  return mime.starts_with("text/") || mime.contains("json") || mime.contains("javascript") || mime.contains("xml");
}

std::string path_of(const Call& call) {
  std::string path;
  for (const std::string& segment : call.target.segments) path += "/" + segment;
  return path.empty() ? "/" : path;
}

}  // namespace

bool has_content_hash(std::string_view path) {
  constexpr std::size_t kDigitsMin = 8;
  std::size_t run = 0;
  for (const char c : path.substr(path.rfind('/') + 1)) {
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if ((c == '.' || c == '-') && run >= kDigitsMin) return true;
    run = is_digit ? run + 1 : c == '.' || c == '-' ? 0 : std::string_view::npos / 2;
    if (run >= std::string_view::npos / 2) run = 0;
  }
  return false;
}

Pages::Pages(std::span<const Asset> assets, std::string_view openapi) {
  for (const Asset& asset : assets) add(asset.path, asset);
  if (const auto index = pages_.find("/index.html"); index != pages_.end()) pages_.emplace("/", index->second);
  add("/openapi.json", {.path = "/openapi.json", .mime = "application/json", .bytes = openapi});
}

void Pages::add(std::string_view path, const Asset& asset) {
  Page page{.asset = asset,
            .etag = fmt::format("\"{:016x}\"", hash64(asset.bytes)),
            .gzipped = {},
            .never_changes = has_content_hash(path)};
  constexpr int kBestLevel = 9;
  if (is_compressible(asset.mime) && asset.bytes.size() > kCompressFromBytes) {
    page.gzipped = gzip(asset.bytes, kBestLevel).value_or("");
  }
  pages_.emplace(std::string(path), std::move(page));
}

Response Pages::serve(std::string_view path, const Request& request) const {
  const auto found = pages_.find(path);
  if (found == pages_.end()) return {.status = 404};
  const Page& page = found->second;
  Response response;
  response.headers = {{"ETag", page.etag},
                      {"Cache-Control", std::string(page.never_changes ? kForEver : kAskFirst)},
                      {"Content-Security-Policy", std::string(kPagePolicy)},
                      {"Referrer-Policy", "same-origin"},
                      {"Vary", "Accept-Encoding"}};
  if (request.if_none_match.contains(page.etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = page.asset.mime;
  response.lasting_body = page.asset.bytes;
  if (!page.gzipped.empty() && accepts_gzip(request.accept_encoding)) {
    response.lasting_body = page.gzipped;
    response.headers.push_back({"Content-Encoding", "gzip"});
  }
  return response;
}

Response handle_page(Context& context, const Call& call) {
  Response response = context.pages.serve(path_of(call), call.request);
  if (response.status != 404) return response;
  return refuse(call, {Code::kNotFound, fmt::format("there is no page at {}", path_of(call))});
}

Response handle_picture(Context&, const Call& call) {
  constexpr std::string_view kEnding = ".svg";
  std::string_view token = call.argument;
  const bool is_svg = token.ends_with(kEnding);
  if (is_svg) token.remove_suffix(kEnding.size());
  std::optional<std::string> picture = is_svg ? demo::paint_svg(token) : std::nullopt;
  if (!picture) return refuse(call, {Code::kNotFound, "there is no such picture"});
  return {
      .content_type = "image/svg+xml",
      .body = std::move(*picture),
      .headers = {{"Cache-Control", std::string(kForEver)}, {"Content-Security-Policy", std::string(kPicturePolicy)}}};
}

}  // namespace handsel::http
