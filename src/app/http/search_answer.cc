#include "app/http/search_answer.h"

#include <cmath>

#include "base/core/progress.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/listing_json.h"

namespace handsel::http {
namespace {

using catalog::append_json_string;
using catalog::JsonObjectWriter;

// JSON has no infinity and no not-a-number.
double finite(double value) {
  return std::isfinite(value) ? value : 0;
}

double rounded_ms(double ms) {
  return std::round(finite(ms) * 1000) / 1000;
}

void text_or_null(JsonObjectWriter& object, std::string_view name, std::string_view value) {
  if (value.empty()) {
    object.key(name) += "null";
  } else {
    object.text(name, value);
  }
}

// [one,two,...], also where there are none.
template <typename Items, typename Write>
void array(JsonObjectWriter& object, std::string_view name, const Items& items, Write write) {
  std::string& out = object.key(name);
  out.push_back('[');
  bool first = true;
  for (const auto& item : items) {
    if (!first) out.push_back(',');
    first = false;
    write(out, item);
  }
  out.push_back(']');
}

void texts(JsonObjectWriter& object, std::string_view name, const std::vector<std::string>& items) {
  array(object, name, items, [](std::string& out, const std::string& text) { append_json_string(out, text); });
}

void append_hit(std::string& out, const search::SearchHit& hit, bool highlight) {
  JsonObjectWriter object(out);
  catalog::append_json(object.key("listing"), hit.listing);
  object.number("score", finite(hit.score));
  object.text_if_any("team", hit.team);
  if (!highlight) return;
  JsonObjectWriter highlights(object.key("highlights"));
  highlights.text_if_any("title", hit.title_highlighted);
  highlights.text_if_any("description", hit.description_highlighted);
}

void append_facet(std::string& out, const index::Facet& facet) {
  JsonObjectWriter object(out);
  object.text("field", facet.field);
  object.number("distinct", facet.distinct);
  array(object, "values", facet.values, [](std::string& to, const index::FacetValue& value) {
    JsonObjectWriter one(to);
    one.text("value", value.value);
    one.number("count", value.count);
  });
}

void append_chip(std::string& out, const search::SearchChip& chip) {
  JsonObjectWriter object(out);
  object.text("field", chip.field);
  object.text("value", chip.value);
  object.number("count", chip.count);
  object.text("filter", chip.filter);
}

void append_suggestion(std::string& out, const search::SearchSuggestion& suggestion) {
  JsonObjectWriter object(out);
  object.text("query", suggestion.query);
  object.text("reason", suggestion.reason);
}

void append_step(std::string& out, const search::ExplainStep& step) {
  JsonObjectWriter object(out);
  object.text("stage", step.stage);
  object.number("ms", rounded_ms(step.ms));
  object.key("detail") += step.json.empty() ? "{}" : step.json;
}

}  // namespace

void append_search_answer(std::string& out, const search::SearchRequest& request,
                          const search::SearchResponse& response) {
  JsonObjectWriter object(out);
  object.text("query_id", response.query_id);
  object.number("total", response.total);
  object.truth("total_exact", response.total_exact);
  object.truth("relaxed", response.relaxed);
  object.number("by_meaning", response.by_meaning);
  object.truth("personalised", response.personalised);
  object.truth("learned", response.learned);
  if (!response.experiments.empty()) {
    JsonObjectWriter experiments(object.key("experiments"));
    for (const auto& [experiment, variant] : response.experiments) experiments.text(experiment, variant);
  }
  text_or_null(object, "corrected_query", response.corrected_query);
  texts(object, "complaints", response.complaints);
  texts(object, "notes", response.notes);
  array(object, "hits", response.hits,
        [&request](std::string& to, const search::SearchHit& hit) { append_hit(to, hit, request.highlight); });
  array(object, "facets", response.facets, append_facet);
  array(object, "chips", response.chips, append_chip);
  array(object, "suggestions", response.suggestions, append_suggestion);
  text_or_null(object, "next_cursor", response.next_cursor);
  object.number("took_ms", rounded_ms(response.took_ms));
  if (request.explain) array(object, "explain", response.explain, append_step);
}

void append_completions(std::string& out, std::span<const Engine::Completion> completions) {
  JsonObjectWriter object(out);
  array(object, "completions", completions, [](std::string& to, const Engine::Completion& completion) {
    JsonObjectWriter one(to);
    one.text("text", completion.text);
    one.number("weight", completion.weight);
  });
}

std::vector<std::string> reasons_not_ready(const Health& health, bool stopping) {
  std::vector<std::string> reasons;
  if (stopping) reasons.emplace_back("the server is stopping");
  if (!health.ready) {
    reasons.push_back(fmt::format("{} records of the log are not yet searchable", with_commas(health.behind)));
  }
  return reasons;
}

void append_health(std::string& out, const Health& health, bool stopping) {
  const std::vector<std::string> reasons = reasons_not_ready(health, stopping);
  JsonObjectWriter object(out);
  object.truth("ready", reasons.empty());
  texts(object, "reasons", reasons);
  texts(object, "degraded", health.degraded);
  object.number("listings", health.listings);
  object.number("events", health.events);
  object.number("behind", health.behind);
  object.text("encoder", health.encoder);
  object.text("ranker", health.ranker);
}

}  // namespace handsel::http
