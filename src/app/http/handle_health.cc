#include "app/http/handlers.h"
#include "app/http/search_answer.h"

namespace handsel::http {

Response handle_live(Context&, const Call&) {
  return json_answer("{\"live\":true}");
}

Response handle_ready(Context& context, const Call&) {
  const Health health = context.engine.health();
  const bool stopping = context.stopping.load();
  std::string body;
  append_health(body, health, stopping);
  Response response = json_answer(std::move(body));
  if (!reasons_not_ready(health, stopping).empty()) {
    response.status = 503;
    response.headers.push_back({"Retry-After", "1"});
  }
  return response;
}

Response handle_metrics(Context& context, const Call&) {
  const Health health = context.engine.health();
  const auto set = [&context](std::string_view name, std::string_view help, std::uint64_t value) {
    context.metrics.gauge(name, help).set(static_cast<std::int64_t>(value));
  };
  set("handsel_ready", "1 where the views have caught up with the log.", health.ready ? 1 : 0);
  set("handsel_listings", "Listings that can be found.", health.listings);
  set("handsel_events", "Events in the log.", health.events);
  set("handsel_log_behind", "Records of the log that are not yet searchable.", health.behind);
  set("handsel_index_segments", "Segments of the index.", health.index_segments);
  set("handsel_index_bytes", "Bytes of the index on disk.", health.index_bytes);
  set("handsel_memory_bytes", "Memory of the process.", health.memory_bytes);
  set("handsel_exposures", "Exposures to experiments written down since the start.", health.exposures);
  set("handsel_exposures_dropped", "Exposures that could not be written: too many at once, or the disk failed.",
      health.exposures_dropped);
  set("handsel_experiments_stopped", "Experiments of the definitions that a decision stopped.",
      health.experiments_stopped);
  set("handsel_guard_checks", "Checks of the guard rails of experiments since the start.", health.guard_checks);
  set("handsel_guard_check_milliseconds", "How long the last of them took, with its rests.", health.guard_check_ms);
  set("handsel_degraded", "Things that do not work as they should; /health/ready names them.", health.degraded.size());
  return {.content_type = std::string(metrics::kMetricsContentType), .body = context.metrics.render()};
}

}  // namespace handsel::http
