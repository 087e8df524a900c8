#include "app/demo/demo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "app/demo/internal/spelling.h"
#include "app/demo/internal/vocabulary.h"
#include "app/demo/picture.h"
#include "base/core/hash.h"
#include "proof/assignment/experiment.h"

namespace handsel::demo {
namespace {

Marketplace market(std::uint64_t listings = 20'000, std::uint64_t seed = 1) {
  DemoOptions options;
  options.seed = seed;
  options.listings = listings;
  Result<Marketplace> made = Marketplace::create(options);
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

// Every word of a listing, in one number.
std::uint64_t fingerprint(const catalog::Listing& listing, std::uint64_t seed = 0) {
  std::uint64_t hash = seed;
  const auto eat = [&](std::string_view text) { hash = hash64(text, hash); };
  for (const std::string* text :
       {&listing.id, &listing.shop_id, &listing.shop_name, &listing.title, &listing.description, &listing.url,
        &listing.language, &listing.currency, &listing.listing_type, &listing.ships_from}) {
    eat(*text);
  }
  for (const auto& tag : listing.tags) eat(tag);
  for (const auto& material : listing.materials) eat(material);
  for (const auto& step : listing.taxonomy_path) eat(step);
  for (const auto& [name, value] : listing.attributes) eat(name), eat(value);
  for (const auto& image : listing.images) eat(image.url), eat(image.alt_text);
  for (const std::int64_t number :
       {listing.price_cents.value_or(-1), listing.quantity, listing.rating_count, listing.favourites_count,
        listing.created_ms, listing.updated_ms, static_cast<std::int64_t>(listing.rating.value_or(0) * 10),
        static_cast<std::int64_t>(listing.state)}) {
    eat(std::to_string(number));
  }
  return hash;
}

std::uint64_t fingerprint(const Marketplace& market, std::uint64_t begin, std::uint64_t end) {
  std::uint64_t hash = 0;
  for (std::uint64_t number = begin; number < end; ++number) hash = fingerprint(market.listing(number), hash);
  return hash;
}

// The decoder of RFC 3629, as a walk: no overlong forms, no surrogates.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

std::size_t words_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

// A change here changes every demo that anybody has made: it wants a reason, and a
// line in the change log.
TEST(DemoTest, SeedOneIsWhatItAlwaysWas) {
  EXPECT_EQ(fingerprint(market(), 0, 1'000), 16003897382042430796ull);
}

TEST(DemoTest, OtherSeedsAreOtherMarketplaces) {
  EXPECT_NE(market(100, 1).listing(0), market(100, 2).listing(0));
}

TEST(DemoTest, AnyThreadInAnyOrderDrawsTheSame) {
  const Marketplace drawn = market();
  std::vector<catalog::Listing> parallel(2'000);
  {
    std::vector<std::jthread> threads;
    for (std::size_t part = 0; part < 4; ++part) {
      threads.emplace_back([&, part] {
        for (std::size_t i = parallel.size(); i-- > 0;) {
          if (i % 4 == part) parallel[i] = drawn.listing(i);
        }
      });
    }
  }
  for (std::size_t i = 0; i < parallel.size(); ++i) ASSERT_EQ(parallel[i], drawn.listing(i)) << i;
}

TEST(DemoTest, ListingsAreValid) {
  const Marketplace drawn = market();
  std::set<std::vector<std::string>> paths;
  std::map<std::string, int> languages;
  std::size_t words = 0;
  constexpr int kCount = 5'000;
  for (int i = 0; i < kCount; ++i) {
    const catalog::Listing listing = drawn.listing(static_cast<std::uint64_t>(i));
    SCOPED_TRACE(listing.id);
    EXPECT_EQ(drawn.listing_number(listing.id), static_cast<std::uint64_t>(i));
    EXPECT_THAT(listing.title, testing::SizeIs(testing::AllOf(testing::Ge(3u), testing::Le(catalog::kTitleBytesMax))));
    EXPECT_TRUE(is_utf8(listing.title) && is_utf8(listing.description) && is_utf8(listing.shop_name));
    EXPECT_THAT(listing.title + listing.description, testing::Not(testing::HasSubstr("{")));
    for (const std::string& tag : listing.tags) EXPECT_TRUE(is_utf8(tag) && !tag.empty());
    EXPECT_EQ(listing.taxonomy_path.size(), 3u);
    EXPECT_GT(listing.price_cents.value_or(0), 0);
    EXPECT_LE(listing.rating.value_or(0), 5);
    EXPECT_LE(listing.updated_ms, drawn.options().now_ms);
    EXPECT_LE(listing.created_ms, listing.updated_ms);
    EXPECT_LE(words_in(listing.description), 220u);
    for (const catalog::Image& image : listing.images) {
      const std::string_view url = image.url;
      ASSERT_TRUE(url.starts_with("/pictures/") && url.ends_with(".svg"));
      EXPECT_TRUE(paint_svg(url.substr(10, url.size() - 14))) << url;
    }
    paths.insert(listing.taxonomy_path);
    ++languages[listing.language];
    words += words_in(listing.description);
  }
  EXPECT_GT(paths.size(), 200u);
  EXPECT_NEAR(words / kCount, 75, 15);
  EXPECT_GT(languages["de"], kCount / 50);
  EXPECT_GT(languages["fr"], kCount / 50);
  EXPECT_GT(languages["es"], kCount / 50);
  EXPECT_GT(languages["en"], kCount * 3 / 4);
}

TEST(DemoTest, WordsFollowZipf) {
  const Marketplace drawn = market();
  std::map<std::string, int> counts;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    std::string word;
    for (const char c : drawn.listing(i).description + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80)
        word += c;
      else if (!word.empty())
        ++counts[std::exchange(word, {})];
    }
  }
  const auto once = std::ranges::count_if(counts, [](const auto& entry) { return entry.second == 1; });
  EXPECT_GT(counts.size(), 5'000u);                                 // a long tail
  EXPECT_GT(once, static_cast<std::ptrdiff_t>(counts.size()) / 3);  // of words said once
}

TEST(DemoTest, FavouritesAreSharedUnevenly) {
  const Marketplace drawn = market();
  std::vector<std::int64_t> favourites;
  std::int64_t total = 0;
  for (std::uint64_t i = 0; i < 5'000; ++i) total += favourites.emplace_back(drawn.listing(i).favourites_count);
  std::ranges::sort(favourites, std::greater<>());
  std::int64_t top = 0;
  for (std::size_t i = 0; i < favourites.size() / 100; ++i) top += favourites[i];
  EXPECT_GT(top * 100 / total, 10);  // one in a hundred has a tenth of all
}

TEST(DemoTest, TaxonomyIsATree) {
  const std::vector<catalog::TaxonomyNode> nodes = market(1).taxonomy();
  std::set<std::string> seen;
  std::size_t leaves = 0;
  for (const catalog::TaxonomyNode& node : nodes) {
    EXPECT_TRUE(node.parent_id.empty() || seen.contains(node.parent_id)) << node.id;
    EXPECT_TRUE(seen.insert(node.id).second) << node.id;
    leaves += node.id.starts_with('T') ? 1 : 0;
  }
  EXPECT_GE(leaves, 250u);
}

TEST(DemoTest, QueriesHaveAnAnswer) {
  const Marketplace drawn = market(2'000);
  std::vector<Traits> all;
  for (std::uint64_t i = 0; i < 2'000; ++i) all.push_back(drawn.traits(i));
  for (const Query& query : drawn.queries(100)) {
    const bool answered =
        std::ranges::any_of(all, [&](const Traits& t) { return drawn.relevance(query.intent, t) > 0.999; });
    EXPECT_TRUE(answered) << query.text;
    EXPECT_TRUE(is_utf8(query.text));
    EXPECT_FALSE(query.text.empty());
  }
}

TEST(DemoTest, BenchQueriesAreDifferentAndRepeatable) {
  const Marketplace drawn = market();
  const std::vector<Query> queries = drawn.queries(1'000);
  std::set<std::string> texts;
  std::size_t misspelt = 0;
  for (const Query& query : queries) {
    texts.insert(query.text);
    misspelt += query.misspelt ? 1 : 0;
  }
  EXPECT_EQ(texts.size(), 1'000u);
  EXPECT_NEAR(static_cast<double>(misspelt), 70, 35);
  EXPECT_EQ(drawn.queries(1'000).back().text, queries.back().text);
  EXPECT_NE(drawn.queries(10, 1).front().text, queries.front().text);
}

TEST(DemoTest, PopularQueriesAreDrawnMoreOften) {
  const Marketplace drawn = market();
  Rng rng(5);
  std::vector<int> decades(5);
  for (int i = 0; i < 10'000; ++i) {
    const auto rank = static_cast<double>(drawn.draw_query_rank(rng));
    ++decades[std::min<std::size_t>(4, static_cast<std::size_t>(std::log10(rank + 1)))];
  }
  // Exponent 1: every decade of ranks is asked equally often.
  EXPECT_NEAR(decades[0], 2'500, 250);
  EXPECT_NEAR(decades[2], 2'500, 250);
}

TEST(DemoTest, RelevanceFollowsWhatWasAsked) {
  const Marketplace drawn = market();
  Traits given = drawn.traits(0);
  Intent asked{.leaf = given.leaf, .product = given.product, .colour = given.colour, .style = given.style};
  EXPECT_DOUBLE_EQ(drawn.relevance(asked, given), 1);
  given.colour = static_cast<std::int16_t>(given.colour == 0 ? 1 : 0);
  const double wrong_colour = drawn.relevance(asked, given);
  EXPECT_LT(wrong_colour, 1);
  given.style = static_cast<std::int16_t>(given.style == 0 ? 1 : 0);
  EXPECT_LT(drawn.relevance(asked, given), wrong_colour);
  given.leaf = static_cast<std::int16_t>(given.leaf < 100 ? given.leaf + 150 : given.leaf - 100);
  EXPECT_LT(drawn.relevance(asked, given), 0.2);
}

TEST(DemoTest, SessionsAreConsistentWithTheTruth) {
  const Marketplace drawn = market();
  std::vector<double> clicked(kPageSize);
  std::set<std::string> ids;
  std::map<std::string, std::vector<std::string>> shown;
  std::uint64_t count = 0;
  std::int64_t first_ms = INT64_MAX;
  const auto sink = [&](const events::Event& event) -> Result<void> {
    ++count;
    EXPECT_TRUE(ids.insert(event.id).second);
    EXPECT_LE(event.time_ms, drawn.options().now_ms);
    EXPECT_GE(event.time_ms, drawn.options().now_ms - drawn.options().history_ms);
    first_ms = std::min(first_ms, event.time_ms);
    if (event.kind == events::EventKind::kSearch) {
      shown[event.query_id] = event.shown;
    } else if (event.surface == "search") {
      EXPECT_EQ(shown.at(event.query_id).at(static_cast<std::size_t>(event.position.value())), event.listing_id);
    }
    if (event.kind == events::EventKind::kClick && event.surface == "search")
      clicked[static_cast<std::size_t>(*event.position)] += 1;
    return {};
  };
  ASSERT_TRUE(drawn.sessions(30'000, drawn.noisy_ranker(), sink));
  EXPECT_EQ(count, 30'000u);
  // The first is looked at always and the tenth one time in ten; relevance falls too.
  EXPECT_GT(clicked[0], 6 * clicked[9]);
  EXPECT_GT(clicked[9], 0);
}

TEST(DemoTest, ExaminationIsPlanted) {
  // A ranker that shows every listing at every position equally often, so that what is
  // left between positions is examination alone.
  const Marketplace drawn = market(1'000);
  Rng rng(3);
  std::array<double, 3> clicks{};
  const Ranker shuffled = [&](const Query& query) {
    Page page;
    for (std::uint64_t i = 0; page.listings.size() < 8 && i < 1'000; ++i) {
      if (drawn.relevance(query, i) >= 0.4) page.listings.push_back(i);
    }
    for (std::size_t i = page.listings.size(); i > 1; --i) std::swap(page.listings[i - 1], page.listings[rng.below(i)]);
    if (page.listings.size() < 3) page.listings.clear();
    return page;
  };
  ASSERT_TRUE(drawn.sessions(20'000, shuffled, [&](const events::Event& event) -> Result<void> {
    if (event.kind == events::EventKind::kClick && *event.position < 3)
      ++clicks[static_cast<std::size_t>(*event.position)];
    return {};
  }));
  EXPECT_DOUBLE_EQ(drawn.examination(0), 1);
  EXPECT_DOUBLE_EQ(drawn.examination(3), 0.25);
  EXPECT_GT(clicks[0], 500);
  EXPECT_NEAR(clicks[1] / clicks[0], drawn.examination(1), 0.08);
  EXPECT_NEAR(clicks[2] / clicks[0], drawn.examination(2), 0.08);
}

// --- the planted tests ---

// One run of the sessions as a log of it would be read.
struct PlantedRun {
  struct Unit {
    std::array<std::string, 2> variants;
    double search_clicks = 0;
    double shelf_clicks = 0;
    double cents = 0;
  };
  std::map<std::string, Unit> units;
  PlantedTruth truth;
  std::size_t searches = 0;
  std::int64_t first_exposure_ms = INT64_MAX;
};

PlantedRun planted_run(const Marketplace& drawn, std::uint64_t events) {
  PlantedRun run;
  const auto sink = [&](const events::Event& event) -> Result<void> {
    run.searches += event.kind == events::EventKind::kSearch;
    if (event.kind == events::EventKind::kExposure) {
      const std::size_t test = event.experiment == kPlantedTests[0] ? 0 : 1;
      EXPECT_EQ(event.experiment, kPlantedTests[test]);
      EXPECT_EQ(event.unit, event.user_id);
      EXPECT_EQ(run.units[event.unit].variants[test], "") << "exposed twice: " << event.unit;
      run.units[event.unit].variants[test] = event.variant;
      run.first_exposure_ms = std::min(run.first_exposure_ms, event.time_ms);
      return {};
    }
    const auto unit = run.units.find(event.user_id);
    if (unit == run.units.end()) return {};
    if (event.kind == events::EventKind::kClick)
      (event.surface == "home" ? unit->second.shelf_clicks : unit->second.search_clicks) += 1;
    if (event.kind == events::EventKind::kPurchase) unit->second.cents += static_cast<double>(*event.price_cents);
    return {};
  };
  EXPECT_TRUE(drawn.sessions(events, drawn.noisy_ranker(), sink, &run.truth));
  return run;
}

TEST(DemoTest, PlantedTestsAreSplitAsTheirDefinitionsSay) {
  const Marketplace drawn = market(5'000);
  const PlantedRun run = planted_run(drawn, 25'000);
  const auto definitions = assignment::parse_definitions(planted_definitions(drawn.options()), "planted");
  ASSERT_TRUE(definitions) << definitions.error().message;
  const auto assignments = assignment::Assignments::build(*definitions);
  ASSERT_TRUE(assignments);
  ASSERT_GT(run.units.size(), 300u);
  EXPECT_EQ(run.truth.units, run.units.size());
  EXPECT_GE(run.first_exposure_ms, planted_begin_ms(drawn.options()));
  static constexpr std::array<assignment::Attribute, 1> kNewcomer = {{{"regular", "no"}}};
  std::size_t treated = 0;
  std::size_t both = 0;
  std::size_t cut_short = 0;  // the last visit, where the number of events ended between its exposures
  for (const auto& [name, unit] : run.units) {
    for (std::size_t test = 0; test < 2; ++test) {
      const auto* experiment = assignments->find(kPlantedTests[test]);
      ASSERT_NE(experiment, nullptr);
      if (unit.variants[test].empty() && ++cut_short == 1) continue;
      EXPECT_EQ(assignments->assign(*experiment, name, kNewcomer, 0)->name, unit.variants[test]);
    }
    treated += unit.variants[0] == "v2";
    both += unit.variants[0] == "v2" && unit.variants[1] == "same";
  }
  EXPECT_EQ(run.truth.treated, treated);
  const auto units = static_cast<double>(run.units.size());
  EXPECT_NEAR(static_cast<double>(treated) / units, 0.5, 4 * 0.5 / std::sqrt(units));
  EXPECT_NEAR(static_cast<double>(both) / units, 0.25, 4 * 0.44 / std::sqrt(units));  // independent of each other
}

TEST(DemoTest, PlantedTestRaisesTheShelfAndTakesFromTheSearch) {
  const PlantedRun run = planted_run(market(5'000), 25'000);
  std::array<PlantedRun::Unit, 2> sums;
  std::array<double, 2> counts{};
  for (const auto& [name, unit] : run.units) {
    const std::size_t arm = unit.variants[0] == "v2";
    counts[arm] += 1;
    sums[arm].search_clicks += unit.search_clicks;
    sums[arm].shelf_clicks += unit.shelf_clicks;
  }
  const auto change = [&](double PlantedRun::Unit::* what) {
    return sums[1].*what / counts[1] - sums[0].*what / counts[0];
  };
  // Each place of the shelf is clicked on its own.
  EXPECT_NEAR(change(&PlantedRun::Unit::shelf_clicks), 8 * 0.16, 0.25);
  EXPECT_LT(change(&PlantedRun::Unit::search_clicks), 0);
  EXPECT_GT(run.truth.gms.direct_cents, 0);
  EXPECT_LT(run.truth.gms.indirect_cents, 0);
  EXPECT_LT(run.truth.search_clicks, 0);
  EXPECT_DOUBLE_EQ(run.truth.gms.total_cents, run.truth.gms.direct_cents + run.truth.gms.indirect_cents);
  // A cap takes a part away, of either path.
  const PlantedEffects& capped = run.truth.capped;
  EXPECT_GT(capped.direct_cents, 0.5 * run.truth.gms.direct_cents);
  EXPECT_LT(capped.direct_cents, run.truth.gms.direct_cents);
  EXPECT_LT(capped.indirect_cents, 0.5 * run.truth.gms.indirect_cents);
  EXPECT_GT(capped.indirect_cents, run.truth.gms.indirect_cents);
  EXPECT_DOUBLE_EQ(capped.total_cents, capped.direct_cents + capped.indirect_cents);
}

TEST(DemoTest, SessionsStopAtTheSinksError) {
  int calls = 0;
  const Marketplace drawn = market();
  const Result<void> result = drawn.sessions(1'000, drawn.noisy_ranker(), [&](const events::Event&) -> Result<void> {
    if (++calls == 10) return fail(Code::kIo, "disk full");
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::kIo);
  EXPECT_EQ(calls, 10);
}

TEST(DemoTest, OptionsHaveLimits) {
  const auto error = [](auto change) {
    DemoOptions options;
    change(options);
    const Result<Marketplace> made = Marketplace::create(options);
    return made ? std::string() : made.error().message;
  };
  EXPECT_THAT(error([](DemoOptions& o) { o.listings = 0; }), testing::HasSubstr("listings is 0"));
  EXPECT_THAT(error([](DemoOptions& o) { o.query_zipf = -1; }), testing::HasSubstr("query_zipf"));
  EXPECT_THAT(error([](DemoOptions& o) { o.examination_eta = NAN; }), testing::HasSubstr("examination_eta"));
  EXPECT_EQ(error([](DemoOptions& o) { o.listings = 1; }), "");
}

TEST(DemoTest, IdsOfOthersAreNotOurs) {
  const Marketplace drawn = market(100);
  EXPECT_EQ(drawn.listing_number("L99"), 99u);
  for (const std::string_view id : {"", "L", "L100", "L-1", "L007", "S1", "L1x", "99999999999999999999"}) {
    EXPECT_EQ(drawn.listing_number(id), std::nullopt) << id;
  }
}

TEST(DemoTest, MistakesKeepTheTextValid) {
  Rng rng(1);
  for (const std::string_view original :
       {"linen apron", "Größe überall", "ab", "", "scented crème brûlée candle", "ö ä"}) {
    int changed = 0;
    for (int i = 0; i < 200; ++i) {
      std::string text(original);
      if (misspell(text, rng)) ++changed;
      EXPECT_TRUE(is_utf8(text)) << text;
    }
    EXPECT_EQ(changed > 0, original.size() > 6) << original;
  }
}

TEST(DemoTest, WordForms) {
  constexpr std::pair<std::string_view, std::string_view> kPlurals[] = {{"apron", "aprons"},
                                                                        {"brush", "brushes"},
                                                                        {"tea cosy", "tea cosies"},
                                                                        {"earrings", "earrings"},
                                                                        {"scarf", "scarves"},
                                                                        {"dress", "dresses"},
                                                                        {"toy", "toys"},
                                                                        {"stacking box", "stacking boxes"}};
  for (const auto& [one, many] : kPlurals) EXPECT_EQ(plural_of(one), many);
  EXPECT_EQ(americanise("grey jewellery, coloured"), "gray jewelry, colored");
  std::set<std::string> invented;
  for (std::uint64_t rank = 0; rank < 20'000; ++rank) invented.insert(invented_word(rank));
  EXPECT_GT(invented.size(), 19'000u);  // few ranks share a word
}

}  // namespace
}  // namespace handsel::demo
