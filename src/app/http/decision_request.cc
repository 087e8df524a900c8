#include "app/http/decision_request.h"

#include "app/http/json_body.h"

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
  Body body;
  HANDSEL_TRY(read_json_body<Body>(text, kFields, body));
  if (!body.has_verdict) {
    return fail(Code::kInvalidArgument, "'decision' is missing; expected ship, stop, keep-running or resume");
  }
  return std::move(body.decision);
}

}  // namespace handsel::http
