// Trees beside XGBoost's own prediction, in one process, on one thread: the same model, the
// same rows. 500 trees over 60 features, grown by XGBoost on 20,000 random rows; scored are
// 1,000 rows. A line of JSON for each way and depth.
//
//   bench_trees_bench --passes 200 --seed 1
#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "base/core/clock.h"
#include "base/core/rng.h"
#include "harness.h"
#include "ranking/trees/internal/booster.h"
#include "ranking/trees/internal/range_forest.h"
#include "ranking/trees/internal/xgboost_model.h"
#include "ranking/trees/tree_ensemble.h"

namespace {

using namespace handsel;

constexpr std::size_t kFeatures = 60;
constexpr std::size_t kTrees = 500;
constexpr std::size_t kTrainRows = 20'000;
constexpr std::size_t kRows = 1'000;

template <typename T>
T value_or_stop(Result<T> result) {
  if (!result) bench::stop(result.error().message);
  return std::move(*result);
}

// A third of the features are counts, a third continuous, a third often missing.
trees::RankingRows random_rows(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  trees::RankingRows rows;
  for (std::size_t f = 0; f < kFeatures; ++f) rows.features.push_back(fmt::format("feature {}", f));
  for (std::size_t i = 0; i < count; ++i) {
    double truth = rng.normal();
    for (std::size_t f = 0; f < kFeatures; ++f) {
      double value = f % 3 == 0 ? static_cast<double>(rng.below(20)) : rng.normal();
      if (f % 7 == 0) truth += std::sin(value);
      if (f % 3 == 2 && rng.chance(0.4)) value = std::nan("");
      rows.values.push_back(static_cast<float>(value));
    }
    rows.gains.push_back(static_cast<float>(truth + 10 > 0 ? truth + 10 : 0));
  }
  rows.ends = {count};
  return rows;
}

struct Timing {
  std::string way;
  std::size_t depth = 0;
  std::size_t passes = 0;
};

void time_way(const Timing& timing, const std::function<void()>& predict) {
  predict();
  bench::Latencies latencies;
  for (std::size_t pass = 0; pass < timing.passes; ++pass) {
    const Stopwatch watch;
    predict();
    latencies.add(watch.elapsed_ms());
  }
  bench::Report report(timing.way, "trees");
  report.number("depth", static_cast<double>(timing.depth));
  report.number("rows", kRows).number("trees", kTrees).number("features", kFeatures);
  report.number("p50_ms", latencies.percentile(0.5)).number("p99_ms", latencies.percentile(0.99));
  report.print();
}

std::string name_of(trees::internal::Kernel kernel) {
  using trees::internal::Kernel;
  switch (kernel) {
    case Kernel::kWalk:
      return "walk";
    case Kernel::kAvx2:
      return "avx2";
    case Kernel::kAvx512:
      return "avx512";
    case Kernel::kNeon:
      return "neon";
  }
  return "";
}

void measure(std::size_t depth, std::size_t passes, std::uint64_t seed) {
  namespace internal = trees::internal;
  const trees::RankingRows train = random_rows(seed, kTrainRows);
  internal::Matrix matrix = value_or_stop(internal::Matrix::create(train, 1));
  if (const auto set = matrix.set_grades(train); !set) bench::stop(set.error().message);
  const internal::Matrix* matrices[] = {&matrix};
  internal::Booster booster =
      value_or_stop(internal::Booster::create(matrices, {{"tree_method", "hist"},
                                                         {"max_depth", fmt::format("{}", depth)},
                                                         {"eta", "0.1"},
                                                         {"max_bin", "254"},
                                                         {"min_child_weight", "20"},
                                                         {"objective", "reg:squarederror"},
                                                         {"nthread", "1"},
                                                         {"verbosity", "0"}}));
  for (int round = 0; round < static_cast<int>(kTrees); ++round) {
    if (const auto grown = booster.update(matrix, round); !grown) bench::stop(grown.error().message);
  }
  auto model = value_or_stop(internal::read_xgboost_model(value_or_stop(booster.save())));
  const auto ensemble = value_or_stop(
      trees::TreeEnsemble::build({.features = train.features, .base = model.base, .trees = std::move(model.trees)}));

  const trees::RankingRows rows = random_rows(seed + 1, kRows);
  std::vector<float> theirs;
  std::vector<float> ours(kRows);
  time_way({"xgboost in place", depth, passes}, [&] {
    if (!booster.predict_in_place(rows.values, kFeatures, theirs)) bench::stop("XGBoost did not predict");
  });
  time_way({"xgboost matrix", depth, passes}, [&] {
    const auto fresh = internal::Matrix::create(rows, 1);  // new rows are a new matrix
    if (!fresh || !booster.predict(*fresh, theirs)) bench::stop("XGBoost did not predict");
  });
  time_way({"plain", depth, passes / 4 + 1}, [&] { ensemble.predict_plain(rows.values, ours); });
  const internal::RangeForest forest(ensemble.parts());
  const auto by = [&](internal::Kernel kernel) {
    return [&, kernel] {
      std::ranges::fill(ours, model.base);
      forest.add_by(kernel, rows.values, ours);
    };
  };
  for (const internal::Kernel kernel : internal::supported_kernels()) {
    time_way({name_of(kernel), depth, passes}, by(kernel));
  }
  time_way({"handsel", depth, passes}, [&] { ensemble.predict(rows.values, ours); });
  if (ours != theirs) bench::stop("the scores differ");
}

}  // namespace

int main(int count, char** values) {
  const bench::Arguments arguments(count, values);
  const auto passes = static_cast<std::size_t>(arguments.number("passes", 200));
  const auto seed = static_cast<std::uint64_t>(arguments.number("seed", 1));
  for (const std::size_t depth : {6, 7, 8}) measure(depth, passes, seed);
  return 0;
}
