#include "analysis/models/two_tower_training.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "analysis/models/two_tower_batch.h"
#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_examples.h"
#include "analysis/models/two_tower_graph.h"
#include "analysis/models/two_tower_module.h"
#include "analysis/models/two_tower_nearest.h"
#include "analysis/models/two_tower_table.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::size_t kMeasuringListingsMax = 20'000;
constexpr std::size_t kSessionListingsMax = 2'000'000;  // with more, sessions are not learned from
constexpr std::size_t kHeldOutCount = 1000;
constexpr std::size_t kNoiseQueries = 200;
constexpr std::size_t kNoiseLetters = 16;

constexpr double kTowerRate = 0.001;

constexpr std::string_view kCheckpointMagic = "HSTWCKP1";
constexpr std::uint64_t kExamplesPerRoundMax = std::uint64_t{1} << 40;

std::uint64_t examples_total(const TrainOptions& options, const TrainingCorpus& corpus, const TrainingData& data) {
  if (options.examples_total > 0) return options.examples_total;
  const std::uint64_t wanted = 50 * corpus.size() + data.examples.size();
  return std::clamp<std::uint64_t>(wanted, 20'000, 3'000'000);
}

// Without them queries say nothing of any listing.
bool knows_actions(const TrainingData& data) {
  return std::ranges::any_of(data.examples,
                             [](const TrainingExample& example) { return example.interest != Interest::kImpression; });
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
  Result<std::string> model_bytes();
  Result<std::unique_ptr<TwoTower>> model();
  Result<void> measure(const TwoTower& model, TrainedTwoTower& result) const;
  Result<void> measure_noise(const TwoTower& model, const NearestListings& nearest, TrainedTwoTower& result) const;
  void report(std::string_view stage, std::uint64_t done, std::uint64_t total);
  std::uint64_t key() const;
  std::size_t graph_dimensions() const { return knows_actions(data_) ? options_.graph_dimensions : 0; }
  bool learns_sessions() const { return maker_->has_sessions() && corpus_->size() <= kSessionListingsMax; }

  const TrainingData& data_;
  const TrainOptions& options_;
  const std::function<void(const TrainProgress&)>& progress_;
  const std::stop_token stop_;

  std::optional<TrainingCorpus> corpus_;
  std::optional<ExampleMaker> maker_;
  std::optional<TrainingGraph> graph_;
  std::optional<TrainerModule> module_;
  std::optional<TrainingTable> table_;
  std::optional<TrainingBatch> batch_;
  TwoTowerShape shape_;
  std::uint64_t total_ = 0;
  double loss_sum_ = 0;
  std::uint64_t loss_count_ = 0;
  double loss_last_ = 0;
};

void Training::report(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  if (loss_count_ > 0) loss_last_ = loss_sum_ / static_cast<double>(loss_count_);
  loss_sum_ = 0;
  loss_count_ = 0;
  if (progress_) progress_({.stage = stage, .done = done, .total = total, .loss = loss_last_});
}

Result<void> Training::prepare() {
  if (options_.dimensions < 1 || options_.dimensions > kDimensionsMax || options_.hidden > kTwoTowerHiddenMax ||
      options_.graph_dimensions > kDimensionsMax || options_.rounds < 1 || options_.rounds > kTrainingRoundsMax ||
      (options_.table_bits != 0 && (options_.table_bits < kTableBitsMin || options_.table_bits > kTableBitsMax))) {
    return fail(Code::kInvalidArgument, "no two-tower model has {} dimensions, {} hidden ones, {} rounds and 2^{} rows",
                options_.dimensions, options_.hidden, options_.rounds, options_.table_bits);
  }
  const HandselTrainerShape trainer{.dimensions = options_.dimensions,
                                    .hidden = options_.hidden,
                                    .query = {.segments = kQuerySegments, .side = options_.dimensions},
                                    .listing = {.segments = kListingSegments, .side = graph_dimensions()},
                                    .seed = options_.seed,
                                    .threads = 1,
                                    .learning_rate = kTowerRate};
  HANDSEL_ASSIGN(module_, TrainerModule::open(options_.module_path, trainer));
  report("reading", 0, 0);
  HANDSEL_ASSIGN(corpus_, TrainingCorpus::read(data_, options_.table_bits, stop_));
  HANDSEL_ASSIGN(maker_, ExampleMaker::make(data_, *corpus_, options_.seed));
  graph_.emplace(data_, *corpus_, graph_dimensions());
  total_ = std::min(examples_total(options_, *corpus_, data_), kExamplesPerRoundMax);
  shape_ = {.features = corpus_->features().settings(),
            .dimensions = options_.dimensions,
            .hidden = options_.hidden,
            .graph_dimensions = graph_dimensions()};
  batch_.emplace(*corpus_, *graph_, options_.dimensions);
  table_.emplace(shape_.features.rows(), options_.dimensions, options_.pool);
  return {};
}

// Of everything that the state after a round depends on.
std::uint64_t Training::key() const {
  std::uint64_t hash = hash64(fmt::format("{} {} {} {} {} {} {}", options_.seed, options_.dimensions, options_.hidden,
                                          shape_.graph_dimensions, shape_.features.table_bits, options_.rounds, total_),
                              corpus_->fingerprint());
  for (const TrainingQuery& query : data_.queries) hash = hash64(query.language, hash64(query.text, hash));
  for (const std::string& country : data_.countries) hash = hash64(country, hash);
  for (const TrainingExample& example : data_.examples) {
    hash = mix64(hash ^ (std::uint64_t{example.query} << 32 | example.listing) ^
                 mix64(std::uint64_t{example.country} << 8 | static_cast<std::uint64_t>(example.interest)));
    for (std::uint32_t i = 0; i < example.session_count; ++i) {
      hash = mix64(hash ^ data_.session_listings[example.session_begin + i]);
    }
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
  const NearestListings nearest(*now, *corpus_, *graph_, learns_sessions() ? corpus_->size() : kMiningListingsMax,
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
    batch_->fill(examples, mined, learns_sessions() ? &nearest : nullptr, rng.split(~first));
    HANDSEL_ASSIGN(const double loss,
                   batch_->learn(*table_, *module_, static_cast<double>(first) / static_cast<double>(total_)));
    loss_sum_ += loss;
    ++loss_count_;
    report("training", first, total_);
  }
  return {};
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
  const NearestListings nearest(model, *corpus_, *graph_, kMeasuringListingsMax, Rng(options_.seed).split(3),
                                options_.pool);
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
  return measure_noise(model, nearest, result);
}

// How near a listing lies to what means nothing: words of letters drawn by chance. The median
// over kNoiseQueries; a query whose best listing is not nearer has none. Not a high percentile:
// parts of a few such words happen to be parts of real ones, and a rare query that means
// something lies no nearer than those.
Result<void> Training::measure_noise(const TwoTower& model, const NearestListings& nearest,
                                     TrainedTwoTower& result) const {
  std::vector<float> best(kNoiseQueries);
  std::vector<float> vector(model.dimensions());
  Rng rng = Rng(options_.seed).split(4);
  for (float& cosine : best) {
    std::string text;
    for (std::size_t i = 0; i < kNoiseLetters; ++i) text += static_cast<char>('a' + rng.below(26));
    text.insert(kNoiseLetters / 2, " ");
    const QueryInput input{.text = text, .language = {}, .country = {}, .session = {}};
    HANDSEL_TRY(model.encode_queries({&input, 1}, vector));
    cosine = nearest.best_cosine(vector);
  }
  std::ranges::sort(best);
  result.metrics[std::string(kSimilarityNoiseMetric)] = best[kNoiseQueries / 2];
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
  std::shared_ptr<const FileBytes> graph;
  if (shape_.graph_dimensions > 0) {
    const auto [file, added] = result.files.emplace(kGraphVectorsFile, graph_->file());
    graph = std::make_shared<HeapBytes>(file->second);
  }
  HANDSEL_ASSIGN(const auto model, TwoTower::open(std::make_shared<HeapBytes>(bytes), std::move(graph)));
  HANDSEL_TRY(measure(*model, result));
  result.files.emplace(kTwoTowerFile, std::move(bytes));
  result.data_fingerprint = fmt::format("{:016x}", key());
  if (rounds_done < options_.rounds) result.metrics["loss"] = loss_last_;  // else nothing was left to learn
  result.details["library"] = module_->library();
  result.details["dimensions"] = std::to_string(shape_.dimensions);
  result.details["table_rows"] = std::to_string(shape_.features.rows());
  result.details["graph_dimensions"] = std::to_string(shape_.graph_dimensions);
  if (const auto& countries = shape_.features.countries; !countries.empty()) {
    result.details["countries"] = fmt::format("{}", fmt::join(countries, " "));
  }
  result.details["listings"] = std::to_string(corpus_->size());
  result.details["log_examples"] = std::to_string(data_.examples.size());
  result.details["examples_drawn"] = std::to_string(total_);
  result.details["fingerprint"] = model->fingerprint();
  return result;
}

}  // namespace

Result<TrainedTwoTower> train_two_tower(const TrainingData& data, const TrainOptions& options,
                                        const std::function<void(const TrainProgress&)>& progress,
                                        std::stop_token stop) {
  return Training(data, options, progress, std::move(stop)).run();
}

}  // namespace handsel::models
