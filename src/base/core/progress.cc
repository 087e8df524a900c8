#include "base/core/progress.h"

#include <fmt/format.h>
#include <unistd.h>

namespace handsel {
namespace {

constexpr double kTerminalEveryMs = 100;
constexpr double kPlainEveryMs = 10'000;

}  // namespace

std::string with_commas(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

Progress::Progress(std::string label, std::string unit, std::uint64_t total, bool quiet, std::FILE* out)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      quiet_(quiet),
      out_(out),
      terminal_(::isatty(::fileno(out)) == 1) {}

Progress::~Progress() {
  finish();
}

void Progress::set(std::uint64_t done) {
  done_ = done;
  const double every_ms = terminal_ ? kTerminalEveryMs : kPlainEveryMs;
  if (watch_.elapsed_ms() - drawn_at_ms_ >= every_ms) draw(false);
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  draw(true);
}

void Progress::draw(bool last) {
  if (quiet_) return;
  const double elapsed_ms = watch_.elapsed_ms();
  drawn_at_ms_ = elapsed_ms;
  const double rate = elapsed_ms > 0 ? static_cast<double>(done_) * 1000 / elapsed_ms : 0;
  std::string line = fmt::format("{}: {} {}", label_, with_commas(done_), unit_);
  if (total_ > 0 && !last) {
    line += fmt::format(" of {} ({:.0f} %)", with_commas(total_),
                        100.0 * static_cast<double>(done_) / static_cast<double>(total_));
  }
  line += fmt::format(", {}/s", with_commas(static_cast<std::uint64_t>(rate)));
  if (last) {
    line += fmt::format(", {:.1f} s", elapsed_ms / 1000);
  } else if (total_ > done_ && rate > 0) {
    line += fmt::format(", {:.0f} s left", static_cast<double>(total_ - done_) / rate);
  }
  if (terminal_) {
    std::fprintf(out_, "\r\033[K%s%s", line.c_str(), last ? "\n" : "");
  } else {
    std::fprintf(out_, "%s\n", line.c_str());
  }
  std::fflush(out_);
}

}  // namespace handsel
