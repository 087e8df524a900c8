// The two regressions under every mediation analysis, built once from an Input. For this room only.
#pragma once

#include <vector>

#include "proof/mediation/mediation.h"

namespace handsel::mediation {

// Owns the columns that the input does not have: ones, and the product of mediator and treatment.
struct Equations {
  std::vector<double> ones;
  std::vector<double> product;
  std::vector<estimators::Column> mediator_columns;  // 1, T, X
  std::vector<estimators::Column> outcome_columns;   // 1, T, M, [M T], X
  estimators::Fit mediator;
  estimators::Fit outcome;

  // Where the parameters of both stand among all: those of the outcome follow those of the mediator.
  std::size_t outcome_first() const { return mediator_columns.size(); }
  std::size_t size() const { return mediator_columns.size() + outcome_columns.size(); }
};

// The checks that mediate() promises, then both fits.
Result<Equations> fit_equations(const Input& input, bool interaction);

}  // namespace handsel::mediation
