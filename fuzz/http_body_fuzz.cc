// Any request to the service: the first line is "METHOD TARGET CONTENT-TYPE", the rest
// the body. Whatever it says, there is one answer with a status that we know, and an
// answer in JSON is JSON.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "app/http/problem.h"
#include "app/http/testing/world.h"

namespace {

using namespace handsel;
using namespace handsel::http;

std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return piece;
}

void check_answer(const Response& response) {
  if (status_text(response.status).empty()) std::abort();
  const bool is_json = response.content_type == kJson || response.content_type == kProblemJson;
  if (is_json && !nlohmann::json::accept(response.bytes())) std::abort();
  if (response.content_type != kJsonLines) return;
  std::string_view lines = response.bytes();
  while (!lines.empty()) {
    if (!nlohmann::json::accept(take(lines, '\n'))) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body(reinterpret_cast<const char*>(data), size);
  std::string_view head = take(body, '\n');
  const Method method = parse_method(take(head, ' '));
  const std::string_view target = take(head, ' ');

  World world;
  (void)world.engine.put_listings(
      std::array{catalog::Listing{.id = "a", .shop_name = "clay", .title = "cup", .tags = {"blue"}},
                 catalog::Listing{.id = "b", .shop_name = "secret", .title = "hidden cup"}});
  Request request{
      .method = method, .target = std::string(target), .content_type = std::string(head), .body = std::string(body)};
  check_answer(world.send(request));

  // Again through a key that may see one shop: the other never shows.
  request.api_key = world.make_key({.scopes = static_cast<Scopes>(Scope::kSearch), .filter = "shop = clay"});
  const Response restricted = world.send(std::move(request));
  check_answer(restricted);
  if (restricted.bytes().contains("\"hidden cup\"")) std::abort();
  return 0;
}
