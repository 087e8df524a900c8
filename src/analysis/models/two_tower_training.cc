#include "analysis/models/two_tower_training.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_examples.h"
#include "analysis/models/two_tower_module.h"
#include "analysis/models/two_tower_nearest.h"
#include "analysis/models/two_tower_table.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::size_t kBatchQueries = 256;
constexpr std::size_t kBatchUniform = 128;
constexpr std::size_t kMinedPerBatch = 128;  // the first examples of a batch get a hard negative

// One listing in so many is looked through for hard negatives, at most.
constexpr std::size_t kPoolListingsMax = 20'000;
constexpr std::size_t kSessionListingsMax = 2'000'000;
constexpr std::size_t kHeldOutCount = 1000;

constexpr double kWarmUpShare = 0.2;  // of all steps: uniform negatives alone
constexpr float kUniformAtEnd = 0.2F;
constexpr float kNoBound = 9.0F;  // no cosine reaches it
constexpr std::uint32_t kNearestOfBatch = 8;
constexpr std::uint32_t kNearestOfUniform = 16;

constexpr double kTowerRate = 0.001;
constexpr float kTableRate = 0.02F;

constexpr std::string_view kCheckpointMagic = "HSTWCKP1";
constexpr std::uint64_t kExamplesPerRoundMax = std::uint64_t{1} << 40;

std::uint64_t examples_total(const TrainOptions& options, const TrainingCorpus& corpus, const TrainingData& data) {
  if (options.examples_total > 0) return options.examples_total;
  const std::uint64_t wanted = 50 * corpus.size() + data.examples.size();
  return std::clamp<std::uint64_t>(wanted, 20'000, 3'000'000);
}

// Bounds of cosines by what a pair is. Purchases 0.9, seen and not bought 0.55, drawn
// blindly 0.2 as the hinge of arXiv 1907.00937; the levels between stand between.
void set_pair_kinds(double share_done, HandselBatch& batch) {
  const auto hard = static_cast<float>(std::max(0.0, (share_done - kWarmUpShare) / (1 - kWarmUpShare)));
  const float uniform = 1 - hard * (1 - kUniformAtEnd);
  const auto set = [&](PairKind kind, HandselPairKind rule) {
    batch.pair_kinds[static_cast<std::size_t>(kind)] = rule;
  };
  set(PairKind::kImpression, {.lower = -kNoBound, .upper = 0.55F, .weight = 1, .nearest_only = 0});
  set(PairKind::kClick, {.lower = 0.7F, .upper = kNoBound, .weight = 1, .nearest_only = 0});
  set(PairKind::kFavourite, {.lower = 0.8F, .upper = kNoBound, .weight = 1, .nearest_only = 0});
  set(PairKind::kCart, {.lower = 0.85F, .upper = kNoBound, .weight = 1, .nearest_only = 0});
  set(PairKind::kPurchase, {.lower = 0.9F, .upper = kNoBound, .weight = 1, .nearest_only = 0});
  set(PairKind::kPseudo, {.lower = 0.9F, .upper = kNoBound, .weight = 1, .nearest_only = 0});
  set(PairKind::kUniform, {.lower = -kNoBound, .upper = 0.2F, .weight = uniform, .nearest_only = kNearestOfUniform});
  set(PairKind::kInBatch, {.lower = -kNoBound, .upper = 0.2F, .weight = hard, .nearest_only = kNearestOfBatch});
  set(PairKind::kMined, {.lower = -kNoBound, .upper = 0.55F, .weight = hard, .nearest_only = 0});
}

class Training {
 public:
  Training(const TrainingData& data, const TrainOptions& options,
           const std::function<void(const TrainProgress&)>& progress, std::stop_token stop)
      : data_(data), options_(options), progress_(progress), stop_(std::move(stop)) {}

  Result<TrainedTwoTower> run();

 private:
  Result<void> prepare();
  std::size_t resume();
  Result<void> keep(std::size_t rounds_done);
  Result<void> round(std::size_t number);
  Result<void> step(std::span<const PreparedExample> examples, std::span<const std::uint32_t> mined,
                    const NearestListings& nearest, std::uint64_t first);
  void fill_pairs(std::span<const PreparedExample> examples, std::span<const std::uint32_t> columns);
  Result<std::string> model_bytes();
  Result<std::unique_ptr<TwoTower>> model();
  Result<void> measure(const TwoTower& model, TrainedTwoTower& result) const;
  void report(std::string_view stage, std::uint64_t done, std::uint64_t total);
  std::uint64_t key() const;

  const TrainingData& data_;
  const TrainOptions& options_;
  const std::function<void(const TrainProgress&)>& progress_;
  const std::stop_token stop_;

  std::optional<TrainingCorpus> corpus_;
  std::optional<ExampleMaker> maker_;
  std::optional<TrainerModule> module_;
  std::optional<TrainingTable> table_;
  TwoTowerShape shape_;
  std::uint64_t total_ = 0;
  double loss_sum_ = 0;
  std::uint64_t loss_count_ = 0;
  double loss_last_ = 0;

  // Of one step, kept for their memory.
  std::vector<FeatureBag> query_bags_;
  std::vector<FeatureBag> listing_bags_;
  std::vector<float> query_sums_;
  std::vector<float> listing_sums_;
  std::vector<float> query_gradients_;
  std::vector<float> listing_gradients_;
  std::vector<float> query_side_;
  std::vector<float> listing_side_;
  std::vector<float> row_weights_;
  std::vector<std::uint8_t> kinds_;
};

void Training::report(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  if (loss_count_ > 0) loss_last_ = loss_sum_ / static_cast<double>(loss_count_);
  loss_sum_ = 0;
  loss_count_ = 0;
  if (progress_) progress_({.stage = stage, .done = done, .total = total, .loss = loss_last_});
}

Result<void> Training::prepare() {
  if (options_.dimensions < 1 || options_.dimensions > kDimensionsMax || options_.hidden > kTwoTowerHiddenMax ||
      data_.graph_dimensions > kDimensionsMax || options_.rounds < 1 || options_.rounds > kTrainingRoundsMax ||
      (options_.table_bits != 0 && (options_.table_bits < kTableBitsMin || options_.table_bits > kTableBitsMax))) {
    return fail(Code::kInvalidArgument, "no two-tower model has {} dimensions, {} hidden ones, {} rounds and 2^{} rows",
                options_.dimensions, options_.hidden, options_.rounds, options_.table_bits);
  }
  const HandselTrainerShape trainer{.dimensions = options_.dimensions,
                                    .hidden = options_.hidden,
                                    .query = {.segments = kQuerySegments, .side = options_.dimensions},
                                    .listing = {.segments = kListingSegments, .side = data_.graph_dimensions},
                                    .seed = options_.seed,
                                    .threads = 1,
                                    .learning_rate = kTowerRate};
  HANDSEL_ASSIGN(module_, TrainerModule::open(options_.module_path, trainer));
  report("reading", 0, 0);
  HANDSEL_ASSIGN(corpus_, TrainingCorpus::read(data_, options_.table_bits, stop_));
  HANDSEL_ASSIGN(maker_, ExampleMaker::make(data_, *corpus_, options_.seed));
  total_ = std::min(examples_total(options_, *corpus_, data_), kExamplesPerRoundMax);
  shape_ = {.features = corpus_->features().settings(),
            .dimensions = options_.dimensions,
            .hidden = options_.hidden,
            .graph_dimensions = data_.graph_dimensions};
  table_.emplace(shape_.features.rows(), options_.dimensions, options_.pool);
  return {};
}

// Of everything that the state after a round depends on.
std::uint64_t Training::key() const {
  std::uint64_t hash = hash64(fmt::format("{} {} {} {} {} {}", options_.seed, options_.dimensions, options_.hidden,
                                          shape_.features.table_bits, options_.rounds, total_),
                              corpus_->fingerprint());
  for (const TrainingQuery& query : data_.queries) hash = hash64(query.text, hash);
  for (const TrainingExample& example : data_.examples) {
    hash = mix64(hash ^ (std::uint64_t{example.query} << 32 | example.listing) ^
                 mix64(static_cast<std::uint64_t>(example.interest)));
  }
  return hash;
}

Result<void> Training::keep(std::size_t rounds_done) {
  if (options_.files == nullptr || options_.checkpoint_path.empty()) return {};
  HANDSEL_ASSIGN(const std::string trainer, module_->save());
  std::string bytes(kCheckpointMagic);
  put_fixed(bytes, key());
  put_varint(bytes, rounds_done);
  put_string(bytes, trainer);
  put_string(bytes, table_->save());
  put_fixed(bytes, crc32c(bytes));
  return options_.files->write_file(options_.checkpoint_path, bytes);
}

// How many rounds are done already. A checkpoint that is damaged, or of other data or
// options, is none.
std::size_t Training::resume() {
  if (options_.files == nullptr || options_.checkpoint_path.empty()) return 0;
  const Result<std::string> bytes = options_.files->read_file(options_.checkpoint_path);
  if (!bytes || bytes->size() < kCheckpointMagic.size() + sizeof(std::uint32_t)) return 0;
  const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - sizeof(std::uint32_t));
  if (ByteReader(std::string_view(*bytes).substr(body.size())).fixed<std::uint32_t>() != crc32c(body)) return 0;
  ByteReader reader(body);
  if (reader.bytes(kCheckpointMagic.size()) != kCheckpointMagic || reader.fixed<std::uint64_t>() != key()) return 0;
  const std::uint64_t rounds = reader.varint();
  const std::string_view trainer = reader.string();
  const std::string_view table = reader.string();
  if (!reader.ok() || !reader.empty() || rounds > options_.rounds) return 0;
  return module_->load(trainer) && table_->load(table) ? rounds : 0;
}

Result<void> Training::round(std::size_t number) {
  HANDSEL_ASSIGN(const std::unique_ptr<TwoTower> now, model());
  const Rng rng = Rng(options_.seed).split(1'000'000 + number);
  const NearestListings nearest(*now, *corpus_, maker_->has_sessions() ? kSessionListingsMax : kPoolListingsMax,
                                rng.split(0), options_.pool);
  const bool mines = static_cast<double>(number) >= kWarmUpShare * static_cast<double>(options_.rounds);
  const std::uint64_t begin = total_ * number / options_.rounds;
  const std::uint64_t end = total_ * (number + 1) / options_.rounds;
  std::vector<PreparedExample> examples;
  for (std::uint64_t first = begin; first < end; first += kBatchQueries) {
    if (stop_.stop_requested()) return fail(Code::kCancelled, "training was stopped in round {}", number + 1);
    examples.clear();
    for (std::uint64_t i = first; i < std::min(end, first + kBatchQueries); ++i) examples.push_back(maker_->example(i));
    std::vector<std::uint32_t> mined;
    if (mines) {
      mined = nearest.hard_negatives(std::span(examples).first(std::min(kMinedPerBatch, examples.size())),
                                     rng.split(first + 1));
    }
    HANDSEL_TRY(step(examples, mined, nearest, first));
    report("training", first, total_);
  }
  return {};
}

Result<void> Training::step(std::span<const PreparedExample> examples, std::span<const std::uint32_t> mined,
                            const NearestListings& nearest, std::uint64_t first) {
  const std::size_t dimensions = options_.dimensions;
  Rng rng = Rng(options_.seed).split(~first);
  // Columns: each example's own listing, listings drawn blindly, hard ones.
  std::vector<std::uint32_t> columns;
  for (const PreparedExample& example : examples) columns.push_back(example.listing);
  for (std::size_t i = 0; i < kBatchUniform; ++i)
    columns.push_back(static_cast<std::uint32_t>(rng.below(corpus_->size())));
  columns.insert(columns.end(), mined.begin(), mined.end());

  query_bags_.resize(examples.size());
  listing_bags_.resize(columns.size());
  query_side_.assign(examples.size() * dimensions, 0.0F);
  listing_side_.assign(columns.size() * data_.graph_dimensions, 0.0F);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    query_bags_[i] = examples[i].query;
    if (!examples[i].session.empty()) {
      nearest.mean(examples[i].session, std::span(query_side_).subspan(i * dimensions, dimensions));
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == NearestListings::kNothing) columns[i] = examples[0].listing;
    const bool masked = i < examples.size() && examples[i].listing_is_masked;
    corpus_->bag_without(
        columns[i], masked ? std::span<const std::uint32_t>(examples[i].query.rows) : std::span<const std::uint32_t>(),
        listing_bags_[i]);
    std::ranges::copy(corpus_->graph(columns[i]),
                      listing_side_.begin() + static_cast<std::ptrdiff_t>(i * data_.graph_dimensions));
  }
  fill_pairs(examples, columns);
  for (std::size_t i = 0; i < mined.size(); ++i) {
    const bool known = mined[i] == NearestListings::kNothing;
    kinds_[i * columns.size() + examples.size() + kBatchUniform + i] =
        static_cast<std::uint8_t>(known ? PairKind::kNone : PairKind::kMined);
  }

  table_->sums(query_bags_, kQuerySegments, query_sums_);
  table_->sums(listing_bags_, kListingSegments, listing_sums_);
  query_gradients_.resize(query_sums_.size());
  listing_gradients_.resize(listing_sums_.size());
  row_weights_.assign(examples.size(), 1.0F);
  const double share_done = static_cast<double>(first) / static_cast<double>(total_);
  HandselBatch batch{.queries = examples.size(),
                     .listings = columns.size(),
                     .query_sums = query_sums_.data(),
                     .listing_sums = listing_sums_.data(),
                     .query_side = maker_->has_sessions() ? query_side_.data() : nullptr,
                     .listing_side = data_.graph_dimensions > 0 ? listing_side_.data() : nullptr,
                     .kinds = kinds_.data(),
                     .row_weights = row_weights_.data(),
                     .pair_kinds = {},
                     .learning_rate_scale = 1 - share_done,
                     .query_gradients = query_gradients_.data(),
                     .listing_gradients = listing_gradients_.data(),
                     .loss = 0};
  set_pair_kinds(share_done, batch);
  HANDSEL_TRY(module_->step(batch));
  if (!std::isfinite(batch.loss)) return fail(Code::kInvalidData, "training went astray: its loss is not finite");
  loss_sum_ += batch.loss;
  ++loss_count_;
  const auto rate = static_cast<float>(kTableRate * (1 - share_done));
  table_->learn(query_bags_, kQuerySegments, query_gradients_, rate);
  table_->learn(listing_bags_, kListingSegments, listing_gradients_, rate);
  return {};
}

// What each query of a batch is to each listing of it.
void Training::fill_pairs(std::span<const PreparedExample> examples, std::span<const std::uint32_t> columns) {
  std::unordered_multimap<std::uint32_t, std::size_t> places;
  for (std::size_t i = 0; i < columns.size(); ++i) places.emplace(columns[i], i);
  kinds_.assign(examples.size() * columns.size(), static_cast<std::uint8_t>(PairKind::kNone));
  for (std::size_t row = 0; row < examples.size(); ++row) {
    std::uint8_t* kinds = kinds_.data() + row * columns.size();
    std::fill_n(kinds, examples.size(), static_cast<std::uint8_t>(PairKind::kInBatch));
    std::fill_n(kinds + examples.size(), kBatchUniform, static_cast<std::uint8_t>(PairKind::kUniform));
    const auto forget = [&](std::uint32_t listing) {
      const auto [from, to] = places.equal_range(listing);
      for (auto place = from; place != to; ++place) kinds[place->second] = static_cast<std::uint8_t>(PairKind::kNone);
    };
    forget(examples[row].listing);
    std::ranges::for_each(examples[row].known, forget);
    kinds[row] = static_cast<std::uint8_t>(examples[row].kind);
  }
}

Result<std::string> Training::model_bytes() {
  HANDSEL_ASSIGN(const std::string towers, module_->weights());
  TwoTowerWeights weights{.shape = shape_, .query = {}, .listing = {}};
  const bool finite = std::ranges::all_of(table_->values(), [](float value) { return std::isfinite(value); });
  if (!read_towers(towers, weights) || !finite) {
    return fail(Code::kInvalidData, "training went astray: a weight is not finite");
  }
  return write_two_tower(weights, table_->values());
}

Result<std::unique_ptr<TwoTower>> Training::model() {
  HANDSEL_ASSIGN(std::string bytes, model_bytes());
  return TwoTower::open(std::make_shared<HeapBytes>(std::move(bytes)));
}

Result<void> Training::measure(const TwoTower& model, TrainedTwoTower& result) const {
  const NearestListings nearest(model, *corpus_, kPoolListingsMax, Rng(options_.seed).split(3), options_.pool);
  const auto add = [&](const std::string& name, std::span<const PreparedExample> examples) {
    if (examples.empty()) return;
    double near = 0;
    double first_page = 0;
    double reciprocal = 0;
    for (const std::size_t rank : nearest.ranks(examples)) {
      near += rank < 100 ? 1 : 0;
      first_page += rank < 10 ? 1 : 0;
      reciprocal += 1 / static_cast<double>(rank + 1);
    }
    const auto count = static_cast<double>(examples.size());
    result.metrics[name + "_recall_at_100"] = near / count;
    result.metrics[name + "_recall_at_10"] = first_page / count;
    result.metrics[name + "_reciprocal_rank"] = reciprocal / count;
    result.metrics[name + "_examples"] = count;
  };
  for (const bool masked : {false, true}) {
    std::vector<PreparedExample> examples;
    for (std::size_t i = 0; i < kHeldOutCount; ++i) examples.push_back(maker_->held_out_pseudo(i, masked));
    add(masked ? "held_out_masked" : "held_out_catalogue", examples);
  }
  add("held_out_log", maker_->held_out_log(kHeldOutCount));
  return {};
}

Result<TrainedTwoTower> Training::run() {
  HANDSEL_TRY(prepare());
  report("beginning", 0, total_);
  const std::size_t rounds_done = resume();
  if (rounds_done == 0) HANDSEL_TRY(table_->begin(*corpus_, *module_, Rng(options_.seed).split(2)));
  for (std::size_t number = rounds_done; number < options_.rounds; ++number) {
    HANDSEL_TRY(round(number));
    HANDSEL_TRY(keep(number + 1));
  }
  report("measuring", total_, total_);
  TrainedTwoTower result;
  HANDSEL_ASSIGN(std::string bytes, model_bytes());
  HANDSEL_ASSIGN(const std::unique_ptr<TwoTower> model, TwoTower::open(std::make_shared<HeapBytes>(bytes)));
  HANDSEL_TRY(measure(*model, result));
  result.files.emplace(kTwoTowerFile, std::move(bytes));
  result.data_fingerprint = fmt::format("{:016x}", key());
  result.metrics["loss"] = loss_last_;
  result.details["library"] = module_->library();
  result.details["dimensions"] = std::to_string(shape_.dimensions);
  result.details["table_rows"] = std::to_string(shape_.features.rows());
  result.details["listings"] = std::to_string(corpus_->size());
  result.details["log_examples"] = std::to_string(data_.examples.size());
  result.details["examples_drawn"] = std::to_string(total_);
  result.details["fingerprint"] = model->fingerprint();
  if (options_.files != nullptr && options_.files->exists(options_.checkpoint_path)) {
    HANDSEL_TRY(options_.files->remove_file(options_.checkpoint_path));
  }
  return result;
}

}  // namespace

Result<TrainedTwoTower> train_two_tower(const TrainingData& data, const TrainOptions& options,
                                        const std::function<void(const TrainProgress&)>& progress,
                                        std::stop_token stop) {
  return Training(data, options, progress, std::move(stop)).run();
}

}  // namespace handsel::models
