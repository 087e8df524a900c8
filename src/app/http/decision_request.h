// The body of POST /v1/experiments/{name}/decision, read strictly: what is not known is refused.
#pragma once

#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/decisions/experiment_decision.h"

namespace handsel::http {

// {"decision": "stop", "by": "Ada", "why": "fewer orders"}: without experiment and time.
// kInvalidData where it is no JSON, kInvalidArgument where a member is wrong.
Result<decisions::ExperimentDecision> decision_from_json(std::string_view text);

}  // namespace handsel::http
