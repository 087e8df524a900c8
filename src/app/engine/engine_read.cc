// Everything that only looks.
#include "app/engine/engine_impl.h"
#include "base/core/hash.h"
#include "facts/catalog/codec.h"
#include "facts/catalog/import/json_writer.h"
#include "ranking/query/query_model.h"

namespace handsel {
namespace {

constexpr std::size_t kCompletionsMax = 100;
constexpr std::chrono::hours kLearnedWaitMax{24};  // a slow encoder and a large catalogue

// Whom a trial counts as one; 0: it is not in its share. Whoever is in stays in until the
// trial ends.
std::uint64_t unit_of(const RankTrial& trial, const search::SearchRequest& request) {
  const std::string& who = request.session_id.empty() ? request.user_id : request.session_id;
  if (!request.personalise || who.empty()) return 0;
  const std::uint64_t unit = hash64(who, trial.number) | 1;
  return static_cast<double>(unit >> 11) * 0x1.0p-53 < trial.share ? unit : 0;
}

std::string explain_experiments(const Experiments::OfSearch& chosen) {
  std::string json = "{\"variants\":[";
  for (const Assigned& assigned : chosen.assigned) {
    if (json.back() == '}') json.push_back(',');
    catalog::JsonObjectWriter object(json);
    object.text("experiment", assigned.experiment->name);
    object.text("variant", assigned.variant->name);
    object.text("unit", assigned.experiment->switchback ? "block" : assigned.experiment->unit);
    object.truth("counted", !assigned.in_washout);
    catalog::JsonObjectWriter parameters(object.key("parameters"));
    for (const auto& [name, value] : assigned.variant->parameters) parameters.text(name, value);
  }
  return json + "]}";
}

}  // namespace

Result<log::Position> EngineImpl::find_current(catalog::Kind kind, std::string_view id) const {
  // The pending ones first: the catalogue gets a record before it leaves pending_, so one
  // of the two has it. A pending tombstone is found as such by load().
  if (const auto position = pending_.find(catalog::make_key(kind, id))) {
    HANDSEL_ASSIGN(const log::Record record, parts_.log->get(log::Topic::kListings, *position));
    if (record.payload.empty()) return fail(Code::kNotFound, "there is no listing '{}'", id);
    return *position;
  }
  auto position = parts_.catalog->get(kind, id);
  if (!position && position.error().code == Code::kNotFound) {
    return fail(Code::kNotFound, "there is no listing '{}'", id);
  }
  return position;
}

Result<catalog::Listing> EngineImpl::load(log::Position position) const {
  HANDSEL_ASSIGN(const log::Record record, parts_.log->get(log::Topic::kListings, position));
  return catalog::decode_listing(record.payload);
}

// The version that the snapshot shows; where the log has forgotten it since, the current one.
Result<catalog::Listing> EngineImpl::load_shown(const index::DocInfo& document) const {
  auto shown = load(document.position);
  if (shown || shown.error().code != Code::kNotFound) return shown;
  return listing(document.id);
}

Result<catalog::Listing> EngineImpl::listing(std::string_view id) const {
  // A newer version may replace the one that was just found, and the log forget it; then
  // the second look finds the newer one.
  for (int attempt = 0;; ++attempt) {
    HANDSEL_ASSIGN(const log::Position position, find_current(catalog::Kind::kListing, id));
    auto found = load(position);
    if (found || found.error().code != Code::kNotFound || attempt > 0) return found;
  }
}

bool EngineImpl::knows_listing(std::string_view id) const {
  return find_current(catalog::Kind::kListing, id).has_value();
}

Result<EngineImpl::Reading> EngineImpl::begin_reading(const search::SearchRequest& request) const {
  Reading reading{.view = generations_.newest(), .learned = learned_.current(), .now_ms = clock_.now_ms()};
  if (!request.cursor.empty()) {
    HANDSEL_ASSIGN(const std::uint64_t generation, search::cursor_generation(request.cursor));
    reading.view = generations_.find(generation, reading.now_ms);
  }
  reading.rules = rules_.current(reading.now_ms);
  // A look beside the process that serves is in no experiment and no trial: nobody could write down who met what.
  if (!options_.beside) choose_variants(request, reading);
  // Where it is forbidden, nothing of the person is read.
  if (request.personalise && reading.chosen.parameters.session.value_or(true)) {
    reading.profile = learned_.sessions().profiles().find(request.session_id, request.user_id, reading.now_ms);
  }
  // An experiment with the ranker has it to itself: a second one would blur both.
  const bool ranker_is_taken =
      (reading.chosen.touched & static_cast<search::ParameterSet>(search::Parameter::kRanker)) != 0;
  if (reading.learned.trial != nullptr && !ranker_is_taken && !options_.beside) {
    // The same search of the same session draws the same: its pages fit together, and so
    // do two looks at one of them.
    reading.unit = unit_of(*reading.learned.trial, request);
    reading.draw = hash64(request.query, hash64(request.filter, reading.unit));
  }
  return reading;
}

void EngineImpl::choose_variants(const search::SearchRequest& request, Reading& reading) const {
  reading.experiments = decided_.in_force(experiments_.current(reading.now_ms));
  learned_.want_rankers(reading.experiments->rankers());
  LearnedViews::Current& learned = reading.learned;
  const auto serves = [&learned](std::string_view ranker) {
    if (ranker == search::kUntrainedRanker) return true;
    return ranker == search::kLearnedRanker ? learned.ranker != nullptr : learned.rankers->contains(ranker);
  };
  reading.chosen = reading.experiments->of_search(request, options_.default_language, serves, reading.now_ms);
  const std::string& ranker = reading.chosen.parameters.ranker;
  if (ranker == search::kUntrainedRanker) learned.ranker = nullptr;
  if (const auto named = learned.rankers->find(ranker); named != learned.rankers->end()) learned.ranker = named->second;
}

// After the search: its parameters have reached an answer.
void EngineImpl::tell_variants(const search::SearchRequest& request, const Reading& reading,
                               search::SearchResponse& response, double ms) const {
  if (reading.chosen.assigned.empty()) return;
  for (const Assigned& assigned : reading.chosen.assigned) {
    if (!assigned.in_washout) response.experiments.emplace_back(assigned.experiment->name, assigned.variant->name);
  }
  const bool may_tell = request.personalise;
  exposures_.note(reading.chosen.assigned,
                  {.user_id = may_tell ? std::string_view(request.user_id) : "",
                   .session_id = may_tell ? std::string_view(request.session_id) : "",
                   .surface = "search"},
                  reading.now_ms);
  if (request.explain) {
    response.explain.insert(response.explain.begin(), {"experiments", ms, explain_experiments(reading.chosen)});
  }
}

search::SearchContext EngineImpl::context_of(const Reading& reading) const {
  const LearnedViews::Current& learned = reading.learned;
  return {.snapshot = *reading.view.snapshot,
          .analyzer = *parts_.analyzer,
          .query_model = reading.view.query_model.get(),
          .load_listing = [this](const index::DocInfo& document) { return load_shown(document); },
          .learned = {.encoder = learned.vector_view == nullptr ? nullptr : &learned.vector_view->encoder(),
                      .vectors = learned.vectors.get(),
                      .similarity_min = learned.similarity_min,
                      .similarity_noise = learned.similarity_noise,
                      .graph = learned.graph.get(),
                      .counters = &learned_.sessions().counters(),
                      .profile = reading.profile.get(),
                      .understanding = learned.understanding.get(),
                      .ranker = learned.ranker.get(),
                      .challenge = reading.unit == 0 ? search::Challenge{}
                                                     : search::Challenge{.ranker = &learned.trial->model,
                                                                         .seed = reading.draw,
                                                                         .number = learned.trial->number}},
          .rules = reading.rules.get(),
          .heads = &heads_,
          .tags = &tags_,
          .parameters = reading.chosen.parameters,
          .now_ms = reading.now_ms};
}

Result<search::SearchResponse> EngineImpl::search(const search::SearchRequest& request) const {
  governor_.make_room();
  const Stopwatch beginning;
  HANDSEL_ASSIGN(const Reading reading, begin_reading(request));
  const double begun_ms = beginning.elapsed_ms();
  HANDSEL_ASSIGN(search::SearchResponse response, search::search(context_of(reading), request));
  model_troubles_.note(response.model_troubles, reading.now_ms);
  if (!response.next_cursor.empty()) generations_.keep(reading.view, reading.now_ms);
  // Unique in the folder: one process has it at a time, and starts at another moment.
  response.query_id = fmt::format("{:x}-{:x}", opened_ms_, searches_.fetch_add(1, std::memory_order_relaxed));
  if (reading.unit != 0) record_teams(reading, response);
  tell_variants(request, reading, response, begun_ms);
  return response;
}

// Clicks come later and name the answer alone.
void EngineImpl::record_teams(const Reading& reading, const search::SearchResponse& response) const {
  const RankTrial& trial = *reading.learned.trial;
  decisions::InterleavedSearch search{.query_id = response.query_id,
                                      .serving = trial.serving,
                                      .challenger = trial.challenger,
                                      .unit = reading.unit,
                                      .places = {}};
  bool any = false;
  for (const search::SearchHit& hit : response.hits) {
    const auto side = hit.team == "a"   ? decisions::Side::kServing
                      : hit.team == "b" ? decisions::Side::kChallenger
                                        : decisions::Side::kNone;
    any = any || side != decisions::Side::kNone;
    search.places.push_back({hit.listing.id, side});
  }
  if (any) interleaving_.put(std::move(search));
}

Result<search::CandidateRows> EngineImpl::candidate_rows(const search::SearchRequest& request,
                                                         std::span<const std::string> also) const {
  search::SearchRequest asked = request;
  asked.experiments = false;  // who learns from this must see what everybody gets
  HANDSEL_ASSIGN(const Reading reading, begin_reading(asked));
  return search::candidate_rows(context_of(reading), asked, also);
}

std::vector<Engine::Completion> EngineImpl::complete(std::string_view prefix, std::size_t limit) const {
  const View view = generations_.newest();
  std::vector<Completion> completions;
  if (view.query_model == nullptr) return completions;
  for (auto& found : view.query_model->complete(prefix, std::min(limit, kCompletionsMax))) {
    completions.push_back({.text = std::move(found.text), .weight = found.weight});
  }
  return completions;
}

Result<void> EngineImpl::visit_events(const std::function<bool(const events::Event&)>& visit) const {
  static_cast<void>(exposures_.finish_now());  // what could not be written is told by health()
  return events_.visit(visit);
}

Result<void> EngineImpl::visit_listings(const std::function<bool(const catalog::Listing&)>& visit) const {
  Result<void> outcome;
  HANDSEL_TRY(parts_.catalog->visit(catalog::Kind::kListing, [&](std::string_view id, log::Position position) {
    auto listing = load(position);
    if (!listing && listing.error().code == Code::kNotFound) listing = this->listing(id);
    if (listing) return visit(*listing);
    if (listing.error().code == Code::kNotFound) return true;  // deleted since the visit began
    outcome = std::unexpected(std::move(listing).error());
    return false;
  }));
  return outcome;
}

ExperimentsInForce EngineImpl::experiments() const {
  const std::int64_t now_ms = clock_.now_ms();
  return {.experiments = decided_.in_force(experiments_.current(now_ms)),
          .trouble = experiments_.trouble(now_ms),
          .decided = decided_.standings()};
}

void EngineImpl::expose(std::span<const Assigned> assigned, const Exposed& to) const {
  exposures_.note(assigned, to, clock_.now_ms());
}

Health EngineImpl::health() const {
  const index::Index::Stats stats = parts_.index->stats();
  return {.ready = applier_.wait_applied(opened_at_, std::chrono::milliseconds(0)),
          .listings = parts_.catalog->count(catalog::Kind::kListing),
          .events = events_.count(),
          .behind = applier_.behind(),
          .index_segments = stats.segments,
          .index_bytes = stats.bytes_on_disk + stats.bytes_in_memory,
          .memory_bytes = resident_bytes(),
          .exposures = exposures_.written(),
          .exposures_dropped = exposures_.dropped(),
          .experiments_stopped = decided_.stopped_of(*experiments_.current(clock_.now_ms())),
          .guard_checks = guard_.checks(),
          .guard_check_ms = guard_.last_check_ms(),
          .encoder = learned_.serving_encoder(),
          .ranker = learned_.serving_ranker(),
          .vectors = learned_.vector_health(),
          .model_troubles = model_troubles_.counts(),
          .degraded = degraded()};
}

std::vector<std::string> EngineImpl::degraded() const {
  std::vector<std::string> reasons = housekeeper_.troubles();
  if (!applier_.wait_applied(opened_at_, std::chrono::milliseconds(0))) {
    reasons.push_back(fmt::format("the views are being computed from the log, {} records to go", applier_.behind()));
  }
  if (const auto error = applier_.error()) reasons.push_back("the views cannot follow the log: " + error->message);
  if (const auto error = governor_.disk_error()) reasons.push_back(error->message);
  if (governor_.memory_is_short()) reasons.push_back("the memory ceiling (engine.memory_max) is exceeded");
  if (const std::uint64_t records = applier_.unreadable(); records > 0) {
    reasons.push_back(fmt::format("{} listings were written by a newer program and are not shown", records));
  }
  if (std::string error = parts_.index->stats().last_error; !error.empty()) reasons.push_back("the index: " + error);
  if (auto trouble = interleaving_.trouble()) reasons.push_back(std::move(*trouble));
  if (auto trouble = exposures_.trouble()) reasons.push_back(std::move(*trouble));
  if (auto trouble = experiments_.trouble(clock_.now_ms())) reasons.push_back(std::move(*trouble));
  if (auto trouble = decided_.trouble()) reasons.push_back(std::move(*trouble));
  for (std::string& trouble : guard_.troubles()) reasons.push_back(std::move(trouble));
  if (auto trouble = rules_.trouble(clock_.now_ms())) reasons.push_back(std::move(*trouble));
  for (std::string& trouble : learned_.troubles()) reasons.push_back(std::move(trouble));
  for (std::string& trouble : model_troubles_.recent(clock_.now_ms())) reasons.push_back(std::move(trouble));
  if (generations_.newest().query_model == nullptr) reasons.push_back("spelling and completion are still being learnt");
  return reasons;
}

Result<void> EngineImpl::catch_up() {
  HANDSEL_TRY(applier_.wait_visible(Applier::end_of(*parts_.log)));
  return housekeeper_.finish_now();
}

Result<void> EngineImpl::catch_up_learned() {
  HANDSEL_TRY(catch_up());
  return learned_.finish_now(kLearnedWaitMax);
}

Result<void> EngineImpl::compact() {
  HANDSEL_TRY(catch_up());
  HANDSEL_TRY(housekeeper_.compact_now());
  generations_.publish(parts_.index->snapshot());
  return learned_.compact(kLearnedWaitMax);
}

// The layout of a data folder, so that a backup can be opened as one.
Result<void> EngineImpl::backup(const std::string& folder) const {
  HANDSEL_TRY(check_alone());
  if (const auto names = files_.list_folder(folder); names && !names->empty()) {
    return fail(Code::kAlreadyExists, "the backup folder {} is not empty; name an empty or a new one", folder);
  }
  HANDSEL_TRY(files_.make_folders(folder));
  for (const char* name : {"settings.toml", "keys.json", "rules.toml", "experiments.toml", "metrics.toml"}) {
    const std::string path = options_.folder + "/" + name;
    if (!files_.exists(path)) continue;
    HANDSEL_ASSIGN(const std::string bytes, files_.read_file(path));
    HANDSEL_TRY(files_.write_file(folder + "/" + name, bytes));
  }
  HANDSEL_TRY(storage::ArtefactStore(files_, clock_, options_.folder + "/models").copy_to(folder + "/models"));
  return parts_.log->backup(folder + "/log");
}

}  // namespace handsel
