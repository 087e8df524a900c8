// What a planned experiment can find, for people and for programs: a sentence on top, a table by weeks, a small
// picture. Pure functions, any thread.
#pragma once

#include <string>

#include "proof/metrics/planning.h"

namespace handsel::experiments {

std::string headline(const ExperimentPlan& plan, const PlanRequest& request);
std::string to_text(const ExperimentPlan& plan, const PlanRequest& request);
std::string to_json(const ExperimentPlan& plan, const PlanRequest& request);

// A definition to begin with, for DIR/experiments.toml.
std::string definition_skeleton(const std::string& name, const PlanRequest& request);

}  // namespace handsel::experiments
