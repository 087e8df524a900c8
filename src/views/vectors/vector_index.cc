#include "views/vectors/vector_index.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "base/math/vector_kernels.h"
#include "views/vectors/graph_build.h"
#include "views/vectors/manifest.h"
#include "views/vectors/measure_recall.h"
#include "views/vectors/merge_policy.h"
#include "views/vectors/parts.h"
#include "views/vectors/segment_writer.h"
#include "views/vectors/snapshot.h"

namespace handsel::vectors {
namespace {

constexpr std::string_view kManifestName = "manifest";
constexpr std::string_view kSegmentSuffix = ".hvec";
constexpr std::size_t kPendingMax = 4096;              // changes gathered before they become a part
constexpr std::size_t kVerifyNowBytesMax = 64u << 20;  // larger ones are checked in the background
constexpr std::size_t kBuildThreadsMax = 8;

class VectorIndexImpl final : public VectorIndex {
 public:
  VectorIndexImpl(FileSystem& files, std::string folder, VectorOptions options, std::uint32_t partitions)
      : files_(files),
        folder_(std::move(folder)),
        options_(std::move(options)),
        applied_(partitions),
        parts_(applied_) {}

  ~VectorIndexImpl() override {
    {
      const std::lock_guard lock(wake_mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    builder_ = {};
  }

  Result<void> start() {
    HANDSEL_TRY(files_.make_folders(folder_));
    if (const Result<void> loaded = load(); !loaded) {
      if (loaded.error().code == Code::kIo) return loaded;  // a full table of files, say: hours of work are still there
      note_error(fmt::format("the vectors start empty: {}", loaded.error().message));
      // Names begin anew: what it lists would be taken for files that are written from now on.
      HANDSEL_TRY(files_.remove_file(path_of(kManifestName)));
    }
    remove_strays();
    publish();
    if (options_.background) builder_ = std::jthread([this] { run(); });
    return {};
  }

  std::vector<std::uint64_t> applied() const override { return parts_.state().applied; }

  Result<void> upsert(std::string_view id, std::span<const float> vector, float quality, std::uint32_t partition,
                      std::uint64_t offset) override;
  void remove(std::string_view id, std::uint32_t partition, std::uint64_t offset) override {
    add_change(id, {}, partition, offset);
  }
  void refresh() override;

  std::shared_ptr<const VectorSnapshot> snapshot() const override {
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
  }

  Result<void> commit() override;
  Result<void> compact() override;
  Stats stats() const override;

  void release_pages() override {
    for (const Part& part : parts_.state().parts) {
      if (!part.in_memory()) part.segment->release();
    }
  }

 private:
  struct Change {
    std::string id;
    std::vector<std::uint16_t> halves;  // and the quality; empty: no vector any more
  };

  void note_applied(std::uint32_t partition, std::uint64_t offset) {
    if (partition < applied_.size()) applied_[partition] = std::max(applied_[partition], offset + 1);
  }
  void add_change(std::string_view id, std::vector<std::uint16_t> halves, std::uint32_t partition,
                  std::uint64_t offset) {
    note_applied(partition, offset);
    pending_.push_back({std::string(id), std::move(halves)});
    if (pending_.size() >= kPendingMax) flush_pending();
  }
  void flush_pending();
  void tidy_memory();
  void publish();

  struct MergeTo {
    bool file = false;
    bool graph = false;
  };
  Result<Part> merge(std::span<const Part> sources, MergeTo to);
  Result<void> flush_memory();
  std::vector<Part> worth_building() const {
    return choose_build(parts_.state().parts, options_.exact_max, options_.tail_max);
  }
  void claim(std::span<const Part> sources);
  bool build_once();
  Result<void> build(std::span<const Part> sources);
  void verify_large();
  void run();

  Result<void> load();
  void remove_strays();
  std::string path_of(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }
  void note_error(std::string message) {
    const std::lock_guard lock(error_mutex_);
    last_error_ = std::move(message);
  }

  FileSystem& files_;
  const std::string folder_;
  const VectorOptions options_;

  // The writer's own.
  std::vector<Change> pending_;
  std::vector<std::uint64_t> applied_;

  Parts parts_;
  std::mutex flush_mutex_;                      // who writes flat parts to files, and the manifest; short
  std::mutex build_mutex_;                      // who builds graphs; taken before flush_mutex_; long
  std::unordered_set<const Segment*> claimed_;  // by a build, under flush_mutex_: a flush leaves them alone
  std::atomic<std::uint64_t> next_name_{1};
  std::atomic<bool> damaged_{false};

  mutable std::mutex snapshot_mutex_;
  std::shared_ptr<const VectorSnapshot> snapshot_;

  mutable std::mutex error_mutex_;
  std::string last_error_;

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  std::uint64_t wakes_ = 0;
  std::atomic<bool> stopping_{false};
  std::jthread builder_;
};

// --- writing -----------------------------------------------------------------

Result<void> VectorIndexImpl::upsert(std::string_view id, std::span<const float> vector, float quality,
                                     std::uint32_t partition, std::uint64_t offset) {
  double square = 0;
  for (const float value : vector) square += static_cast<double>(value) * value;
  if (vector.size() != options_.dimensions || !std::isfinite(square) || !std::isfinite(quality)) {
    note_applied(partition, offset);
    if (vector.size() != options_.dimensions) {
      return fail(Code::kInvalidArgument, "the vector of listing {} has {} numbers, not {}", id, vector.size(),
                  options_.dimensions);
    }
    return fail(Code::kInvalidArgument, "the vector or quality of listing {} is not finite", id);
  }
  std::vector<std::uint16_t> halves;
  if (square > 0) {
    const double per_length = 1 / std::sqrt(square);
    halves.reserve(vector.size() + 1);
    for (const float value : vector) halves.push_back(to_half(static_cast<float>(value * per_length)));
    halves.push_back(to_half(std::clamp(quality, 0.0f, 1.0f)));
  }
  add_change(id, std::move(halves), partition, offset);
  return {};
}

void VectorIndexImpl::flush_pending() {
  // Of several changes of one id the last one counts.
  std::unordered_map<std::string_view, const Change*> last;
  for (const Change& change : pending_) last[change.id] = &change;
  std::vector<std::string_view> gone;
  std::vector<Row> rows;
  for (const auto& [id, change] : last) {
    gone.push_back(id);
    if (!change->halves.empty()) rows.push_back({.hash = hash64(id), .id = id, .halves = change->halves.data()});
  }
  sort_rows(rows);
  std::vector<Part> added;
  if (!rows.empty()) {
    auto bytes = segment_bytes(options_.dimensions, rows);
    HANDSEL_CHECK(bytes.has_value());
    auto segment = Segment::open(std::make_shared<HeapBytes>(std::move(*bytes)), options_.dimensions);
    HANDSEL_CHECK(segment.has_value());
    added.push_back({.segment = std::move(*segment)});
  }
  parts_.change(gone, std::move(added), applied_);
  pending_.clear();
}

void VectorIndexImpl::refresh() {
  flush_pending();
  tidy_memory();
  publish();
  if (!options_.background) {
    while (build_once()) {
    }
    return;
  }
  {
    const std::lock_guard lock(wake_mutex_);
    ++wakes_;
  }
  wake_.notify_all();
}

// Merges small memory parts, so that there are about as many as the logarithm of their rows, and
// writes them out where they are many, so that a slow builder does not fill the memory.
void VectorIndexImpl::tidy_memory() {
  const std::unique_lock lock(flush_mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;  // a commit is at it; at the next refresh
  std::vector<Part> memory = parts_.state().parts;
  std::erase_if(memory, [](const Part& part) { return !part.in_memory(); });
  std::ranges::sort(memory, {}, &Part::live);
  std::size_t rows = 0;
  std::size_t merged = 0;
  for (const Part& part : memory) {
    if (merged > 0 && part.live() > 2 * rows) break;
    rows += part.live();
    ++merged;
  }
  std::size_t all = 0;
  for (const Part& part : memory) all += part.live();
  if (all > std::max(options_.tail_max, options_.exact_max)) {
    if (const Result<void> flushed = flush_memory(); !flushed) note_error(flushed.error().message);
    return;
  }
  if (merged < 2) return;
  const auto sources = std::span<const Part>(memory).first(merged);
  if (auto part = merge(sources, {}); part) parts_.replace(sources, std::move(*part));
}

void VectorIndexImpl::publish() {
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = make_snapshot(parts_.state().parts, options_.dimensions);
}

// --- upkeep ------------------------------------------------------------------

Result<Part> VectorIndexImpl::merge(std::span<const Part> sources, MergeTo to) {
  std::vector<Row> rows;
  for (const Part& part : sources) {
    for (std::uint32_t row = 0; row < part.segment->rows(); ++row) {
      if (part.dead->has(row)) continue;
      rows.push_back({part.segment->hash(row), part.segment->id(row), part.segment->halves(row)});
    }
  }
  sort_rows(rows);
  Part merged;
  std::shared_ptr<const FileBytes> bytes;
  if (to.file) {
    std::unique_ptr<BuiltGraph> graph;
    if (to.graph) {
      const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
      HANDSEL_ASSIGN(graph,
                     build_graph(rows, {.dimensions = options_.dimensions,
                                        .threads = options_.build_threads > 0 ? options_.build_threads
                                                                              : std::min(cores, kBuildThreadsMax),
                                        .stopping = &stopping_}));
    }
    merged.file = fmt::format("{:08}{}", next_name_.fetch_add(1), kSegmentSuffix);
    const std::string path = path_of(merged.file);
    HANDSEL_ASSIGN(const std::unique_ptr<FileWriter> file, files_.create_file(path));
    const auto append = [&file](std::string_view more) { return file->append(more); };
    HANDSEL_TRY(write_segment(append, options_.dimensions, rows, graph ? &graph->graph() : nullptr));
    HANDSEL_TRY(file->commit());
    HANDSEL_ASSIGN(bytes, files_.map_file(path));
  } else {
    HANDSEL_ASSIGN(std::string heap, segment_bytes(options_.dimensions, rows));
    bytes = std::make_shared<HeapBytes>(std::move(heap));
  }
  HANDSEL_ASSIGN(merged.segment, Segment::open(std::move(bytes), options_.dimensions));
  if (to.graph) measure_recall(merged, stopping_);
  return merged;
}

// The caller holds flush_mutex_.
Result<void> VectorIndexImpl::flush_memory() {
  const std::vector<Part> sources = choose_flush(parts_.state().parts, claimed_);
  if (sources.empty()) return {};
  HANDSEL_ASSIGN(Part merged, merge(sources, {.file = true}));
  parts_.replace(sources, std::move(merged));
  return {};
}

// Parts, deletions and offsets of one moment; what changes while they are written is for the next commit.
Result<void> VectorIndexImpl::commit() {
  {
    const std::lock_guard lock(flush_mutex_);
    if (damaged_) return fail(Code::kCorrupt, "a file of the vectors is damaged; they start empty at the next open");
    const Parts::State state = parts_.state();
    const std::vector<Part> sources = choose_flush(state.parts, claimed_);
    Manifest manifest{.dimensions = static_cast<std::uint32_t>(options_.dimensions),
                      .fingerprint = options_.fingerprint,
                      .next_name = 0,
                      .applied = state.applied,
                      .segments = {}};
    for (const Part& part : state.parts) {
      if (std::ranges::find(sources, part.segment, &Part::segment) != sources.end()) continue;
      manifest.segments.push_back({part.file, part.dead->bits, part.effort, part.recall_at_100});
    }
    Part merged;
    if (!sources.empty()) {
      HANDSEL_ASSIGN(merged, merge(sources, {.file = true}));
      if (merged.live() > 0) manifest.segments.push_back({merged.file, {}, 0, 1});
    }
    manifest.next_name = next_name_;
    HANDSEL_TRY(files_.write_file(path_of(kManifestName), encode_manifest(manifest)));
    if (!sources.empty()) parts_.replace(sources, std::move(merged));
    for (const std::string& file : state.obsolete_files) HANDSEL_TRY(files_.remove_file(path_of(file)));
    parts_.forget_obsolete(state.obsolete_files);
  }
  publish();
  return {};
}

bool VectorIndexImpl::build_once() {
  const std::lock_guard lock(build_mutex_);
  std::vector<Part> sources;
  {
    const std::lock_guard flushing(flush_mutex_);
    if (stopping_ || worth_building().empty()) return false;
    if (const Result<void> flushed = flush_memory(); !flushed) {
      note_error(fmt::format("vectors could not be written: {}", flushed.error().message));
      return false;
    }
    sources = worth_building();
    std::erase_if(sources, &Part::in_memory);  // what came since then
    claim(sources);
  }
  if (sources.empty()) return false;
  if (const Result<void> built = build(sources); !built) {
    if (built.error().code != Code::kCancelled) {
      note_error(fmt::format("the graph of vectors could not be built: {}", built.error().message));
    }
    return false;
  }
  publish();
  return true;
}

// The caller holds flush_mutex_.
void VectorIndexImpl::claim(std::span<const Part> sources) {
  for (const Part& part : sources) claimed_.insert(part.segment.get());
}

// The caller holds build_mutex_, and has claimed the sources, which are files.
Result<void> VectorIndexImpl::build(std::span<const Part> sources) {
  std::size_t live = 0;
  for (const Part& part : sources) live += part.live();
  auto merged = merge(sources, {.file = true, .graph = live > options_.exact_max});
  const std::lock_guard lock(flush_mutex_);
  claimed_.clear();
  if (!merged) return std::unexpected(std::move(merged).error());
  parts_.replace(sources, std::move(*merged));
  return {};
}

Result<void> VectorIndexImpl::compact() {
  HANDSEL_TRY(commit());
  {
    const std::lock_guard lock(build_mutex_);
    std::vector<Part> sources;
    {
      const std::lock_guard flushing(flush_mutex_);
      sources = parts_.state().parts;
      std::erase_if(sources, &Part::in_memory);
      std::size_t live = 0;
      for (const Part& part : sources) live += part.live();
      const bool is_done = sources.size() == 1 && sources.front().dead->count == 0 &&
                           sources.front().segment->has_graph() == (live > options_.exact_max);
      if (is_done) sources.clear();
      claim(sources);
    }
    if (!sources.empty()) HANDSEL_TRY(build(sources));
  }
  return commit();
}

void VectorIndexImpl::run() {
  verify_large();
  for (std::uint64_t seen = 0;;) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait(lock, [&] { return stopping_ || wakes_ != seen; });
      if (stopping_) return;
      seen = wakes_;
    }
    while (build_once()) {
    }
  }
}

VectorIndex::Stats VectorIndexImpl::stats() const {
  Stats stats;
  double missed = 0;
  for (const Part& part : parts_.state().parts) {
    stats.live += part.live();
    stats.dead += part.dead->count;
    ++stats.segments;
    if (!part.in_memory()) stats.bytes_on_disk += part.segment->bytes().size();
    if (part.segment->has_graph()) {
      missed += (1 - part.recall_at_100) * part.live();
    } else {
      stats.tail += part.live();
    }
  }
  if (stats.live > 0) stats.recall_at_100 = 1 - missed / static_cast<double>(stats.live);
  const std::lock_guard lock(error_mutex_);
  stats.last_error = last_error_;
  return stats;
}

// --- opening -----------------------------------------------------------------

Result<void> VectorIndexImpl::load() {
  if (!files_.exists(path_of(kManifestName))) return {};
  HANDSEL_ASSIGN(const std::string bytes, files_.read_file(path_of(kManifestName)));
  HANDSEL_ASSIGN(const Manifest manifest, decode_manifest(bytes));
  if (manifest.dimensions != options_.dimensions || manifest.fingerprint != options_.fingerprint) {
    return fail(Code::kConflict, "they were made by another encoder");
  }
  if (manifest.applied.size() != applied_.size()) {
    return fail(Code::kConflict, "the log has another number of partitions");
  }
  std::vector<Part> parts;
  for (const ManifestSegment& segment : manifest.segments) {
    Part part{
        .segment = nullptr, .file = segment.name, .effort = segment.effort, .recall_at_100 = segment.recall_at_100};
    HANDSEL_ASSIGN(auto mapped, files_.map_file(path_of(segment.name)));
    const bool is_small = mapped->bytes().size() <= kVerifyNowBytesMax;
    HANDSEL_ASSIGN(part.segment, Segment::open(std::move(mapped), options_.dimensions));
    if (is_small) HANDSEL_TRY(part.segment->verify());
    auto dead = std::make_shared<Dead>();
    const std::size_t rows = std::min<std::size_t>(part.segment->rows(), segment.dead.size() * 64);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if ((segment.dead[row / 64] >> (row % 64)) & 1) dead->add(row);
    }
    part.dead = std::move(dead);
    parts.push_back(std::move(part));
  }
  applied_ = manifest.applied;
  next_name_ = manifest.next_name;
  parts_.change({}, std::move(parts), applied_);
  return {};
}

// Checks what load() had no time for. Without a manifest the next open starts empty.
void VectorIndexImpl::verify_large() {
  for (const Part& part : parts_.state().parts) {
    if (stopping_) return;
    if (part.in_memory() || part.segment->bytes().size() <= kVerifyNowBytesMax) continue;
    const Result<void> verified = part.segment->verify();
    if (verified) continue;
    const std::lock_guard lock(flush_mutex_);
    damaged_ = true;
    (void)files_.remove_file(path_of(kManifestName));
    note_error(fmt::format("{}; the vectors start empty at the next open", verified.error().message));
  }
}

// Files of flushes and builds that no manifest ever named.
void VectorIndexImpl::remove_strays() {
  std::unordered_set<std::string> known = {std::string(kManifestName)};
  for (const Part& part : parts_.state().parts) known.insert(part.file);
  const auto names = files_.list_folder(folder_);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!known.contains(name)) (void)files_.remove_file(path_of(name));
  }
}

}  // namespace

Result<std::unique_ptr<VectorIndex>> VectorIndex::open(FileSystem& files, std::string folder,
                                                       std::uint32_t log_partitions, VectorOptions options) {
  if (options.dimensions == 0 || options.dimensions > kDimensionsMax) {
    return fail(Code::kInvalidArgument, "vectors have 1 to {} dimensions, not {}", kDimensionsMax, options.dimensions);
  }
  auto index = std::make_unique<VectorIndexImpl>(files, std::move(folder), std::move(options), log_partitions);
  HANDSEL_TRY(index->start());
  return index;
}

}  // namespace handsel::vectors
