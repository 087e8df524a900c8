#include "facts/catalog/import/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "facts/catalog/import/listing_rules.h"

namespace handsel::catalog {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_dropped_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | (code >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | (code >> 18)));
    out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

// `name` stands between '&' and ';'. Appends the character, or says that it is none.
bool append_entity(std::string& out, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNamed = {
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};
  for (const auto& [entity, text] : kNamed) {
    if (name == entity) {
      out += text;
      return true;
    }
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const int base = name.starts_with('x') || name.starts_with('X') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  if (!whole || code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  append_utf8(out, code);
  return true;
}

// Reads from the front of a time written out.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  // Exactly `digits` digits.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest_[i])) return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  bool eat(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // ".625", ",5", ".123456789" as milliseconds; nothing there is 0.
  std::optional<int> fraction_ms() {
    if (!eat('.') && !eat(',')) return 0;
    int value = 0;
    std::size_t digits = 0;
    while (!rest_.empty() && is_digit(rest_.front())) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) value *= 10;
    return value;
  }

  // "Z", "UTC", "+01:00", "-0530", "+02"; nothing there is UTC.
  std::optional<int> zone_minutes() {
    rest_ = trim(rest_);
    if (rest_.empty() || rest_ == "Z" || rest_ == "z" || rest_ == "UTC" || rest_ == "GMT") return 0;
    const bool west = rest_.front() == '-';
    if (!eat('+') && !eat('-')) return std::nullopt;
    const std::optional<int> hours = number(2);
    if (!hours || *hours > 14) return std::nullopt;
    eat(':');
    const std::optional<int> minutes = rest_.empty() ? 0 : number(2);
    if (!minutes || *minutes > 59 || !rest_.empty()) return std::nullopt;
    const int offset = *hours * 60 + *minutes;
    return west ? -offset : offset;
  }

  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> parse_written_time_ms(std::string_view text) {
  TimeReader reader(text);
  const auto year = reader.number(4);
  if (!year || !reader.eat('-')) return std::nullopt;
  const auto month = reader.number(2);
  if (!month || !reader.eat('-')) return std::nullopt;
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970 || *year > 2199) return std::nullopt;
  const std::int64_t midnight_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days(date).time_since_epoch()).count();
  if (reader.empty()) return midnight_ms;

  if (!reader.eat('T') && !reader.eat('t') && !reader.eat(' ')) return std::nullopt;
  const auto hour = reader.number(2);
  if (!hour || *hour > 23 || !reader.eat(':')) return std::nullopt;
  const auto minute = reader.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  const auto second = reader.eat(':') ? reader.number(2) : 0;
  if (!second || *second > 60) return std::nullopt;
  const auto fraction_ms = reader.fraction_ms();
  const auto zone_minutes = reader.zone_minutes();
  if (!fraction_ms || !zone_minutes) return std::nullopt;
  const std::int64_t minutes = *hour * 60 + *minute - *zone_minutes;
  return midnight_ms + (minutes * 60 + *second) * 1000 + *fraction_ms;
}

// A price text taken apart: "EUR", "1,234.50", "".
struct PriceParts {
  std::string_view before;
  std::string_view number;
  std::string_view after;
};

PriceParts split_price(std::string_view text) {
  const std::size_t first = text.find_first_of("0123456789.,-");
  const std::size_t last = text.find_last_of("0123456789");
  if (first == text.npos || last == text.npos || last < first) return {text, {}, {}};
  return {trim(text.substr(0, first)), text.substr(first, last - first + 1), trim(text.substr(last + 1))};
}

// "US$" and "$" name no currency: too many have that sign.
std::optional<std::string> currency_of(std::string_view word) {
  if (word.empty() || word == "$" || word == "US$") return "";
  if (word == "€") return "EUR";
  if (word == "£") return "GBP";
  if (word == "₹") return "INR";
  if (word.size() != 3) return std::nullopt;
  std::string code;
  for (const char c : word) {
    const char small = lower(c);
    if (small < 'a' || small > 'z') return std::nullopt;
    code.push_back(static_cast<char>(small - 'a' + 'A'));
  }
  return code;
}

// Length of the thousands separator at the front: comma (or point), apostrophe,
// space, no-break space. 0 where there is none.
std::size_t grouping_length(std::string_view text, char grouping) {
  if (text.starts_with(grouping) || text.starts_with('\'') || text.starts_with(' ')) return 1;
  if (text.starts_with("\u00a0")) return 2;
  if (text.starts_with("\u202f") || text.starts_with("\u2009") || text.starts_with("\u2019")) return 3;
  return 0;
}

// Digits of the whole part, checked to stand in groups: "1,234,567" and the Indian
// "12,34,567" are fine, "12,50" is not (somebody's decimal comma).
std::optional<std::string> ungrouped(std::string_view text, char grouping) {
  std::string digits;
  std::size_t in_group = 0;
  bool grouped = false;
  while (!text.empty()) {
    if (is_digit(text.front())) {
      digits.push_back(text.front());
      ++in_group;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t length = grouping_length(text, grouping);
    const bool first_group_fits = !grouped && in_group >= 1 && in_group <= 3;
    const bool group_fits = grouped && (in_group == 2 || in_group == 3);
    if (length == 0 || !(first_group_fits || group_fits)) return std::nullopt;
    grouped = true;
    in_group = 0;
    text.remove_prefix(length);
  }
  if (grouped && in_group != 3) return std::nullopt;
  return digits;
}

std::optional<std::int64_t> whole_cents(std::string_view units, std::string_view decimals, bool minor_units) {
  if (units.size() > 15) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : units) value = value * 10 + (c - '0');
  const auto digit = [&](std::size_t at) { return at < decimals.size() ? decimals[at] - '0' : 0; };
  const std::int64_t cents =
      minor_units ? value + (digit(0) >= 5 ? 1 : 0) : value * 100 + digit(0) * 10 + digit(1) + (digit(2) >= 5 ? 1 : 0);
  if (cents > kPriceCentsMax) return std::nullopt;
  return cents;
}

}  // namespace

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

void clean_text(std::string& text, std::size_t bytes_max) {
  if (std::ranges::any_of(text, is_dropped_control)) std::erase_if(text, is_dropped_control);
  const std::string_view kept = trim(cut_text(trim(text), bytes_max));
  if (kept.size() == text.size()) return;
  text.erase(0, static_cast<std::size_t>(kept.data() - text.data()));
  text.resize(kept.size());
}

std::string decode_html_entities(std::string_view text) {
  constexpr std::size_t kEntityBytesMax = 10;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t start = text.find('&');
    out += text.substr(0, start);
    if (start == text.npos) break;
    text.remove_prefix(start);
    const std::size_t end = text.substr(0, kEntityBytesMax).find(';');
    if (end != text.npos && append_entity(out, text.substr(1, end - 1))) {
      text.remove_prefix(end + 1);
    } else {
      out.push_back('&');
      text.remove_prefix(1);
    }
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  // "197.0", as spreadsheets and data frames write whole numbers.
  const std::optional<double> number = parse_number(text);
  if (!number || std::trunc(*number) != *number || std::abs(*number) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::optional<bool> parse_bool(std::string_view text) {
  text = trim(text);
  for (const std::string_view word : {"true", "yes", "1"}) {
    if (equal_ignoring_case(text, word)) return true;
  }
  for (const std::string_view word : {"false", "no", "0"}) {
    if (equal_ignoring_case(text, word)) return false;
  }
  return std::nullopt;
}

std::optional<std::int64_t> time_ms_from_epoch(std::int64_t count) {
  if (count <= 0) return std::nullopt;
  std::int64_t time_ms = 0;
  if (count < 100'000'000'000) {
    time_ms = count * 1000;
  } else if (count < 100'000'000'000'000) {
    time_ms = count;
  } else if (count < 100'000'000'000'000'000) {
    time_ms = count / 1000;
  } else {
    time_ms = count / 1'000'000;
  }
  if (time_ms > kTimeMsMax) return std::nullopt;
  return time_ms;
}

std::optional<std::int64_t> parse_time_ms(std::string_view text) {
  text = trim(text);
  if (const auto count = parse_whole_number(text)) return time_ms_from_epoch(*count);
  return parse_written_time_ms(text);
}

std::expected<Price, std::string> parse_price(std::string_view text, PriceStyle style) {
  text = trim(text);
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(fmt::format("'{}' is not a price: {}", cut_text(text, 60), why));
  };
  const PriceParts parts = split_price(text);
  if (parts.number.empty()) return wrong("it has no number");
  if (parts.number.starts_with('-')) return wrong("it is negative");
  const std::optional<std::string> before = currency_of(parts.before);
  const std::optional<std::string> after = currency_of(parts.after);
  if (!before || !after || (!before->empty() && !after->empty())) return wrong("expected a number and a currency");

  const char decimal = style.decimal_comma ? ',' : '.';
  const std::size_t point = parts.number.rfind(decimal);
  const std::string_view decimals = point == std::string_view::npos ? "" : parts.number.substr(point + 1);
  const std::optional<std::string> units = ungrouped(parts.number.substr(0, point), style.decimal_comma ? '.' : ',');
  if (!units || !std::ranges::all_of(decimals, is_digit) || (units->empty() && decimals.empty())) {
    return wrong(style.decimal_comma ? "expected a decimal comma" : "expected a decimal point");
  }
  const std::optional<std::int64_t> cents = whole_cents(*units, decimals, style.minor_units);
  if (!cents) return wrong("it is too large");
  return Price{*cents, before->empty() ? *after : *before};
}

std::optional<std::int64_t> cents_from_units(double units) {
  if (!std::isfinite(units) || units < 0) return std::nullopt;
  const double cents = std::round(units * 100);
  if (cents > static_cast<double>(kPriceCentsMax)) return std::nullopt;
  return static_cast<std::int64_t>(cents);
}

}  // namespace handsel::catalog
