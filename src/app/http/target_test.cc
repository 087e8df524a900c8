#include "app/http/target.h"

#include <array>

#include <gtest/gtest.h>

namespace handsel::http {
namespace {

// "a|b ? name=value, ..." as text, or the error.
std::string show(std::string_view target) {
  const auto parsed = parse_target(target);
  if (!parsed) return "error: " + parsed.error().message;
  std::string out;
  for (const std::string& segment : parsed->segments) out += (out.empty() ? "" : "|") + segment;
  for (const auto& [name, value] : parsed->parameters) out += fmt::format(" {}=<{}>", name, value);
  return out;
}

TEST(Target, Reads) {
  struct Row {
    std::string_view target;
    std::string_view expected;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"/", ""},
      {"/v1/search", "v1|search"},
      {"/v1/search/", "v1|search|"},
      {"/v1//x", "v1||x"},
      {"/v1/listings/a%2Fb", "v1|listings|a/b"},
      {"/a+b", "a+b"},
      {"/s?q=linen+apron&limit=10", "s q=<linen apron> limit=<10>"},
      {"/s?q=a%2Bb%26c%3Dd", "s q=<a+b&c=d>"},
      {"/s?q=a=b", "s q=<a=b>"},
      {"/s?q&&x=", "s q=<> x=<>"},
      {"/s?q=%C3%A9toile", "s q=<\xC3\xA9toile>"},
      {"/s?q=%01%1f", "s q=<\x01\x1f>"},
      {"/s?q=1#fragment", "s q=<1>"},
      {"", "error: the target of a request starts with '/'"},
      {"http://evil/", "error: the target of a request starts with '/'"},
      {"*", "error: the target of a request starts with '/'"},
      {"/s?q=%", "error: parameter 'q': a '%' is not followed by two hexadecimal digits"},
      {"/s?q=%4", "error: parameter 'q': a '%' is not followed by two hexadecimal digits"},
      {"/s?q=%zz", "error: parameter 'q': a '%' is not followed by two hexadecimal digits"},
      {"/%", "error: the path: a '%' is not followed by two hexadecimal digits"},
      {"/s?q=%ff", "error: parameter 'q' is not UTF-8"},
      {"/s?q=\xff", "error: parameter 'q' is not UTF-8"},
      {"/s?%ff=1", "error: the name of a parameter is not UTF-8"},
      {"/%c3", "error: the path is not UTF-8"},
      {"/s?q=a%00b", "error: parameter 'q' has a zero byte in it"},
      {"/s?q=1&q=2", "error: parameter 'q' is there twice"},
  });
  for (const Row& row : kRows) EXPECT_EQ(show(row.target), row.expected) << row.target;
}

TEST(Target, LimitsTheNumberOfParameters) {
  std::string target = "/s?";
  for (std::size_t i = 0; i < kParametersMax; ++i) target += fmt::format("p{}=1&", i);
  EXPECT_TRUE(parse_target(target));
  EXPECT_FALSE(parse_target(target + "one=more"));
}

}  // namespace
}  // namespace handsel::http
