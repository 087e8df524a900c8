#include "app/engine/housekeeper.h"

#include <algorithm>

namespace handsel {
namespace {

using namespace std::chrono_literals;

constexpr auto kTickEvery = 200ms;
constexpr auto kCountEvery = 1s;
constexpr auto kModelEvery = 5s;
constexpr auto kModelAgeMax = 10min;
constexpr auto kForgetAfter = std::chrono::milliseconds(kCursorAgeMs) + 30s;
constexpr std::size_t kForgetAtOnce = 50'000;

}  // namespace

Housekeeper::Housekeeper(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      counts_(parts.files, options_.counts_path, parts.log),
      committed_generation_(parts.generations.newest().snapshot->generation),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Housekeeper::~Housekeeper() {
  thread_.request_stop();
  stopped_.notify_all();
  thread_.join();
  const std::lock_guard lock(work_);
  // An engine that closes has nobody left to tell; what is not written now is replayed.
  static_cast<void>(commit());
}

void Housekeeper::run(const std::stop_token& stop) {
  std::unique_lock sleep(sleep_mutex_);
  while (!stop.stop_requested()) {
    {
      const std::lock_guard lock(work_);
      tick(Clock::now());
    }
    stopped_.wait_for(sleep, stop, kTickEvery, [&] { return stop.stop_requested(); });
  }
}

void Housekeeper::tick(Clock::time_point now) {
  if (now - counted_at_ >= kCountEvery) note("counting queries", count());
  if (model_is_due(now)) build_model();
  if (now - committed_at_ >= options_.commit_every) note("writing the index", commit());
  note("forgetting superseded records", forget(now));
}

Result<void> Housekeeper::finish_now() {
  const std::lock_guard lock(work_);
  do {
    HANDSEL_TRY(count());
  } while (!counts_.is_current());
  if (!model_is_current()) build_model();
  return {};
}

Result<void> Housekeeper::compact_now() {
  const std::lock_guard lock(work_);
  HANDSEL_TRY(commit());
  HANDSEL_TRY(parts_.index.compact());
  leaving_ = {};
  for (;;) {
    HANDSEL_ASSIGN(const auto positions, parts_.catalog.superseded(kForgetAtOnce));
    if (positions.empty()) return {};
    HANDSEL_TRY(forget_batch(positions));
  }
}

Result<void> Housekeeper::commit() {
  committed_at_ = Clock::now();
  HANDSEL_TRY(counts_.save());
  const std::uint64_t generation = parts_.generations.newest().snapshot->generation;
  ++commits_;
  if (generation == committed_generation_) return {};
  HANDSEL_TRY(parts_.index.commit());
  committed_generation_ = generation;
  return {};
}

Result<void> Housekeeper::count() {
  counted_at_ = Clock::now();
  HANDSEL_TRY(counts_.advance());
  return {};
}

std::uint64_t Housekeeper::applied_records() const {
  std::uint64_t records = 0;
  for (std::uint32_t p = 0; p < parts_.log.partitions(log::Topic::kListings); ++p) records += parts_.catalog.applied(p);
  return records;
}

bool Housekeeper::model_is_current() const {
  return model_exists_ && model_generation_ == parts_.generations.newest().snapshot->generation &&
         model_counts_ == counts_.version() && model_applied_ == applied_records();
}

bool Housekeeper::model_is_due(Clock::time_point now) const {
  if (!model_exists_) return true;
  const auto age = now - model_built_at_;
  if (age < std::max<Clock::duration>(kModelEvery, 10 * model_took_) || model_is_current()) return false;
  const std::uint64_t changed = applied_records() - model_applied_;
  return age >= kModelAgeMax || changed * 100 >= parts_.catalog.count(catalog::Kind::kListing);
}

void Housekeeper::build_model() {
  const auto start = Clock::now();
  model_applied_ = applied_records();
  model_counts_ = counts_.version();
  const View view = parts_.generations.newest();
  model_generation_ = view.snapshot->generation;
  parts_.generations.publish(options_.build_model(*view.snapshot, counts_.all()));
  model_built_at_ = Clock::now();
  model_took_ = model_built_at_ - start;
  model_exists_ = true;
}

Result<void> Housekeeper::forget(Clock::time_point now) {
  if (leaving_.positions.empty()) {
    // Looked for no more often than commits happen: finding nothing costs a seek.
    if (leaving_.commits == commits_ && leaving_.since != Clock::time_point{}) return {};
    HANDSEL_ASSIGN(leaving_.positions, parts_.catalog.superseded(kForgetAtOnce));
    leaving_.since = now;
    leaving_.commits = commits_;
    return {};
  }
  if (now - leaving_.since < kForgetAfter || commits_ < leaving_.commits + 2) return {};
  const Leaving leaving = std::exchange(leaving_, {});
  return forget_batch(leaving.positions);
}

Result<void> Housekeeper::forget_batch(const std::vector<log::Position>& positions) {
  if (options_.log_is_ours) HANDSEL_TRY(parts_.log.forget(log::Topic::kListings, positions));
  return parts_.catalog.forgotten(positions);
}

void Housekeeper::note(std::string_view task, const Result<void>& outcome) {
  const std::lock_guard lock(troubles_mutex_);
  std::erase_if(troubles_, [&](const auto& trouble) { return trouble.first == task; });
  if (!outcome) troubles_.emplace_back(task, outcome.error().message);
}

std::vector<std::string> Housekeeper::troubles() const {
  const std::lock_guard lock(troubles_mutex_);
  std::vector<std::string> all;
  for (const auto& [task, message] : troubles_) all.push_back(fmt::format("{}: {}", task, message));
  return all;
}

}  // namespace handsel
