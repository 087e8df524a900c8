#include "analysis/models/two_tower_table.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "analysis/models/two_tower_kernels.h"

namespace handsel::models {
namespace {

// Beyond this many listings, the leading directions hardly change.
constexpr std::size_t kDirectionListingsMax = 50'000;
constexpr int kPowerIterations = 2;

// The directions leave little of a rare word; noise of this length keeps it apart from
// other rare ones.
constexpr float kNoise = 0.5F;

// Of the first step: a gradient of this length moves a row at full rate.
constexpr float kSquaresBegin = 1e-10F;

// Rows of length 1 in the mean; zero for features that are nowhere.
std::vector<float> noise_of(std::span<const float> rarity, std::size_t dimensions, Rng& rng) {
  const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(dimensions)));
  std::vector<float> noise(rarity.size() * dimensions, 0.0F);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    if (rarity[i / dimensions] > 0) noise[i] = static_cast<float>(rng.normal()) * scale;
  }
  return noise;
}

// The listings of which the directions are taken, as unit vectors of weighted features.
std::vector<FeatureBag> sample_of(const TrainingCorpus& corpus) {
  std::vector<FeatureBag> sample;
  const std::size_t step = (corpus.size() + kDirectionListingsMax - 1) / kDirectionListingsMax;
  for (std::size_t i = 0; i < corpus.size(); i += step) {
    FeatureBag& bag = sample.emplace_back();
    corpus.bag(i, bag);
    double squares = 0;
    for (std::size_t at = 0; at < bag.rows.size(); ++at) {
      bag.weights[at] *= corpus.rarity()[bag.rows[at]];
      squares += static_cast<double>(bag.weights[at]) * bag.weights[at];
    }
    const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
    for (float& weight : bag.weights) weight *= scale;
  }
  return sample;
}

}  // namespace

TrainingTable::TrainingTable(std::size_t rows, std::size_t dimensions, ThreadPool* pool)
    : dimensions_(dimensions), pool_(pool), values_(rows * dimensions, 0.0F), squares_(rows, kSquaresBegin) {}

void TrainingTable::for_parts(const std::function<void(std::size_t, std::size_t)>& body) const {
  if (pool_ == nullptr) return body(0, 1);
  const std::size_t parts = pool_->size() + 1;
  pool_->parallel_for(parts, [&](std::size_t part) { body(part, parts); });
}

void TrainingTable::sums(std::span<const FeatureBag> bags, std::size_t segments, std::vector<float>& out) const {
  out.assign(bags.size() * segments * dimensions_, 0.0F);
  const RowKernels& kernels = row_kernels();
  for_parts([&](std::size_t part, std::size_t parts) {
    for (std::size_t i = part; i < bags.size(); i += parts) {
      const FeatureBag& bag = bags[i];
      for (std::size_t segment = 0; segment < segments; ++segment) {
        float* sum = out.data() + (i * segments + segment) * dimensions_;
        for (std::size_t at = bag.begin_of(segment); at < bag.ends[segment]; ++at) {
          kernels.add_floats(sum, values_.data() + bag.rows[at] * dimensions_, bag.weights[at], dimensions_);
        }
      }
    }
  });
}

void TrainingTable::learn(std::span<const FeatureBag> bags, std::size_t segments, std::span<const float> gradients,
                          float rate) {
  const RowKernels& kernels = row_kernels();
  const auto count = static_cast<float>(dimensions_);
  for_parts([&](std::size_t part, std::size_t parts) {
    for (std::size_t i = 0; i < bags.size(); ++i) {
      const FeatureBag& bag = bags[i];
      for (std::size_t segment = 0; segment < segments; ++segment) {
        const float* gradient = gradients.data() + (i * segments + segment) * dimensions_;
        if (bag.begin_of(segment) == bag.ends[segment]) continue;
        const float square = kernels.dot(gradient, gradient, dimensions_) / count;
        if (!(square > 0)) continue;
        for (std::size_t at = bag.begin_of(segment); at < bag.ends[segment]; ++at) {
          const std::uint32_t row = bag.rows[at];
          if (row % parts != part) continue;
          const float weight = bag.weights[at];
          squares_[row] += weight * weight * square;
          kernels.add_floats(values_.data() + row * dimensions_, gradient, -rate * weight / std::sqrt(squares_[row]),
                             dimensions_);
        }
      }
    }
  });
}

// Randomised range finding: from noise, back and forth between features and listings,
// made orthonormal each time. What is left are `dimensions` directions in which the
// catalogue differs most, so a feature's row says with what it occurs.
Result<void> TrainingTable::begin(const TrainingCorpus& corpus, TrainerModule& module, Rng rng) {
  const std::vector<float> noise = noise_of(corpus.rarity(), dimensions_, rng);
  values_ = noise;
  const std::vector<FeatureBag> sample = sample_of(corpus);
  const bool has_directions = sample.size() >= dimensions_;
  for (int iteration = 0; has_directions && iteration < kPowerIterations; ++iteration) {
    std::vector<float> of_listings = listings_from_rows(sample);
    HANDSEL_TRY(module.orthonormalise(of_listings, dimensions_));
    rows_from_listings(sample, of_listings);
    HANDSEL_TRY(module.orthonormalise(values_, dimensions_));
  }
  join(noise, corpus.rarity(), has_directions);
  return {};
}

std::vector<float> TrainingTable::listings_from_rows(std::span<const FeatureBag> sample) const {
  std::vector<float> of_listings(sample.size() * dimensions_, 0.0F);
  for_parts([&](std::size_t part, std::size_t parts) {
    for (std::size_t i = part; i < sample.size(); i += parts) {
      for (std::size_t at = 0; at < sample[i].rows.size(); ++at) {
        row_kernels().add_floats(of_listings.data() + i * dimensions_, row(sample[i].rows[at]), sample[i].weights[at],
                                 dimensions_);
      }
    }
  });
  return of_listings;
}

void TrainingTable::rows_from_listings(std::span<const FeatureBag> sample, std::span<const float> of_listings) {
  std::ranges::fill(values_, 0.0F);
  for_parts([&](std::size_t part, std::size_t parts) {
    for (std::size_t i = 0; i < sample.size(); ++i) {
      for (std::size_t at = 0; at < sample[i].rows.size(); ++at) {
        if (sample[i].rows[at] % parts != part) continue;
        row_kernels().add_floats(row(sample[i].rows[at]), of_listings.data() + i * dimensions_, sample[i].weights[at],
                                 dimensions_);
      }
    }
  });
}

// Directions and noise, both of length 1 in the mean over the rows that occur, times
// how rare a feature is against the mean.
void TrainingTable::join(std::span<const float> noise, std::span<const float> rarity, bool has_directions) {
  const auto active = static_cast<double>(std::ranges::count_if(rarity, [](float value) { return value > 0; }));
  const double rarity_sum = std::accumulate(rarity.begin(), rarity.end(), 0.0);
  if (rarity_sum == 0) return;
  const auto direction_scale =
      static_cast<float>(has_directions ? std::sqrt(active / static_cast<double>(dimensions_)) : 0.0);
  const auto rarity_scale = static_cast<float>(active / rarity_sum);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i] = rarity[i / dimensions_] * rarity_scale * (values_[i] * direction_scale + kNoise * noise[i]);
  }
}

std::string TrainingTable::save() const {
  std::string bytes;
  bytes.reserve((values_.size() + squares_.size()) * sizeof(float));
  bytes.append(reinterpret_cast<const char*>(values_.data()), values_.size() * sizeof(float));
  bytes.append(reinterpret_cast<const char*>(squares_.data()), squares_.size() * sizeof(float));
  return bytes;
}

bool TrainingTable::load(std::string_view bytes) {
  if (bytes.size() != (values_.size() + squares_.size()) * sizeof(float)) return false;
  std::memcpy(values_.data(), bytes.data(), values_.size() * sizeof(float));
  std::memcpy(squares_.data(), bytes.data() + values_.size() * sizeof(float), squares_.size() * sizeof(float));
  return true;
}

}  // namespace handsel::models
