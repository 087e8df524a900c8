#include "views/graph/walk.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/core/rng.h"
#include "views/graph/internal/alias_table.h"
#include "views/graph/internal/graph_file.h"
#include "views/graph/internal/visit_counter.h"

namespace handsel::graph {
namespace {

using internal::Draw;
using internal::GraphFile;
using internal::Row;
using internal::VisitCounter;

// Walkers that take their steps together: while one waits for memory, the others go on.
constexpr std::size_t kWalkersMax = 64;

struct Share {
  Node node = 0;
  double part = 0;  // of all steps; they sum to 1
};

double clamped(double value, double low, double high) {
  return value > low ? std::min(value, high) : low;  // not a number: low
}

// Distinct starts that exist and have an edge, by node; of more than kWalkStartsMax the heaviest.
std::vector<Share> usable_starts(const GraphFile& file, std::span<const WalkStart> starts) {
  double heaviest = 0;
  for (const WalkStart& start : starts) {
    if (std::isfinite(start.weight)) heaviest = std::max(heaviest, start.weight);
  }
  std::vector<Share> usable;
  for (const WalkStart& start : starts) {
    // Against the heaviest, so that sums of huge weights stay finite.
    const double part = start.weight / heaviest;
    if (!(part > 0) || !std::isfinite(part) || file.row(start.node).size == 0) continue;
    const auto same = std::ranges::find(usable, start.node, &Share::node);
    if (same != usable.end()) {
      same->part += part;
    } else if (usable.size() < 16 * kWalkStartsMax) {
      usable.push_back({start.node, part});
    }
  }
  std::ranges::sort(
      usable, [](const Share& a, const Share& b) { return a.part != b.part ? a.part > b.part : a.node < b.node; });
  if (usable.size() > kWalkStartsMax) usable.resize(kWalkStartsMax);
  std::ranges::sort(usable, {}, &Share::node);
  return usable;
}

void make_parts_sum_to_one(std::vector<Share>& shares) {
  double sum = 0;
  for (const Share& share : shares) sum += share.part;
  for (Share& share : shares) share.part /= sum;
}

// Pixie's formula: a start with many edges needs more steps to tell its neighbours apart,
// but not in proportion. s = |E| * (C - ln |E|). The paper names C the largest degree there
// is, beside which the logarithm would not count; here C is the largest logarithm among the
// starts, and 1, so that no start is left without.
void scale_by_degree(const GraphFile& file, std::vector<Share>& shares) {
  double log_max = 0;
  for (const Share& share : shares) log_max = std::max(log_max, std::log(file.row(share.node).size));
  for (Share& share : shares) {
    const double degree = file.row(share.node).size;
    share.part *= degree * (log_max + 1 - std::log(degree));
  }
}

struct WalkPlan {
  Node start = 0;
  std::size_t walks = 0;
  std::size_t steps_max = 0;
  double restart = 0;
};

// Takes steps from one start until its walks have ended, or steps_max are taken, or `visit`
// says stop. A step goes to a neighbour; then the walk ends with odds `restart` and another
// begins. Where there is no way on, the step leads back to the start.
//   visit(node, ended) -> bool: go on?
template <typename Visit>
void take_steps(const GraphFile& file, const WalkPlan& plan, Rng& rng, Visit visit) {
  std::array<Node, kWalkersMax> at;
  std::array<Draw, kWalkersMax> draws;
  std::array<bool, kWalkersMax> stuck;
  std::size_t walkers = std::min(plan.walks, kWalkersMax);
  std::size_t walks_left = plan.walks - walkers;
  std::size_t steps_left = plan.steps_max;
  const auto stop_below = static_cast<std::uint64_t>(plan.restart * 0x1p63);  // of 63 bits: 1 fits
  at.fill(plan.start);
  while (walkers > 0 && steps_left > 0) {
    walkers = std::min(walkers, steps_left);
    steps_left -= walkers;
    for (std::size_t i = 0; i < walkers; ++i) {
      const Row row = file.row(at[i]);
      stuck[i] = row.size == 0;
      draws[i] = internal::draw_of(rng(), row.size);
      draws[i].edge += row.begin;
      if (!stuck[i]) file.prefetch_edge(draws[i].edge);
    }
    for (std::size_t i = 0; i < walkers; ++i) {
      at[i] = stuck[i] ? plan.start : internal::follow(file.edge(draws[i].edge), draws[i].fraction);
      // A target beyond the nodes is damage that nobody looked for; its row is empty.
      if (at[i] < file.nodes()) file.prefetch_row(at[i]);
    }
    for (std::size_t i = 0; i < walkers;) {
      const bool ended = !stuck[i] && (rng() >> 1) < stop_below;
      if (!stuck[i] && !visit(at[i], ended)) return;
      if (!ended) {
        ++i;
      } else if (walks_left > 0) {
        --walks_left;
        at[i++] = plan.start;
      } else {  // the last walker takes this place, and has not had its turn yet
        --walkers;
        at[i] = at[walkers];
        stuck[i] = stuck[walkers];
      }
    }
  }
}

bool is_a_start(const std::vector<Share>& shares, Node node) {
  return std::ranges::binary_search(shares, node, {}, &Share::node);
}

class Walk {
 public:
  Walk(const GraphFile& file, const WalkOptions& options, std::uint64_t seed)
      : file_(file),
        options_(options),
        first_(file.first(options.target)),
        end_(file.end(options.target)),
        steps_(std::min(options.steps, kStepsMax)),
        restart_(clamped(options.restart, 0.01, 1)),
        rng_(seed),
        counter_(std::min<std::size_t>(steps_, end_ - first_)) {}

  std::vector<WalkHit> ends(const std::vector<Share>& shares) {
    for (const Share& share : shares) {
      // By walks, not by steps: cutting off the last ones would favour short walks. The
      // bound on steps is far beyond what is expected and is there for dead ends.
      const auto walks = static_cast<std::size_t>(std::llround(static_cast<double>(steps_) * restart_ * share.part));
      Rng rng = rng_.split(share.node);
      take_steps(file_, {share.node, walks, 8 * steps_, restart_}, rng, [this](Node node, bool ended) {
        if (ended && is_target(node)) counter_.add(node);
        return true;
      });
    }
    const double beta = clamped(options_.degree_correction, 0, 2);
    std::vector<WalkHit> hits;
    counter_.visit([&](Node node, std::uint32_t count) {
      const double degree = std::max<std::uint32_t>(file_.row(node).size, 1);
      if (!is_a_start(shares, node)) hits.push_back({node, count / std::pow(degree, beta)});
    });
    return hits;
  }

  std::vector<WalkHit> visits(const std::vector<Share>& shares) {
    std::vector<WalkHit> roots;
    for (const Share& share : shares) {
      const auto steps = static_cast<std::size_t>(std::llround(static_cast<double>(steps_) * share.part));
      Rng rng = rng_.split(share.node);
      walk_until_enough({share.node, steps, steps, restart_}, rng);
      counter_.visit([&](Node node, std::uint32_t count) {
        if (!is_a_start(shares, node)) roots.push_back({node, std::sqrt(count)});
      });
      counter_.clear();
    }
    return boosted(std::move(roots));
  }

 private:
  bool is_target(Node node) const { return node >= first_ && node < end_; }

  void walk_until_enough(const WalkPlan& plan, Rng& rng) {
    const bool stops = options_.enough_visits > 0 && options_.enough_listings > 0;
    std::size_t done = 0;
    take_steps(file_, plan, rng, [&](Node node, bool) {
      if (!is_target(node)) return true;
      if (counter_.add(node) == options_.enough_visits) ++done;
      return !stops || done < options_.enough_listings;
    });
  }

  // (sum of sqrt)^2: ten visits from each of two starts are worth forty from one.
  static std::vector<WalkHit> boosted(std::vector<WalkHit> roots) {
    std::ranges::stable_sort(roots, {}, &WalkHit::node);
    std::vector<WalkHit> hits;
    for (const WalkHit& root : roots) {
      if (hits.empty() || hits.back().node != root.node) hits.push_back({root.node, 0});
      hits.back().score += root.score;
    }
    for (WalkHit& hit : hits) hit.score *= hit.score;
    return hits;
  }

  const GraphFile& file_;
  const WalkOptions& options_;
  const Node first_;
  const Node end_;
  const std::size_t steps_;
  const double restart_;
  const Rng rng_;
  VisitCounter counter_;
};

void keep_best(std::vector<WalkHit>& hits, std::size_t top) {
  const auto is_better = [](const WalkHit& a, const WalkHit& b) {
    return a.score != b.score ? a.score > b.score : a.node < b.node;
  };
  const std::size_t kept = std::min(hits.size(), top);
  std::ranges::partial_sort(hits, hits.begin() + static_cast<std::ptrdiff_t>(kept), is_better);
  hits.resize(kept);
  if (hits.empty()) return;
  const double best = hits.front().score;
  for (WalkHit& hit : hits) hit.score /= best;
}

}  // namespace

std::vector<WalkHit> walk(const Graph& graph, std::span<const WalkStart> starts, const WalkOptions& options,
                          std::uint64_t seed) {
  std::vector<Share> shares = usable_starts(graph.file(), starts);
  if (shares.empty()) return {};
  if (options.count_visits) scale_by_degree(graph.file(), shares);
  make_parts_sum_to_one(shares);
  Walk walk(graph.file(), options, seed);
  std::vector<WalkHit> hits = options.count_visits ? walk.visits(shares) : walk.ends(shares);
  keep_best(hits, options.top);
  return hits;
}

std::vector<WalkHit> similar_listings(const Graph& graph, std::string_view listing_id, const WalkOptions& options,
                                      std::uint64_t seed) {
  const auto listing = graph.find(NodeKind::kListing, listing_id);
  if (!listing) return {};
  WalkOptions to_listings = options;
  to_listings.target = NodeKind::kListing;
  return walk(graph, std::vector<WalkStart>{{*listing}}, to_listings, seed);
}

}  // namespace handsel::graph
