// Training, as a part of the engine: the trainer sees the log and the read path.
#include <optional>

#include "app/engine/engine_impl.h"
#include "app/engine/ranking_data.h"
#include "base/core/hash.h"

namespace handsel {

Result<void> EngineImpl::put_judgments(std::span<const decisions::Judgment> judgments) {
  HANDSEL_TRY(check_writable());
  return decisions::put_judgments(*parts_.log, judgments);
}

Trainer::Parts EngineImpl::trainer_parts() {
  return {.files = files_,
          .clock = clock_,
          .log = *parts_.log,
          .folder = options_.folder,
          .visit_listings = [this](const auto& visit) { return visit_listings(visit); },
          .load_listing = [this](std::string_view id) { return listing(id); },
          .analyzer = *parts_.analyzer,
          .candidate_rows = [this](const search::SearchRequest& asked, std::span<const std::string> also,
                                   const AsOf* as_of) -> Result<search::CandidateRows> {
            if (as_of == nullptr) return candidate_rows(asked, also);
            search::SearchRequest everybodys = asked;
            everybodys.experiments = false;  // as candidate_rows()
            HANDSEL_ASSIGN(const Reading reading, begin_reading(everybodys));
            search::SearchContext context = context_of(reading);
            context.learned.counters = as_of->counters;
            context.learned.profile = as_of->profile;
            context.learned.graph = as_of->graph;
            context.learned.understanding = as_of->understanding;
            context.learned.ranker = nullptr;
            context.now_ms = as_of->now_ms;
            return search::candidate_rows(context, everybodys, also,
                                          {.count = kDrawnMax, .seed = hash64(asked.query, hash64(asked.session_id))});
          },
          .reload = [this] { return catch_up_learned(); },
          .threads = options_.threads > 0 ? options_.threads : std::max(1u, std::thread::hardware_concurrency())};
}

Result<std::vector<TrainOutcome>> EngineImpl::train(const TrainRequest& request, const TrainProgressed& progress,
                                                    std::stop_token stop) {
  const std::unique_lock lock(training_, std::try_to_lock);
  if (!lock.owns_lock()) return fail(Code::kConflict, "a training runs already");
  // One beside another process has it since it was opened.
  std::optional<FolderLock> held;
  if (!options_.beside) {
    HANDSEL_TRY(files_.make_folders(options_.folder + "/training"));
    HANDSEL_ASSIGN(held, FolderLock::acquire_training(options_.folder));
  }
  // Models and views must not be what takes the last room from who serves.
  if (const auto error = governor_.disk_error()) return std::unexpected(*error);
  if (progress) progress("views: reading the log", 0, 0);
  HANDSEL_TRY(catch_up_learned());
  return Trainer(trainer_parts(), request, progress, std::move(stop)).run();
}

}  // namespace handsel
