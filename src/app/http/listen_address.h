// HOST:PORT as people write it, and which hosts are this machine alone. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::http {

struct ListenAddress {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:0". kInvalidArgument says what was expected.
Result<ListenAddress> parse_listen_address(std::string_view text);
// "[::1]:8080" for an address with colons.
std::string to_text(const ListenAddress& address);

// The host of a Host header, without port and brackets.
std::string_view host_of(std::string_view host_header);
// localhost, 127.x.y.z, ::1.
bool is_loopback_name(std::string_view host);

}  // namespace handsel::http
