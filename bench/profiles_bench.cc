// Counters and profiles on the demo marketplace's events: observing must never be what
// events wait for (100,000 made durable a second), and reading is on the search path.
//
//   bench_profiles_bench [--events 300000] [--listings 20000] [--seed 1]
//
// And what a restart saves: both as one file in memory, and taken up again (a line each).
//
// Events are drawn before the clocks run; one thread; the times are the processor's.
#include <algorithm>
#include <charconv>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "analysis/text/normalised_query.h"
#include "app/demo/demo.h"
#include "base/core/rng.h"
#include "harness.h"
#include "views/profiles/counters.h"
#include "views/profiles/leanings.h"
#include "views/profiles/listing_facts.h"
#include "views/profiles/profiles.h"

namespace {

using namespace handsel;
using bench::Report;

class ProcessorTime {
 public:
  double elapsed_ms() const { return static_cast<double>(std::clock() - start_) * 1000 / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

struct World {
  std::vector<events::Event> log;
  std::vector<std::string> queries;  // normalised
  std::vector<std::shared_ptr<const profiles::ListingFacts>> listings;
  std::int64_t now_ms = 0;
};

World draw_world(const bench::Arguments& arguments) {
  demo::DemoOptions options;
  options.seed = static_cast<std::uint64_t>(arguments.number("seed", 1));
  options.listings = static_cast<std::uint64_t>(arguments.number("listings", 20'000));
  const auto marketplace = demo::Marketplace::create(options);
  if (!marketplace) bench::stop(marketplace.error().message);
  World world{.now_ms = options.now_ms};
  for (std::uint64_t i = 0; i < options.listings; ++i) {
    world.listings.push_back(
        std::make_shared<const profiles::ListingFacts>(profiles::facts_of(marketplace->listing(i))));
  }
  const auto keep = [&](const events::Event& event) -> Result<void> {
    world.log.push_back(event);
    if (!event.query.empty()) world.queries.push_back(text::normalised_query(event.query));
    return {};
  };
  const auto events = static_cast<std::uint64_t>(arguments.number("events", 300'000));
  if (const auto drawn = marketplace->sessions(events, marketplace->noisy_ranker(), keep); !drawn) {
    bench::stop(drawn.error().message);
  }
  return world;
}

void measure_counters(const World& world) {
  const auto counters = profiles::Counters::create({});
  std::size_t shown = 0;
  const ProcessorTime observing;
  for (const events::Event& event : world.log) {
    counters->observe(event);
    shown += event.shown.size();
  }
  const double observe_ms = observing.elapsed_ms();
  constexpr std::size_t kLookups = 2'000'000;
  Rng rng(1);
  double sum = 0;
  const ProcessorTime looking_up;
  for (std::size_t i = 0; i < kLookups; ++i) {
    const std::string& query = world.queries[rng.below(world.queries.size())];
    sum += counters->of_pair(query, world.listings[rng.below(world.listings.size())]->id, world.now_ms).clicks;
  }
  const double lookup_ms = looking_up.elapsed_ms();
  Report("handsel", "counters")
      .number("events", static_cast<double>(world.log.size()))
      .number("listings_shown", static_cast<double>(shown))
      .number("observed_per_second", static_cast<double>(world.log.size()) / observe_ms * 1000)
      .number("pair_lookups_per_second", kLookups / lookup_ms * 1000)
      .number("pairs", static_cast<double>(counters->stats().pairs))
      .number("bytes", static_cast<double>(counters->bytes()))
      .number("checksum", sum)
      .print();
}

void measure_profiles(const World& world) {
  const auto store = profiles::ProfileStore::create({});
  const auto facts = [&](std::string_view id) {  // "L17"
    std::size_t number = 0;
    std::from_chars(id.data() + 1, id.data() + id.size(), number);
    return world.listings[number];
  };
  const ProcessorTime observing;
  for (const events::Event& event : world.log) store->observe(event, facts);
  const double observe_ms = observing.elapsed_ms();
  const profiles::ProfileStore::Stats stats = store->stats();

  constexpr std::size_t kFinds = 20'000;
  constexpr std::size_t kCandidates = 100;
  Rng rng(2);
  std::vector<std::shared_ptr<const profiles::Profile>> found;
  const ProcessorTime finding;
  for (std::size_t i = 0; i < kFinds; ++i) {
    const events::Event& event = world.log[rng.below(world.log.size())];
    found.push_back(store->find(event.session_id, event.user_id, event.time_ms));
  }
  const double find_ms = finding.elapsed_ms();
  std::size_t scored = 0;
  double sum = 0;
  const ProcessorTime scoring;
  for (const auto& profile : found) {
    if (profile == nullptr) continue;
    for (std::size_t c = 0; c < kCandidates; ++c, ++scored) {
      sum += profiles::attribute_score(*profile, world.listings[rng.below(world.listings.size())]->attribute_keys);
    }
  }
  const double score_ms = scoring.elapsed_ms();
  Report("handsel", "profiles")
      .number("events", static_cast<double>(world.log.size()))
      .number("observed_per_second", static_cast<double>(world.log.size()) / observe_ms * 1000)
      .number("find_microseconds", find_ms * 1000 / kFinds)
      .number("attribute_score_nanoseconds", score_ms * 1e6 / static_cast<double>(scored))
      .number("sessions", static_cast<double>(stats.sessions))
      .number("users", static_cast<double>(stats.users))
      .number("bytes_a_person", static_cast<double>(stats.bytes) /
                                    static_cast<double>(std::max<std::size_t>(1, stats.sessions + stats.users)))
      .number("checksum", sum)
      .print();
}

// Of one of the two: how large, how long to write, how long to take up.
void measure_snapshot(const char* what, const profiles::KeptState& state, profiles::KeptState& empty,
                      std::size_t entities) {
  std::vector<std::string> pieces(state.pieces());
  std::size_t bytes = 0;
  std::size_t largest = 0;
  const ProcessorTime writing;
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    state.put_piece(piece, pieces[piece]);
    bytes += pieces[piece].size();
    largest = std::max(largest, pieces[piece].size());
  }
  const double write_ms = writing.elapsed_ms();
  bool taken = true;
  const ProcessorTime taking;
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) taken = empty.take_piece(piece, pieces[piece]) && taken;
  const double take_ms = taking.elapsed_ms();
  if (!taken) bench::stop("what was written cannot be taken up");
  const double millions = static_cast<double>(entities) / 1e6;
  Report("handsel", what)
      .number("entities", static_cast<double>(entities))
      .number("bytes", static_cast<double>(bytes))
      .number("largest_piece_bytes", static_cast<double>(largest))
      .number("megabytes_a_million", static_cast<double>(bytes) / 1e6 / millions)
      .number("write_seconds_a_million", write_ms / 1000 / millions)
      .number("take_seconds_a_million", take_ms / 1000 / millions)
      .print();
}

void measure_snapshots(const World& world) {
  const auto counters = profiles::Counters::create({});
  const auto store = profiles::ProfileStore::create({});
  const auto facts = [&](std::string_view id) {  // "L17"
    std::size_t number = 0;
    std::from_chars(id.data() + 1, id.data() + id.size(), number);
    return world.listings[number];
  };
  for (const events::Event& event : world.log) {
    counters->observe(event);
    store->observe(event, facts);
  }
  const profiles::Counters::Stats counted = counters->stats();
  const profiles::ProfileStore::Stats people = store->stats();
  measure_snapshot("counters_kept", *counters, *profiles::Counters::create({}),
                   counted.listings + counted.pairs + counted.queries);
  measure_snapshot("profiles_kept", *store, *profiles::ProfileStore::create({}), people.sessions + people.users);
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const World world = draw_world(arguments);
  measure_counters(world);
  measure_profiles(world);
  measure_snapshots(world);
}
