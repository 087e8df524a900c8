#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/demo/demo.h"
#include "app/demo/word_ranker.h"
#include "base/core/progress.h"

namespace handsel::cli {
namespace {

constexpr std::uint64_t kListingsAtOnce = 2'000;
constexpr std::uint64_t kShopsAtOnce = 2'000;
constexpr std::size_t kEventsAtOnce = 5'000;
constexpr std::uint64_t kEventsOfAListing = 5;
constexpr std::int64_t kDayMs = 24ll * 3'600 * 1'000;
constexpr std::uint64_t kEventsDefaultMax = 2'000'000;

// What made the pages that people looked at.
constexpr std::string_view kByTruth = "truth";
constexpr std::string_view kByWords = "words";
constexpr std::array kPages = {kByTruth, kByWords};

struct Options {
  std::int64_t listings = 20'000;
  std::int64_t seed = 1;
  std::int64_t events = -1;
  std::string pages = std::string(kByTruth);
  bool today = false;
};

// The marketplace on its way into the engine.
class Demo {
 public:
  Demo(const demo::Marketplace& marketplace, Engine& engine, const Context& context)
      : marketplace_(marketplace), engine_(engine), context_(context) {}

  Result<void> put_catalogue() {
    HANDSEL_TRY(engine_.put_taxonomy(marketplace_.taxonomy()));
    HANDSEL_TRY(put_shops());
    return put_listings();
  }

  // Buyers' sessions over pages in which every listing stands at many positions. What the planted test did to them.
  Result<demo::PlantedTruth> put_events(std::uint64_t count, std::string_view pages) {
    Progress progress = make_progress("events", count);
    std::vector<events::Event> batch;
    const auto flush = [&]() -> Result<void> {
      HANDSEL_TRY(engine_.put_events(batch));
      progress.add(batch.size());
      batch.clear();
      return {};
    };
    demo::PlantedTruth truth;
    const auto keep = [&](const events::Event& event) -> Result<void> {
      batch.push_back(event);
      return batch.size() < kEventsAtOnce ? Result<void>() : flush();
    };
    demo::Ranker rank = marketplace_.noisy_ranker();
    if (pages == kByWords) {
      HANDSEL_ASSIGN(rank, demo::make_word_ranker(marketplace_, context_.data + "/derived/demo"));
    }
    HANDSEL_TRY(marketplace_.sessions(count, rank, keep, &truth));
    HANDSEL_TRY(flush());
    return truth;
  }

 private:
  Progress make_progress(std::string_view unit, std::uint64_t total) const {
    return Progress("demo", std::string(unit), total, context_.json, context_.process.err);
  }

  Result<void> put_shops() {
    const std::uint64_t total = marketplace_.options().shops;
    for (std::uint64_t begin = 0; begin < total; begin += kShopsAtOnce) {
      std::vector<catalog::Shop> shops;
      for (std::uint64_t i = begin; i < std::min(begin + kShopsAtOnce, total); ++i) {
        shops.push_back(marketplace_.shop(i));
      }
      HANDSEL_TRY(engine_.put_shops(shops));
    }
    return {};
  }

  Result<void> put_listings() {
    const std::uint64_t total = marketplace_.options().listings;
    Progress progress = make_progress("listings", total);
    for (std::uint64_t begin = 0; begin < total; begin += kListingsAtOnce) {
      std::vector<catalog::Listing> listings;
      for (std::uint64_t i = begin; i < std::min(begin + kListingsAtOnce, total); ++i) {
        listings.push_back(marketplace_.listing(i));
      }
      HANDSEL_ASSIGN(const auto statuses, engine_.put_listings(listings));
      for (const WriteStatus& status : statuses) {
        if (status.error) return fail(status.error->code, "listing {}: {}", status.id, status.error->message);
      }
      progress.add(listings.size());
    }
    return {};
  }

  const demo::Marketplace& marketplace_;
  Engine& engine_;
  const Context& context_;
};

std::string sentence_of(const demo::PlantedTruth& truth) {
  if (truth.units == 0) return "";
  return fmt::format(
      "planted experiment '{}': {} buyers met it; what it truly did to the value of a buyer's purchases: directly "
      "{:+.2f}, through clicks in the search ({:+.3f} each) {:+.2f}, in all {:+.2f}; to gms.capped, where a purchase "
      "counts with at most {}: directly {:+.2f}, through clicks in the search {:+.2f}, in all {:+.2f}\n",
      demo::kPlantedTests[0], with_commas(truth.units), truth.gms.direct_cents / 100, truth.search_clicks,
      truth.gms.indirect_cents / 100, truth.gms.total_cents / 100, demo::kCapCents / 100,
      truth.capped.direct_cents / 100, truth.capped.indirect_cents / 100, truth.capped.total_cents / 100);
}

Result<int> run(const Options& options, Context& context) {
  demo::DemoOptions wanted{.seed = static_cast<std::uint64_t>(options.seed),
                           .listings = static_cast<std::uint64_t>(options.listings)};
  // A clock that stands before the demo's own present would make its events future ones.
  const std::int64_t now_ms = context.process.clock.now_ms();
  wanted.now_ms = options.today ? now_ms - now_ms % kDayMs : std::min(wanted.now_ms, now_ms);
  HANDSEL_ASSIGN(const auto marketplace, demo::Marketplace::create(wanted));
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMayBeMade));
  if (engine->health().listings > 0 || engine->health().events > 0) {
    return fail(Code::kAlreadyExists, "{} holds a marketplace; a demo is made in a folder of its own", context.data);
  }
  Demo demo(marketplace, *engine, context);
  HANDSEL_TRY(demo.put_catalogue());
  const std::uint64_t events = options.events >= 0 ? static_cast<std::uint64_t>(options.events)
                                                   : std::min(wanted.listings * kEventsOfAListing, kEventsDefaultMax);
  HANDSEL_ASSIGN(const demo::PlantedTruth truth, demo.put_events(events, options.pages));
  HANDSEL_TRY(engine->catch_up());
  const Health health = engine->health();
  if (context.json) {
    const nlohmann::json planted = {{"experiment", demo::kPlantedTests[0]},
                                    {"units", truth.units},
                                    {"treated", truth.treated},
                                    {"direct_cents", truth.gms.direct_cents},
                                    {"indirect_cents", truth.gms.indirect_cents},
                                    {"total_cents", truth.gms.total_cents},
                                    {"capped_direct_cents", truth.capped.direct_cents},
                                    {"capped_indirect_cents", truth.capped.indirect_cents},
                                    {"capped_total_cents", truth.capped.total_cents},
                                    {"search_clicks", truth.search_clicks}};
    const nlohmann::json all = {{"listings", health.listings}, {"events", health.events}, {"planted", planted}};
    context.print(all.dump() + "\n");
  } else {
    context.print(fmt::format("{} holds {} listings and {} events; 'handsel serve --data {}' opens the shop\n",
                              context.data, with_commas(health.listings), with_commas(health.events), context.data));
    context.print(sentence_of(truth));
  }
  return 0;
}

}  // namespace

Command demo_command() {
  return {.name = "demo",
          .summary = "Make a marketplace of makers and buyers from a seed, whose truth is known",
          .example = "handsel demo --data demo-data --listings 20000 --seed 1",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.number(options->listings, "--listings", "How many", {1, 1'000'000'000});
            flags.number(options->seed, "--seed", "The same seed gives the same marketplace", {0, INT64_MAX});
            flags.number(options->events, "--events", "How many events of buyers; -1: five for each listing",
                         {-1, 1'000'000'000});
            flags.choice(options->pages, "--pages",
                         "What made the pages that people looked at: what is true of the listings, with noise, or "
                         "nothing but their words",
                         kPages);
            flags.boolean(options->today, "--today",
                          "End today, not on 2026-01-01: what people did is recent, and the same only today");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli
