#include "facts/catalog/import/values.h"

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

using namespace std::string_literals;

TEST(Values, PricesAreReadExactlyOrRefused) {
  constexpr PriceStyle kComma{.decimal_comma = true};
  constexpr PriceStyle kCents{.minor_units = true};
  struct Case {
    std::string_view text;
    PriceStyle style;
    std::int64_t cents;  // -1: refused
    std::string_view currency;
  };
  const Case cases[] = {
      {"12.5", {}, 1250, ""},
      {"0", {}, 0, ""},
      {".5", {}, 50, ""},
      {"1,234.50 USD", {}, 123450, "USD"},
      {"usd 12", {}, 1200, "USD"},
      {"£3", {}, 300, "GBP"},
      {"$3.99", {}, 399, ""},
      {"₹12,34,567", {}, 123456700, "INR"},
      {"1'234.5", {}, 123450, ""},
      {"0.005", {}, 1, ""},
      {"0.004", {}, 0, ""},
      {"19.999", {}, 2000, ""},
      {"1.234,50 €", kComma, 123450, "EUR"},
      {"1 234,50 €", kComma, 123450, "EUR"},
      {"1\u00a0234,5", kComma, 123450, ""},
      {"12,50", kComma, 1250, ""},
      {"1250", kCents, 1250, ""},
      {"1,250 GBP", kCents, 1250, "GBP"},
      {"999999999999.99", {}, 99999999999999, ""},
      // Somebody's decimal comma is not a thousands separator.
      {"12,50", {}, -1, ""},
      {"1,2345", {}, -1, ""},
      {"1,,234", {}, -1, ""},
      {"12.50", kComma, -1, ""},
      {"-3", {}, -1, ""},
      {"3-", {}, -1, ""},
      {"12.", {}, -1, ""},
      {"free", {}, -1, ""},
      {"", {}, -1, ""},
      {"12 EUR USD", {}, -1, ""},
      {"EUR 12 USD", {}, -1, ""},
      {"12 per metre", {}, -1, ""},
      {"1e3", {}, -1, ""},
      {"99999999999999999999", {}, -1, ""},
      {"1.2.3", {}, -1, ""},
      {"..", {}, -1, ""},
  };
  for (const Case& c : cases) {
    const auto price = parse_price(c.text, c.style);
    if (c.cents < 0) {
      EXPECT_FALSE(price.has_value()) << c.text;
      continue;
    }
    ASSERT_TRUE(price.has_value()) << c.text << ": " << price.error();
    EXPECT_EQ(*price, (Price{c.cents, std::string(c.currency)})) << c.text;
  }
}

TEST(Values, PriceErrorsSayWhatWasFound) {
  EXPECT_EQ(parse_price("12,50").error(), "'12,50' is not a price: expected a decimal point");
  EXPECT_EQ(parse_price("free").error(), "'free' is not a price: it has no number");
}

TEST(Values, TimesOfEverySpelling) {
  struct Case {
    std::string_view text;
    std::int64_t time_ms;  // 0: refused
  };
  const Case cases[] = {
      {"2024-12-10T00:26:04.625Z", 1733790364625},
      {"2024-12-10T01:26:04.625+01:00", 1733790364625},
      {"2024-12-09T19:56:04.625-0430", 1733790364625},
      {"2024-12-10 00:26:04.625 UTC", 1733790364625},
      {"2024-12-10T00:26:04", 1733790364000},
      {"2024-12-10T00:26:04.6254321Z", 1733790364625},
      {"2024-12-10T00:26Z", 1733790360000},
      {"2024-12-10", 1733788800000},
      {"2024-02-29", 1709164800000},
      {"1733790364", 1733790364000},
      {"1733790364625", 1733790364625},
      {"1733790364625123", 1733790364625},
      {"1733790364625123456", 1733790364625},
      {"2023-02-29", 0},
      {"2024-13-01", 0},
      {"1969-12-31", 0},
      {"2024-12-10T24:00:00Z", 0},
      {"2024-12-10T00:61:00Z", 0},
      {"2024-12-10T00:26:04.Z", 0},
      {"2024-12-10T00:26:04+99:00", 0},
      {"2024-12-10T00:26:04Z and more", 0},
      {"0", 0},
      {"-5", 0},
      {"", 0},
      {"yesterday", 0},
      {"99999999999999999999", 0},
  };
  for (const Case& c : cases) EXPECT_EQ(parse_time_ms(c.text).value_or(0), c.time_ms) << c.text;
}

TEST(Values, NumbersAreWholeTextsAndFinite) {
  EXPECT_EQ(parse_number(" 4.5 "), 4.5);
  EXPECT_EQ(parse_number("+3"), 3.0);
  for (const std::string_view text : {"", "4.5 stars", "nan", "inf", "1e999", "0x10", "--1"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
  EXPECT_EQ(parse_whole_number("197"), 197);
  EXPECT_EQ(parse_whole_number("197.0"), 197);
  for (const std::string_view text : {"197.5", "1e30", "99999999999999999999", "a"}) {
    EXPECT_FALSE(parse_whole_number(text).has_value()) << text;
  }
}

TEST(Values, TextIsCutBetweenCharactersAndFreedOfControls) {
  struct Case {
    std::string text;
    std::size_t bytes_max;
    std::string expected;
  };
  const Case cases[] = {
      {"  mug ", 10, "mug"},
      {"mug", 2, "mu"},
      {"caf\u00e9", 4, "caf"},   // é has two bytes
      {"a\U0001f9f6b", 4, "a"},  // a ball of yarn has four
      {"a\0b\x1f"s, 10, "ab"},
      {"line one\nline\ttwo\r\n", 40, "line one\nline\ttwo"},
      {"", 10, ""},
      {"\x01\x02", 10, ""},
  };
  for (Case c : cases) {
    clean_text(c.text, c.bytes_max);
    EXPECT_EQ(c.text, c.expected);
  }
}

TEST(Values, HtmlEntitiesAreUndoneOnce) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Salt &amp; Pepper", "Salt & Pepper"},
      {"&quot;Best&quot; &#39;mug&#x27;", "\"Best\" 'mug'"},
      {"&#8364;5 &#x1F9F6;", "€5 🧶"},
      {"&amp;lt;", "&lt;"},
      {"AT&T &unknown; &; & &#; &#xd800; &#0;", "AT&T &unknown; &; & &#; &#xd800; &#0;"},
      {"&", "&"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(decode_html_entities(text), expected);
}

}  // namespace
}  // namespace handsel::catalog
