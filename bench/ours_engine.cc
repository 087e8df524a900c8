// The whole engine: durable log, seven fields, ranking, stored listings.
//
//   bench_ours_engine --task load|search|events|sessions|open --data DIR --listings N --seed S [--people FILE]
//
// load: the demo's listings acknowledged (durable) and then searchable. search: full
// searches, one after another, each by the next of the people where a file names some.
// events: views of listings, acknowledged. sessions: what the demo's buyers did in the 90 days
// before now; writes who they are, the latest first, to the file. open: from opening the folder
// to the first answer.
#include <ranges>
#include <unordered_set>

#include <fmt/format.h>

#include "app/demo/demo.h"
#include "app/engine/engine.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/thread_pool.h"
#include "harness.h"

namespace {

using namespace handsel;
using bench::Arguments;
using bench::need;
using bench::Report;

const SystemClock kClock;

std::unique_ptr<Engine> open_engine(const Arguments& arguments) {
  return need(Engine::open({.folder = arguments.text("data"),
                            .threads = static_cast<std::size_t>(arguments.number("threads", 0)),
                            .memory_max_bytes = static_cast<std::size_t>(arguments.number("memory-max", 0))},
                           kClock));
}

demo::DemoOptions demo_options(const Arguments& arguments) {
  return {.seed = static_cast<std::uint64_t>(arguments.number("seed", 1)),
          .listings = static_cast<std::uint64_t>(arguments.number("listings", 1e6))};
}

demo::Marketplace marketplace(const Arguments& arguments) {
  return need(demo::Marketplace::create(demo_options(arguments)));
}

// Runs body(0) .. body(count - 1) on the machine's cores.
void on_all_cores(std::uint64_t count, const std::function<void(std::size_t)>& body) {
  ThreadPool pool(std::max(1u, std::thread::hardware_concurrency()));
  pool.parallel_for(count, body);
}

void load_listings(const Arguments& arguments) {
  const demo::Marketplace market = marketplace(arguments);
  const std::uint64_t listings = market.options().listings;
  const std::unique_ptr<Engine> engine = open_engine(arguments);
  const Stopwatch watch;
  on_all_cores((listings + bench::kBatch - 1) / bench::kBatch, [&](std::size_t batch) {
    std::vector<catalog::Listing> some;
    const std::uint64_t begin = batch * bench::kBatch;
    for (std::uint64_t n = begin; n < std::min(begin + bench::kBatch, listings); ++n) some.push_back(market.listing(n));
    need(engine->put_listings(some));
  });
  const double acknowledged_ms = watch.elapsed_ms();
  need(engine->catch_up());
  const double searchable_ms = watch.elapsed_ms();
  Report("handsel", "load")
      .number("listings", static_cast<double>(listings))
      .number("acknowledged_per_second", 1000 * static_cast<double>(listings) / acknowledged_ms)
      .number("listings_per_second", 1000 * static_cast<double>(listings) / searchable_ms)
      .number("index_bytes", static_cast<double>(engine->health().index_bytes))
      .print();
}

void time_searches(const Arguments& arguments) {
  const std::unique_ptr<Engine> engine = open_engine(arguments);
  need(engine->catch_up_learned());
  const std::vector<std::string> people = bench::read_people(arguments);
  std::size_t asked = 0;
  std::size_t personalised = 0;
  std::size_t learned = 0;
  const bench::Latencies latencies = bench::time_queries(
      bench::read_lines(arguments.text("queries")), {.results_path = arguments.text("results", "")},
      [&](const std::string& text) {
        const search::SearchResponse response =
            need(engine->search({.query = text, .limit = 10, .user_id = people[asked++ % people.size()]}));
        personalised += response.personalised;
        learned += response.learned;
        std::vector<std::string> ids;
        for (const search::SearchHit& hit : response.hits) ids.push_back(hit.listing.id);
        return ids;
      });
  Report report("handsel", arguments.text("name", "full search"));
  report.number("listings", static_cast<double>(engine->health().listings))
      .number("memory_max_bytes", arguments.number("memory-max", 0))
      .number("personalised_share", static_cast<double>(personalised) / static_cast<double>(asked))
      .number("learned_share", static_cast<double>(learned) / static_cast<double>(asked));
  latencies.report_to(report);
  report.print();
}

void write_events(const Arguments& arguments) {
  const std::unique_ptr<Engine> engine = open_engine(arguments);
  need(engine->catch_up());
  const auto count = static_cast<std::uint64_t>(arguments.number("events", 1e6));
  const auto listings = static_cast<std::uint64_t>(arguments.number("listings", 1e6));
  const std::int64_t now_ms = kClock.now_ms();
  const Rng rng(static_cast<std::uint64_t>(arguments.number("seed", 1)));
  const Stopwatch watch;
  on_all_cores(count / bench::kBatch, [&](std::size_t batch) {
    Rng draw = rng.split(batch);
    std::vector<events::Event> some(bench::kBatch);
    for (std::size_t i = 0; i < some.size(); ++i) {
      some[i].id = fmt::format("bench-{}-{}-{}", now_ms, batch, i);
      some[i].kind = events::EventKind::kView;
      some[i].time_ms = now_ms;
      some[i].session_id = fmt::format("s{}", draw.below(100'000));
      some[i].listing_id = demo::Marketplace::listing_id(draw.below(listings));
      some[i].surface = "search";
    }
    for (const WriteStatus& status : need(engine->put_events(some)))
      if (status.error) bench::stop(status.error->message);
  });
  Report("handsel", "events")
      .number("events", static_cast<double>(count))
      .number("events_per_second", 1000 * static_cast<double>(count) / watch.elapsed_ms())
      .print();
}

void write_sessions(const Arguments& arguments) {
  const std::unique_ptr<Engine> engine = open_engine(arguments);
  need(engine->catch_up());
  demo::DemoOptions options = demo_options(arguments);
  options.now_ms = kClock.now_ms();
  const demo::Marketplace market = need(demo::Marketplace::create(options));
  std::vector<events::Event> some;
  std::vector<std::string> people;
  const auto flush = [&] {
    for (const WriteStatus& status : need(engine->put_events(some)))
      if (status.error) bench::stop(status.error->message);
    some.clear();
  };
  const Stopwatch watch;
  const auto sink = [&](const events::Event& event) -> Result<void> {
    if (!event.user_id.empty() && (people.empty() || people.back() != event.user_id)) people.push_back(event.user_id);
    some.push_back(event);
    if (some.size() == bench::kBatch) flush();
    return {};
  };
  const auto count = static_cast<std::uint64_t>(arguments.number("events", 5e5));
  need(market.sessions(count, market.noisy_ranker(), sink));
  flush();
  std::string lines;
  std::unordered_set<std::string_view> known;
  for (const std::string& person : std::views::reverse(people)) {
    if (known.insert(person).second) lines += person + "\n";
  }
  need(real_file_system().write_file(arguments.text("people"), lines));
  Report("handsel", "sessions")
      .number("events", static_cast<double>(count))
      .number("people", static_cast<double>(known.size()))
      .number("seconds", watch.elapsed_ms() / 1000)
      .print();
}

void open_and_answer(const Arguments& arguments) {
  bench::time_first_answer(
      "restart", [&] { return open_engine(arguments); },
      [&](const Engine& engine, Report& report) {
        const search::SearchResponse response = need(engine.search({.query = arguments.text("query", "silver ring")}));
        report.number("listings", static_cast<double>(engine.health().listings))
            .number("hits", static_cast<double>(response.hits.size()));
      });
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments(count, values);
  const std::string task = arguments.text("task");
  if (task == "load")
    load_listings(arguments);
  else if (task == "search")
    time_searches(arguments);
  else if (task == "events")
    write_events(arguments);
  else if (task == "sessions")
    write_sessions(arguments);
  else if (task == "open")
    open_and_answer(arguments);
  else
    bench::stop("--task is load, search, events, sessions or open");
}
