#include "proof/metrics/funnel.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace handsel::experiments {
namespace {

// A unit, whatever the number of its rows. Steps are bits.
struct Subject {
  std::uint32_t arm = 0;
  std::uint32_t cluster = 0;
  std::uint32_t reached = 0;
  std::uint32_t missing = 0;
};
static_assert(kFunnelStepsMax <= 32);

struct Cohort {
  std::vector<Subject> subjects;
  bool has_clusters = false;
};

void read_steps(std::span<const std::vector<double>* const> steps, std::size_t row, Subject& to) {
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const double value = (*steps[step])[row];
    const std::uint32_t bit = std::uint32_t{1} << step;
    if (value > 0) to.reached |= bit;
    if (std::isnan(value)) to.missing |= bit;
  }
}

// Rows of a unit become one subject, so that errors by unit need no clusters of their own.
Result<Cohort> cohort_of(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request) {
  std::vector<const std::vector<double>*> steps;
  for (const std::string& name : request.funnel) steps.push_back(&table.number(name)->values);
  const WordColumn* unit = sample.repeated_units ? table.word(request.unit) : nullptr;
  Cohort out{.subjects = {}, .has_clusters = !request.cluster.empty()};
  std::unordered_map<std::uint32_t, std::size_t> subject_of_unit;
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (sample.arm[row] == kNoArm) continue;
    const std::uint32_t cluster = out.has_clusters ? sample.clusters[row] : 0;
    std::size_t index = out.subjects.size();
    if (unit != nullptr) index = subject_of_unit.try_emplace(unit->codes[row], index).first->second;
    if (index == out.subjects.size()) out.subjects.push_back({.arm = sample.arm[row], .cluster = cluster});
    Subject& subject = out.subjects[index];
    if (subject.cluster != cluster) {
      return fail(Code::kInvalidData, "a unit has rows in two of the clusters of '{}', so it has no place in a funnel",
                  request.cluster);
    }
    read_steps(steps, row, subject);
  }
  return out;
}

// 0 or 1 of each unit: is it at the steps of this mask, all of them?
MetricValues at_step(const Cohort& cohort, std::size_t arms, std::uint32_t mask) {
  MetricValues out{.arms = std::vector<ArmValues>(arms), .extra_variance = std::vector<double>(arms, 0.0)};
  for (const Subject& subject : cohort.subjects) {
    ArmValues& arm = out.arms[subject.arm];
    arm.values.push_back((subject.reached & mask) == mask ? 1 : 0);
    if (cohort.has_clusters) arm.clusters.push_back(subject.cluster);
  }
  return out;
}

// The request and the sample that a proportion of plain units has.
AnalysisRequest plain_request(const AnalysisRequest& request) {
  AnalysisRequest out = request;
  out.adjustment = estimators::Adjustment::kNone;
  out.bayes = false;
  return out;
}

UnitSample plain_sample(const UnitSample& sample, bool has_clusters) {
  UnitSample out;
  out.arms = sample.arms;
  if (has_clusters) out.clusters = {0};  // they are: the values bring their own along
  out.cluster_count = sample.cluster_count;
  return out;
}

}  // namespace

Result<void> check_steps(std::span<const std::string> steps) {
  if (steps.size() < 2 || steps.size() > kFunnelStepsMax) {
    return fail(Code::kInvalidArgument, "a funnel of {} step{}; between 2 and {} can be shown", steps.size(),
                steps.size() == 1 ? "" : "s", kFunnelStepsMax);
  }
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    if (std::find(steps.begin(), step, *step) != step) {
      return fail(Code::kInvalidArgument, "the funnel has the step '{}' twice", *step);
    }
  }
  return {};
}

Result<Funnel> funnel_of(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request) {
  HANDSEL_ASSIGN(Cohort cohort, cohort_of(table, sample, request));
  Funnel out{.units = std::vector<std::uint64_t>(sample.arms.size())};
  out.missing =
      std::erase_if(cohort.subjects, [](const Subject& subject) { return (subject.missing & ~subject.reached) != 0; });
  for (const Subject& subject : cohort.subjects) ++out.units[subject.arm];
  const AnalysisRequest plain = plain_request(request);
  const UnitSample plain_units = plain_sample(sample, cohort.has_clusters);
  std::uint32_t mask = 0;
  for (std::size_t step = 0; step < request.funnel.size(); ++step) {
    mask |= std::uint32_t{1} << step;
    FunnelStep to{.name = request.funnel[step], .reached = {}, .effects = {}};
    const Result<MetricValues> values = at_step(cohort, sample.arms.size(), mask);
    for (const ArmValues& arm : values->arms)
      to.reached.push_back(static_cast<std::uint64_t>(std::ranges::count(arm.values, 1.0)));
    const Metric metric{.name = to.name, .kind = MetricKind::kProportion, .column = to.name};
    for (std::size_t arm = 1; arm < sample.arms.size(); ++arm)
      to.effects.push_back(effect_of(plain_units, plain, metric, values, arm));
    out.steps.push_back(std::move(to));
  }
  return out;
}

}  // namespace handsel::experiments
