// The walk over a segment's graph: from the top level down to the nearest node by int8
// codes, then a beam over the lowest level, then exact scores for what is left in it.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "base/math/vector_kernels.h"
#include "views/vectors/search.h"

namespace handsel::vectors {
namespace {

// A step of the walk costs as much as looking at about so many rows: 1.3 microseconds against 22
// nanoseconds at 96 dimensions (bench/vectors_bench.cc).
constexpr std::size_t kRowsPerStep = 60;
constexpr std::size_t kStepsOnUpperLevelsMax = 10'000;  // more only in a damaged file

class Scorer {
 public:
  Scorer(const Segment& segment, const VectorQuery& query)
      : segment_(segment), dot_(vector_kernels().dot_i8), codes_(query.vector.size()), quality_(query.quality_weight) {
    scale_ = quantise_i8(query.vector, codes_.data());
  }

  float operator()(std::uint32_t node) const {
    const Node it = segment_.node(node);
    const auto dot = static_cast<float>(dot_(codes_.data(), it.codes(), codes_.size()));
    const float score = scale_ * it.scale() * dot;
    return quality_ == 0 ? score : score + quality_ * from_half(it.quality());
  }

  void prefetch(std::uint32_t node) const {
    const char* at = segment_.node(node).at;
    const char* end = at + kNodeHeadBytes + codes_.size();
    for (; at < end; at += kLineBytes) __builtin_prefetch(at);
  }

 private:
  const Segment& segment_;
  std::int32_t (*dot_)(const std::int8_t*, const std::int8_t*, std::size_t);
  std::vector<std::int8_t> codes_;
  float scale_;
  float quality_;
};

// The best nodes seen so far, best first; each is expanded once.
class Beam {
 public:
  struct Entry {
    float score;
    std::uint32_t node;
    bool expanded;
  };

  explicit Beam(std::size_t width) : width_(width) { entries_.reserve(width + 1); }

  void insert(float score, std::uint32_t node) {
    if (entries_.size() == width_) {
      if (!(score > entries_.back().score)) return;
      entries_.pop_back();
    }
    const auto place = std::ranges::upper_bound(entries_, score, std::greater<>(), &Entry::score);
    next_ = std::min(next_, static_cast<std::size_t>(place - entries_.begin()));
    entries_.insert(place, {score, node, false});
  }

  // The best one not yet expanded; null: the walk is over.
  Entry* next() {
    while (next_ < entries_.size() && entries_[next_].expanded) ++next_;
    return next_ < entries_.size() ? &entries_[next_] : nullptr;
  }

  std::vector<Entry> take() { return std::move(entries_); }

 private:
  std::size_t width_;
  std::size_t next_ = 0;
  std::vector<Entry> entries_;
};

// Down the sparse levels, always to the best neighbour, until there is no better one.
std::uint32_t descend(const Segment& segment, const Scorer& scorer) {
  std::uint32_t here = 0;
  float best = scorer(here);
  for (std::size_t level = segment.footer().levels; level-- > 0;) {
    bool moved = true;
    for (std::size_t steps = 0; moved && steps < kStepsOnUpperLevelsMax; ++steps) {
      moved = false;
      for (const std::uint32_t next : segment.upper_links(level, here)) {
        if (next >= segment.level_size(level)) continue;
        const float score = scorer(next);
        if (!(score > best)) continue;
        best = score;
        here = next;
        moved = true;
      }
    }
  }
  return here;
}

std::vector<Beam::Entry> walk_lowest(const Segment& segment, const Scorer& scorer, std::size_t width) {
  Beam beam(width);
  std::vector<std::uint64_t> seen((segment.rows() + 63) / 64);
  const std::uint32_t start = descend(segment, scorer);
  seen[start / 64] |= std::uint64_t{1} << (start % 64);
  beam.insert(scorer(start), start);
  std::vector<std::uint32_t> fresh;
  while (Beam::Entry* entry = beam.next()) {
    entry->expanded = true;
    const Node node = segment.node(entry->node);
    const std::size_t links = std::min<std::size_t>(node.link_count(), segment.footer().links);
    fresh.clear();
    for (std::size_t i = 0; i < links; ++i) {
      const std::uint32_t next = node.link(i);
      if (next >= segment.rows()) continue;
      std::uint64_t& word = seen[next / 64];
      const std::uint64_t bit = std::uint64_t{1} << (next % 64);
      if ((word & bit) != 0) continue;
      word |= bit;
      scorer.prefetch(next);
      fresh.push_back(next);
    }
    for (const std::uint32_t next : fresh) beam.insert(scorer(next), next);
  }
  return beam.take();
}

// What the beam holds that is alive, scored exactly, the best first: of these the best `wanted` that are accepted.
std::vector<VectorHit> survivors(const Part& part, const VectorQuery& query, std::span<const Beam::Entry> beam,
                                 std::size_t wanted) {
  constexpr std::size_t kAhead = 8;
  const Segment& segment = *part.segment;
  std::vector<std::uint32_t> rows(beam.size());
  std::ranges::transform(beam, rows.begin(), [&](const auto& entry) { return segment.row_of_node(entry.node); });
  std::vector<VectorHit> hits;
  hits.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kAhead < rows.size()) {
      const auto* halves = reinterpret_cast<const char*>(segment.halves(rows[i + kAhead]));
      for (std::size_t at = 0; at < 2 * segment.dimensions(); at += kLineBytes) __builtin_prefetch(halves + at);
    }
    const std::uint32_t row = rows[i];
    if (part.dead->has(row)) continue;
    hits.push_back(
        {.id = segment.id(row), .id_hash = segment.hash(row), .score = exact_score(query, segment.halves(row))});
  }
  std::ranges::sort(hits, is_better);
  // Where enough of the best are accepted, nobody asks about the others: an answer may cost more than a score.
  std::vector<VectorHit> kept;
  std::array<bool, kAskedAtOnce> yes;
  for (std::size_t begin = 0; begin < hits.size() && kept.size() < wanted; begin += kAskedAtOnce) {
    const auto asked = std::span(hits).subspan(begin, std::min(kAskedAtOnce, hits.size() - begin));
    ask_accept(query, asked, std::span(yes).first(asked.size()));
    for (std::size_t i = 0; i < asked.size() && kept.size() < wanted; ++i) {
      if (yes[i]) kept.push_back(asked[i]);
    }
  }
  return kept;
}

std::size_t effort_for(const Part& part, const VectorQuery& query) {
  const std::size_t top = std::min(query.top, kTopMax);
  if (query.effort > 0) return std::max(query.effort, top);
  // What top 100 needs was measured; more hits need more in proportion.
  constexpr std::size_t kMeasuredTop = 100;
  const std::size_t measured = std::max<std::size_t>(part.effort, kMeasuredTop);
  return std::max(top, std::min(query.effort_max, std::max(measured, measured * top / kMeasuredTop)));
}

}  // namespace

void walk(const Part& part, const VectorQuery& query, TopHits& top) {
  const Segment& segment = *part.segment;
  const std::size_t wanted = std::min<std::size_t>(std::min(query.top, kTopMax), part.live());
  if (wanted == 0) return;
  const double accepted = query.accept ? std::clamp(query.accept_share, 0.0, 1.0) : 1.0;
  const double share = accepted * part.live() / segment.rows();
  const std::size_t effort = effort_for(part, query);
  const Scorer scorer(segment, query);
  // The walk itself takes no notice of filter and deletions; a wider beam makes up for what they take.
  double width = static_cast<double>(effort) / std::max(share, 1e-9);
  while (width <= static_cast<double>(kEffortMax) && width * kRowsPerStep <= segment.rows()) {
    const auto beam = walk_lowest(segment, scorer, static_cast<std::size_t>(width));
    const std::vector<VectorHit> hits = survivors(part, query, beam, wanted);
    if (hits.size() >= wanted) {
      for (const VectorHit& hit : hits) top.push(hit);
      return;
    }
    // Fewer pass than was said, or the start is cut off from the rest: wider, by what was seen.
    constexpr double kWiderAtLeast = 2;
    const double seen_share = static_cast<double>(hits.size() + 1) / static_cast<double>(beam.size() + 1);
    width = std::max(kWiderAtLeast * width, static_cast<double>(effort) / seen_share);
  }
  scan(part, query, top);
}

}  // namespace handsel::vectors
