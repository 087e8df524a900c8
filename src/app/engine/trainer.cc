#include "app/engine/trainer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "analysis/models/transformer_encoder.h"
#include "analysis/models/two_tower_training.h"
#include "analysis/text/normalised_query.h"
#include "app/engine/encoder_examples.h"
#include "app/engine/learned_views.h"
#include "app/engine/objective_inputs.h"
#include "app/engine/search_rows.h"
#include "base/core/hash.h"
#include "base/core/thread_pool.h"
#include "facts/decisions/judgment.h"
#include "facts/events/event_reader.h"
#include "ranking/features/matrix.h"
#include "ranking/trees/train.h"

namespace handsel {
namespace {

constexpr std::array kAllKinds = {Trained::kEncoder, Trained::kPropensities, Trained::kRanker};
constexpr std::string_view kPropensitiesFile = "propensities.txt";
// Of the events, in order: what comes before teaches the encoder, the graph and what queries
// mean; the ranker learns from what comes after. Were they all to learn from the same clicks,
// the ranker would take for knowledge what the others merely remember: on the demo
// marketplace that costs five hundredths of NDCG@10.
constexpr double kEarlyShare = 0.8;
constexpr double kEarlyShareMax = 0.95;
// How many events an encoder has learned from, in its manifest.
constexpr std::string_view kEventsDetail = "events";
constexpr std::size_t kRowsOfThreads = 500'000;

// Where searches are many. Places explain most of who is clicked, so what is kept apart tells 17 rounds from 85 by
// chance alone (NDCG@10 in truth .911 and .919 on two demos): the number of rounds is fixed.
constexpr std::size_t kRoundsOfMany = 200;
// From so many on, and where what pages left out is believed, larger trees that each see less learn more; from half as
// many, or from what was shown alone, they learn by heart (docs/decisions/0020).
constexpr std::size_t kLargeTreesFrom = 15'000;
constexpr std::size_t kRoundsOfLarge = 100;
constexpr std::size_t kLeavesOfLarge = 32;
constexpr double kHessianMinOfLarge = 5;
constexpr double kRowShareOfLarge = 0.5;
constexpr double kColumnShareOfLarge = 0.3;

std::uint64_t hash_of(const events::Event& event, std::uint64_t before) {
  const std::uint64_t when = mix64(static_cast<std::uint64_t>(event.time_ms) ^ before) + std::to_underlying(event.kind);
  return hash64(event.id, hash64(event.query, hash64(event.listing_id, when)));
}

std::uint64_t hash_of(const trees::RankingRows& rows, std::uint64_t before) {
  for (const std::vector<float>* numbers : {&rows.values, &rows.gains, &rows.weights, &rows.offsets}) {
    const auto bytes = std::as_bytes(std::span(*numbers));
    before = hash64({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, before);
  }
  return before;
}

}  // namespace

std::string_view trained_name(Trained kind) {
  switch (kind) {
    case Trained::kEncoder:
      return kEncoderModel;
    case Trained::kPropensities:
      return kPropensitiesModel;
    case Trained::kRanker:
      return kRankerModel;
  }
  return "";
}

Trainer::Trainer(Parts parts, TrainRequest request, TrainProgressed progress, std::stop_token stop)
    : parts_(std::move(parts)),
      request_(std::move(request)),
      progress_(std::move(progress)),
      stop_(std::move(stop)),
      store_(parts_.files, parts_.clock, parts_.folder + "/models") {}

void Trainer::say(std::string_view stage, std::uint64_t done, std::uint64_t total) const {
  if (progress_) progress_(stage, done, total);
}

Result<std::vector<TrainOutcome>> Trainer::run() {
  HANDSEL_TRY(parts_.files.make_folders(parts_.folder + "/training"));
  // What is made for a comparison is always made, and is nothing to go on from.
  if (request_.promote && !request_.ignore_position_bias) {
    unfinished_.emplace(
        parts_.files, parts_.folder + "/training/unfinished",
        UnfinishedTraining::Run{.task = task(), .started_ms = parts_.clock.now_ms(), .records = records_in_log()});
  }
  std::vector<TrainOutcome> outcomes;
  for (const Trained kind : kAllKinds) {
    const bool wanted = request_.kinds.empty() || std::ranges::find(request_.kinds, kind) != request_.kinds.end();
    if (!wanted) continue;
    if (auto made = unfinished_ ? made_before(kind, unfinished_->made()) : std::nullopt) {
      outcomes.push_back(std::move(*made));
      continue;
    }
    HANDSEL_ASSIGN(TrainOutcome outcome, train(kind));
    if (unfinished_ && !outcome.id.empty()) HANDSEL_TRY(unfinished_->add(trained_name(kind), outcome.id));
    if (stop_.stop_requested()) return fail(Code::kCancelled, "training was stopped; the next run goes on from here");
    outcomes.push_back(std::move(outcome));
  }
  if (unfinished_) HANDSEL_TRY(unfinished_->finish());
  return outcomes;
}

Result<TrainOutcome> Trainer::train(Trained kind) {
  switch (kind) {
    case Trained::kEncoder:
      return train_encoder();
    case Trained::kPropensities:
      return train_propensities();
    case Trained::kRanker:
      break;
  }
  return train_ranker();
}

// Where it was made, and is whole.
std::optional<TrainOutcome> Trainer::made_before(Trained kind, const std::map<std::string, std::string>& made) const {
  const auto found = made.find(std::string(trained_name(kind)));
  if (found == made.end() || !store_.open(found->first, found->second)) return std::nullopt;
  const auto serving = store_.promoted(found->first);
  return TrainOutcome{.kind = kind,
                      .id = found->second,
                      .promoted = serving && *serving == found->second,
                      .note = "made before the last run stopped"};
}

std::uint64_t Trainer::task() const {
  std::uint64_t task = mix64(request_.seed);
  for (const std::size_t part : {request_.searches_max, request_.examples_max, request_.encoder_examples_total}) {
    task = mix64(task ^ part);
  }
  return hash64(learning::to_text(request_.objective), task);
}

std::uint64_t Trainer::records_in_log() const {
  std::uint64_t total = 0;
  for (const log::Topic topic : log::kTopics) {
    for (std::uint32_t p = 0; p < parts_.log.partitions(topic); ++p) total += parts_.log.end_offset(topic, p);
  }
  return total;
}

std::uint64_t Trainer::events_in_log() const {
  std::uint64_t total = 0;
  for (std::uint32_t p = 0; p < parts_.log.partitions(log::Topic::kEvents); ++p) {
    total += parts_.log.end_offset(log::Topic::kEvents, p);
  }
  return total;
}

Result<void> Trainer::visit_events(std::string_view stage,
                                   const std::function<Result<void>(const events::Event&)>& visit,
                                   std::uint64_t events_max) {
  events::EventReader reader(parts_.log);
  const std::uint64_t in_log = events_in_log();
  events_hash_ = 0;
  for (std::uint64_t done = 0; done < events_max;) {
    HANDSEL_ASSIGN(std::vector<events::Event> piece, reader.read());
    if (piece.empty()) break;
    piece.resize(std::min<std::uint64_t>(piece.size(), events_max - done));
    for (const events::Event& event : piece) {
      events_hash_ = hash_of(event, events_hash_);
      HANDSEL_TRY(visit(event));
    }
    done += piece.size();
    say(stage, done, std::min(in_log, events_max));
    if (stop_.stop_requested()) return fail(Code::kCancelled, "training was stopped");
  }
  events_ = in_log;
  return {};
}

std::string Trainer::fingerprint_of_events() const {
  return fmt::format("{:016x}, {} events", events_hash_, events_);
}

Result<TrainOutcome> Trainer::keep(Trained kind, storage::Manifest manifest,
                                   const std::map<std::string, std::string>& files, bool promote, std::string note) {
  manifest.kind = std::string(trained_name(kind));
  manifest.seed = request_.seed;
  TrainOutcome outcome{.kind = kind, .note = std::move(note), .metrics = manifest.metrics};
  HANDSEL_ASSIGN(outcome.id, store_.put(std::move(manifest), files));
  if (!promote) return outcome;
  if (request_.promote) {
    HANDSEL_TRY(store_.promote(trained_name(kind), outcome.id));
    outcome.promoted = true;
    // Before the wait below, which may be long: who ends it there loses nothing.
    if (unfinished_) HANDSEL_TRY(unfinished_->add(trained_name(kind), outcome.id));
  }
  // Not before it is stored. One that stays is of use to nobody, and does no harm.
  if (kind == Trained::kEncoder) static_cast<void>(parts_.files.remove_file(checkpoint_path()));
  if (!outcome.promoted) return outcome;
  say("putting it to work");
  HANDSEL_TRY(parts_.reload());
  return outcome;
}

// --- the encoder ---

Result<TrainOutcome> Trainer::train_encoder() {
  EncoderExamples::Numbers numbers;
  HANDSEL_TRY(parts_.visit_listings([&](const catalog::Listing& listing) {
    numbers.emplace(listing.id, static_cast<std::uint32_t>(numbers.size()));
    return true;
  }));
  if (numbers.empty()) return TrainOutcome{.kind = Trained::kEncoder, .note = "there are no listings to learn from"};
  models::TrainingData data;
  data.visit_listings = [&](const models::TrainingData::Visit& visit) {
    return parts_.visit_listings([&](const catalog::Listing& listing) {
      visit(listing);
      return true;
    });
  };
  EncoderExamples examples(data, numbers, request_.examples_max);
  const auto early = static_cast<std::uint64_t>(kEarlyShare * static_cast<double>(events_in_log()));
  const auto observe = [&](const events::Event& event) -> Result<void> {
    examples.observe(event);
    return {};
  };
  HANDSEL_TRY(visit_events("encoder: reading events", observe, early));
  examples.finish();
  ThreadPool pool(parts_.threads);
  const models::TrainOptions options{.seed = request_.seed,
                                     .examples_total = request_.encoder_examples_total,
                                     .pool = &pool,
                                     .files = &parts_.files,
                                     .checkpoint_path = checkpoint_path()};
  auto trained = models::train_two_tower(
      data, options,
      [&](const models::TrainProgress& progress) {
        say(fmt::format("encoder: {}", progress.stage), progress.done, progress.total);
      },
      stop_);
  if (!trained && trained.error().code == Code::kUnsupported) {
    return TrainOutcome{.kind = Trained::kEncoder, .note = trained.error().message};
  }
  if (!trained) return std::unexpected(std::move(trained).error());
  storage::Manifest manifest{
      .data_fingerprint = trained->data_fingerprint, .metrics = trained->metrics, .details = trained->details};
  manifest.details[std::string(kEventsDetail)] = std::to_string(early);
  HANDSEL_ASSIGN(const std::string imported, imported_encoder());
  if (imported.empty()) return keep(Trained::kEncoder, std::move(manifest), trained->files, true, "");
  HANDSEL_ASSIGN(const TrainOutcome own, keep(Trained::kEncoder, manifest, trained->files, false, ""));
  manifest.metrics.erase(std::string(models::kSimilarityNoiseMetric));  // joined vectors have another
  manifest.details[std::string(models::kFormatDetail)] = std::string(kJoinedFormat);
  manifest.details[std::string(kFirstDetail)] = imported;
  manifest.details[std::string(kSecondDetail)] = own.id;
  return keep(Trained::kEncoder, std::move(manifest), {}, true, "beside the imported one, " + imported);
}

// The imported transformer that serves, alone or as a part; empty where none does.
Result<std::string> Trainer::imported_encoder() const {
  HANDSEL_ASSIGN(const auto serving, store_.promoted(kEncoderModel));
  if (!serving) return std::string();
  const auto artefact = store_.open(kEncoderModel, *serving);
  if (!artefact) return std::string();  // broken: it does not serve
  const std::string format = detail_of(artefact->manifest, models::kFormatDetail);
  if (format == models::kTransformerFormat) return *serving;
  return format == kJoinedFormat ? detail_of(artefact->manifest, kFirstDetail) : std::string();
}

// --- propensities ---

Result<TrainOutcome> Trainer::train_propensities() {
  learning::PropensityEstimator estimator;
  learning::SearchCollector collector({}, [&](const learning::CollectedSearch& search) {
    learning::add_to(estimator, search, hash64(text::normalised_query(search.query)));
  });
  HANDSEL_TRY(visit_events("propensities: reading events", [&](const events::Event& event) -> Result<void> {
    collector.observe(event);
    return {};
  }));
  collector.finish();
  return keep_propensities(estimator.estimate());
}

// Where they are refused, those from before must not go on correcting: an artefact that says so takes their place.
Result<TrainOutcome> Trainer::keep_propensities(const learning::Propensities& propensities) {
  estimated_ = {.id = "", .propensities = propensities};
  std::string note;
  if (!propensities.trusted) {
    note = "position bias is not estimated: " + propensities.reason;
    const auto before = promoted_propensities();
    const bool corrects = !before || (*before && (*before)->propensities.trusted);
    if (!corrects) return TrainOutcome{.kind = Trained::kPropensities, .note = std::move(note)};
    note += fmt::format("; what was estimated before{} corrects no longer",
                        before && *before ? ", " + (*before)->id + "," : "");
  }
  storage::Manifest manifest{.data_fingerprint = fingerprint_of_events(),
                             .details = {{"trusted", propensities.trusted ? "yes" : "no: " + propensities.reason},
                                         {"library", "handsel " HANDSEL_VERSION}}};
  for (std::size_t range = 0; propensities.trusted && range < propensities.ranges; ++range) {
    manifest.metrics[fmt::format("place_{}", range)] = propensities.values[range];
  }
  auto kept = keep(Trained::kPropensities, std::move(manifest),
                   {{std::string(kPropensitiesFile), propensities.serialise()}}, true, std::move(note));
  if (kept) estimated_->id = kept->id;
  return kept;
}

Result<std::optional<Trainer::KnownPropensities>> Trainer::promoted_propensities() const {
  HANDSEL_ASSIGN(const auto id, store_.promoted(kPropensitiesModel));
  if (!id) return std::nullopt;
  HANDSEL_ASSIGN(const storage::Artefact artefact, store_.open(kPropensitiesModel, *id));
  const auto file = artefact.files.find(std::string(kPropensitiesFile));
  if (file == artefact.files.end()) return fail(Code::kCorrupt, "propensities '{}' have no {}", *id, kPropensitiesFile);
  HANDSEL_ASSIGN(learning::Propensities propensities, learning::Propensities::parse(file->second->bytes()));
  return KnownPropensities{.id = *id, .propensities = std::move(propensities)};
}

Trainer::PositionBias Trainer::position_bias() const {
  if (request_.ignore_position_bias) return {learning::Propensities::even(), "ignored", ""};
  const Result<std::optional<KnownPropensities>> known = estimated_ ? estimated_ : promoted_propensities();
  if (!known) {
    return {{},
            "not corrected: " + known.error().message,
            "position bias is not corrected, for what was learned of it cannot be read: " + known.error().message};
  }
  if (!*known) return {{}, "not corrected: nothing is known of it", ""};
  const auto& [id, propensities] = **known;
  return {propensities, propensities.trusted ? "corrected by " + id : "not corrected: " + propensities.reason, ""};
}

// --- the ranker ---

Result<void> Trainer::add_judged(RankingData& data) {
  HANDSEL_ASSIGN(const decisions::JudgedQueries judged, decisions::read_judgments(parts_.log));
  std::vector<std::string> queries;
  for (const auto& [query, gains] : judged) queries.push_back(query);
  std::ranges::sort(queries);  // the same data, the same rows
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto rows = parts_.candidate_rows({.query = queries[i], .personalise = false}, {}, nullptr);
    if (!rows) return std::unexpected(rows.error());
    data.add_judged(*rows, judged.at(queries[i]));
    say("ranker: judged queries", i + 1, queries.size());
  }
  return {};
}

// Behind what the serving encoder has learned from, as far as enough is left to learn from.
Result<std::uint64_t> Trainer::early_events(std::uint64_t events) const {
  std::uint64_t learned = 0;
  HANDSEL_ASSIGN(const auto serving, store_.promoted(kEncoderModel));
  if (serving) {
    // A broken one does not serve.
    if (const auto artefact = store_.open(kEncoderModel, *serving)) {
      const std::string detail = detail_of(artefact->manifest, kEventsDetail);
      std::from_chars(detail.data(), detail.data() + detail.size(), learned);
    }
  }
  const auto share = [&](double of) { return static_cast<std::uint64_t>(of * static_cast<double>(events)); };
  return std::clamp(learned, share(kEarlyShare), share(kEarlyShareMax));
}

Result<std::uint64_t> Trainer::add_searches(const learning::Propensities& propensities, RankingData& data) {
  learning::RowOptions options;
  options.seed = request_.seed;
  options.objective = request_.objective;
  ObjectiveInputs inputs(parts_.load_listing);
  // First pass: how many searches teach something, and so which share of them to take.
  std::uint64_t events = 0;
  std::uint64_t searches = 0;
  const auto count = [&](const learning::CollectedSearch& search) {
    if (learning::label_search(search, propensities, options)) ++searches;
  };
  learning::SearchCollector counter({}, count);
  HANDSEL_TRY(visit_events("ranker: counting searches", [&](const events::Event& event) -> Result<void> {
    ++events;
    inputs.observe(event);
    counter.observe(event);
    return {};
  }));
  counter.finish();
  inputs.give_to(options);
  HANDSEL_ASSIGN(const std::uint64_t split, early_events(events));
  const double late = static_cast<double>(searches) * static_cast<double>(events - split) /
                      static_cast<double>(std::max<std::uint64_t>(events, 1));
  options.share = late <= 0 ? 1 : std::min(1.0, static_cast<double>(request_.searches_max) / late);
  // Second pass: their outcomes.
  std::unordered_map<std::string, learning::LabelledSearch> labelled;
  learning::SearchCollector collector({}, [&](const learning::CollectedSearch& search) {
    if (auto labels = learning::label_search(search, propensities, options)) {
      labelled.emplace(labels->query_id, std::move(*labels));
    }
  });
  HANDSEL_TRY(visit_events("ranker: collecting outcomes", [&](const events::Event& event) -> Result<void> {
    collector.observe(event);
    return {};
  }));
  collector.finish();
  // Third pass: what was known at the moment of each search.
  SearchRows rows(parts_, labelled, {.early_events = split, .searches_max = request_.searches_max});
  return rows.add_to(
      data, [&](std::string_view stage, std::uint64_t done) { say(fmt::format("ranker: {}", stage), done, events_); },
      stop_);
}

Result<TrainOutcome> Trainer::train_ranker() {
  RankingData data;
  HANDSEL_TRY(add_judged(data));
  const std::size_t judged = data.rows().groups();
  const PositionBias bias = position_bias();
  HANDSEL_ASSIGN(const std::uint64_t searches, add_searches(bias.propensities, data));
  learning::RankerOptions options = ranker_options();
  options.seed = request_.seed;
  // A straight line is for few queries: of 7,000 searches kept apart it served worse than the baseline that it began
  // with (NDCG@10 of clicks .216, baseline .242, trees .257), at half of the time.
  if (data.rows().groups() > learning::kFoldedGroupsMax) {
    options.learners = {learning::Learner::kBaseline, learning::Learner::kTrees};
    options.trees.rounds = kRoundsOfMany;
    options.trees.patience = 0;
    options.weighs_unseen = true;
  }
  if (data.rows().groups() > kLargeTreesFrom) {
    trees::TreeOptions& large = options.believing_trees.emplace(options.trees);
    large.rounds = kRoundsOfLarge;
    large.leaves = kLeavesOfLarge;
    large.hessian_min = kHessianMinOfLarge;
    large.row_share = kRowShareOfLarge;
    large.column_share = kColumnShareOfLarge;
  }
  // Threads of the trees spin while they wait for each other; with few rows they do little else.
  options.threads = data.rows().rows() < kRowsOfThreads ? 1 : static_cast<int>(parts_.threads);
  auto trained = learning::train_ranker(
      data.rows(), options, [&](std::size_t done, std::size_t total) { say("ranker: training", done, total); }, stop_);
  if (!trained && trained.error().code == Code::kInvalidArgument) {
    return TrainOutcome{.kind = Trained::kRanker,
                        .note = "there is too little to learn from: " + trained.error().message};
  }
  if (!trained) return std::unexpected(std::move(trained).error());
  events_hash_ = hash_of(data.rows(), events_hash_);
  storage::Manifest manifest{
      .data_fingerprint = fmt::format("{}, {} rows", fingerprint_of_events(), data.rows().rows()),
      .features = {},
      .metrics = trained->metrics(),
      .details = {{"learner", std::string(learning::learner_name(trained->learner))},
                  {"library", trees::trainer_version()},
                  {"judged_queries", std::to_string(judged)},
                  {"searches", std::to_string(searches)},
                  {"objective", learning::to_text(request_.objective)},
                  {"position_bias", bias.detail}}};
  if (!trained->pair_losses.empty()) manifest.details["unseen"] = std::string(learning::unseen_name(trained->unseen));
  for (const std::string& name : trained->ensemble.features()) manifest.features.push_back(name);
  if (trained->learner == learning::Learner::kTrees && searches > 0) {
    manifest.metrics[std::string(kUntrainedShareMetric)] =
        trained->unseen == learning::Unseen::kBelieved ? kUntrainedShareOfBelievers : kUntrainedShare;
  }
  HANDSEL_ASSIGN(const auto encoder, store_.promoted(kEncoderModel));
  if (encoder) manifest.details["encoder"] = *encoder;
  // One without trees and without a linear part orders nothing.
  const bool orders = trained->ensemble.trees() > 0 || !trained->ensemble.parts().linear.empty();
  const bool better = orders && trained->is_better;
  std::string note = bias.note;
  if (!better) {
    note += note.empty() ? "" : "; ";
    note += "it is no better than what needs no training, and was not promoted";
  }
  return keep(Trained::kRanker, std::move(manifest), {{std::string(kRankerFile), trained->ensemble.serialise()}},
              better, std::move(note));
}

}  // namespace handsel
