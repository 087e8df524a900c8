// Values as people write them: "256M", "30s", "on".
#include <array>
#include <charconv>
#include <limits>

#include "app/settings/settings.h"

namespace handsel::settings {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

// The largest first, so that show() finds the shortest way to write a value.
constexpr std::array kByteUnits = {Unit{"G", 1ll << 30}, Unit{"M", 1ll << 20}, Unit{"K", 1ll << 10}, Unit{"", 1}};
constexpr std::array kDurationUnits = {Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1000}, Unit{"ms", 1}};
constexpr std::array kCountUnits = {Unit{"", 1}};

std::span<const Unit> units_of(Kind kind) {
  if (kind == Kind::kBytes) return kByteUnits;
  if (kind == Kind::kDuration) return kDurationUnits;
  return kCountUnits;
}

std::string_view expected_form(Kind kind) {
  switch (kind) {
    case Kind::kBytes:
      return "bytes as in 4096, 64K, 256M or 2G";
    case Kind::kDuration:
      return "a duration as in 250ms, 30s, 5m or 1h";
    case Kind::kBoolean:
      return "true or false";
    default:
      return "a whole number";
  }
}

std::string show_number(std::int64_t value, Kind kind) {
  for (const Unit& unit : units_of(kind)) {
    if (value % unit.factor != 0 || (value == 0 && unit.factor != units_of(kind).back().factor)) continue;
    return fmt::format("{}{}", value / unit.factor, unit.suffix);
  }
  return std::to_string(value);
}

std::optional<std::int64_t> parse_number(std::string_view text, Kind kind) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& unit : units_of(kind)) {
    if (unit.suffix != suffix) continue;
    std::int64_t value = 0;
    if (__builtin_mul_overflow(number, unit.factor, &value)) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::optional<bool> parse_boolean(std::string_view text) {
  for (const std::string_view yes : {"true", "on", "yes", "1"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"false", "off", "no", "0"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

std::unexpected<Error> fail_form(const Setting& setting, std::string_view text) {
  return fail(Code::kInvalidArgument, "{}: expected {}, found '{}'", setting.name, expected_form(setting.kind),
              text.substr(0, 64));
}

}  // namespace

Result<void> assign(Settings& settings, const Setting& setting, std::string_view text) {
  if (const auto* member = std::get_if<std::string Settings::*>(&setting.member)) {
    if (text.size() > kTextBytesMax) {
      return fail(Code::kInvalidArgument, "{}: longer than {} bytes", setting.name, kTextBytesMax);
    }
    settings.** member = text;
    return {};
  }
  if (const auto* member = std::get_if<bool Settings::*>(&setting.member)) {
    const auto value = parse_boolean(text);
    if (!value) return fail_form(setting, text);
    settings.** member = *value;
    return {};
  }
  const auto value = parse_number(text, setting.kind);
  if (!value) return fail_form(setting, text);
  if (*value < setting.low || *value > setting.high) {
    return fail(Code::kInvalidArgument, "{}: {} is out of range, expected {}", setting.name, text.substr(0, 64),
                show_range(setting));
  }
  settings.*std::get<std::int64_t Settings::*>(setting.member) = *value;
  return {};
}

std::string show(const Settings& settings, const Setting& setting) {
  if (const auto* member = std::get_if<std::string Settings::*>(&setting.member)) return settings.**member;
  if (const auto* member = std::get_if<bool Settings::*>(&setting.member)) return settings.**member ? "true" : "false";
  return show_number(settings.*std::get<std::int64_t Settings::*>(setting.member), setting.kind);
}

std::string show_range(const Setting& setting) {
  if (setting.kind == Kind::kText) return "";
  if (setting.kind == Kind::kBoolean) return "true or false";
  return fmt::format("{} to {}", show_number(setting.low, setting.kind), show_number(setting.high, setting.kind));
}

}  // namespace handsel::settings
