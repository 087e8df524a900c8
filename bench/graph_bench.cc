// Walks over a graph with power-law degrees, ten million directed edges by default: made
// from drawn events as a marketplace would make it, then walked from queries as often as
// they are asked.
//
//   bench_graph_bench [--pairs 5000000] [--queries 500000] [--listings 1000000] [--walks 500] [--seed 1] [--file PATH]
//
// Beside the walks themselves it times single steps in the ways that were open: alias tables
// or cumulative weights, many walkers together or one alone.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <time.h>

#include "base/core/file_system.h"
#include "base/core/rng.h"
#include "facts/events/event.h"
#include "harness.h"
#include "views/graph/builder.h"
#include "views/graph/graph.h"
#include "views/graph/internal/alias_table.h"
#include "views/graph/internal/graph_file.h"
#include "views/graph/starts.h"
#include "views/graph/walk.h"

namespace {

using namespace handsel;
using namespace handsel::graph;
using bench::Report;

constexpr std::size_t kSteps = 100'000;

// Time on the processor, not on the clock, so that what else runs disturbs less.
class ProcessorTime {
 public:
  double elapsed_ms() const { return now_ms() - start_ms_; }

 private:
  static double now_ms() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  }
  double start_ms_ = now_ms();
};

// Rank r is drawn about as often as 1 / (r + 1).
std::uint64_t draw_rank(Rng& rng, std::uint64_t count) {
  const double rank = std::exp(rng.uniform() * std::log(static_cast<double>(count) + 1)) - 1;
  return std::min(static_cast<std::uint64_t>(rank), count - 1);
}

struct World {
  std::uint64_t queries = 0;
  std::uint64_t listings = 0;
  std::uint64_t pairs = 0;
  std::uint64_t seed = 0;
};

std::string query_text(std::uint64_t query) {
  return "gift word" + std::to_string(query % 5'000) + " thing" + std::to_string(query / 7 % 20'000) + " " +
         std::to_string(query);
}

// Listings of a query lie around a place of its own, the more popular of them more often; one
// click in ten lands anywhere.
std::uint64_t draw_listing(Rng& rng, const World& world, std::uint64_t query) {
  if (rng.chance(0.1)) return draw_rank(rng, world.listings);
  const std::uint64_t place = Rng(world.seed).split(query)() % world.listings;
  return (place + draw_rank(rng, world.listings / 20)) % world.listings;
}

GraphBuilder observe_world(const World& world) {
  GraphBuilder builder({.people_min = 1});
  Rng rng(world.seed);
  const ProcessorTime watch;
  std::uint64_t events = 0;
  events::Event search;
  search.kind = events::EventKind::kSearch;
  events::Event click;
  click.kind = events::EventKind::kClick;
  while (builder.stats().pairs < world.pairs && events < 20 * world.pairs) {
    // Even odds among all and Zipf's: a long tail that is really there.
    const std::uint64_t query = rng.chance(0.5) ? rng.below(world.queries) : draw_rank(rng, world.queries);
    search.time_ms = click.time_ms = static_cast<std::int64_t>(events);
    search.query = query_text(query);
    search.query_id = click.query_id = search.session_id = click.session_id = std::to_string(events);
    builder.observe(search);
    for (int i = 0; i < 3; ++i) {
      click.listing_id = "listing" + std::to_string(draw_listing(rng, world, query));
      builder.observe(click);
    }
    events += 4;
  }
  const double ms = watch.elapsed_ms();
  Report("handsel", "graph observe")
      .number("events", static_cast<double>(events))
      .number("events_per_second", static_cast<double>(events) / ms * 1000)
      .number("pairs", static_cast<double>(builder.stats().pairs))
      .print();
  return builder;
}

std::shared_ptr<const Graph> build_and_open(const GraphBuilder& builder, const std::string& path) {
  const ProcessorTime building;
  auto bytes = builder.build();
  if (!bytes) bench::stop(bytes.error().message);
  const double build_ms = building.elapsed_ms();
  const double megabytes = static_cast<double>(bytes->size()) / 1e6;
  std::shared_ptr<const FileBytes> file;
  if (path.empty()) {
    file = std::make_shared<HeapBytes>(std::move(*bytes));
  } else {
    if (!real_file_system().write_file(path, *bytes)) bench::stop("cannot write " + path);
    file = *real_file_system().map_file(path);
  }
  const ProcessorTime checking;
  (void)open_graph(file);
  const double check_ms = checking.elapsed_ms();
  const ProcessorTime opening;
  auto graph = open_graph(file, Check::kStructure);
  const double open_ms = opening.elapsed_ms();
  if (!graph) bench::stop(graph.error().message);
  Report("handsel", "graph build")
      .number("edges", static_cast<double>((*graph)->edges()))
      .number("nodes", static_cast<double>((*graph)->nodes()))
      .number("megabytes", megabytes)
      .number("build_ms", build_ms)
      .number("open_ms", open_ms)
      .number("open_checked_ms", check_ms)
      .print();
  return *graph;
}

// A query as often as it has edges, which is about how often it is asked.
Node draw_query(Rng& rng, const Graph& graph) {
  const auto& file = graph.file();
  for (;;) {
    const Node node = static_cast<Node>(rng.below(graph.nodes()));
    const graph::internal::Row row = file.row(node);
    if (row.size == 0 || file.kind(node) == NodeKind::kQuery) continue;
    const Node other = file.edge(row.begin + rng.below(row.size)).target;
    if (file.kind(other) == NodeKind::kQuery) return other;
  }
}

void measure_walks(const Graph& graph, const char* name, const WalkOptions& options, std::size_t walks) {
  Rng rng(2);
  bench::Latencies latencies;
  double hits = 0;
  for (std::size_t i = 0; i < walks; ++i) {
    std::vector<WalkStart> starts{{draw_query(rng, graph)}};
    const ProcessorTime watch;
    hits += static_cast<double>(walk(graph, starts, options, i).size());
    latencies.add(watch.elapsed_ms());
  }
  Report report("handsel", name);
  report.number("steps", static_cast<double>(options.steps)).number("hits_mean", hits / static_cast<double>(walks));
  latencies.report_to(report);
  report.number("p50_nanoseconds_a_step", latencies.percentile(0.5) * 1e6 / static_cast<double>(options.steps)).print();
}

// "gift" is in every query: the worst word there is.
void measure_starts(const Graph& graph, std::size_t queries) {
  Rng rng(3);
  bench::Latencies latencies;
  for (std::size_t i = 0; i < queries; ++i) {
    const std::string text =
        "gift word" + std::to_string(rng.below(5'000)) + " thing" + std::to_string(rng.below(20'000));
    const ProcessorTime watch;
    (void)starts_for_query(graph, text);
    latencies.add(watch.elapsed_ms());
  }
  Report report("handsel", "graph starts of unknown queries");
  latencies.report_to(report);
  report.print();
}

// Cumulative weights: the other way to draw an edge, 8 bytes an edge where alias tables
// take 12, with a search by halves in place of one look.
class Cumulative {
 public:
  explicit Cumulative(const graph::internal::GraphFile& file) : edges_(file.edges()) {
    std::vector<double> odds;
    for (Node node = 0; node < file.nodes(); ++node) add_row(file, file.row(node), odds);
  }

  Node draw(const graph::internal::Row& row, std::uint32_t fraction) const {
    const auto begin = edges_.begin() + row.begin;
    const auto found = std::upper_bound(begin, begin + row.size - 1, fraction,
                                        [](std::uint32_t value, const Edge& edge) { return value < edge.below; });
    return found->target;
  }
  void prefetch(const graph::internal::Row& row) const { __builtin_prefetch(&edges_[row.begin + row.size / 2]); }

 private:
  struct Edge {
    Node target = 0;
    std::uint32_t below = 0;
  };
  void add_row(const graph::internal::GraphFile& file, const graph::internal::Row& row, std::vector<double>& odds) {
    odds.assign(row.size, 0);
    for (std::uint32_t i = 0; i < row.size; ++i) edges_[row.begin + i].target = file.edge(row.begin + i).target;
    const auto begin = edges_.begin() + row.begin;
    for (std::uint32_t i = 0; i < row.size; ++i) {
      const graph::internal::Edge edge = file.edge(row.begin + i);
      const double kept = edge.threshold / 0x1p32;
      odds[i] += kept;
      const auto alias = std::lower_bound(begin, begin + row.size, edge.alias,
                                          [](const Edge& known, Node target) { return known.target < target; });
      odds[static_cast<std::size_t>(alias - begin)] += 1 - kept;
    }
    double sum = 0;
    for (std::uint32_t i = 0; i < row.size; ++i) {
      sum += odds[i] / row.size;
      edges_[row.begin + i].below = static_cast<std::uint32_t>(std::min(sum, 1.0) * 0xffffffffp0);
    }
  }

  std::vector<Edge> edges_;
};

// Endless walks of `walkers` together; nanoseconds a step. `prepare(row, random)` before all
// others take their turn, `draw(row, random)` after.
template <typename Prepare, typename Draw>
double step_nanoseconds(const Graph& graph, std::size_t walkers, double& checksum, Prepare prepare, Draw draw) {
  constexpr std::size_t kRounds = 4'000'000;
  const auto& file = graph.file();
  Rng rng(5);
  std::vector<Node> at(walkers);
  for (Node& node : at) node = draw_query(rng, graph);
  std::vector<graph::internal::Row> rows(walkers);
  std::vector<std::uint64_t> randoms(walkers);
  const ProcessorTime watch;
  for (std::size_t round = 0; round < kRounds / walkers; ++round) {
    for (std::size_t i = 0; i < walkers; ++i) {
      rows[i] = file.row(at[i]);
      randoms[i] = rng();
      prepare(rows[i], randoms[i]);
    }
    for (std::size_t i = 0; i < walkers; ++i) {
      at[i] = draw(rows[i], randoms[i]);
      file.prefetch_row(at[i]);
    }
  }
  const double ms = watch.elapsed_ms();
  for (const Node node : at) checksum += node;
  return ms * 1e6 / kRounds;
}

void measure_steps(const Graph& graph) {
  const auto& file = graph.file();
  const Cumulative cumulative(file);
  Report report("handsel", "graph single steps");
  double checksum = 0;  // so that no step is left out as useless
  for (const std::size_t walkers : {1, 16, 64, 256}) {
    const double alias = step_nanoseconds(
        graph, walkers, checksum,
        [&](const graph::internal::Row& row, std::uint64_t random) {
          file.prefetch_edge(row.begin + graph::internal::draw_of(random, row.size).edge);
        },
        [&](const graph::internal::Row& row, std::uint64_t random) {
          const graph::internal::Draw draw = graph::internal::draw_of(random, row.size);
          return graph::internal::follow(file.edge(row.begin + draw.edge), draw.fraction);
        });
    const double searched = step_nanoseconds(
        graph, walkers, checksum, [&](const graph::internal::Row& row, std::uint64_t) { cumulative.prefetch(row); },
        [&](const graph::internal::Row& row, std::uint64_t random) {
          return cumulative.draw(row, static_cast<std::uint32_t>(random >> 32));
        });
    report.number("alias_nanoseconds_" + std::to_string(walkers) + "_walkers", alias);
    report.number("cumulative_nanoseconds_" + std::to_string(walkers) + "_walkers", searched);
  }
  report.number("checksum", checksum).print();
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const World world{.queries = static_cast<std::uint64_t>(arguments.number("queries", 500'000)),
                    .listings = static_cast<std::uint64_t>(arguments.number("listings", 1'000'000)),
                    .pairs = static_cast<std::uint64_t>(arguments.number("pairs", 5'000'000)),
                    .seed = static_cast<std::uint64_t>(arguments.number("seed", 1))};
  if (world.queries < 1 || world.listings < 20) bench::stop("at least one query and twenty listings");
  const auto walks = static_cast<std::size_t>(arguments.number("walks", 500));
  std::shared_ptr<const Graph> graph;
  {
    const GraphBuilder builder = observe_world(world);
    graph = build_and_open(builder, arguments.text("file", ""));
  }
  measure_walks(*graph, "graph walk, ends", {.steps = kSteps}, walks);
  measure_walks(*graph, "graph walk, visits", {.steps = kSteps, .count_visits = true, .enough_visits = 0}, walks);
  measure_walks(*graph, "graph walk, visits until enough", {.steps = kSteps, .count_visits = true}, walks);
  measure_starts(*graph, 2'000);
  measure_steps(*graph);
}
