#include "views/index/index.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "base/core/hash.h"
#include "views/index/manifest.h"
#include "views/index/merge.h"
#include "views/index/merge_policy.h"
#include "views/index/parts.h"
#include "views/index/segment_builder.h"

namespace handsel::index {
namespace {

constexpr std::string_view kManifestName = "manifest";
constexpr std::string_view kSegmentSuffix = ".hseg";
constexpr std::size_t kPendingMax = 4096;          // upserts gathered before they are analysed
constexpr std::size_t kVerifyBytesMax = 1u << 30;  // above it checksums are left to `handsel doctor`
constexpr std::size_t kSliceDocumentsMin = 64;     // less is not worth a thread

struct MergeOutcome {
  Part part;
  std::vector<std::vector<std::uint32_t>> kept;
};

class IndexImpl final : public Index {
 public:
  IndexImpl(FileSystem& files, std::string folder, const text::Analyzer& analyzer, IndexOptions options,
            std::uint32_t partitions)
      : files_(files),
        folder_(std::move(folder)),
        analyzer_(analyzer),
        options_(options),
        fingerprint_(scoring_fingerprint(options.scoring)),
        applied_(partitions),
        parts_(applied_) {}

  ~IndexImpl() override {
    {
      const std::lock_guard lock(wake_mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    flusher_ = {};
    merger_ = {};
  }

  Result<void> start() {
    HANDSEL_TRY(files_.make_folders(folder_));
    if (const Result<void> loaded = load(); !loaded) {
      note_error(fmt::format("the index starts empty: {}", loaded.error().message));
      std::ranges::fill(applied_, 0);
      parts_.change({}, {}, applied_);
    }
    remove_strays();
    publish();
    if (options_.background) {
      flusher_ = std::jthread([this] { run([this] { return flush_once(); }); });
      merger_ = std::jthread([this] { run([this] { return merge_once(); }); });
    }
    return {};
  }

  std::vector<std::uint64_t> applied() const override { return parts_.state().applied; }

  void upsert(const catalog::Listing& listing, log::Position position) override {
    pending_.push_back({listing, position, false});
    if (pending_.size() >= kPendingMax) flush_pending();
  }

  void remove(std::string_view id, log::Position position) override {
    pending_.push_back({{.id = std::string(id)}, position, true});
    if (pending_.size() >= kPendingMax) flush_pending();
  }

  void apply(std::span<const Change> changes, std::size_t threads) override {
    flush_pending();
    index_changes(changes, threads);
  }

  void refresh() override {
    flush_pending();
    publish();
    if (options_.background) {
      wake();
    } else {
      while (flush_once() || merge_once()) {
      }
      publish();
    }
  }

  std::shared_ptr<const Snapshot> snapshot() const override {
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
  }

  Result<void> commit() override;
  Result<void> compact() override;
  Stats stats() const override;

  void release_pages() override {
    little_memory_ = true;  // for the files to come
    for (const Part& part : parts_.state().parts) {
      if (part.in_memory()) continue;
      part.segment->use_little_memory();
      part.segment->release();
    }
  }

 private:
  struct Pending {
    catalog::Listing listing;
    log::Position position;
    bool removed;
  };

  void flush_pending() {
    if (pending_.empty()) return;
    std::vector<Change> changes;
    changes.reserve(pending_.size());
    for (const Pending& pending : pending_) {
      changes.push_back({pending.removed ? nullptr : &pending.listing, pending.listing.id, pending.position});
    }
    index_changes(changes, 1);
    pending_.clear();
  }

  void index_changes(std::span<const Change> changes, std::size_t threads);
  Part build(std::span<const Change* const> changes) const;
  void wait_for_room();
  std::vector<Part> memory_parts() const;
  void publish();

  bool flush_once();
  bool merge_once();
  Result<MergeOutcome> merge(std::span<const Part> sources, bool to_file);
  bool install(std::span<const Part> sources, bool to_file);

  Result<void> load();
  void remove_strays();
  std::string path_of(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }

  template <typename Work>
  void run(Work&& work) {
    for (std::uint64_t seen = 0;;) {
      {
        std::unique_lock lock(wake_mutex_);
        wake_.wait(lock, [&] { return stopping_ || wakes_ != seen; });
        if (stopping_) return;
        seen = wakes_;
      }
      while (!stopping_ && work()) {
        publish();
        wake();  // the other one may have more to do now
      }
    }
  }

  void wake() {
    {
      const std::lock_guard lock(wake_mutex_);
      ++wakes_;
    }
    wake_.notify_all();
  }

  void note_error(std::string message) {
    const std::lock_guard lock(error_mutex_);
    last_error_ = std::move(message);
  }

  FileSystem& files_;
  const std::string folder_;
  const text::Analyzer& analyzer_;
  const IndexOptions options_;
  const std::uint64_t fingerprint_;

  // The writer's own.
  std::vector<Pending> pending_;
  std::vector<std::uint64_t> applied_;

  Parts parts_;
  std::mutex flush_mutex_;  // who writes memory segments out: the flusher, commit, compact
  std::mutex merge_mutex_;  // who merges files: the merger, compact
  std::atomic<std::uint64_t> next_name_{1};
  std::atomic<bool> little_memory_{false};

  mutable std::mutex snapshot_mutex_;
  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();

  mutable std::mutex error_mutex_;
  std::string last_error_;

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  std::uint64_t wakes_ = 0;
  std::atomic<bool> stopping_{false};
  std::jthread flusher_;
  std::jthread merger_;
};

std::size_t bytes_of(const Part& part) {
  return part.segment->file_bytes().size();
}

// True where the parts are `tails` times what the tail may be.
bool reach(std::span<const Part> parts, std::size_t tails, const IndexOptions& options) {
  std::size_t documents = 0;
  std::size_t bytes = 0;
  for (const Part& part : parts) {
    documents += part.segment->documents();
    bytes += bytes_of(part);
  }
  return documents >= tails * options.tail_documents_max || bytes >= tails * options.tail_bytes_max;
}

// --- writing -----------------------------------------------------------------

Part IndexImpl::build(std::span<const Change* const> changes) const {
  SegmentBuilder builder(analyzer_, options_.scoring);
  for (const Change* change : changes) builder.add(*change->listing, change->position);
  MemorySink sink;
  HANDSEL_CHECK(builder.write(sink));
  auto segment = Segment::open(std::make_shared<HeapBytes>(sink.take()), fingerprint_);
  HANDSEL_CHECK(segment.has_value());
  return {.segment = std::move(*segment), .file = {}};
}

void IndexImpl::index_changes(std::span<const Change> changes, std::size_t threads) {
  if (changes.empty()) return;
  wait_for_room();
  // Of several changes of one id the last one counts.
  std::unordered_map<std::string_view, const Change*> last;
  for (const Change& change : changes) {
    last[change.id] = &change;
    std::uint64_t& applied = applied_[change.position.partition];
    applied = std::max(applied, change.position.offset + 1);
  }
  std::vector<std::string> gone;
  std::vector<const Change*> listings;
  for (const Change& change : changes) {
    if (last[change.id] != &change) continue;
    gone.push_back(change.id);
    if (change.listing != nullptr) listings.push_back(&change);
  }
  const std::size_t slices =
      std::clamp<std::size_t>(listings.size() / kSliceDocumentsMin, 1, std::max<std::size_t>(threads, 1));
  std::vector<Part> added(listings.empty() ? 0 : slices);
  {
    std::vector<std::jthread> helpers;
    const std::size_t per_slice = (listings.size() + slices - 1) / slices;
    for (std::size_t i = 0; i < added.size(); ++i) {
      const std::size_t begin = std::min(i * per_slice, listings.size());
      const auto slice = std::span(listings).subspan(begin, std::min(per_slice, listings.size() - begin));
      auto work = [this, slice, &part = added[i]] { part = build(slice); };
      if (i + 1 < added.size()) {
        helpers.emplace_back(std::move(work));
      } else {
        work();
      }
    }
  }
  parts_.change(gone, std::move(added), applied_);
}

// Keeps a fast import from outrunning the flusher: memory stays within a few tails.
void IndexImpl::wait_for_room() {
  if (!options_.background) return;
  constexpr std::size_t kTails = 3;
  constexpr int kPatience = 600;  // tenths of a second; a disk that fails must not stop the writer for good
  for (int waited = 0; waited < kPatience; ++waited) {
    if (!reach(memory_parts(), kTails, options_)) return;
    wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void IndexImpl::publish() {
  const std::lock_guard lock(snapshot_mutex_);
  const Parts::State state = parts_.state();
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = snapshot_->generation + 1;
  for (const Part& part : state.parts) {
    snapshot->segments.push_back(part.view());
    snapshot->live += part.live();
  }
  snapshot_ = std::move(snapshot);
}

// --- upkeep ------------------------------------------------------------------

std::vector<Part> IndexImpl::memory_parts() const {
  std::vector<Part> parts = parts_.state().parts;
  std::erase_if(parts, [](const Part& part) { return !part.in_memory(); });
  return parts;
}

std::vector<Part> chosen_of(const std::vector<Part>& parts) {
  std::vector<PartSize> sizes;
  for (const Part& part : parts) sizes.push_back({part.segment->documents(), part.live()});
  std::vector<Part> chosen;
  for (const std::size_t i : choose_merge(sizes)) chosen.push_back(parts[i]);
  return chosen;
}

bool IndexImpl::flush_once() {
  const std::lock_guard lock(flush_mutex_);
  const std::vector<Part> parts = memory_parts();
  if (reach(parts, 1, options_)) return install(parts, true);
  return install(chosen_of(parts), false);
}

bool IndexImpl::merge_once() {
  const std::lock_guard lock(merge_mutex_);
  std::vector<Part> parts = parts_.state().parts;
  std::erase_if(parts, [](const Part& part) { return part.in_memory(); });
  return install(chosen_of(parts), true);
}

Result<MergeOutcome> IndexImpl::merge(std::span<const Part> sources, bool to_file) {
  std::vector<SegmentView> views;
  for (const Part& part : sources) views.push_back(part.view());
  MergeOutcome outcome;
  std::shared_ptr<const FileBytes> bytes;
  if (to_file) {
    outcome.part.file = fmt::format("{:08}{}", next_name_.fetch_add(1), kSegmentSuffix);
    const std::string path = path_of(outcome.part.file);
    HANDSEL_ASSIGN(const std::unique_ptr<FileWriter> file, files_.create_file(path));
    FileSink sink(*file);
    HANDSEL_TRY(merge_segments(views, fingerprint_, sink, outcome.kept));
    HANDSEL_TRY(sink.flush());
    HANDSEL_TRY(file->commit());
    HANDSEL_ASSIGN(bytes, files_.map_file(path));
    if (little_memory_) bytes->use_little_memory();
  } else {
    MemorySink sink;
    HANDSEL_TRY(merge_segments(views, fingerprint_, sink, outcome.kept));
    bytes = std::make_shared<HeapBytes>(sink.take());
  }
  HANDSEL_ASSIGN(outcome.part.segment, Segment::open(std::move(bytes), fingerprint_));
  return outcome;
}

// True where something was done and there may be more to do.
bool IndexImpl::install(std::span<const Part> sources, bool to_file) {
  if (sources.empty()) return false;
  auto merged = merge(sources, to_file);
  if (!merged) {
    note_error(fmt::format("the index could not be merged: {}", merged.error().message));
    return false;
  }
  parts_.replace(sources, merged->kept, std::move(merged->part));
  return true;
}

Result<void> IndexImpl::commit() {
  const std::lock_guard lock(flush_mutex_);
  const Parts::State state = parts_.state();
  Manifest manifest{.fingerprint = fingerprint_, .next_name = 0, .applied = state.applied, .segments = {}};
  std::vector<Part> memory;
  for (const Part& part : state.parts) {
    if (part.in_memory()) {
      memory.push_back(part);
    } else {
      manifest.segments.push_back({part.file, part.deletions->bits});
    }
  }
  MergeOutcome outcome;
  if (!memory.empty()) {
    HANDSEL_ASSIGN(outcome, merge(memory, true));
    if (outcome.part.segment->documents() > 0) manifest.segments.push_back({outcome.part.file, {}});
  }
  manifest.next_name = next_name_;
  HANDSEL_TRY(files_.write_file(path_of(kManifestName), encode_manifest(manifest)));
  if (!memory.empty()) parts_.replace(memory, outcome.kept, std::move(outcome.part));
  for (const std::string& file : state.obsolete_files) HANDSEL_TRY(files_.remove_file(path_of(file)));
  parts_.forget_obsolete(state.obsolete_files);
  publish();
  return {};
}

Result<void> IndexImpl::compact() {
  HANDSEL_TRY(commit());
  {
    const std::scoped_lock lock(flush_mutex_, merge_mutex_);
    std::vector<Part> sources;
    std::uint64_t live = 0;
    for (const Part& part : parts_.state().parts) {
      live += part.live();
      if (!part.in_memory() && live <= kSegmentDocumentsMax) sources.push_back(part);
    }
    const bool already = sources.size() == 1 && sources.front().deletions->count == 0;
    if (!sources.empty() && !already) {
      HANDSEL_ASSIGN(MergeOutcome merged, merge(sources, true));
      parts_.replace(sources, merged.kept, std::move(merged.part));
    }
  }
  return commit();
}

Index::Stats IndexImpl::stats() const {
  Stats stats;
  const Parts::State state = parts_.state();
  for (const Part& part : state.parts) {
    stats.documents_live += part.live();
    stats.documents_dead += part.deletions->count;
    ++stats.segments;
    (part.in_memory() ? stats.bytes_in_memory : stats.bytes_on_disk) += bytes_of(part);
  }
  const std::lock_guard lock(error_mutex_);
  stats.last_error = last_error_;
  return stats;
}

// --- opening -----------------------------------------------------------------

Result<void> IndexImpl::load() {
  if (!files_.exists(path_of(kManifestName))) return {};
  HANDSEL_ASSIGN(const std::string bytes, files_.read_file(path_of(kManifestName)));
  HANDSEL_ASSIGN(const Manifest manifest, decode_manifest(bytes));
  if (manifest.fingerprint != fingerprint_)
    return fail(Code::kConflict, "it was made with other scoring or by another version");
  if (manifest.applied.size() != applied_.size())
    return fail(Code::kConflict, "the log has another number of partitions");
  std::vector<Part> parts;
  std::size_t total = 0;
  for (const ManifestSegment& segment : manifest.segments) {
    Part part{.segment = nullptr, .file = segment.name};
    HANDSEL_ASSIGN(auto mapped, files_.map_file(path_of(segment.name)));
    total += mapped->bytes().size();
    HANDSEL_ASSIGN(part.segment, Segment::open(std::move(mapped), fingerprint_));
    if (total <= kVerifyBytesMax) HANDSEL_TRY(part.segment->verify());
    auto deletions = std::make_shared<Deletions>();
    for (std::uint32_t doc = 0; doc < part.segment->documents() && doc / 64 < segment.deletions.size(); ++doc) {
      if ((segment.deletions[doc / 64] >> (doc % 64)) & 1) deletions->add(*part.segment, doc);
    }
    part.deletions = std::move(deletions);
    parts.push_back(std::move(part));
  }
  applied_ = manifest.applied;
  next_name_ = manifest.next_name;
  parts_.change({}, std::move(parts), applied_);
  return {};
}

// Files of flushes and merges that no manifest ever named.
void IndexImpl::remove_strays() {
  std::unordered_set<std::string> known = {std::string(kManifestName)};
  for (const Part& part : parts_.state().parts) known.insert(part.file);
  const auto names = files_.list_folder(folder_);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!known.contains(name)) (void)files_.remove_file(path_of(name));
  }
}

}  // namespace

Result<std::unique_ptr<Index>> Index::open(FileSystem& files, std::string folder, const text::Analyzer& analyzer,
                                           std::uint32_t log_partitions, IndexOptions options) {
  auto index = std::make_unique<IndexImpl>(files, std::move(folder), analyzer, options, log_partitions);
  HANDSEL_TRY(index->start());
  return index;
}

}  // namespace handsel::index
