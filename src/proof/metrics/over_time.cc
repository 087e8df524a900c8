#include "proof/metrics/over_time.h"

#include <array>
#include <cmath>
#include <map>

#include "base/math/statistics.h"

namespace handsel::experiments {
namespace {

// Count, mean and sum of squares about it (Welford 1962; merged as Chan, Golub & LeVeque 1983).
struct Moments {
  double units = 0;
  double mean = 0;
  double squares = 0;

  void add(double value) {
    ++units;
    const double gap = value - mean;
    mean += gap / units;
    squares += gap * (value - mean);
  }
  void merge(const Moments& other) {
    if (other.units == 0) return;
    const double all = units + other.units;
    const double gap = other.mean - mean;
    squares += other.squares + gap * gap * units * other.units / all;
    mean += gap * other.units / all;
    units = all;
  }
  double mean_variance() const { return squares / (units - 1) / units; }
};

using Day = std::array<Moments, 2>;

bool is_comparable(const Day& day) {
  return day[0].units >= 2 && day[1].units >= 2 && day[0].mean_variance() + day[1].mean_variance() > 0;
}

// Least squares through the days' own effects, weighted with 1 / error^2, which is then all that the slope's error
// needs.
void fit_slope(const std::map<double, Day>& days, Path& path) {
  double weights = 0, days_mean = 0, effects_mean = 0;
  for (const auto& [day, arms] : days) {
    if (!is_comparable(arms)) continue;
    const double weight = 1 / (arms[0].mean_variance() + arms[1].mean_variance());
    weights += weight;
    days_mean += weight * day;
    effects_mean += weight * (arms[1].mean - arms[0].mean);
  }
  if (weights == 0) return;
  days_mean /= weights;
  effects_mean /= weights;
  double spread = 0, product = 0;
  for (const auto& [day, arms] : days) {
    if (!is_comparable(arms)) continue;
    const double weight = 1 / (arms[0].mean_variance() + arms[1].mean_variance());
    spread += weight * (day - days_mean) * (day - days_mean);
    product += weight * (day - days_mean) * (arms[1].mean - arms[0].mean - effects_mean);
  }
  if (spread == 0) return;
  path.slope = product / spread;
  path.slope_p = 2 * normal_cdf(-std::fabs(path.slope) * std::sqrt(spread));
}

}  // namespace

Path path_of(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request, const Metric& metric,
             const MetricValues& values) {
  const std::vector<double>& day_of_row = table.number(request.day)->values;
  std::map<double, Day> days;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    const ArmValues& units = values.arms[arm];
    for (std::size_t i = 0; i < units.values.size(); ++i) {
      const double day = day_of_row[units.rows[i]];
      if (std::isnan(day) || (days.size() >= kDaysMax && !days.contains(day))) continue;
      days[day][arm].add(units.values[i]);
    }
  }
  Path path{.metric = metric.name, .arm = sample.arms[1].name};
  const double ratio = estimators::mixture_ratio(request.planned_units, request.alpha);
  Day so_far;
  for (const auto& [day, arms] : days) {
    for (std::size_t arm = 0; arm < 2; ++arm) so_far[arm].merge(arms[arm]);
    const double units = so_far[0].units + so_far[1].units;
    if (!is_comparable(so_far) || units < estimators::kUnitsMin) continue;
    PathPoint point{.day = day, .estimate = so_far[1].mean - so_far[0].mean, .units = units};
    point.error = std::sqrt(so_far[0].mean_variance() + so_far[1].mean_variance());
    const double reach = estimators::always_valid_reach(units, ratio, request.alpha) * point.error;
    point.low = point.estimate - reach;
    point.high = point.estimate + reach;
    path.points.push_back(point);
  }
  fit_slope(days, path);
  return path;
}

}  // namespace handsel::experiments
