#include "views/vectors/snapshot.h"

#include <algorithm>
#include <utility>

#include "base/core/hash.h"
#include "base/math/vector_kernels.h"
#include "views/vectors/search.h"

namespace handsel::vectors {
namespace {

class SnapshotImpl final : public VectorSnapshot {
 public:
  SnapshotImpl(std::vector<Part> parts, std::size_t dimensions) : parts_(std::move(parts)), dimensions_(dimensions) {
    for (const Part& part : parts_) size_ += part.live();
  }

  std::size_t size() const override { return size_; }

  std::vector<VectorHit> search(const VectorQuery& query) const override {
    return collect(query, [&](const Part& part, TopHits& top) {
      part.segment->has_graph() ? walk(part, query, top) : scan(part, query, top);
    });
  }

  std::vector<VectorHit> search_exact(const VectorQuery& query) const override {
    return collect(query, [&](const Part& part, TopHits& top) { scan(part, query, top); });
  }

  std::span<const std::uint16_t> halves_of(std::string_view id, std::uint64_t id_hash) const override {
    for (const Part& part : parts_) {
      const auto row = part.segment->find(id, id_hash);
      if (row && !part.dead->has(*row)) return {part.segment->halves(*row), dimensions_};
    }
    return {};
  }

 private:
  template <typename Look>
  std::vector<VectorHit> collect(const VectorQuery& query, Look&& look) const {
    if (!can_be_asked(query, dimensions_)) return {};
    TopHits top(std::min(query.top, kTopMax));
    for (const Part& part : parts_) look(part, top);
    return top.take_sorted();
  }

  std::vector<Part> parts_;
  std::size_t dimensions_;
  std::size_t size_ = 0;
};

}  // namespace

bool VectorSnapshot::vector_of(std::string_view id, std::span<float> out) const {
  const std::span<const std::uint16_t> halves = halves_of(id, hash64(id));
  if (halves.empty() || halves.size() != out.size()) return false;
  std::ranges::transform(halves, out.begin(), from_half);
  return true;
}

std::shared_ptr<const VectorSnapshot> make_snapshot(std::vector<Part> parts, std::size_t dimensions) {
  return std::make_shared<SnapshotImpl>(std::move(parts), dimensions);
}

}  // namespace handsel::vectors
