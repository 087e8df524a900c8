#include "base/core/html.h"

#include <gtest/gtest.h>

namespace handsel {
namespace {

TEST(Html, NothingIsReadAsMarkup) {
  std::string out = "x";
  append_html_escaped(out, "<a href=\"1\">Tom & Jerry's</a>");
  EXPECT_EQ(out, "x&lt;a href=&quot;1&quot;&gt;Tom &amp; Jerry&#39;s&lt;/a&gt;");
}

}  // namespace
}  // namespace handsel
