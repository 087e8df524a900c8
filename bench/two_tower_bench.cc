// The two-tower model on the demo marketplace: how long it takes to learn, how fast it
// encodes on one core, and how relevant in truth its ten nearest listings are, with the
// events and with the catalogue alone. A line of JSON for each.
//
//   bench_two_tower_bench [--listings 20000] [--events 200000] [--seed 1] [--examples 0]
//
// Needs handsel_trainer.so (--module PATH; beside the program where absent). Times are
// the processor's, so what else the machine does changes them little.
#include <algorithm>
#include <ctime>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/models/two_tower_training.h"
#include "app/demo/demo.h"
#include "harness.h"

namespace {

using namespace handsel;

constexpr std::size_t kQueries = 500;
constexpr std::size_t kNearest = 10;

double processor_s() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct World {
  demo::Marketplace marketplace;
  std::vector<catalog::Listing> listings;
  models::TrainingData data;
};

// Events join their query by its id.
void add_event(const events::Event& event, std::unordered_map<std::string, std::uint32_t>& asked, World& world) {
  static const std::map<events::EventKind, models::Interest> kInterests = {
      {events::EventKind::kImpression, models::Interest::kImpression},
      {events::EventKind::kClick, models::Interest::kClick},
      {events::EventKind::kFavourite, models::Interest::kFavourite},
      {events::EventKind::kCart, models::Interest::kCart},
      {events::EventKind::kPurchase, models::Interest::kPurchase}};
  models::TrainingData& data = world.data;
  if (event.kind == events::EventKind::kSearch) {
    asked[event.query_id] = static_cast<std::uint32_t>(data.queries.size());
    data.queries.push_back({.text = event.query, .language = event.language});
    return;
  }
  const auto query = asked.find(event.query_id);
  const auto interest = kInterests.find(event.kind);
  const auto listing = world.marketplace.listing_number(event.listing_id);
  if (query == asked.end() || interest == kInterests.end() || !listing) return;
  data.examples.push_back(
      {.query = query->second, .listing = static_cast<std::uint32_t>(*listing), .interest = interest->second});
}

std::unique_ptr<World> draw_world(const bench::Arguments& arguments) {
  demo::DemoOptions options;
  options.seed = static_cast<std::uint64_t>(arguments.number("seed", 1));
  options.listings = static_cast<std::uint64_t>(arguments.number("listings", 20'000));
  auto marketplace = demo::Marketplace::create(options);
  if (!marketplace) bench::stop(marketplace.error().message);
  auto world = std::make_unique<World>(World{.marketplace = std::move(*marketplace), .listings = {}, .data = {}});
  for (std::uint64_t i = 0; i < options.listings; ++i) world->listings.push_back(world->marketplace.listing(i));
  world->data.visit_listings = [&listings = world->listings](const models::TrainingData::Visit& visit) -> Result<void> {
    for (const catalog::Listing& listing : listings) visit(listing);
    return {};
  };
  std::unordered_map<std::string, std::uint32_t> asked;
  const auto keep = [&](const events::Event& event) -> Result<void> {
    add_event(event, asked, *world);
    return {};
  };
  const auto events = static_cast<std::uint64_t>(arguments.number("events", 200'000));
  const auto drawn = world->marketplace.sessions(events, world->marketplace.noisy_ranker(), keep);
  if (!drawn) bench::stop(drawn.error().message);
  return world;
}

std::vector<float> encode_listings(const models::TwoTower& model, const World& world, bench::Report& report) {
  std::vector<const catalog::Listing*> listings;
  for (const catalog::Listing& listing : world.listings) listings.push_back(&listing);
  std::vector<float> vectors(listings.size() * model.dimensions());
  const double begin = processor_s();
  if (!model.encode_listings(listings, vectors)) bench::stop("the listings do not encode");
  report.number("listings_per_second", static_cast<double>(listings.size()) / (processor_s() - begin));
  return vectors;
}

// Mean true relevance of the nearest, over queries that were not drawn for the log.
double relevance_of_nearest(const models::TwoTower& model, const World& world, std::span<const float> vectors,
                            bench::Report& report) {
  bench::Latencies latencies;
  double sum = 0;
  const auto queries = world.marketplace.queries(kQueries, 77);
  for (const demo::Query& query : queries) {
    std::vector<float> vector(model.dimensions());
    const models::QueryInput input{.text = query.text, .language = query.language, .country = {}, .session = {}};
    const Stopwatch watch;
    if (!model.encode_queries({&input, 1}, vector)) bench::stop("a query does not encode");
    latencies.add(watch.elapsed_ms());
    std::vector<std::pair<float, std::uint64_t>> near;
    for (std::uint64_t i = 0; i < world.listings.size(); ++i) {
      const std::span<const float> of_listing = vectors.subspan(i * vector.size(), vector.size());
      near.emplace_back(-std::inner_product(vector.begin(), vector.end(), of_listing.begin(), 0.0F), i);
    }
    std::ranges::partial_sort(near, near.begin() + kNearest);
    for (std::size_t i = 0; i < kNearest; ++i) sum += world.marketplace.relevance(query, near[i].second) / kNearest;
  }
  latencies.report_to(report);
  return sum / static_cast<double>(queries.size());
}

std::shared_ptr<const FileBytes> graph_of(const models::TrainedTwoTower& trained) {
  const auto file = trained.files.find(std::string(models::kGraphVectorsFile));
  return file == trained.files.end() ? nullptr : std::make_shared<HeapBytes>(file->second);
}

void measure(const World& world, const models::TrainingData& data, const bench::Arguments& arguments,
             std::string_view task) {
  models::TrainOptions options;
  options.seed = static_cast<std::uint64_t>(arguments.number("seed", 1));
  options.examples_total = static_cast<std::size_t>(arguments.number("examples", 0));
  options.module_path = arguments.text("module", "");
  bench::Report report("handsel two-tower", task);
  const double begin = processor_s();
  const auto trained = models::train_two_tower(data, options);
  if (!trained) bench::stop(trained.error().message);
  report.number("listings", static_cast<double>(world.listings.size()))
      .number("log_examples", static_cast<double>(data.examples.size()))
      .number("training_s", processor_s() - begin);
  for (const auto& [name, value] : trained->metrics) report.number(name, value);
  const std::string& bytes = trained->files.at(std::string(models::kTwoTowerFile));
  const auto model = models::TwoTower::open(std::make_shared<HeapBytes>(bytes), graph_of(*trained));
  if (!model) bench::stop(model.error().message);
  report.number("file_bytes", static_cast<double>(bytes.size()));
  const std::vector<float> vectors = encode_listings(**model, world, report);
  report.number("relevance_of_ten_nearest", relevance_of_nearest(**model, world, vectors, report));
  report.print();
}

}  // namespace

int main(int count, char** values) {
  const bench::Arguments arguments(count, values);
  const auto world = draw_world(arguments);
  measure(*world, world->data, arguments, "with events");
  models::TrainingData catalogue_alone;
  catalogue_alone.visit_listings = world->data.visit_listings;
  measure(*world, catalogue_alone, arguments, "catalogue alone");
  return 0;
}
