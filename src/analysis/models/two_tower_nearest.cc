#include "analysis/models/two_tower_nearest.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/models/two_tower_kernels.h"

namespace handsel::models {
namespace {

// Ranks among which hard negatives are drawn, for each thousand listings of the pool
// (arXiv 2006.11632 mines ranks 100 to 500 of a far larger one).
constexpr double kFirstRankPerThousand = 3;
constexpr double kLastRankPerThousand = 30;
constexpr int kTriesMax = 4;

void for_each_on(ThreadPool* pool, std::size_t count, const std::function<void(std::size_t)>& body) {
  if (pool != nullptr) return pool->parallel_for(count, body);
  for (std::size_t i = 0; i < count; ++i) body(i);
}

// Whether the listing has each word of the query.
bool holds_all_words(const FeatureBag& listing, const FeatureBag& query) {
  for (std::size_t i = 0; i < query.ends[0]; ++i) {
    if (std::ranges::find(listing.rows, query.rows[i]) == listing.rows.end()) return false;
  }
  return true;
}

}  // namespace

NearestListings::NearestListings(const TwoTower& model, const TrainingCorpus& corpus, const TrainingGraph& graph,
                                 std::size_t listings_max, Rng rng, ThreadPool* pool)
    : model_(model), corpus_(corpus), graph_(graph), pool_(pool) {
  const bool all = corpus.size() <= listings_max;
  listings_.resize(all ? corpus.size() : listings_max);
  std::iota(listings_.begin(), listings_.end(), 0U);
  if (!all) std::ranges::generate(listings_, [&] { return static_cast<std::uint32_t>(rng.below(corpus.size())); });
  vectors_.resize(listings_.size() * model.dimensions());
  for_each_on(pool, listings_.size(), [&](std::size_t place) {
    FeatureBag bag;
    corpus.bag(listings_[place], bag);
    std::vector<float> side(graph.dimensions());
    if (!side.empty()) graph.vector(listings_[place], side);
    model.encode_listing_bag(bag, side, std::span(vectors_).subspan(place * model.dimensions(), model.dimensions()));
  });
}

std::span<const float> NearestListings::vector(std::size_t place) const {
  return std::span(vectors_).subspan(place * model_.dimensions(), model_.dimensions());
}

void NearestListings::mean(std::span<const std::uint32_t> listings, std::span<float> out) const {
  HANDSEL_CHECK(listings_.size() == corpus_.size());
  std::ranges::fill(out, 0.0F);
  const RowKernels& kernels = row_kernels();
  for (const std::uint32_t listing : listings) kernels.add_floats(out.data(), vector(listing).data(), 1, out.size());
  const float length = std::sqrt(kernels.dot(out.data(), out.data(), out.size()));
  if (!(length > 0)) return;
  for (float& value : out) value /= length;
}

std::uint32_t NearestListings::hard_negative(const PreparedExample& example, Rng rng) const {
  std::vector<float> query(model_.dimensions());
  model_.encode_query_bag(example.query, {}, query);
  struct Candidate {
    float cosine;
    std::uint32_t place;
    // Nearer first; places make the order one and the same.
    bool operator<(const Candidate& other) const {
      return cosine != other.cosine ? cosine > other.cosine : place < other.place;
    }
  };
  std::vector<Candidate> near;
  const std::size_t step = (listings_.size() + kMiningListingsMax - 1) / kMiningListingsMax;
  for (std::size_t place = rng.below(step); place < listings_.size(); place += step) {
    near.push_back(
        {row_kernels().dot(query.data(), vector(place).data(), query.size()), static_cast<std::uint32_t>(place)});
  }
  const double thousands = static_cast<double>(near.size()) / 1000;
  const auto first = static_cast<std::size_t>(kFirstRankPerThousand * thousands);
  const auto last = std::min(near.size(), static_cast<std::size_t>(kLastRankPerThousand * thousands) + 1);
  if (first >= last) return kNothing;
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(last), near.end());
  FeatureBag bag;
  for (int attempt = 0; attempt < kTriesMax; ++attempt) {
    const std::uint32_t listing = listings_[near[first + rng.below(last - first)].place];
    if (listing == example.listing || std::ranges::binary_search(example.known, listing)) continue;
    corpus_.bag(listing, bag);
    if (!holds_all_words(bag, example.query)) return listing;
  }
  return kNothing;
}

std::vector<std::uint32_t> NearestListings::hard_negatives(std::span<const PreparedExample> examples,
                                                           const Rng& rng) const {
  std::vector<std::uint32_t> result(examples.size(), kNothing);
  for_each_on(pool_, examples.size(), [&](std::size_t i) { result[i] = hard_negative(examples[i], rng.split(i)); });
  return result;
}

std::size_t NearestListings::rank(const PreparedExample& example) const {
  FeatureBag bag;
  corpus_.bag_without(example.listing, example.listing_is_masked ? example.query.rows : std::vector<std::uint32_t>{},
                      bag);
  std::vector<float> answer(model_.dimensions());
  std::vector<float> query(model_.dimensions());
  std::vector<float> side(graph_.dimensions());
  if (!side.empty()) graph_.without(example.listing, example.query_number, example.query, side);
  model_.encode_listing_bag(bag, side, answer);
  model_.encode_query_bag(example.query, {}, query);
  const float cosine = row_kernels().dot(query.data(), answer.data(), query.size());
  std::size_t nearer = 0;
  for (std::size_t place = 0; place < listings_.size(); ++place) {
    if (listings_[place] == example.listing) continue;
    nearer += row_kernels().dot(query.data(), vector(place).data(), query.size()) > cosine ? 1 : 0;
  }
  return nearer;
}

float NearestListings::best_cosine(std::span<const float> query) const {
  float best = -1;
  for (std::size_t place = 0; place < listings_.size(); ++place) {
    best = std::max(best, row_kernels().dot(query.data(), vector(place).data(), query.size()));
  }
  return best;
}

std::vector<std::size_t> NearestListings::ranks(std::span<const PreparedExample> examples) const {
  std::vector<std::size_t> result(examples.size());
  for_each_on(pool_, examples.size(), [&](std::size_t i) { result[i] = rank(examples[i]); });
  return result;
}

}  // namespace handsel::models
