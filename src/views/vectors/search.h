// Finds the best rows of one part: by looking at all of them, or by walking its graph.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "views/vectors/parts.h"
#include "views/vectors/vector_index.h"

namespace handsel::vectors {

inline constexpr std::size_t kAskedAtOnce = 128;  // of VectorQuery::accept

// High scores first, ties by smaller hash, then by id.
bool is_better(const VectorHit& a, const VectorHit& b);

// The best `top` seen so far. One thread.
class TopHits {
 public:
  explicit TopHits(std::size_t top) : top_(top) {}
  // Would a hit with that score and hash be kept?
  bool keeps(float score, std::uint64_t hash) const;
  void push(const VectorHit& hit);
  std::size_t size() const { return hits_.size(); }
  std::vector<VectorHit> take_sorted();

 private:
  std::size_t top_;
  std::vector<VectorHit> hits_;  // a heap, the worst in front
};

// What the index works with: p.q + w f(p), as in vector_index.h. Borrows the query.
float exact_score(const VectorQuery& query, const std::uint16_t* halves);

// Is it a question at all? The right length, finite, not all zero.
bool can_be_asked(const VectorQuery& query, std::size_t dimensions);

// What the query says of them; yes where it does not say.
void ask_accept(const VectorQuery& query, std::span<const VectorHit> hits, std::span<bool> yes);

// Walks the graph; looks at every row instead where that is no dearer, and where a filter or
// deletions leave the walk with fewer hits than were asked for. Cost: effort * links scores of
// int8 codes, then `effort` exact scores.
void walk(const Part& part, const VectorQuery& query, TopHits& top);

// Looks at every live row. Cost: one dot of half precision a row, about 20 ns at 96 dimensions.
void scan(const Part& part, const VectorQuery& query, TopHits& top);

}  // namespace handsel::vectors
