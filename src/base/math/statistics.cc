#include "base/math/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "base/core/rng.h"

namespace handsel {
namespace {

constexpr std::size_t kExactPairsMax = 12;  // 4096 combinations of signs

double as_double(std::size_t count) {
  return static_cast<double>(count);
}

// Lentz's method for the continued fraction of DLMF 8.17.22, which converges fast
// where x is below the mean of the distribution.
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  constexpr int kStepsMax = 10'000;
  const auto nonzero = [](double value) { return std::fabs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kStepsMax; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    const double step = d * c;
    fraction *= step;
    if (std::fabs(step - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

// Above it the survival function's gamma functions lose more than the normal distribution is off.
constexpr double kNearlyNormalFreedom = 1e6;
constexpr int kGammaStepsMax = 10'000;

// The lower incomplete gamma function over x^a e^-x (DLMF 8.7.1), for x below a + 1.
double gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int n = 1; n <= kGammaStepsMax && std::fabs(term) > std::fabs(sum) * 1e-17; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

// The upper one (DLMF 8.9.2), for x above a + 1, by Lentz's method.
double gamma_fraction(double a, double x) {
  double b = x + 1 - a;
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int n = 1; n <= kGammaStepsMax; ++n) {
    const double numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const double step = c * d;
    fraction *= step;
    if (std::fabs(step - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

double ratio(std::initializer_list<double> numerator, std::initializer_list<double> denominator, double r) {
  const auto horner = [r](std::initializer_list<double> coefficients) {
    double value = 0;
    for (const double coefficient : coefficients) value = value * r + coefficient;
    return value;
  };
  return horner(numerator) / horner(denominator);
}

// The means of `resamples` samples drawn with replacement, in growing order.
std::vector<double> resampled_means(std::span<const double> values, std::size_t resamples, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> means(resamples);
  for (double& out : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[rng.below(values.size())];
    out = sum / as_double(values.size());
  }
  std::ranges::sort(means);
  return means;
}

// How skewed the mean is: the acceleration of Efron & Tibshirani 1993, (14.15), where
// leaving one value out shifts the mean in proportion to its distance from it.
double acceleration(std::span<const double> values, double centre) {
  double cubes = 0;
  double squares = 0;
  for (const double value : values) {
    const double distance = value - centre;
    cubes += distance * distance * distance;
    squares += distance * distance;
  }
  return squares == 0 ? 0 : cubes / (6 * std::pow(squares, 1.5));
}

// Rounding may not turn an equally extreme sum into a less extreme one.
bool is_as_extreme(double sum, double observed) {
  return std::fabs(sum) >= std::fabs(observed) * (1 - 1e-12);
}

double exact_randomisation(std::span<const double> differences, double observed) {
  const std::size_t combinations = std::size_t{1} << differences.size();
  std::size_t extreme = 0;
  for (std::size_t signs = 0; signs < combinations; ++signs) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i)
      sum += (signs >> i & 1) != 0 ? differences[i] : -differences[i];
    extreme += is_as_extreme(sum, observed);
  }
  return as_double(extreme) / as_double(combinations);
}

double sum_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

}  // namespace

double mean(std::span<const double> values) {
  return values.empty() ? 0 : sum_of(values) / as_double(values.size());
}

double variance(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double centre = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return squares / as_double(values.size() - 1);
}

double quantile(std::span<const double> values, double share) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  return quantile_of_sorted(sorted, share);
}

double quantile_of_sorted(std::span<const double> sorted, double share) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double position = std::clamp(share, 0.0, 1.0) * as_double(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (position - as_double(below)) * (sorted[below + 1] - sorted[below]);
}

double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, 1 - x);
  const double log_front =
      std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x) - std::log(a);
  return std::exp(log_front) * beta_fraction(a, b, x);
}

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    return q * ratio({2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
                      13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608},
                     {5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
                      5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0},
                     0.180625 - q * q);
  }
  const double tail = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double z =
      tail <= 5
          ? ratio({7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
                   3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734},
                  {1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
                   0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0},
                  tail - 1.6)
          : ratio({2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
                   0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699,
                   6.6579046435011037772},
                  {2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
                   7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769,
                   1.0},
                  tail - 5);
  return q < 0 ? -z : z;
}

double student_t_survival(double t, double freedom) {
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  const double tail = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
  return t >= 0 ? tail : 1 - tail;
}

double student_t_quantile(double p, double freedom) {
  if (p == 0.5) return 0;
  if (p < 0.5) return -student_t_quantile(1 - p, freedom);
  if (freedom > kNearlyNormalFreedom) {
    const double z = normal_quantile(p);
    return z + z * (z * z + 1) / (4 * freedom);  // the first term of Abramowitz & Stegun 26.7.5
  }
  double low = 0;
  double high = 1;
  while (1 - student_t_survival(high, freedom) < p && high < 1e300) high *= 2;
  for (int step = 0; step < 200 && high - low > 1e-14 * high; ++step) {
    const double middle = low + (high - low) / 2;
    (student_t_survival(middle, freedom) > 1 - p ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

double chi_square_survival(double x, double freedom) {
  if (!(x > 0)) return 1;
  if (std::isinf(x)) return 0;
  const double a = freedom / 2;
  const double half = x / 2;
  const double front = std::exp(a * std::log(half) - half - std::lgamma(a));
  return half < a + 1 ? 1 - front * gamma_series(a, half) : front * gamma_fraction(a, half);
}

double paired_t_test(std::span<const double> differences) {
  if (differences.size() < 2) return 1;
  const double centre = mean(differences);
  const double spread = std::sqrt(variance(differences) / as_double(differences.size()));
  if (spread == 0) return centre == 0 ? 1 : 0;
  return 2 * student_t_survival(std::fabs(centre / spread), as_double(differences.size() - 1));
}

double randomisation_test(std::span<const double> differences, std::size_t rounds, std::uint64_t seed) {
  if (differences.empty()) return 1;
  const double observed = sum_of(differences);
  if (differences.size() <= kExactPairsMax) return exact_randomisation(differences, observed);
  Rng rng(seed);
  std::size_t extreme = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    double sum = 0;
    std::uint64_t signs = 0;
    for (std::size_t i = 0; i < differences.size(); ++i, signs >>= 1) {
      if (i % 64 == 0) signs = rng();
      sum += (signs & 1) != 0 ? differences[i] : -differences[i];
    }
    extreme += is_as_extreme(sum, observed);
  }
  return as_double(extreme + 1) / as_double(rounds + 1);
}

Interval bootstrap_mean(std::span<const double> values, std::size_t resamples, std::uint64_t seed, double confidence) {
  if (values.empty()) return {};
  const double estimate = mean(values);
  if (resamples == 0) return {estimate, estimate, estimate};
  const std::vector<double> means = resampled_means(values, resamples, seed);
  const double outside = (1 - confidence) / 2;
  return {estimate, quantile_of_sorted(means, outside), quantile_of_sorted(means, 1 - outside)};
}

Interval bootstrap_mean_bca(std::span<const double> values, std::size_t resamples, std::uint64_t seed,
                            double confidence) {
  if (values.empty()) return {};
  const double estimate = mean(values);
  if (resamples == 0) return {estimate, estimate, estimate};
  const std::vector<double> means = resampled_means(values, resamples, seed);
  // Half of those that equal the estimate count as below it, so that constant values have no bias.
  const auto equal = std::ranges::equal_range(means, estimate);
  const double below = as_double(static_cast<std::size_t>(equal.begin() - means.begin())) + as_double(equal.size()) / 2;
  const double share =
      std::clamp(below / as_double(resamples), 0.5 / as_double(resamples), 1 - 0.5 / as_double(resamples));
  const double bias = normal_quantile(share);
  const double a = acceleration(values, estimate);
  const auto bound = [&](double level) {
    const double z = bias + normal_quantile(level);
    return quantile_of_sorted(means, normal_cdf(bias + z / (1 - a * z)));
  };
  const double outside = (1 - confidence) / 2;
  return {estimate, bound(outside), bound(1 - outside)};
}

}  // namespace handsel
