// From a folder to an engine: the lock, the log, the views, the threads.
#include <algorithm>
#include <filesystem>
#include <thread>

#include "app/engine/engine_impl.h"
#include "app/engine/log_stamp.h"
#include "facts/log/embedded_log.h"

namespace handsel {
namespace {

std::string log_folder(const std::string& data) {
  return data + "/log";
}
std::string derived_folder(const EngineOptions& options) {
  return options.folder + (options.beside ? "/training/views" : "/derived");
}
std::string catalog_folder(const EngineOptions& options) {
  return derived_folder(options) + "/catalog";
}
std::string index_folder(const EngineOptions& options) {
  return derived_folder(options) + "/index";
}
std::string counts_path(const EngineOptions& options) {
  return derived_folder(options) + "/queries";
}
// Beside another process: which log the views are of.
std::string stamp_path(const EngineOptions& options) {
  return derived_folder(options) + "/log";
}

std::size_t thread_count(const EngineOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
}

Result<void> remove_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return fail(Code::kIo, "cannot remove {}: {}", path, error.message());
  return {};
}

Result<std::unique_ptr<catalog::CatalogStore>> open_catalog(const EngineOptions& options, const MemoryPlan& memory) {
  const std::string folder = catalog_folder(options);
  auto opened = catalog::CatalogStore::open(folder, memory.catalog_bytes);
  if (opened || (opened.error().code != Code::kCorrupt && opened.error().code != Code::kUnsupported)) return opened;
  // A view that cannot be read is made again from the log.
  HANDSEL_TRY(remove_folder(folder));
  return catalog::CatalogStore::open(folder, memory.catalog_bytes);
}

Result<std::unique_ptr<index::Index>> open_index(const EngineOptions& options, const OpenParts& parts,
                                                 FileSystem& files) {
  const std::string folder = index_folder(options);
  HANDSEL_TRY(files.make_folders(folder));
  auto index = index::Index::open(files, folder, *parts.analyzer, parts.log->partitions(log::Topic::kListings),
                                  {.tail_bytes_max = parts.memory.index_tail_bytes});
  if (index && parts.memory.ceiling_bytes > 0) (*index)->release_pages();  // under a ceiling, from the start
  return index;
}

// A view that has applied more than the log holds belongs to another log: an older
// backup was put in its place, say.
bool belongs_to_log(const OpenParts& parts) {
  const Offsets indexed = parts.index->applied();
  for (std::uint32_t p = 0; p < parts.log->partitions(log::Topic::kListings); ++p) {
    const std::uint64_t end = parts.log->end_offset(log::Topic::kListings, p);
    if (indexed[p] > end || parts.catalog->applied(p) > end) return false;
  }
  return true;
}

Result<void> open_views(const EngineOptions& options, FileSystem& files, OpenParts& parts) {
  HANDSEL_TRY(files.make_folders(derived_folder(options)));
  HANDSEL_ASSIGN(parts.catalog, open_catalog(options, parts.memory));
  HANDSEL_ASSIGN(parts.index, open_index(options, parts, files));
  return {};
}

// The views of this log, whatever lay there before.
Result<void> open_views_of_log(const EngineOptions& options, FileSystem& files, OpenParts& parts) {
  HANDSEL_TRY(open_views(options, files, parts));
  if (belongs_to_log(parts)) return {};
  parts.index.reset();
  parts.catalog.reset();
  HANDSEL_TRY(remove_folder(derived_folder(options)));
  return open_views(options, files, parts);
}

// Views beside another process are opened now and then: between, an older log may have been put in the place of
// theirs and outgrown it, which their offsets alone do not tell.
Result<void> drop_views_of_another_log(const EngineOptions& options, FileSystem& files, const log::Log& log) {
  if (const auto stamp = files.read_file(stamp_path(options))) {
    HANDSEL_ASSIGN(const bool ours, is_stamp_of(log, *stamp));
    if (ours) return {};
  }
  return remove_folder(derived_folder(options));
}

Result<void> open_views_beside(const EngineOptions& options, FileSystem& files, OpenParts& parts) {
  HANDSEL_TRY(drop_views_of_another_log(options, files, *parts.log));
  HANDSEL_TRY(open_views_of_log(options, files, parts));
  HANDSEL_ASSIGN(const std::string stamp, log_stamp(*parts.log));
  return files.write_file(stamp_path(options), stamp);
}

Result<FolderLock> lock_folder(const EngineOptions& options, FileSystem& files) {
  if (!options.beside) return FolderLock::acquire(options.folder);
  HANDSEL_TRY(files.make_folders(options.folder + "/training"));
  return FolderLock::acquire_training(options.folder);
}

Result<void> check_folder(const EngineOptions& options, FileSystem& files) {
  if (options.create && !options.beside) return files.make_folders(options.folder);
  if (files.exists(log_folder(options.folder))) return {};
  return fail(Code::kNotFound, "there is no marketplace in {}; 'handsel import' or 'handsel demo' makes one there",
              options.folder);
}

}  // namespace

Result<OpenParts> open_parts(const EngineOptions& options, const Clock& clock, FileSystem& files) {
  HANDSEL_TRY(check_folder(options, files));
  HANDSEL_ASSIGN(FolderLock lock, lock_folder(options, files));
  OpenParts parts{.lock = std::move(lock),
                  .log = nullptr,
                  .analyzer = std::make_unique<text::Analyzer>(options.default_language),
                  .catalog = nullptr,
                  .index = nullptr,
                  .synonyms = {},
                  .memory = plan_memory(options.memory_max_bytes)};
  HANDSEL_ASSIGN(parts.log, log::open_embedded_log({.folder = log_folder(options.folder),
                                                    .memory_max_bytes = parts.memory.log_bytes,
                                                    .create = options.create,
                                                    .read_only = options.beside,
                                                    .disk = options.disk},
                                                   clock));
  HANDSEL_ASSIGN(parts.synonyms, load_synonyms(files, options.folder + "/synonyms.txt", *parts.analyzer));
  HANDSEL_TRY(options.beside ? open_views_beside(options, files, parts) : open_views_of_log(options, files, parts));
  return parts;
}

EngineImpl::EngineImpl(OpenParts parts, EngineOptions options, const Clock& clock, FileSystem& files)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      clock_(clock),
      files_(files),
      events_(*parts_.log, clock),
      pending_(Offsets(parts_.log->partitions(log::Topic::kListings), 0)),
      generations_({.snapshot = parts_.index->snapshot(), .query_model = nullptr}),
      opened_at_(Applier::end_of(*parts_.log)),
      applier_({.log = *parts_.log, .catalog = *parts_.catalog, .index = *parts_.index, .pending = pending_},
               {.refresh_every = std::chrono::milliseconds(options_.refresh_every_ms),
                .threads = thread_count(options_),
                .refreshed = [this] { generations_.publish(parts_.index->snapshot()); }}),
      model_source_({.analyzer = *parts_.analyzer,
                     .load_listing = [this](const index::DocInfo& document) { return load_shown(document); },
                     .synonyms = std::move(parts_.synonyms),
                     .listings_max = parts_.memory.model_listings_max}),
      tags_(*parts_.analyzer, parts_.memory.tag_lexicon_bytes),
      rules_(files, rules_path(options_.folder), *parts_.analyzer),
      experiments_(files, experiments_path(options_.folder)),
      decided_(*parts_.log),
      guard_({.log = *parts_.log, .clock = clock, .files = files, .decided = decided_},
             {.metrics_path = options_.folder + "/metrics.toml",
              .check_every = std::chrono::milliseconds(options_.beside ? 0 : options_.guard_every_ms),
              .defined = [this] { return experiments_.current(clock_.now_ms()); }}),
      interleaving_([this](std::span<const log::NewRecord> records) -> Result<void> {
        HANDSEL_TRY(parts_.log->append(log::Topic::kDecisions, records));
        return {};
      }),
      learned_(
          {.files = files, .clock = clock, .log = *parts_.log, .analyzer = *parts_.analyzer},
          {.models_folder = options_.folder + "/models",
           .derived_folder = derived_folder(options_),
           .threads = thread_count(options_),
           .load_listing = [this](std::string_view id) { return listing(id); },
           .listings_behind = [this] { return applier_.behind(); },
           .listings_are_known = [this] { return applier_.wait_applied(opened_at_, std::chrono::milliseconds(0)); },
           .understanding_listings_max = parts_.memory.understanding_listings_max,
           .graph_bytes = parts_.memory.graph_bytes}),
      housekeeper_(
          {.log = *parts_.log,
           .catalog = *parts_.catalog,
           .index = *parts_.index,
           .generations = generations_,
           .files = files},
          {.counts_path = counts_path(options_),
           .commit_every = std::chrono::milliseconds(options_.commit_every_ms),
           .log_is_ours = !options_.beside,
           .build_model = [this](const index::Snapshot& snapshot,
                                 const Housekeeper::Counts& counts) { return model_source_.build(snapshot, counts); }}),
      governor_({.folder = options_.folder,
                 .ceiling_bytes = parts_.memory.ceiling_bytes,
                 .disk_free_min_bytes = options_.disk_free_min_bytes,
                 .resident_bytes = resident_bytes,
                 .free_bytes = options_.free_disk_bytes ? options_.free_disk_bytes : free_disk_bytes,
                 .release =
                     [this] {
                       generations_.drop_kept();
                       parts_.index->release_pages();
                       learned_.release_pages();
                     }}),
      exposures_([this](const std::vector<events::Event>& exposures) { return write_exposures(exposures); }),
      backup_requests_(options_.beside
                           ? nullptr
                           : std::make_unique<BackupRequests>(files, options_.folder,
                                                              [this](const std::string& to) { return backup(to); })) {}

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options, const Clock& clock, FileSystem& files) {
  HANDSEL_ASSIGN(OpenParts parts, open_parts(options, clock, files));
  return std::make_unique<EngineImpl>(std::move(parts), std::move(options), clock, files);
}

}  // namespace handsel
