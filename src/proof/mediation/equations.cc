#include "proof/mediation/equations.h"

#include <algorithm>
#include <cmath>

namespace handsel::mediation {
namespace {

Result<void> check(const Input& input) {
  const std::size_t units = input.treatment.size();
  if (units == 0) return fail(Code::kInvalidData, "there are no units");
  if (input.mediator.size() != units || input.outcome.size() != units) {
    return fail(Code::kInvalidData, "treatment, mediator and outcome have {}, {} and {} values", units,
                input.mediator.size(), input.outcome.size());
  }
  std::size_t treated = 0;
  for (const double t : input.treatment) {
    if (t != 0 && t != 1) return fail(Code::kInvalidData, "the treatment is {}; it must be 0 or 1", t);
    treated += t == 1;
  }
  if (treated < 2 || units - treated < 2) {
    return fail(Code::kInvalidData, "{} treated and {} control units; both arms need at least two", treated,
                units - treated);
  }
  return {};
}

}  // namespace

Result<Equations> fit_equations(const Input& input, bool interaction) {
  HANDSEL_TRY(check(input));
  Equations equations;
  const std::size_t units = input.treatment.size();
  equations.ones.assign(units, 1.0);
  equations.mediator_columns = {{"intercept", equations.ones}, {"treatment", input.treatment}};
  equations.outcome_columns = {
      {"intercept", equations.ones}, {"treatment", input.treatment}, {"mediator", input.mediator}};
  if (interaction) {
    equations.product.resize(units);
    for (std::size_t i = 0; i < units; ++i) equations.product[i] = input.mediator[i] * input.treatment[i];
    equations.outcome_columns.push_back({"mediator x treatment", equations.product});
  }
  for (const estimators::Column& covariate : input.covariates) {
    equations.mediator_columns.push_back(covariate);
    equations.outcome_columns.push_back(covariate);
  }
  HANDSEL_ASSIGN(equations.mediator, estimators::least_squares(equations.mediator_columns, input.mediator));
  HANDSEL_ASSIGN(equations.outcome, estimators::least_squares(equations.outcome_columns, input.outcome));
  return equations;
}

}  // namespace handsel::mediation
