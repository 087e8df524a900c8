#include "products/search/internal/explain.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ranking/query/filter_parser.h"

namespace handsel::search {
namespace {

using Json = nlohmann::ordered_json;

// Bytes of the query that are no UTF-8 come out as U+FFFD.
std::string written(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// JSON has no NaN: what is not known is null.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json words_of(const std::vector<query::QueryWord>& words) {
  Json out = Json::array();
  for (const query::QueryWord& word : words) {
    Json json{{"term", word.term}, {"surface", word.surface}};
    if (word.stop) json["stop_word"] = true;
    if (word.quoted) json["quoted"] = true;
    out.push_back(std::move(json));
  }
  return out;
}

Json group_of(const index::TermGroup& group, double value) {
  Json variants = Json::object();
  for (const index::TermVariant& variant : group.variants) variants[variant.term] = variant.weight;
  return {{"variants", std::move(variants)}, {"weight", group.weight}, {"required", group.required}, {"value", value}};
}

// Who found what stands in the order.
Json found_by(const Order& order, const OrderedItem& item) {
  Json out = Json::array();
  if (!std::ranges::binary_search(order.beyond_words, item.hit.doc)) out.push_back("words");
  if (!order.sources) return out;
  if (order.sources->is_near(item.hit.doc)) out.push_back("vectors");
  if (order.sources->was_walked_to(item.hit.id_hash)) out.push_back("walks");
  return out;
}

}  // namespace

std::string explain_parse(const query::ParsedQuery& query) {
  return written({{"text", query.text},
                  {"language", query.language},
                  {"words", words_of(query.words)},
                  {"phrases", query.phrases.size()},
                  {"excluded", words_of(query.excluded)},
                  {"complaints", query.complaints}});
}

std::string explain_plan(const query::QueryPlan& plan, const index::Filter& filter) {
  Json groups = Json::array();
  for (std::size_t i = 0; i < plan.groups.size(); ++i) groups.push_back(group_of(plan.groups[i], plan.values[i]));
  Json phrases = Json::array();
  for (const index::Phrase& phrase : plan.phrases) phrases.push_back(phrase.terms);
  Json notes = Json::array();
  for (const query::PlanNote& note : plan.notes) {
    notes.push_back({{"rule", note.rule}, {"from", note.from}, {"to", note.to}});
  }
  return written({{"groups", std::move(groups)},
                  {"phrases", std::move(phrases)},
                  {"excluded", plan.excluded},
                  {"unwanted", plan.unwanted},
                  {"notes", std::move(notes)},
                  {"corrected_query", plan.corrected_query},
                  {"filter", query::filter_to_string(filter)}});
}

std::string explain_understand(const query::QueryUnderstanding& understood) {
  Json taxonomies = Json::object();
  for (const auto& [path, share] : understood.taxonomies) taxonomies[path] = number(share);
  Json attributes = Json::object();
  for (const auto& [attribute, share] : understood.attributes) attributes[attribute] = number(share);
  Json named = Json::object();
  for (const query::NamedValue& value : understood.named) named[value.attribute] = number(value.share);
  return written({{"taxonomies", std::move(taxonomies)},
                  {"attributes", std::move(attributes)},
                  {"named", std::move(named)},
                  {"things", understood.things},
                  {"confidence", number(understood.confidence)},
                  {"actions", number(understood.actions)}});
}

std::string explain_candidates(const index::Snapshot& snapshot, const CandidateList& candidates) {
  return written({{"generation", snapshot.generation},
                  {"segments", snapshot.segments.size()},
                  {"listings", snapshot.live},
                  {"match", candidates.relaxation.any_word ? "any" : "all"},
                  {"without_phrases", candidates.relaxation.without_phrases},
                  {"found", candidates.answer.hits.size()},
                  {"total", candidates.answer.total},
                  {"total_exact", candidates.answer.total_exact}});
}

std::string explain_sources(const Sources& sources, std::uint64_t by_meaning) {
  Json troubles = Json::array();
  for (const ModelTrouble& trouble : sources.troubles) {
    troubles.push_back(fmt::format("the {}: {}", trouble.stage, trouble.what));
  }
  return written(
      {{"vectors",
        {{"found", sources.from_vectors}, {"encode_ms", sources.encode_ms}, {"search_ms", sources.vectors_ms}}},
       {"walks", {{"found", sources.from_walks}, {"ms", sources.walk_ms}}},
       {"candidates", sources.found().size()},
       {"not_matched_by_words", by_meaning},
       {"troubles", std::move(troubles)}});
}

std::string explain_rank(const index::Snapshot& snapshot, const Order& order, std::span<const std::size_t> page) {
  Json weights = Json::object();
  for (std::size_t i = 0; i < order.features.names.size(); ++i) {
    weights[std::string(order.features.names[i])] = order.features.weights[i];
  }
  Json hits = Json::array();
  for (const std::size_t place : page) {
    const OrderedItem& item = order.items[place];
    Json features = Json::object();
    if (item.row) {
      const auto row = order.features.row(*item.row);
      for (std::size_t i = 0; i < row.size(); ++i) features[std::string(order.features.names[i])] = number(row[i]);
    }
    hits.push_back({{"id", index::doc_info(snapshot, item.hit.doc).id},
                    {"place", order.begin <= place ? place - order.begin : 0},
                    {"score", item.score},
                    {"found_by", found_by(order, item)},
                    {"index_place", item.candidate ? Json(*item.candidate) : Json(nullptr)},
                    {"features", std::move(features)}});
  }
  return written({{"weights", std::move(weights)}, {"hits", std::move(hits)}});
}

std::string explain_rerank(const index::Snapshot& snapshot, const Order& order) {
  constexpr std::size_t kMovesMax = 200;
  Json rules = Json::array();
  for (const pipeline::Rule* rule : order.rules.rules()) {
    rules.push_back({{"rule", rule->name}, {"line", rule->line}, {"does", pipeline::action_name(rule->action)}});
  }
  Json moves = Json::array();
  for (const pipeline::Move& move : std::span(order.moves).first(std::min(order.moves.size(), kMovesMax))) {
    moves.push_back({{"by", move.rule == nullptr ? "exploration" : move.rule->name},
                     {"id", index::doc_info(snapshot, move.doc).id},
                     {"from", move.from},
                     {"to", move.to},
                     {"score_before", number(move.score_before)},
                     {"score", number(move.score)}});
  }
  return written({{"rules", std::move(rules)}, {"moves", std::move(moves)}, {"moved", order.moves.size()}});
}

std::string explain_interleave(const index::Snapshot& snapshot, const Order& order, std::span<const std::size_t> page) {
  Json hits = Json::array();
  for (const std::size_t place : page) {
    const OrderedItem& item = order.items[place];
    hits.push_back({{"id", index::doc_info(snapshot, item.hit.doc).id},
                    {"team", item.team == 0 ? Json(nullptr) : Json(std::string(1, item.team))}});
  }
  return written({{"a", "the ranker that serves"}, {"b", "the challenger"}, {"hits", std::move(hits)}});
}

std::string explain_page(const SearchRequest& request, const Order& order, std::span<const std::size_t> page) {
  return written({{"limit", request.limit},
                  {"offset", request.offset},
                  {"by_cursor", !request.cursor.empty()},
                  {"sort", request.sort.column},
                  {"per_shop", request.per_shop_max},
                  {"group_by", request.group_by},
                  {"places_read", order.items.size()},
                  {"shown", page.size()}});
}

std::string explain_load(std::size_t loaded, std::size_t wanted) {
  return written({{"loaded", loaded}, {"gone", wanted - loaded}});
}

}  // namespace handsel::search
