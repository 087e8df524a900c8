// Every shape of events. The first byte chooses the format, the second the size of the
// buffers; the rest is the file. What is accepted is written as JSON and must read
// back as the same event.
#include <cstdint>
#include <string>

#include "base/core/result.h"
#include "facts/events/formats/event_json.h"
#include "facts/events/formats/import_events.h"

namespace {

using namespace handsel;

constexpr std::int64_t kNowMs = 1'800'000'000'000;

void check_round_trip(const events::Event& event) {
  events::EventParser parser;
  const events::ParsedEvents back = parser.parse(events::EventFormat::kHandsel, events::to_json(event), kNowMs);
  HANDSEL_CHECK(back.events.size() == 1 && back.events.front() == event);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto source = catalog::memory_source("fuzz", text, data[1] + std::size_t{1});
  const auto format = static_cast<events::EventFormat>(data[0] % 6);
  events::import_events(
      *source, {.format = format, .now_ms = kNowMs},
      [](std::span<catalog::Row<events::Event>> rows) -> Result<void> {
        for (const catalog::Row<events::Event>& row : rows) check_round_trip(row.value);
        return {};
      },
      [](const catalog::RefusedRow&) -> Result<void> { return {}; });
  return 0;
}
