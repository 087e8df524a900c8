#include "proof/estimators/adjustment.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/math/matrix.h"
#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

// Sums of squares and products about the arms' own means.
struct Moments {
  Matrix covariates;             // x with x
  std::vector<double> products;  // x with the values
  double squares = 0;            // of the values
};

Moments moments_of(const ArmData& arm) {
  const std::size_t k = arm.covariates.size();
  std::vector<double> centres;
  for (const auto& covariate : arm.covariates) centres.push_back(mean(covariate));
  const double centre = mean(arm.values);
  Moments out{.covariates = Matrix(k, k), .products = std::vector<double>(k, 0.0)};
  std::vector<double> x(k);
  for (std::size_t i = 0; i < arm.values.size(); ++i) {
    const double y = arm.values[i] - centre;
    for (std::size_t a = 0; a < k; ++a) x[a] = arm.covariates[a][i] - centres[a];
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = 0; b < k; ++b) out.covariates(a, b) += x[a] * x[b];
      out.products[a] += x[a] * y;
    }
    out.squares += y * y;
  }
  return out;
}

void add(Moments& to, const Moments& from) {
  const std::size_t k = from.products.size();
  if (to.products.empty()) to = {.covariates = Matrix(k, k), .products = std::vector<double>(k, 0.0)};
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) to.covariates(a, b) += from.covariates(a, b);
    to.products[a] += from.products[a];
  }
  to.squares += from.squares;
}

Result<std::vector<double>> slopes(const Moments& moments, std::span<const std::string> names) {
  auto theta = solve_positive_definite(moments.covariates, moments.products);
  if (!theta.empty()) return theta;
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return fail(Code::kInvalidData, "covariates {}: one is constant or explained by the others", list);
}

std::vector<double> overall_means(std::span<const ArmData> arms, std::size_t k) {
  std::vector<double> sums(k, 0.0);
  std::size_t units = 0;
  for (const ArmData& arm : arms) {
    for (std::size_t a = 0; a < k; ++a) sums[a] += mean(arm.covariates[a]) * static_cast<double>(arm.values.size());
    units += arm.values.size();
  }
  for (double& sum : sums) sum /= static_cast<double>(units);
  return sums;
}

Result<void> check(std::span<const ArmData> arms, std::span<const std::string> names) {
  for (const ArmData& arm : arms) {
    if (arm.covariates.size() != names.size()) return fail(Code::kInvalidArgument, "an arm lacks a covariate");
    for (std::size_t a = 0; a < names.size(); ++a) {
      if (arm.covariates[a].size() != arm.values.size() ||
          !std::ranges::all_of(arm.covariates[a], [](double value) { return std::isfinite(value); })) {
        return fail(Code::kInvalidData, "covariate {} has a value that is missing or not finite", names[a]);
      }
    }
  }
  return {};
}

std::vector<double> residual(const ArmData& arm, std::span<const double> theta, std::span<const double> centres) {
  std::vector<double> out(arm.values.begin(), arm.values.end());
  for (std::size_t a = 0; a < theta.size(); ++a)
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= theta[a] * (arm.covariates[a][i] - centres[a]);
  return out;
}

double extra_variance(std::span<const double> theta, std::span<const double> theta_control, const Moments& pooled,
                      double units) {
  std::vector<double> gap;
  for (std::size_t a = 0; a < theta.size(); ++a) gap.push_back(theta[a] - theta_control[a]);
  return bilinear(gap, pooled.covariates, gap) / (units * units);
}

}  // namespace

Result<Adjusted> adjust(std::span<const ArmData> arms, std::span<const std::string> names, Adjustment how) {
  HANDSEL_TRY(check(arms, names));
  Adjusted out{.values = {}, .extra_variance = std::vector<double>(arms.size(), 0.0)};
  const std::size_t k = names.size();
  if (how == Adjustment::kNone || k == 0) {
    for (const ArmData& arm : arms) out.values.emplace_back(arm.values.begin(), arm.values.end());
    return out;
  }
  const std::vector<double> centres = overall_means(arms, k);
  std::vector<Moments> by_arm;
  Moments pooled;
  double units = 0;
  for (const ArmData& arm : arms) {
    by_arm.push_back(moments_of(arm));
    add(pooled, by_arm.back());
    units += static_cast<double>(arm.values.size());
  }
  HANDSEL_ASSIGN(const std::vector<double> common, slopes(pooled, names));
  std::vector<std::vector<double>> theta(arms.size(), common);
  for (std::size_t arm = 0; how == Adjustment::kRegression && arm < arms.size(); ++arm) {
    HANDSEL_ASSIGN(theta[arm], slopes(by_arm[arm], names));
    out.extra_variance[arm] = extra_variance(theta[arm], theta[0], pooled, units);
  }
  double left = 0;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    out.values.push_back(residual(arms[arm], theta[arm], centres));
    left += variance(out.values.back()) * static_cast<double>(out.values.back().size() - 1);
  }
  out.variance_kept = pooled.squares > 0 ? left / pooled.squares : 1;
  return out;
}

}  // namespace handsel::estimators
