#include "app/engine/experiments.h"

#include <algorithm>
#include <array>

#include "analysis/text/normalised_query.h"
#include "base/core/hash.h"
#include "facts/catalog/import/values.h"

namespace handsel {
namespace {

using assignment::Attribute;
using assignment::Condition;
using assignment::Experiment;
using assignment::Variant;

constexpr std::array<std::string_view, 4> kUnitsOfSearches = {"visitor", "user", "session", "query"};

bool has_unit_of_searches(const Experiment& experiment) {
  return experiment.switchback || std::ranges::find(kUnitsOfSearches, experiment.unit) != kUnitsOfSearches.end();
}

Result<std::vector<search::SearchParameters>> search_parameters(const Experiment& experiment) {
  std::vector<search::SearchParameters> parameters;
  for (const Variant& variant : experiment.variants) {
    auto parsed = search::parse_parameters(variant.parameters);
    if (!parsed) {
      return fail(parsed.error().code, "experiment '{}', variant '{}': {}", experiment.name, variant.name,
                  parsed.error().message);
    }
    parameters.push_back(std::move(*parsed));
  }
  return parameters;
}

// The log keeps them in events, which have limits.
Result<void> check_names(const Experiment& experiment) {
  const auto check = [&](std::string_view what, std::string_view name) -> Result<void> {
    const bool plain = std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (name.size() <= kUnitBytesMax && plain) return {};
    return fail(Code::kInvalidData, "the name of {} '{}' is longer than {} bytes or has control characters", what,
                name.substr(0, 60), kUnitBytesMax);
  };
  HANDSEL_TRY(check("experiment", experiment.name));
  for (const Variant& variant : experiment.variants) HANDSEL_TRY(check("variant", variant.name));
  return {};
}

}  // namespace

// As events have their ids.
std::string unit_name(std::string_view name) {
  name = catalog::trim(name);
  if (name.size() <= kUnitBytesMax) return std::string(name);
  return fmt::format("#{:016x}{:016x}", hash64(name, 1), hash64(name, 2));
}

std::string query_unit_name(std::string_view words) {
  return unit_name(text::normalised_query(words));
}

std::string attribute_value(std::string_view name, std::string_view value) {
  std::string out(value);
  if (name != "country" && name != "language") return out;
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string unit_of(const Experiment& experiment, const Asker& asker, std::int64_t now_ms) {
  if (experiment.switchback) return fmt::format("{}", assignment::block_number(*experiment.switchback, now_ms));
  if (experiment.unit == "visitor") return unit_name(asker.user_id.empty() ? asker.session_id : asker.user_id);
  if (experiment.unit == "user") return unit_name(asker.user_id);
  if (experiment.unit == "session") return unit_name(asker.session_id);
  if (experiment.unit == "query") return query_unit_name(asker.query);
  if (asker.units == nullptr) return {};
  const auto named = asker.units->find(experiment.unit);
  return named == asker.units->end() ? std::string() : unit_name(named->second);
}

Result<Experiments> Experiments::parse(std::string_view toml, std::string_view file_name) {
  HANDSEL_ASSIGN(assignment::Definitions definitions, assignment::parse_definitions(toml, file_name));
  for (Experiment& experiment : definitions.experiments) {
    for (Condition& condition : experiment.conditions) {
      for (std::string& value : condition.values) value = attribute_value(condition.attribute, value);
    }
  }
  Experiments out;
  HANDSEL_ASSIGN(out.assignments_, assignment::Assignments::build(std::move(definitions)));
  if (const Result<void> compiled = out.compile(); !compiled) {
    return fail(compiled.error().code, "{}: {}", file_name, compiled.error().message);
  }
  return out;
}

Result<Experiments> Experiments::without(const std::set<std::string>& names) const {
  assignment::Definitions definitions = assignments_.definitions();
  for (Experiment& experiment : definitions.experiments) {
    if (names.contains(experiment.name)) experiment.is_running = false;
  }
  Experiments out;
  HANDSEL_ASSIGN(out.assignments_, assignment::Assignments::build(std::move(definitions)));
  HANDSEL_TRY(out.compile());
  return out;
}

Result<void> Experiments::compile() {
  for (std::size_t i = 0; i < all().size(); ++i) {
    const Experiment& experiment = all()[i];
    HANDSEL_TRY(check_names(experiment));
    SearchSide side{.experiment = i};
    HANDSEL_ASSIGN(side.parameters, search_parameters(experiment));
    for (const search::SearchParameters& parameters : side.parameters) {
      side.touched |= search::set_of(parameters);
      if (!parameters.ranker.empty()) side.rankers.insert(parameters.ranker);
    }
    if (side.touched == 0) continue;
    if (!has_unit_of_searches(experiment)) {
      return fail(Code::kInvalidData,
                  "experiment '{}' sets parameters of the search, and searches know no unit '{}'; they know visitor, "
                  "user, session, query, and blocks of time (switchback)",
                  experiment.name, experiment.unit);
    }
    if (!experiment.is_running) continue;
    for (const std::string& ranker : side.rankers) {
      if (ranker != search::kLearnedRanker && ranker != search::kUntrainedRanker) rankers_.insert(ranker);
    }
    search_.push_back(std::move(side));
  }
  if (rankers_.size() > kRankersMax) {
    return fail(Code::kTooLarge, "the experiments name {} rankers by id; at most {} are kept in memory",
                rankers_.size(), kRankersMax);
  }
  return {};
}

std::optional<Assigned> Experiments::assign(const Experiment& experiment, const Asker& asker,
                                            std::int64_t now_ms) const {
  std::string unit = unit_of(experiment, asker, now_ms);
  if (unit.empty()) return std::nullopt;
  const Variant* variant = assignments_.assign(experiment, unit, asker.attributes, now_ms);
  if (variant == nullptr) return std::nullopt;
  const bool in_washout = experiment.switchback && !assignment::block_of(*experiment.switchback, now_ms);
  if (in_washout) variant = &experiment.variants.front();
  return Assigned{.experiment = &experiment, .variant = variant, .unit = std::move(unit), .in_washout = in_washout};
}

std::string Experiments::why(const Experiment& experiment, const Asker& asker, std::int64_t now_ms) const {
  const std::string unit = unit_of(experiment, asker, now_ms);
  const std::string_view kind = experiment.switchback ? "block" : std::string_view(experiment.unit);
  if (unit.empty()) return fmt::format("there is no {} to go by", kind);
  const auto decision = assignments_.decide(experiment, unit, asker.attributes, now_ms);
  if (decision.variant == nullptr) return std::string(assignment::gate_words(decision.gate));
  const bool in_washout = experiment.switchback && !assignment::block_of(*experiment.switchback, now_ms);
  return fmt::format("{} {}{}", kind, unit, in_washout ? ", which has just begun: the control, uncounted" : "");
}

Experiments::OfSearch Experiments::of_search(const search::SearchRequest& request, std::string_view default_language,
                                             const std::function<bool(std::string_view ranker)>& serves,
                                             std::int64_t now_ms) const {
  OfSearch out;
  if (search_.empty() || !request.experiments) return out;
  const search::ParameterSet open = search::open_parameters(request);
  const std::string country = attribute_value("country", request.country);
  const std::string language =
      attribute_value("language", request.language.empty() ? default_language : request.language);
  const std::array<Attribute, 3> attributes = {{{"country", country}, {"language", language}, {"surface", "search"}}};
  const Asker asker{
      .user_id = request.user_id, .session_id = request.session_id, .query = request.query, .attributes = attributes};
  for (const SearchSide& side : search_) {
    if ((side.touched & ~open) != 0 || !std::ranges::all_of(side.rankers, serves)) continue;
    auto assigned = assign(all()[side.experiment], asker, now_ms);
    if (!assigned) continue;
    const auto variant = static_cast<std::size_t>(assigned->variant - assigned->experiment->variants.data());
    search::merge(out.parameters, side.parameters[variant]);
    out.touched |= side.touched;
    out.assigned.push_back(std::move(*assigned));
  }
  return out;
}

}  // namespace handsel
