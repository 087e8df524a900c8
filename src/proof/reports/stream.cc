#include "proof/reports/stream.h"

#include <atomic>
#include <cmath>

namespace handsel::experiments {
namespace {

// Room for the values of one arm, used again for every column.
struct Scratch {
  std::vector<double> a;
  std::vector<double> b;
};

// The rows of an arm that have both values, without a branch in the loop.
std::size_t gather(const Chunk& chunk, std::uint8_t arm, const std::vector<double>& first,
                   const std::vector<double>* second, Scratch& to) {
  const std::size_t rows = chunk.arm.size();
  if (to.a.size() < rows + 1) {
    to.a.resize(rows + 1);
    to.b.resize(rows + 1);
  }
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const double x = second == nullptr ? 0 : (*second)[row];
    to.a[kept] = first[row];
    to.b[kept] = x;
    kept += static_cast<std::size_t>((chunk.arm[row] == arm) & (first[row] == first[row]) & (x == x));
  }
  return kept;
}

StreamedArm reduce(const StreamPlan& plan, const Chunk& chunk, std::uint8_t arm, Scratch& scratch) {
  StreamedArm out{.mediation = mediation::ArmMoments(plan.pilot)};
  for (const std::uint8_t of_row : chunk.arm) out.units += of_row == arm;
  for (std::size_t m = 0; m < plan.metrics; ++m) {
    const std::vector<double>* before = chunk.before.empty() ? nullptr : &chunk.before[m];
    const std::size_t kept = gather(chunk, arm, chunk.metrics[m], before, scratch);
    const auto x = before == nullptr ? std::span<const double>() : std::span<const double>(scratch.b).first(kept);
    out.metrics.push_back(estimators::Moments::of(std::span(scratch.a).first(kept), x));
  }
  if (!chunk.mediator.empty()) {
    const std::size_t kept = gather(chunk, arm, chunk.mediator, &chunk.metrics[plan.mediated_metric], scratch);
    out.mediation.add(std::span(scratch.a).first(kept), std::span(scratch.b).first(kept));
  }
  return out;
}

void merge(StreamedArm& to, const StreamedArm& from) {
  to.units += from.units;
  for (std::size_t m = 0; m < to.metrics.size(); ++m) to.metrics[m].merge(from.metrics[m]);
  to.mediation.merge(from.mediation);
}

}  // namespace

Result<std::vector<StreamedArm>> stream(const StreamPlan& plan, const ChunkSource& source, ThreadPool& pool) {
  if (plan.chunks > kChunksMax) {
    return fail(Code::kTooLarge, "{} chunks; the most are {}: make them larger", plan.chunks, kChunksMax);
  }
  std::vector<std::vector<StreamedArm>> parts(plan.chunks);
  std::atomic<std::size_t> next = 0;
  pool.parallel_for(pool.size() + 1, [&](std::size_t) {
    Chunk chunk;
    Scratch scratch;
    for (std::size_t number = next++; number < plan.chunks; number = next++) {
      source(number, chunk);
      for (std::size_t arm = 0; arm < plan.arms; ++arm)
        parts[number].push_back(reduce(plan, chunk, static_cast<std::uint8_t>(arm), scratch));
    }
  });
  std::vector<StreamedArm> out(plan.arms, StreamedArm{.metrics = std::vector<estimators::Moments>(plan.metrics),
                                                      .mediation = mediation::ArmMoments(plan.pilot)});
  for (const auto& part : parts)
    for (std::size_t arm = 0; arm < plan.arms; ++arm) merge(out[arm], part[arm]);
  return out;
}

}  // namespace handsel::experiments
