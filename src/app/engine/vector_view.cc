#include "app/engine/vector_view.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "app/engine/applier.h"
#include "facts/catalog/catalog_store.h"
#include "facts/catalog/codec.h"

namespace handsel {
namespace {

constexpr auto kRetryAfter = std::chrono::seconds(1);
constexpr std::size_t kStepRecords = 256;   // of a partition at once
constexpr std::size_t kEncodedAtOnce = 16;  // by one thread

bool reached(const std::vector<std::uint64_t>& here, const std::vector<std::uint64_t>& targets) {
  for (std::size_t p = 0; p < here.size(); ++p) {
    if (here[p] < targets[p]) return false;
  }
  return true;
}

// How good a listing is whatever was asked, 0..1: stars pulled towards the usual, and how many
// keep it. What the vector index may add to a similarity.
float quality_of(const catalog::Listing& listing) {
  const double count = static_cast<double>(std::max<std::int64_t>(0, listing.rating_count));
  const double stars = (listing.rating.value_or(0) * count + 4.5 * 5) / (count + 5);
  const double liked =
      std::log1p(static_cast<double>(std::max<std::int64_t>(0, listing.favourites_count))) / std::log(10'000.0);
  return static_cast<float>(std::clamp(0.5 * (stars - 3) / 2 + 0.5 * liked, 0.0, 1.0));
}

// What one record says of one listing.
struct Change {
  log::Position position;
  std::string id;
  std::optional<catalog::Listing> listing;  // nothing: it has no vector
};

std::optional<Change> change_of(const log::Record& record) {
  const auto key = catalog::parse_key(record.key);
  if (!key || key->kind != catalog::Kind::kListing) return std::nullopt;
  Change change{.position = record.position, .id = std::string(key->id), .listing = std::nullopt};
  if (!record.payload.empty()) {
    if (auto listing = catalog::decode_listing(record.payload)) change.listing = std::move(*listing);
  }
  return change;
}

}  // namespace

Result<std::unique_ptr<VectorView>> VectorView::open(FileSystem& files, const log::Log& log,
                                                     std::shared_ptr<const models::TextEncoder> encoder,
                                                     Options options) {
  HANDSEL_TRY(files.make_folders(options.folder));
  const std::uint32_t partitions = log.partitions(log::Topic::kListings);
  const auto open_index = [&] {
    return vectors::VectorIndex::open(files, options.folder, partitions,
                                      {.dimensions = encoder->dimensions(), .fingerprint = encoder->fingerprint()});
  };
  HANDSEL_ASSIGN(auto index, open_index());
  if (!reached(Applier::end_of(log), index->applied())) {
    // It has applied more than the log holds: it belongs to another log.
    index.reset();
    HANDSEL_ASSIGN(const auto names, files.list_folder(options.folder));
    for (const std::string& name : names) HANDSEL_TRY(files.remove_file(options.folder + "/" + name));
    HANDSEL_ASSIGN(index, open_index());
  }
  return std::unique_ptr<VectorView>(new VectorView(log, std::move(encoder), std::move(index), std::move(options)));
}

VectorView::VectorView(const log::Log& log, std::shared_ptr<const models::TextEncoder> encoder,
                       std::unique_ptr<vectors::VectorIndex> index, Options options)
    : log_(log),
      encoder_(std::move(encoder)),
      index_(std::move(index)),
      options_(std::move(options)),
      opened_at_(Applier::end_of(log)),
      next_(index_->applied()),
      visible_(next_),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

VectorView::~VectorView() {
  thread_.request_stop();
  changed_.notify_all();
  thread_.join();
  // What is not written now is encoded again.
  static_cast<void>(index_->commit());
}

void VectorView::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool VectorView::wait_visible(std::chrono::milliseconds wait_max) {
  const std::vector<std::uint64_t> targets = Applier::end_of(log_);
  wake();
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, wait_max, [&] { return reached(visible_, targets); });
}

std::uint64_t VectorView::behind() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t records = 0;
  for (std::uint32_t p = 0; p < visible_.size(); ++p) {
    const std::uint64_t end = log_.end_offset(log::Topic::kListings, p);
    records += end - std::min(visible_[p], end);
  }
  return records;
}

bool VectorView::has_caught_up(std::uint64_t behind_max) const {
  {
    const std::lock_guard lock(mutex_);
    if (!reached(visible_, opened_at_)) return false;
  }
  return behind() <= behind_max;
}

std::optional<Error> VectorView::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

VectorHealth VectorView::health() const {
  const vectors::VectorIndex::Stats stats = index_->stats();
  return {.live = stats.live,
          .in_graph = stats.live - stats.tail,
          .segments = stats.segments,
          .bytes = stats.bytes_on_disk,
          .refused = refused_,
          .recall_at_100 = stats.recall_at_100};
}

std::vector<std::string> VectorView::troubles() const {
  std::vector<std::string> reasons = troubles_of(index_->stats());
  if (const auto error = this->error()) reasons.push_back("vectors: " + error->message);
  if (refused_ > 0) {
    reasons.push_back(fmt::format("{} times the encoder made of a listing what is no vector: words alone find them",
                                  refused_.load()));
  }
  return reasons;
}

std::vector<std::string> troubles_of(const vectors::VectorIndex::Stats& stats) {
  std::vector<std::string> reasons;
  if (!stats.last_error.empty()) reasons.push_back("vectors: " + stats.last_error);
  if (stats.recall_at_100 < vectors::kRecallGoal) {
    reasons.push_back(fmt::format("the graph of vectors finds {:.1f} of the exact nearest 100, the goal is {:g}",
                                  100 * stats.recall_at_100, 100 * vectors::kRecallGoal));
  }
  return reasons;
}

Result<void> VectorView::encode(std::span<const log::Record> records, const std::stop_token& stop) {
  std::vector<Change> changes;
  for (const log::Record& record : records) {
    if (auto change = change_of(record)) changes.push_back(std::move(*change));
  }
  const std::size_t dimensions = encoder_->dimensions();
  std::vector<float> vectors(changes.size() * dimensions);
  std::atomic<std::size_t> taken = 0;
  std::mutex failure_mutex;
  std::optional<Error> failure;
  const auto work = [&] {
    for (std::size_t begin = 0; (begin = taken.fetch_add(kEncodedAtOnce)) < changes.size();) {
      if (stop.stop_requested()) return;
      const std::size_t end = std::min(begin + kEncodedAtOnce, changes.size());
      static const catalog::Listing kNothing;
      std::vector<const catalog::Listing*> listings;
      for (std::size_t i = begin; i < end; ++i) {
        listings.push_back(changes[i].listing ? &*changes[i].listing : &kNothing);
      }
      const auto out = std::span(vectors).subspan(begin * dimensions, (end - begin) * dimensions);
      if (const auto encoded = encoder_->encode_listings(listings, out); !encoded) {
        const std::lock_guard lock(failure_mutex);
        failure = encoded.error();
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < options_.threads; ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) return std::unexpected(*failure);
  if (stop.stop_requested()) return fail(Code::kCancelled, "encoding was stopped");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    if (!change.listing) {
      index_->remove(change.id, change.position.partition, change.position.offset);
      continue;
    }
    // A vector that is refused leaves the listing without one; its words still find it.
    const auto taken = index_->upsert(change.id, std::span(vectors).subspan(i * dimensions, dimensions),
                                      quality_of(*change.listing), change.position.partition, change.position.offset);
    if (!taken) ++refused_;
  }
  return {};
}

Result<std::size_t> VectorView::step(const std::stop_token& stop) {
  std::vector<log::Record> records;
  std::vector<std::uint64_t> from;
  {
    const std::lock_guard lock(mutex_);
    from = next_;
  }
  for (std::uint32_t p = 0; p < from.size(); ++p) {
    std::size_t taken = 0;
    HANDSEL_ASSIGN(from[p], log_.read(log::Topic::kListings, p, from[p], [&](const log::Record& record) {
      records.push_back(record);
      return ++taken < kStepRecords;
    }));
  }
  if (!records.empty()) HANDSEL_TRY(encode(records, stop));
  const std::lock_guard lock(mutex_);
  next_ = from;
  return records.size();
}

void VectorView::publish() {
  index_->refresh();
  const std::lock_guard lock(mutex_);
  visible_ = next_;
  changed_.notify_all();
}

void VectorView::run(const std::stop_token& stop) {
  using Time = std::chrono::steady_clock;
  Time::time_point refreshed = Time::now();
  Time::time_point committed = refreshed;
  while (!stop.stop_requested()) {
    const auto applied = step(stop);
    {
      const std::lock_guard lock(mutex_);
      error_ = applied ? std::nullopt : std::optional(applied.error());
    }
    const bool idle = !applied || *applied == 0;
    const auto now = Time::now();
    bool stale = false;
    {
      const std::lock_guard lock(mutex_);
      stale = visible_ != next_;
    }
    if (stale && (idle || now - refreshed >= options_.refresh_every)) {
      publish();
      refreshed = now;
    }
    if (now - committed >= options_.commit_every) {
      const auto written = index_->commit();
      const std::lock_guard lock(mutex_);
      if (!written) error_ = written.error();
      committed = now;
    }
    if (!idle) continue;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, applied ? options_.commit_every : std::chrono::milliseconds(kRetryAfter),
                      [this] { return woken_; });
    woken_ = false;
  }
}

}  // namespace handsel
