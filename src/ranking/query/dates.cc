#include "ranking/query/dates.h"

#include <chrono>

#include <fmt/format.h>

namespace handsel::query {
namespace {

using std::chrono::sys_days;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMinuteMs = 60'000;

// Reads from the front; the first thing that does not fit spoils the rest.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count, int low, int high) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = take();
      if (c < '0' || c > '9') return spoil();
      value = value * 10 + (c - '0');
    }
    return value < low || value > high ? spoil() : value;
  }
  void expect(char wanted) {
    if (take() != wanted) spoil();
  }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  char take() {
    const char c = peek();
    if (!rest_.empty()) rest_.remove_prefix(1);
    return c;
  }
  bool ended_well() const { return ok_ && rest_.empty(); }
  bool ended() const { return rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  int spoil() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

std::int64_t read_fraction_ms(Reader& reader) {
  if (reader.peek() != '.') return 0;
  reader.take();
  std::int64_t ms = reader.digits(1, 0, 9) * 100;
  for (std::int64_t unit = 10; reader.peek() >= '0' && reader.peek() <= '9'; unit /= 10) {
    ms += (reader.take() - '0') * unit;
  }
  return ms;
}

std::int64_t read_zone_ms(Reader& reader) {
  const char sign = reader.take();
  if (sign == 'Z' || sign == 'z') return 0;
  if (sign != '+' && sign != '-') reader.expect('Z');
  const int hours = reader.digits(2, 0, 23);
  reader.expect(':');
  const int minutes = reader.digits(2, 0, 59);
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes) * kMinuteMs;
}

}  // namespace

std::optional<DateSpan> parse_date(std::string_view text) {
  Reader reader(text);
  const int year = reader.digits(4, 1, 9999);
  reader.expect('-');
  const int month = reader.digits(2, 1, 12);
  reader.expect('-');
  const int day = reader.digits(2, 1, 31);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.ok() || !date.ok()) return std::nullopt;
  const std::int64_t midnight = sys_days(date).time_since_epoch().count() * kDayMs;
  if (reader.ended()) return DateSpan{midnight, midnight + kDayMs};
  const char separator = reader.take();
  if (separator != 'T' && separator != 't' && separator != ' ') return std::nullopt;
  std::int64_t ms = midnight + reader.digits(2, 0, 23) * 60 * kMinuteMs;
  reader.expect(':');
  ms += reader.digits(2, 0, 59) * kMinuteMs;
  reader.expect(':');
  ms += reader.digits(2, 0, 60) * 1000;
  ms += read_fraction_ms(reader);
  ms -= read_zone_ms(reader);
  if (!reader.ended_well()) return std::nullopt;
  return DateSpan{ms, ms};
}

std::optional<std::string> format_moment(std::int64_t ms) {
  const std::int64_t days = ms >= 0 ? ms / kDayMs : -((-ms + kDayMs - 1) / kDayMs);
  constexpr std::int64_t kDaysMax = 4'000'000;  // beyond the year 9999, and safe to convert
  if (days > kDaysMax || days < -kDaysMax) return std::nullopt;
  const std::chrono::year_month_day date{sys_days(std::chrono::days(days))};
  if (int(date.year()) < 1 || int(date.year()) > 9999) return std::nullopt;
  const std::int64_t rest = ms - days * kDayMs;
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()),
                                unsigned(date.day()), rest / 3'600'000, rest / kMinuteMs % 60, rest / 1000 % 60);
  if (rest % 1000 != 0) out += fmt::format(".{:03}", rest % 1000);
  return out + "Z";
}

}  // namespace handsel::query
