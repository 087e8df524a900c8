// A marketplace drawn from a seed, whose truth is known.
//
// Listing, shop, buyer, query and session number i are pure functions of the
// options and of i: any range can be drawn by any thread, in any order, and five
// million listings need no memory. The same options give the same bytes on every
// machine.
//
// The truth: every listing has Traits, every query an Intent, every buyer a Taste.
// relevance() compares intent and traits, attraction() adds the taste, and
// examination() is the position bias. A session clicks a result with probability
// examination(position) * attraction(buyer, query, listing), independently per
// position (the position-based model of Richardson, Dominowska and Ragno, 2007), so
// that an estimator of the bias has an answer to be held against.
//
// Threads: everything const is safe from any thread. Cost: about 5 microseconds for
// a listing; a Marketplace holds some megabytes, whatever the number of listings.
//
// For tests, demonstrations and load. Quality is claimed on real data only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "base/core/rng.h"
#include "facts/catalog/listing.h"
#include "facts/events/event.h"

namespace handsel::demo {

inline constexpr std::uint64_t kListingsMax = 1'000'000'000;
inline constexpr std::size_t kPageSize = 24;  // results that a session looks at, at most

struct DemoOptions {
  std::uint64_t seed = 1;
  std::uint64_t listings = 20'000;
  std::uint64_t shops = 0;                  // 0: one for every 40 listings
  std::uint64_t buyers = 0;                 // 0: one for every 4 listings
  std::uint64_t distinct_queries = 0;       // 0: one for every 2 listings, at least 5,000
  double query_zipf = 1.0;                  // popularity of the query of rank r is 1 / (r + 1)^query_zipf
  double examination_eta = 1.0;             // a result at position p is looked at with 1 / (p + 1)^examination_eta
  std::int64_t now_ms = 1'767'225'600'000;  // everything happens before this: 2026-01-01
  std::int64_t history_ms = 90ll * 24 * 3'600'000;  // sessions are spread over this much time before now_ms
};

inline constexpr std::int16_t kAny = -1;

// What a listing really is. Numbers index the word lists of this room.
struct Traits {
  std::uint64_t shop = 0;
  std::int16_t leaf = 0;       // of the taxonomy
  std::int16_t product = 0;    // within the leaf: "apron", "pinafore"
  std::int16_t material = 0;   // within the leaf
  std::int16_t technique = 0;  // within the leaf
  std::int16_t colour = 0;
  std::int16_t style = 0;
  std::int16_t motif = 0;
  std::int16_t size = 0;         // within the size chart of the leaf
  std::int16_t occasion = kAny;  // kAny: made for none in particular
  std::int16_t recipient = kAny;
  bool personalizable = false;
  float quality = 0;      // 0..1: workmanship; drives rating, favourites and purchases
  float price_level = 0;  // standard normal: against the usual price of the leaf
  bool operator==(const Traits&) const = default;
};

// What a query asks for; kAny where it does not say.
struct Intent {
  std::int16_t leaf = kAny;
  std::int16_t product = kAny;
  std::int16_t material = kAny;
  std::int16_t technique = kAny;
  std::int16_t colour = kAny;
  std::int16_t style = kAny;
  std::int16_t motif = kAny;
  std::int16_t occasion = kAny;
  std::int16_t recipient = kAny;
  bool personalizable = false;  // true: asks for it
  bool operator==(const Intent&) const = default;
};

struct Query {
  std::string text;      // as typed, with its mistakes
  std::string language;  // "en", "de", "fr", "es"
  Intent intent;
  bool misspelt = false;
};

// What a buyer likes.
struct Taste {
  std::uint64_t number = 0;
  std::int16_t style = 0;         // loved
  std::int16_t second_style = 0;  // liked
  std::int16_t colour = 0;
  std::int16_t root = 0;          // the root of the taxonomy that is browsed most
  std::int16_t recipient = kAny;  // whom they buy for
  float price_level = 0;          // standard normal: what they like to pay, against the usual price
  float patience = 0;             // 0..1: how many queries a session has
  std::int16_t tongue = 0;        // index of the language they type in
};

// A page of results as a session sees it.
struct Page {
  std::vector<std::uint64_t> listings;  // numbers, best first; at most kPageSize are looked at
  std::string query_id;                 // of the engine that ranked; empty: the session makes one up
};
using Ranker = std::function<Page(const Query& query)>;
using EventSink = std::function<Result<void>(const events::Event& event)>;

// Two experiments run in the last weeks of the sessions; internal/planted.h says what they do. Units are buyers, their
// kExposure events are in the log.
inline constexpr std::array<std::string_view, 2> kPlantedTests = {"recommendations-v2", "aa-check"};
inline constexpr std::int64_t kPlantedMs = 28ll * 24 * 3'600'000;
std::int64_t planted_begin_ms(const DemoOptions& options);  // of filled-in options
// The definitions by which units were assigned, as proof/assignment/experiment.h reads them.
std::string planted_definitions(const DemoOptions& options);

// Means per buyer, in hundredths of the listings' currencies. In terms of causal mediation with the search's clicks as
// mediator: direct is GADE(0) = GADE(1), indirect GACME(0) = GACME(1).
struct PlantedEffects {
  double direct_cents = 0;
  double indirect_cents = 0;
  double total_cents = 0;
};

// What a purchase counts with at most in the metric gms.capped (proof/metrics/event_metric.h).
inline constexpr std::int64_t kCapCents = 10'000;

// What "recommendations-v2" did to the buyers who met it, from both expected outcomes of each of them. "aa-check" did
// nothing.
struct PlantedTruth {
  std::uint64_t units = 0;
  std::uint64_t treated = 0;
  PlantedEffects gms;        // the value of purchases
  PlantedEffects capped;     // the same, a purchase counting with at most kCapCents
  double search_clicks = 0;  // change of the mediator
};

class Marketplace {
 public:
  // Errors: options outside their limits, by name.
  static Result<Marketplace> create(const DemoOptions& options);
  ~Marketplace();
  Marketplace(Marketplace&&) noexcept;
  Marketplace& operator=(Marketplace&&) noexcept;

  const DemoOptions& options() const;  // with the zeros filled in

  // What is imported.
  std::vector<catalog::TaxonomyNode> taxonomy() const;   // parents before children
  catalog::Listing listing(std::uint64_t number) const;  // number < options().listings
  catalog::Shop shop(std::uint64_t number) const;
  catalog::User user(std::uint64_t number) const;  // a buyer, as the catalogue sees them

  // Ids are "L17", "S3", "B9". Nothing where it is not an id of this marketplace.
  static std::string listing_id(std::uint64_t number);
  std::optional<std::uint64_t> listing_number(std::string_view id) const;

  // The truth.
  Traits traits(std::uint64_t listing_number) const;
  Taste buyer(std::uint64_t number) const;
  // How well the traits serve the intent, 0..1. 1: everything that was asked for.
  double relevance(const Intent& intent, const Traits& traits) const;
  double relevance(const Query& query, std::uint64_t listing_number) const;
  // Probability that the buyer clicks the listing, having looked at it.
  double attraction(const Taste& buyer, const Intent& intent, const Traits& traits) const;
  // Probability that the result at this position (0 is the first) is looked at.
  double examination(std::size_t position) const;

  // The query of a popularity rank; rank < options().distinct_queries. Neighbouring
  // ranks may carry the same words. Every query has at least one listing of relevance 1.
  Query query(std::uint64_t rank) const;
  // A rank by the Zipf law of the options.
  std::uint64_t draw_query_rank(Rng& rng) const;
  // `count` queries of different texts (fewer where there are not so many), drawn
  // by popularity: what benchmarks and recordings ask.
  std::vector<Query> queries(std::size_t count, std::uint64_t draw_seed = 0) const;

  // Calls `sink` with `count` events, session by session, in the order in which they begin.
  // `rank` answers their queries: the engine's search, or noisy_ranker(). Stops at
  // the sink's first error and returns it.
  // In the weeks of the planted tests `rank` is also asked for queries that were not typed in the end.
  // `truth`, where given, is what the tests did to those who met them.
  Result<void> sessions(std::uint64_t count, const Ranker& rank, const EventSink& sink,
                        PlantedTruth* truth = nullptr) const;
  // Ranks by relevance and noise that is new at every call, so that a listing is seen
  // at many positions. Its pages show an evenly spaced sample of the listings (100,000 at
  // most). One thread at a time; must not outlive the marketplace.
  Ranker noisy_ranker(std::uint64_t noise_seed = 0) const;

 private:
  class Impl;
  explicit Marketplace(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace handsel::demo
