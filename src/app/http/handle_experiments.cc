#include <algorithm>

#include "app/http/assign_request.h"
#include "app/http/decision_request.h"
#include "app/http/handlers.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

using assignment::Experiment;
using assignment::Variant;
using catalog::JsonObjectWriter;
using Parameters = std::map<std::string, std::string, std::less<>>;

template <typename Items, typename Write>
void array(JsonObjectWriter& object, std::string_view name, const Items& items, Write write) {
  std::string& out = object.key(name);
  out.push_back('[');
  for (const auto& item : items) {
    if (out.back() != '[') out.push_back(',');
    write(out, item);
  }
  out.push_back(']');
}

void texts(JsonObjectWriter& object, std::string_view name, const Parameters& values) {
  JsonObjectWriter members(object.key(name));
  for (const auto& [key, value] : values) members.text(key, value);
}

void append_variant(std::string& out, const Variant& variant) {
  JsonObjectWriter object(out);
  object.text("name", variant.name);
  object.number("weight", variant.weight);
  texts(object, "parameters", variant.parameters);
}

void decision(JsonObjectWriter& object, std::string_view name, const decisions::ExperimentDecision& decision) {
  JsonObjectWriter members(object.key(name));
  members.text("decision", decisions::verdict_name(decision.verdict));
  members.number("time_ms", decision.time_ms);
  members.text("by", decision.by);
  members.text("why", decision.why);
}

void append_standing(JsonObjectWriter& object, const decisions::Standing& standing) {
  if (standing.since_ms != 0) object.number("since_ms", standing.since_ms);
  if (standing.is_stopped) decision(object, "stopped", standing.stop);
  decision(object, "decision", standing.newest);
}

void append_experiment(std::string& out, const Experiment& experiment, const decisions::Standings& decided) {
  JsonObjectWriter object(out);
  object.text("name", experiment.name);
  object.text("unit", experiment.unit);
  object.text_if_any("layer", experiment.layer);
  object.text_if_any("salt", experiment.salt);
  object.number("from", experiment.from);
  object.number("to", experiment.to);
  object.truth("running", experiment.is_running);
  array(object, "variants", experiment.variants, append_variant);
  array(object, "targeting", experiment.conditions, [](std::string& to, const assignment::Condition& condition) {
    JsonObjectWriter one(to);
    one.text("attribute", condition.attribute);
    array(one, "values", condition.values,
          [](std::string& text, const std::string& value) { catalog::append_json_string(text, value); });
  });
  array(object, "ramp", experiment.ramp, [](std::string& to, const assignment::RampStep& step) {
    JsonObjectWriter one(to);
    one.number("from_ms", step.from_ms);
    one.number("share", step.share);
  });
  if (experiment.switchback) {
    JsonObjectWriter blocks(object.key("switchback"));
    blocks.number("block_ms", experiment.switchback->block_ms);
    blocks.number("washout_ms", experiment.switchback->washout_ms);
  }
  if (const auto found = decided.find(experiment.name); found != decided.end()) append_standing(object, found->second);
}

std::string definitions_json(const ExperimentsInForce& in_force) {
  const assignment::Definitions& definitions = in_force.experiments->assignments().definitions();
  std::string body;
  {
    JsonObjectWriter object(body);
    object.text_if_any("trouble", in_force.trouble.value_or(""));
    object.number("holdout", definitions.holdout);
    array(object, "experiments", definitions.experiments,
          [&](std::string& to, const Experiment& one) { append_experiment(to, one, *in_force.decided); });
  }
  return body;
}

// Of the experiments that the caller asks about, all where it names none.
Result<std::vector<Assigned>> assign(const Experiments& experiments, const AssignRequest& request,
                                     std::int64_t now_ms) {
  for (const std::string& name : request.experiments) {
    if (experiments.assignments().find(name) == nullptr) {
      return fail(Code::kNotFound, "there is no experiment '{}'", catalog::cut_text(name, 60));
    }
  }
  std::vector<assignment::Attribute> attributes;
  for (const auto& [name, value] : request.attributes) attributes.push_back({name, value});
  const Asker asker{.user_id = request.user_id,
                    .session_id = request.session_id,
                    .query = request.query,
                    .attributes = attributes,
                    .units = &request.units};
  std::vector<Assigned> all;
  for (const Experiment& experiment : experiments.all()) {
    const bool is_asked = request.experiments.empty() || request.experiments.contains(experiment.name);
    if (!is_asked) continue;
    if (auto assigned = experiments.assign(experiment, asker, now_ms)) all.push_back(std::move(*assigned));
  }
  return all;
}

std::string assigned_json(std::span<const Assigned> assigned) {
  Parameters parameters;  // no two of them set the same
  std::string body;
  {
    JsonObjectWriter object(body);
    array(object, "assigned", assigned, [&](std::string& to, const Assigned& one) {
      JsonObjectWriter member(to);
      member.text("experiment", one.experiment->name);
      member.text("variant", one.variant->name);
      member.text("unit", one.unit);
      member.truth("counted", !one.in_washout);
      texts(member, "parameters", one.variant->parameters);
      parameters.insert(one.variant->parameters.begin(), one.variant->parameters.end());
    });
    texts(object, "parameters", parameters);
  }
  return body;
}

}  // namespace

Response handle_assign(Context& context, const Call& call) {
  const auto request = assign_from_json(call.request.body);
  if (!request) return refuse(call, request.error());
  if (request->expose && call.key != nullptr && !allows(call.key->scopes, Scope::kEvents)) {
    return refuse(call, {Code::kForbidden, "'expose' writes an event; the key lacks the scope events"});
  }
  const ExperimentsInForce in_force = context.engine.experiments();
  const auto assigned = assign(*in_force.experiments, *request, context.clock.now_ms());
  if (!assigned) return refuse(call, assigned.error());
  if (request->expose) {
    const auto surface = request->attributes.find("surface");
    context.engine.expose(*assigned, {.user_id = request->user_id,
                                      .session_id = request->session_id,
                                      .surface = surface == request->attributes.end() ? "" : surface->second});
  }
  return json_answer(assigned_json(*assigned));
}

Response handle_experiments(Context& context, const Call&) {
  return json_answer(definitions_json(context.engine.experiments()));
}

Response handle_put_experiments(Context& context, const Call& call) {
  if (const auto put = context.engine.put_experiments(call.request.body); !put) return refuse(call, put.error());
  return json_answer(definitions_json(context.engine.experiments()));
}

Response handle_decide_experiment(Context& context, const Call& call) {
  auto decision = decision_from_json(call.request.body);
  if (!decision) return refuse(call, decision.error());
  decision->experiment = call.argument;
  if (const auto decided = context.engine.decide_experiment(std::move(*decision)); !decided) {
    return refuse(call, decided.error());
  }
  const ExperimentsInForce in_force = context.engine.experiments();
  const Experiment* experiment = in_force.experiments->assignments().find(call.argument);
  if (experiment == nullptr) {
    return refuse(call, {Code::kNotFound, "it is written down; meanwhile the definition was taken away"});
  }
  std::string body;
  append_experiment(body, *experiment, *in_force.decided);
  return json_answer(std::move(body));
}

}  // namespace handsel::http
