#include "app/http/decision_request.h"

#include "facts/catalog/import/json_fields.h"

namespace handsel::http {
namespace {

namespace json = catalog::json;
using decisions::ExperimentDecision;
using decisions::Verdict;
using json::Complaint;
using json::Element;

struct Body {
  ExperimentDecision decision{.experiment = {}, .by = {}, .why = {}, .numbers = {}};
  bool has_verdict = false;
};

// The program alone says that a guard rail stopped something.
Complaint read_verdict(Element value, Body& body) {
  std::string name;
  if (Complaint complaint = json::read_text(value, name)) return complaint;
  const auto verdict = decisions::verdict_of(name);
  if (!verdict || *verdict == Verdict::kStoppedByGuardRail) {
    return fmt::format("expected ship, stop, keep-running or resume, found '{}'", catalog::cut_text(name, 60));
  }
  body.decision.verdict = *verdict;
  body.has_verdict = true;
  return {};
}

constexpr auto kFields = std::to_array<json::Field<Body>>({
    {"decision", [](Element v, Body& b) { return read_verdict(v, b); }},
    {"by", [](Element v, Body& b) { return json::read_text(v, b.decision.by); }},
    {"why", [](Element v, Body& b) { return json::read_text(v, b.decision.why); }},
});

}  // namespace

Result<ExperimentDecision> decision_from_json(std::string_view text) {
  json::Parser parser;
  const auto element = parser.parse(text);
  if (!element) return fail(Code::kInvalidData, "the body {}", element.error().reason);
  Body body;
  const auto read = json::read_object<Body>(*element, kFields, body, json::UnknownKeys::kRefuse);
  if (!read && read.error().field.empty()) return fail(Code::kInvalidArgument, "the body: {}", read.error().reason);
  if (!read) {
    return fail(Code::kInvalidArgument, "'{}' {}", catalog::cut_text(read.error().field, 60), read.error().reason);
  }
  if (!body.has_verdict) {
    return fail(Code::kInvalidArgument, "'decision' is missing; expected ship, stop, keep-running or resume");
  }
  return std::move(body.decision);
}

}  // namespace handsel::http
