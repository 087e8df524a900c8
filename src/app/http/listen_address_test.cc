#include "app/http/listen_address.h"

#include <gtest/gtest.h>

namespace handsel::http {
namespace {

TEST(ListenAddress, Reads) {
  for (const std::string_view text : {"127.0.0.1:8080", "[::1]:8080", "localhost:0", "0.0.0.0:65535", "[::]:1"}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(*address), text);
  }
}

TEST(ListenAddress, RefusesWhatIsNone) {
  for (const std::string_view text : {"", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "h:-1",
                                      "::1:8080", "[::1]", "[::1"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, Code::kInvalidArgument);
  }
}

TEST(ListenAddress, KnowsLoopback) {
  for (const std::string_view host : {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(is_loopback_name(host)) << host;
  }
  for (const std::string_view host :
       {"", "0.0.0.0", "::", "127.evil.example", "127.0.0.1.evil.example", "localhost.evil", "10.0.0.1", "127.1"}) {
    EXPECT_FALSE(is_loopback_name(host)) << host;
  }
  EXPECT_EQ(host_of("localhost:8080"), "localhost");
  EXPECT_EQ(host_of("[::1]:8080"), "::1");
  EXPECT_EQ(host_of("shop.example"), "shop.example");
}

}  // namespace
}  // namespace handsel::http
