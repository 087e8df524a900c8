// An experiment with more units than memory: one pass over chunks of rows, on several threads, a few kilobytes kept a
// chunk.
//
// The caller hands out chunk after chunk (from a file of columns, or a generator); each is reduced by one thread to the
// sums of moments.h, and these are merged in the order of the chunks. So the answer depends on the chunks alone, to the
// bit, not on threads or on who was first. Memory: threads * one chunk of columns, and chunks * arms * metrics * 48
// bytes. A value that is not a number is missing: that unit is left out of that metric, of CUPED too where x is
// missing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/core/thread_pool.h"
#include "proof/estimators/moments.h"
#include "proof/mediation/moments.h"

namespace handsel::experiments {

inline constexpr std::size_t kChunksMax = 1'000'000;

// Rows of a chunk by columns; the columns are of one length. `before` is as long as `metrics`, or empty.
struct Chunk {
  std::vector<std::uint8_t> arm;  // 0 is the control; arms beyond the plan's are left out
  std::vector<std::vector<double>> metrics;
  std::vector<std::vector<double>> before;
  std::vector<double> mediator;  // empty: no mediation
};

struct StreamPlan {
  std::size_t chunks = 0;
  std::size_t arms = 2;
  std::size_t metrics = 1;
  std::size_t mediated_metric = 0;  // the outcome of the mediation
  mediation::Pilot pilot;           // near the means of mediator and outcome
};

struct StreamedArm {
  std::uint64_t units = 0;
  std::vector<estimators::Moments> metrics;
  mediation::ArmMoments mediation{mediation::Pilot{}};
};

// Fills the chunk of that number; called from several threads at once, each with a chunk of its own.
using ChunkSource = std::function<void(std::size_t number, Chunk& chunk)>;

// By arm. kTooLarge: more chunks than kChunksMax.
Result<std::vector<StreamedArm>> stream(const StreamPlan& plan, const ChunkSource& source, ThreadPool& pool);

}  // namespace handsel::experiments
