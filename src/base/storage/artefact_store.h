// Models and other things that were learned: kept whole, named, with what made them.
//
//   FOLDER/KIND/ID/manifest.json   what it is: see Manifest
//   FOLDER/KIND/ID/...             its files
//   FOLDER/KIND/promoted           the ids that were promoted, one a line
//   FOLDER/KIND/challenger         one that serves a share of the traffic beside it: id, share,
//                                  since when (Unix milliseconds), one a line
//   FOLDER/.lock                   held while `promoted` or `challenger` is changed
//
// An artefact is there when its manifest is, which is written last; it is never changed
// afterwards, and is checked against its checksums when it is opened. What
// serves is the last line of `promoted`; rollback takes that line away. Kinds are
// "encoder", "graph", "propensities", "ranker", ...
//
// Several processes may use one folder: files appear whole, and who changes what serves waits for others who do.
// Nothing is ever removed, so that what `promoted` names is there for who reads it a moment later.
//
// Thread safe. Errors name the kind, the id and the file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/clock.h"
#include "base/core/file_lock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::storage {

inline constexpr std::size_t kManifestBytesMax = 1u << 20;

struct Manifest {
  std::string kind;
  std::string id;  // given by put(): "20260102T030405.678-1f2e3d4c", in the order of making
  std::int64_t made_ms = 0;
  std::uint64_t seed = 0;
  std::string data_fingerprint;                // of what it learned from
  std::vector<std::string> features;           // names, in order; where it has any
  std::map<std::string, double> metrics;       // as measured when it was made
  std::map<std::string, std::string> details;  // library versions, settings, ids of artefacts it stands on
  std::map<std::string, std::uint64_t> files;  // name -> checksum, given by put()
  bool operator==(const Manifest&) const = default;
};

struct Artefact {
  Manifest manifest;
  // Mapped and checked.
  std::map<std::string, std::shared_ptr<const FileBytes>> files;
};

// Is tried on a share of the traffic against the one that was promoted.
struct Challenger {
  std::string id;
  double share = 0;  // above 0, at most 1
  std::int64_t started_ms = 0;
  bool operator==(const Challenger&) const = default;
};

class ArtefactStore {
 public:
  // `folder` need not exist yet.
  ArtefactStore(FileSystem& files, const Clock& clock, std::string folder);

  // Names of files are plain: no '/', not "manifest.json". Returns the id.
  Result<std::string> put(Manifest manifest, const std::map<std::string, std::string>& files);

  // By kind, oldest first; what cannot be read is left out and named in `damaged`.
  struct Listing {
    std::vector<Manifest> artefacts;
    std::vector<std::string> damaged;
  };
  Result<Listing> list() const;
  // kNotFound, kCorrupt where a file is missing or not what was written, or kIo where one cannot be read now.
  Result<Artefact> open(std::string_view kind, std::string_view id) const;

  Result<void> promote(std::string_view kind, std::string_view id);
  // Back to the one promoted before, which then serves; nothing where there was none, and none serves from then on.
  // kNotFound where none serves.
  Result<std::optional<std::string>> rollback(std::string_view kind);
  // The id that serves; nothing where none was promoted.
  Result<std::optional<std::string>> promoted(std::string_view kind) const;
  // All that were promoted and not taken back, oldest first: the last one serves.
  Result<std::vector<std::string>> promotions(std::string_view kind) const;

  // From now on; takes the place of the one before. kInvalidArgument for a share that is none,
  // and where `id` is the one that was promoted.
  Result<void> challenge(std::string_view kind, std::string_view id, double share);
  // True where there was one.
  Result<bool> end_challenge(std::string_view kind);
  // kCorrupt where the file is not what challenge() writes.
  Result<std::optional<Challenger>> challenger(std::string_view kind) const;

  // Everything as it is now to another, empty folder. The copy names no model that it lacks, even where it was cut
  // short, or others promote meanwhile: what serves is read first and written last. What has no readable manifest is
  // left behind.
  Result<void> copy_to(const std::string& folder) const;

 private:
  std::string path(std::string_view kind, std::string_view id, std::string_view name) const;
  std::string promoted_path(std::string_view kind) const;
  std::string challenger_path(std::string_view kind) const;
  Result<Manifest> read_manifest(std::string_view kind, std::string_view id) const;
  Result<FileLock> lock_changes() const;
  Result<std::map<std::string, std::string>> read_services() const;

  FileSystem& files_;
  const Clock& clock_;
  const std::string folder_;
};

}  // namespace handsel::storage
