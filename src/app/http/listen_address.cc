#include "app/http/listen_address.h"

#include <algorithm>

#include "facts/catalog/import/values.h"

namespace handsel::http {

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::string_view host = colon == std::string_view::npos ? std::string_view{} : host_of(text);
  const auto port =
      colon == std::string_view::npos ? std::nullopt : catalog::parse_whole_number(text.substr(colon + 1));
  const bool ambiguous = host.contains(':') && !text.starts_with('[');
  if (host.empty() || ambiguous || !port || *port < 0 || *port > 65535) {
    return fail(Code::kInvalidArgument, "cannot listen on '{}'; expected HOST:PORT like 127.0.0.1:8080 or [::1]:8080",
                catalog::cut_text(text, 100));
  }
  return ListenAddress{.host = std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

std::string to_text(const ListenAddress& address) {
  return fmt::format(fmt::runtime(address.host.contains(':') ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

std::string_view host_of(std::string_view header) {
  if (header.starts_with('[')) {
    const std::size_t end = header.find(']');
    return end == std::string_view::npos ? std::string_view{} : header.substr(1, end - 1);
  }
  const std::size_t colon = header.rfind(':');
  return header.substr(0, colon);
}

bool is_loopback_name(std::string_view host) {
  if (catalog::equal_ignoring_case(host, "localhost") || host == "::1") return true;
  constexpr std::string_view kDigitsAndDots = "0123456789.";
  return host.starts_with("127.") && host.find_first_not_of(kDigitsAndDots) == std::string_view::npos &&
         std::ranges::count(host, '.') == 3;
}

}  // namespace handsel::http
