// Nearest listings by meaning: a view of the listings topic, seen through one encoder.
//
// Exact below a size; above it a graph of near neighbours (HNSW: Malkov & Yashunin
// 2016, arXiv 1603.09320) in immutable, memory-mapped segments, with a small exact
// tail for what is new. A snapshot never changes; reads hold it as long as they like.
//
// Vectors are kept in half precision: scores are those of the rounded vectors, the same
// whether a listing is in the tail or in a segment, and exact answers do not depend on
// the order in which listings came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::vectors {

inline constexpr double kRecallGoal = 0.97;        // of the exact nearest 100, that a walk finds
inline constexpr std::size_t kTopMax = 10'000;     // hits of one query; more is taken for this
inline constexpr std::size_t kEffortMax = 20'000;  // width of a walk; beyond it all is looked at

// Near first; ties by the smaller id_hash.
struct VectorHit {
  std::string_view id;        // lives as long as the snapshot
  std::uint64_t id_hash = 0;  // handsel::hash of the id, as views/index has it
  float score = 0;            // inner product of the unit vectors plus what `quality` adds
};

struct VectorQuery {
  std::span<const float> vector;  // as long as the index's; another length, all zero or not finite: no hits
  float quality_weight = 0;       // w of p.q + w f(p): METHODS 2, 'ANN boosting'
  std::size_t top = 300;
  std::size_t effort = 0;  // size of the beam; 0: what keeps recall@100 at the goal, but effort_max at most
  std::size_t effort_max = kEffortMax;
  // Empty: all. Otherwise only listings it says yes to are returned. Called from the calling thread, for
  // candidates only, as many at once as there are; more than once for some, so it must not count.
  // `yes` is as long as `asked`, and false at first.
  std::function<void(std::span<const VectorHit> asked, std::span<bool> yes)> accept;
  // How much of the collection passes, 0..1, where known: few are found by scanning, not by walking.
  double accept_share = 1;
};

class VectorSnapshot {
 public:
  virtual ~VectorSnapshot() = default;
  virtual std::size_t size() const = 0;  // live listings with a vector
  virtual std::vector<VectorHit> search(const VectorQuery& query) const = 0;
  // The obvious twin: looks at every vector, in full precision as stored.
  virtual std::vector<VectorHit> search_exact(const VectorQuery& query) const = 0;
  // The vector of a listing as it is stored, in half precision; empty where it has none. Lives as
  // long as the snapshot. `id_hash`: handsel::hash64 of the id.
  virtual std::span<const std::uint16_t> halves_of(std::string_view id, std::uint64_t id_hash) const = 0;
  // The same as numbers, for session profiles and 'similar'; false where it has none, or where
  // `out` has another length.
  bool vector_of(std::string_view id, std::span<float> out) const;
};

struct VectorOptions {
  std::size_t dimensions = 0;
  std::string fingerprint;         // of the encoder; another one on disk: start empty
  std::size_t exact_max = 10'000;  // below it nothing is built
  std::size_t tail_max = 20'000;   // exact tail before it is built into a segment
  bool background = true;          // build and merge on a thread of its own; off in tests: in refresh()
  std::size_t build_threads = 0;   // for one graph; 0: as many as the machine has cores, up to 8
};

// upsert, remove, refresh: one thread at a time. The others: any thread. commit may take
// seconds, compact as long as a build (minutes at a million); neither holds up writers.
class VectorIndex {
 public:
  // Opens what is in `folder`, in milliseconds; starts empty (and says so by offsets of 0, and in
  // stats().last_error) where files are missing, damaged, or made with another encoder or format.
  // Large files are checked to the last byte in the background; where one turns out to be damaged,
  // last_error says so and the next open starts empty. kIo where a file is there and cannot be read now;
  // then all stays as it is.
  static Result<std::unique_ptr<VectorIndex>> open(FileSystem& files, std::string folder, std::uint32_t log_partitions,
                                                   VectorOptions options);
  virtual ~VectorIndex() = default;

  // For each partition of the listings topic, the offset to go on from.
  virtual std::vector<std::uint64_t> applied() const = 0;

  // Replaces what was there under that id; visible at the next refresh. `vector` is brought to
  // unit length; all zero: the listing has none, as after remove(). `quality`: 0..1, clamped.
  // Errors: kInvalidArgument where the length is wrong or a number is not finite; then nothing
  // changes but `applied()`, so that one bad vector does not hold up the log.
  virtual Result<void> upsert(std::string_view id, std::span<const float> vector, float quality,
                              std::uint32_t partition, std::uint64_t offset) = 0;
  virtual void remove(std::string_view id, std::uint32_t partition, std::uint64_t offset) = 0;
  virtual void refresh() = 0;
  virtual std::shared_ptr<const VectorSnapshot> snapshot() const = 0;
  virtual Result<void> commit() = 0;
  virtual Result<void> compact() = 0;  // one segment

  struct Stats {
    std::uint64_t live = 0;
    std::uint64_t dead = 0;
    std::uint64_t tail = 0;
    std::uint64_t segments = 0;
    std::uint64_t bytes_on_disk = 0;
    double recall_at_100 = 1;  // of the last build against exact, on a sample
    std::string last_error;
  };
  virtual Stats stats() const = 0;
  virtual void release_pages() = 0;
};

}  // namespace handsel::vectors
