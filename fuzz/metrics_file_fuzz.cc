// Metrics files, which users write. What is accepted is also put to work: every metric has a comparison of a known
// kind, and ratios name metrics that are there.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proof/metrics/event_metric.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::experiments;
  const auto file = parse_metrics(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!file) return 0;
  handsel::events::Event event{.kind = handsel::events::EventKind::kClick, .surface = "search", .position = 1};
  for (const EventMetric& metric : file->metrics) {
    const Metric comparison = comparison_of(metric);
    if (metric.is_ratio() && (file->find(comparison.column) == nullptr || file->find(comparison.below) == nullptr)) {
      std::abort();
    }
    static_cast<void>(metric.counts(event));
    if (file->find(metric.name) != &metric) std::abort();
  }
  return 0;
}
