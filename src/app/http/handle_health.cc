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
  const auto set = [&context](std::string_view name, std::string_view help, auto value) {
    context.metrics.gauge(name, help).set(static_cast<double>(value));
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
  const VectorHealth vectors = health.vectors.value_or(VectorHealth{});
  set("handsel_vectors", "Listings with a vector of the encoder that serves; 0 where none does.", vectors.live);
  set("handsel_vectors_in_graph", "Of these, linked into a graph; the others are looked at one by one.",
      vectors.in_graph);
  set("handsel_vectors_segments", "Segments of the vectors.", vectors.segments);
  set("handsel_vectors_bytes", "Bytes of the vectors on disk.", vectors.bytes);
  set("handsel_vectors_bytes_each", "Of one listing's vector, links and id, on average.",
      vectors.live == 0 ? 0 : static_cast<double>(vectors.bytes) / static_cast<double>(vectors.live));
  set("handsel_vectors_recall_at_100",
      "Share of the exact nearest 100 that the graph finds, measured when it was built.", vectors.recall_at_100);
  set("handsel_vectors_refused", "Listings of which the encoder made what is no vector, since the start.",
      vectors.refused);
  for (const auto& [stage, count] : health.model_troubles) {
    context.metrics
        .gauge("handsel_model_troubles",
               "Searches in which a model failed and that went on without it, since the start.", {{"stage", stage}})
        .set(static_cast<double>(count));
  }
  set("handsel_degraded", "Things that do not work as they should; /health/ready names them.", health.degraded.size());
  return {.content_type = std::string(metrics::kMetricsContentType), .body = context.metrics.render()};
}

}  // namespace handsel::http
