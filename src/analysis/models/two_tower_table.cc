#include "analysis/models/two_tower_table.h"

#include <algorithm>
#include <cmath>
#include <cstring>

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

// The listings of which the directions are taken, as unit vectors of weighted features.
struct Sample {
  std::vector<FeatureBag> bags;
};

Sample sample_of(const TrainingCorpus& corpus) {
  Sample sample;
  const std::size_t step = (corpus.size() + kDirectionListingsMax - 1) / kDirectionListingsMax;
  for (std::size_t i = 0; i < corpus.size(); i += step) {
    FeatureBag& bag = sample.bags.emplace_back();
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
  const std::vector<float>& rarity = corpus.rarity();
  const auto noise_scale = static_cast<float>(1 / std::sqrt(static_cast<double>(dimensions_)));
  std::vector<float> noise(values_.size(), 0.0F);
  std::size_t active = 0;
  double rarity_sum = 0;
  for (std::size_t row = 0; row < rarity.size(); ++row) {
    if (rarity[row] == 0) continue;
    ++active;
    rarity_sum += rarity[row];
    for (std::size_t i = 0; i < dimensions_; ++i) {
      noise[row * dimensions_ + i] = static_cast<float>(rng.normal()) * noise_scale;
    }
  }
  values_ = noise;
  if (active == 0) return {};
  const Sample sample = sample_of(corpus);
  std::vector<float> of_listings;
  const bool has_directions = sample.bags.size() >= dimensions_ && rarity.size() >= dimensions_;
  for (int iteration = 0; has_directions && iteration < kPowerIterations; ++iteration) {
    of_listings.assign(sample.bags.size() * dimensions_, 0.0F);
    const RowKernels& kernels = row_kernels();
    for_parts([&](std::size_t part, std::size_t parts) {
      for (std::size_t i = part; i < sample.bags.size(); i += parts) {
        const FeatureBag& bag = sample.bags[i];
        for (std::size_t at = 0; at < bag.rows.size(); ++at) {
          kernels.add_floats(of_listings.data() + i * dimensions_, values_.data() + bag.rows[at] * dimensions_,
                             bag.weights[at], dimensions_);
        }
      }
    });
    HANDSEL_TRY(module.orthonormalise(of_listings, dimensions_));
    std::ranges::fill(values_, 0.0F);
    for_parts([&](std::size_t part, std::size_t parts) {
      for (std::size_t i = 0; i < sample.bags.size(); ++i) {
        const FeatureBag& bag = sample.bags[i];
        for (std::size_t at = 0; at < bag.rows.size(); ++at) {
          if (bag.rows[at] % parts != part) continue;
          kernels.add_floats(values_.data() + bag.rows[at] * dimensions_, of_listings.data() + i * dimensions_,
                             bag.weights[at], dimensions_);
        }
      }
    });
    HANDSEL_TRY(module.orthonormalise(values_, dimensions_));
  }
  // Rows of length 1 in the mean, times how rare the feature is against the mean.
  const float direction_scale = has_directions ? std::sqrt(static_cast<float>(active)) * noise_scale : 0.0F;
  const auto rarity_scale = static_cast<float>(static_cast<double>(active) / rarity_sum);
  for (std::size_t row = 0; row < rarity.size(); ++row) {
    for (std::size_t i = row * dimensions_; i < (row + 1) * dimensions_; ++i) {
      values_[i] = rarity[row] * rarity_scale * (values_[i] * direction_scale + kNoise * noise[i]);
    }
  }
  return {};
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
