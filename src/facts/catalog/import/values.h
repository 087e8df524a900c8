// Reads single values as foreign files write them: prices, times, numbers, text.
// Pure functions of their arguments; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace handsel::catalog {

// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII
bool is_utf8(std::string_view text);

// At most `bytes_max` bytes, without cutting a UTF-8 character in two.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);
// Drops control characters (NUL too) except line feed and tab, then white space at
// the ends, and cuts.
void clean_text(std::string& text, std::size_t bytes_max);
// "&amp;" "&lt;" "&gt;" "&quot;" "&apos;" "&nbsp;" "&#39;" "&#x27;"; anything else stays.
std::string decode_html_entities(std::string_view text);

// The whole of the trimmed text, finite.
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_whole_number(std::string_view text);
// true|false|yes|no|1|0 in any case.
std::optional<bool> parse_bool(std::string_view text);

// ISO 8601 ("2024-12-10", "2024-12-10T00:26:04.625Z", "... +01:00", "... +0000"; no
// zone: UTC), or a number of seconds, milliseconds, microseconds or nanoseconds
// since 1970, told apart by size.
std::optional<std::int64_t> parse_time_ms(std::string_view text);
std::optional<std::int64_t> time_ms_from_epoch(std::int64_t count);

struct PriceStyle {
  bool decimal_comma = false;  // "1.234,50" instead of "1,234.50"
  bool minor_units = false;    // "1250" is 12.50
};

struct Price {
  std::int64_t cents = 0;
  std::string currency;  // where the text names one: "USD", "€"
  bool operator==(const Price&) const = default;
};

// "12.5", "1,234.50 USD", "EUR 12", "£3", "1 234,50 €" (decimal_comma). The error
// says what is wrong. Exact: the third decimal rounds half up.
std::expected<Price, std::string> parse_price(std::string_view text, PriceStyle style = {});
// Hundredths of a price in units; nothing where it is negative, not finite or too large.
std::optional<std::int64_t> cents_from_units(double units);

}  // namespace handsel::catalog
