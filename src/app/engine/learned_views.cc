#include "app/engine/learned_views.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "analysis/models/cached_encoder.h"
#include "analysis/models/joined_encoder.h"
#include "analysis/models/transformer_encoder.h"
#include "analysis/models/two_tower.h"
#include "base/core/hash.h"

namespace handsel {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 1s;
constexpr std::int64_t kOpenAgainAfterMs = 30'000;
// An event shapes the next request of its session; longer than this nobody waits for it.
constexpr auto kEventWaitMax = 50ms;
constexpr std::size_t kEventsOfAPage = 100;  // more at once are an import: nobody looks at a page meanwhile
constexpr std::uint64_t kFarBehind = 1'000;  // then waiting is in vain
// Listings that a new encoder may lack when it takes over: of a log that never pauses it lacks some at any moment.
constexpr std::uint64_t kTakeoverBehindMax = 1'000;
// Below this cosine a hit says nothing, where the encoder's artefact does not say better.
constexpr double kSimilarityMin = 0.25;
constexpr std::string_view kSimilarityMinMetric = "similarity_min";

std::string vectors_folder(const std::string& derived) {
  return derived + "/vectors";
}

// A full table of files or a full disk may; what was made wrongly stays wrong.
bool may_pass(const Error& error) {
  return error.code != Code::kCorrupt && error.code != Code::kUnsupported && error.code != Code::kNotFound;
}

bool has_events(const log::Log& log) {
  for (std::uint32_t p = 0; p < log.partitions(log::Topic::kEvents); ++p) {
    if (log.end_offset(log::Topic::kEvents, p) > 0) return true;
  }
  return false;
}

}  // namespace

std::string detail_of(const storage::Manifest& manifest, std::string_view name) {
  const auto found = manifest.details.find(std::string(name));
  return found == manifest.details.end() ? "" : found->second;
}

Result<std::shared_ptr<const models::TextEncoder>> open_encoder(const storage::ArtefactStore& store,
                                                                const storage::Artefact& artefact) {
  using Encoder = std::shared_ptr<const models::TextEncoder>;
  const std::string format = detail_of(artefact.manifest, models::kFormatDetail);
  if (format == kJoinedFormat) {
    std::array<Encoder, 2> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string id = detail_of(artefact.manifest, i == 0 ? kFirstDetail : kSecondDetail);
      HANDSEL_ASSIGN(const storage::Artefact part, store.open(kEncoderModel, id));
      if (detail_of(part.manifest, models::kFormatDetail) == kJoinedFormat) {
        return fail(Code::kCorrupt, "encoder '{}' is a part of another one and must be plain", id);
      }
      HANDSEL_ASSIGN(parts[i], open_encoder(store, part));
    }
    HANDSEL_ASSIGN(Encoder joined, models::JoinedEncoder::create(parts[0], parts[1]));
    return joined;
  }
  if (format == models::kTransformerFormat) {
    HANDSEL_ASSIGN(auto encoder, models::open_transformer(artefact));
    return std::make_shared<const models::CachedEncoder>(Encoder(std::move(encoder)));
  }
  const auto file = artefact.files.find(std::string(models::kTwoTowerFile));
  if (file == artefact.files.end()) {
    return fail(Code::kUnsupported, "encoder '{}' is of a format that this program does not know ('{}')",
                artefact.manifest.id, format);
  }
  const auto graph = artefact.files.find(std::string(models::kGraphVectorsFile));
  HANDSEL_ASSIGN(auto encoder,
                 models::open_two_tower(file->second, graph == artefact.files.end() ? nullptr : graph->second));
  return Encoder(std::move(encoder));
}

LearnedViews::LearnedViews(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      store_(parts.files, parts.clock, options_.models_folder),
      sessions_(parts.files, parts.log,
                {.load_listing = options_.load_listing,
                 .listings_are_known = options_.listings_are_known,
                 .keep = {.path = options_.derived_folder + "/profiles"}}),
      graph_(parts.files, parts.log, options_.derived_folder + "/graph",
             options_.graph_bytes == 0 ? graph::GraphOptions{} : graph::options_within(options_.graph_bytes)),
      understanding_({.files = parts.files, .log = parts.log, .analyzer = parts.analyzer},
                     {.path = options_.derived_folder + "/understanding",
                      .load_listing = options_.load_listing,
                      .listings_behind = options_.listings_behind,
                      .listings_max = options_.understanding_listings_max}) {
  look();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

LearnedViews::~LearnedViews() {
  thread_.request_stop();
  changed_.notify_all();
}

void LearnedViews::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, kLookEvery, [&] { return stop.stop_requested(); });
    }
    if (!stop.stop_requested()) look();
  }
}

void LearnedViews::look() {
  const std::lock_guard lock(work_);
  look_at_ranker();
  look_at_challenger();
  look_at_wanted();
  look_at_encoder();
  serve_next_encoder();
}

Result<storage::Artefact> LearnedViews::open_promoted(std::string_view kind, const std::string& id) {
  return store_.open(kind, id);
}

Result<pipeline::RankModel> LearnedViews::open_ranker(const std::string& id) {
  HANDSEL_ASSIGN(const storage::Artefact artefact, open_promoted(kRankerModel, id));
  const auto file = artefact.files.find(std::string(kRankerFile));
  if (file == artefact.files.end()) return fail(Code::kCorrupt, "ranker '{}' has no {}", id, kRankerFile);
  HANDSEL_ASSIGN(trees::TreeEnsemble trees, trees::TreeEnsemble::parse(file->second->bytes()));
  const auto share = artefact.manifest.metrics.find(std::string(kUntrainedShareMetric));
  return pipeline::RankModel::create(std::move(trees), share == artefact.manifest.metrics.end() ? 0 : share->second);
}

void LearnedViews::look_at_ranker() {
  const auto promoted = store_.promoted(kRankerModel);
  const std::string id = promoted ? promoted->value_or("") : "";
  set_trouble("promoted ranker", promoted ? std::nullopt : std::optional(promoted.error().message));
  if (!promoted || (id == ranker_seen_ && !is_due_again("ranker"))) return;
  ranker_seen_ = id;
  std::shared_ptr<const pipeline::RankModel> model;
  const auto load = [&]() -> Result<void> {
    if (id.empty()) return {};
    HANDSEL_ASSIGN(pipeline::RankModel loaded, open_ranker(id));
    model = std::make_shared<const pipeline::RankModel>(std::move(loaded));
    return {};
  };
  const Result<void> loaded = load();
  note_opening("ranker", loaded ? nullptr : &loaded.error());
  set_trouble("ranker", loaded ? std::nullopt
                               : std::optional(fmt::format("results are ranked without what was learned: {}",
                                                           loaded.error().message)));
  const std::lock_guard lock(mutex_);
  ranker_ = std::move(model);
  ranker_id_ = loaded ? id : "";
}

std::string LearnedViews::serving_encoder() const {
  const std::lock_guard lock(mutex_);
  return view_ == nullptr ? "" : encoder_id_;
}

Result<std::shared_ptr<const RankTrial>> LearnedViews::open_trial(const storage::Challenger& challenger) {
  if (ranker_id_.empty()) return fail(Code::kNotFound, "no ranker serves that '{}' could challenge", challenger.id);
  if (ranker_id_ == challenger.id) {
    return fail(Code::kConflict, "the challenger '{}' serves by now; 'handsel model challenge --none' ends its trial",
                challenger.id);
  }
  HANDSEL_ASSIGN(pipeline::RankModel model, open_ranker(challenger.id));
  return std::make_shared<const RankTrial>(RankTrial{.model = std::move(model),
                                                     .serving = ranker_id_,
                                                     .challenger = challenger.id,
                                                     .share = challenger.share,
                                                     .number = hash64(challenger.id, hash64(ranker_id_)) | 1});
}

// After the ranker: a trial is one of two, and begins anew where either changes.
void LearnedViews::look_at_challenger() {
  const auto wanted = store_.challenger(kRankerModel);
  if (wanted && *wanted == challenger_seen_ && challenged_ == ranker_id_ && !is_due_again("challenger")) return;
  challenger_seen_ = wanted ? *wanted : std::nullopt;
  challenged_ = ranker_id_;
  std::shared_ptr<const RankTrial> trial;
  const auto load = [&]() -> Result<void> {
    if (!wanted) return std::unexpected(wanted.error());
    if (!*wanted) return {};
    HANDSEL_ASSIGN(trial, open_trial(**wanted));
    return {};
  };
  const Result<void> loaded = load();
  note_opening("challenger", loaded ? nullptr : &loaded.error());
  set_trouble("challenger",
              loaded ? std::nullopt : std::optional(fmt::format("no challenger is tried: {}", loaded.error().message)));
  const std::lock_guard lock(mutex_);
  trial_ = std::move(trial);
}

void LearnedViews::want_rankers(const std::set<std::string>& ids) {
  const std::lock_guard lock(mutex_);
  if (wanted_ != ids) wanted_ = ids;
}

void LearnedViews::look_at_wanted() {
  std::set<std::string> wanted;
  std::shared_ptr<const Rankers> before;
  {
    const std::lock_guard lock(mutex_);
    wanted = wanted_;
    before = rankers_;
  }
  Rankers rankers;
  std::string trouble;
  for (const std::string& id : wanted) {
    if (const auto known = before->find(id); known != before->end()) {
      rankers.insert(*known);
    } else if (auto opened = open_ranker(id)) {
      rankers.emplace(id, std::make_shared<const pipeline::RankModel>(std::move(*opened)));
    } else {
      trouble += fmt::format("{}experiments with the ranker '{}' do not run: {}", trouble.empty() ? "" : "; ", id,
                             opened.error().message);
    }
  }
  set_trouble("wanted rankers", trouble.empty() ? std::nullopt : std::optional(std::move(trouble)));
  if (rankers == *before) return;
  auto all = std::make_shared<const Rankers>(std::move(rankers));
  const std::lock_guard lock(mutex_);
  rankers_ = std::move(all);
}

Result<LearnedViews::EncoderView> LearnedViews::open_view(const std::string& id) {
  HANDSEL_ASSIGN(const storage::Artefact artefact, open_promoted(kEncoderModel, id));
  HANDSEL_ASSIGN(auto encoder, open_encoder(store_, artefact));
  EncoderView opened{.view = nullptr, .id = id};
  const auto measured = artefact.manifest.metrics.find(std::string(kSimilarityMinMetric));
  opened.similarity_min =
      static_cast<float>(measured == artefact.manifest.metrics.end() ? kSimilarityMin : measured->second);
  const auto noise = artefact.manifest.metrics.find(std::string(models::kSimilarityNoiseMetric));
  opened.similarity_noise = noise == artefact.manifest.metrics.end() ? -1 : static_cast<float>(noise->second);
  HANDSEL_ASSIGN(opened.view, VectorView::open(parts_.files, parts_.log, std::move(encoder),
                                               {.folder = vectors_folder(options_.derived_folder) + "/" + id,
                                                .threads = options_.threads}));
  return opened;
}

void LearnedViews::look_at_encoder() {
  const auto promoted = store_.promoted(kEncoderModel);
  const std::string id = promoted ? promoted->value_or("") : "";
  set_trouble("promoted encoder", promoted ? std::nullopt : std::optional(promoted.error().message));
  if (!promoted || (id == encoder_seen_ && !is_due_again("encoder"))) return;
  encoder_seen_ = id;
  set_next({});
  const std::string serving = serving_encoder();
  if (!id.empty() && id == serving) {  // back to it before another took over; its folder has one owner
    note_opening("encoder", nullptr);
    set_trouble("encoder", std::nullopt);
    return;
  }
  auto opened = id.empty() ? Result<EncoderView>() : open_view(id);
  note_opening("encoder", opened ? nullptr : &opened.error());
  const std::string goes_on = serving.empty() ? "search goes by words alone" : "the encoder " + serving + " serves on";
  set_trouble("encoder", opened ? std::nullopt : std::optional(fmt::format("{}: {}", goes_on, opened.error().message)));
  if (opened) set_next(std::move(*opened));
  if (next_.view != nullptr && serving_encoder().empty()) serve_one_before();
  if (!id.empty()) return;
  const std::lock_guard lock(mutex_);
  view_.reset();
}

void LearnedViews::set_next(EncoderView next) {
  const std::lock_guard lock(mutex_);
  std::swap(next_, next);  // the one before ends after the lock does: it writes what it has
}

void LearnedViews::serve(EncoderView next) {
  {
    const std::lock_guard lock(mutex_);
    std::swap(view_, next.view);
    encoder_id_ = next.id;
    similarity_min_ = next.similarity_min;
    similarity_noise_ = next.similarity_noise;
  }
  changed_.notify_all();
  others_have_vectors_ = true;
  next.view.reset();  // reads that still hold the one before finish with it
}

// After a restart in the middle of a takeover: of those that were promoted before and still have vectors, the one that
// lacks least serves until the next one knows the catalogue.
void LearnedViews::serve_one_before() {
  if (next_.view->has_caught_up(kTakeoverBehindMax)) return;
  const auto promotions = store_.promotions(kEncoderModel);
  const auto names = parts_.files.list_folder(vectors_folder(options_.derived_folder));
  if (!promotions || !names) return;
  EncoderView best = next_;
  for (const std::string& name : *names) {
    if (name == next_.id || std::ranges::find(*promotions, name) == promotions->end()) continue;
    auto opened = open_view(name);
    if (opened && opened->view->behind() < best.view->behind()) best = std::move(*opened);
  }
  if (best.id != next_.id) serve(std::move(best));
}

// The newer encoder takes over when it knows the catalogue, or where there is none before it.
void LearnedViews::serve_next_encoder() {
  if (next_.view != nullptr && (serving_encoder().empty() || next_.view->has_caught_up(kTakeoverBehindMax))) {
    serve(next_);
    set_next({});
  }
  remove_other_vectors();
}

// Not before the one that serves knows the catalogue: until then they are what a restart goes on with.
void LearnedViews::remove_other_vectors() {
  if (!others_have_vectors_ || next_.view != nullptr) return;
  std::string serving;
  {
    const std::lock_guard lock(mutex_);
    if (view_ == nullptr || !view_->has_caught_up(kTakeoverBehindMax)) return;
    serving = encoder_id_;
  }
  const std::string folder = vectors_folder(options_.derived_folder);
  const auto names = parts_.files.list_folder(folder);
  if (!names) return;
  others_have_vectors_ = false;
  for (const std::string& name : *names) {
    if (name == serving || name == encoder_seen_) continue;  // the promoted one may be opened at a later look
    std::error_code ignored;                                 // what cannot be removed now is removed the next time
    std::filesystem::remove_all(folder + "/" + name, ignored);
  }
}

LearnedViews::Current LearnedViews::current() const {
  Current current{.graph = graph_.graph(), .understanding = understanding_.current()};
  const std::lock_guard lock(mutex_);
  current.ranker = ranker_;
  current.trial = trial_;
  current.rankers = rankers_;
  current.vector_view = view_;
  current.similarity_min = similarity_min_;
  current.similarity_noise = similarity_noise_;
  if (view_ != nullptr) current.vectors = view_->snapshot();
  return current;
}

void LearnedViews::listings_appended() {
  const std::lock_guard lock(mutex_);
  if (view_ != nullptr) view_->wake();
  if (next_.view != nullptr) next_.view->wake();
}

void LearnedViews::events_appended(std::size_t count) {
  if (count > kEventsOfAPage || sessions_.behind() > kFarBehind || sessions_.is_keeping()) return sessions_.wake();
  sessions_.catch_up(kEventWaitMax);
}

Result<void> LearnedViews::reload_now(std::chrono::milliseconds wait_max) {
  look();
  const auto until = std::chrono::steady_clock::now() + wait_max;
  for (;;) {
    std::shared_ptr<VectorView> next;
    {
      const std::lock_guard lock(work_);
      serve_next_encoder();
      next = next_.view;
    }
    if (next == nullptr) return {};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return fail(Code::kTimedOut, "the new encoder still has {} listings to read", next->behind());
    next->wait_visible(std::min<std::chrono::milliseconds>(left, 1s));
  }
}

Result<void> LearnedViews::finish_now(std::chrono::milliseconds wait_max) {
  HANDSEL_TRY(reload_now(wait_max));
  std::shared_ptr<VectorView> view;
  {
    const std::lock_guard lock(mutex_);
    view = view_;
  }
  if (view != nullptr && !view->wait_visible(wait_max)) {
    if (const auto error = view->error()) return std::unexpected(*error);
    return fail(Code::kTimedOut, "the encoder still has {} listings to read", view->behind());
  }
  sessions_.catch_up(wait_max);
  HANDSEL_TRY(graph_.finish_now(wait_max));
  return understanding_.finish_now(wait_max);
}

Result<void> LearnedViews::compact(std::chrono::milliseconds wait_max) {
  HANDSEL_TRY(finish_now(wait_max));
  std::shared_ptr<VectorView> view;
  {
    const std::lock_guard lock(mutex_);
    view = view_;
  }
  return view == nullptr ? Result<void>() : view->compact();
}

std::string LearnedViews::serving_ranker() const {
  const std::lock_guard lock(mutex_);
  return ranker_ == nullptr ? "" : ranker_id_;
}

std::optional<VectorHealth> LearnedViews::vector_health() const {
  const std::lock_guard lock(mutex_);
  if (view_ == nullptr) return std::nullopt;
  return view_->health();
}

void LearnedViews::note_opening(std::string_view what, const Error* error) {
  if (error != nullptr && may_pass(*error)) {
    failed_ms_.insert_or_assign(std::string(what), parts_.clock.now_ms());
  } else if (const auto found = failed_ms_.find(what); found != failed_ms_.end()) {
    failed_ms_.erase(found);
  }
}

bool LearnedViews::is_due_again(std::string_view what) const {
  const auto failed = failed_ms_.find(what);
  // The clock may have stepped backwards since.
  return failed != failed_ms_.end() && std::abs(parts_.clock.now_ms() - failed->second) >= kOpenAgainAfterMs;
}

void LearnedViews::set_trouble(std::string_view what, std::optional<std::string> trouble) {
  const std::lock_guard lock(mutex_);
  if (trouble) {
    troubles_.insert_or_assign(std::string(what), std::move(*trouble));
  } else if (const auto found = troubles_.find(what); found != troubles_.end()) {
    troubles_.erase(found);
  }
}

std::vector<std::string> LearnedViews::troubles() const {
  std::vector<std::string> reasons;
  if (const auto error = sessions_.error()) reasons.push_back("sessions cannot follow the log: " + error->message);
  if (const std::uint64_t behind = sessions_.behind(); behind > 10'000) {
    reasons.push_back(fmt::format("sessions and counters are being computed from the log, {} events to go", behind));
  }
  if (const auto error = sessions_.keeping_error()) {
    reasons.push_back("sessions and counters will be computed from the log at the next start: " + error->message);
  }
  if (has_events(parts_.log) && (!graph_.has_looked() || understanding_.current() == nullptr)) {
    reasons.emplace_back("what people did after their searches is being read for the first time");
  }
  if (const auto error = graph_.error()) reasons.push_back("the graph: " + error->message);
  if (const auto error = understanding_.error()) reasons.push_back("what queries mean: " + error->message);
  const std::lock_guard lock(mutex_);
  for (const auto& [what, trouble] : troubles_) reasons.push_back(trouble);
  if (view_ != nullptr) {
    for (std::string& trouble : view_->troubles()) reasons.push_back(std::move(trouble));
    if (const std::uint64_t behind = view_->behind(); behind > 1'000) {
      reasons.push_back(fmt::format("{} listings have no vector yet: words alone find them", behind));
    }
  }
  return reasons;
}

void LearnedViews::release_pages() {
  const std::lock_guard lock(mutex_);
  if (view_ != nullptr) view_->release_pages();
}

}  // namespace handsel
