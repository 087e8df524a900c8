// Every feature of the matrix, over one tiny catalogue: its range, what it says where it
// knows nothing, and one value of each that was worked out by hand.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "analysis/text/fold.h"
#include "base/core/hash.h"
#include "base/core/rng.h"
#include "base/math/vector_kernels.h"
#include "ranking/features/matrix.h"
#include "ranking/features/testing/few_candidates.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"
#include "views/vectors/vector_index.h"

namespace handsel::features {
namespace {

using catalog::Listing;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMuch = 1e4;  // idf units and logarithms stay far below
constexpr std::int64_t kDayMs = 24LL * 3'600 * 1'000;
constexpr std::int64_t kNow = 1'767'225'600'000;

// As the comments of the features' files have it.
struct Promise {
  std::string_view name;
  double low;
  double high;
  bool needs_signals;  // NaN without them
  bool needs_listing;  // NaN where the listing does not say
};
constexpr Promise kPromises[] = {
    {"match", 0, kMuch, false, false},
    {"untrained", -kMuch, kMuch, false, false},
    {"title_pairs", 0, kMuch, false, false},
    {"exact_title", 0, kMuch, false, false},
    {"stated_absence", 0, 1, false, false},
    {"taxonomy_prior", 0, kMuch, false, false},
    {"feedback_terms", 0, kMuch, false, false},
    {"similarity", -1, 1, true, false},
    {"walk", 0, 1, true, false},
    {"taxonomy_intent", 0, 1, true, false},
    {"attribute_intent", 0, 1, true, false},
    {"attribute_agreement", 0, 1 + 1e-9, true, false},
    {"attribute_conflict", 0, 1 + 1e-9, true, false},
    {"attribute_tagged", 0, 1 + 1e-9, true, false},
    {"similarity_feedback", -1 - 1e-6, 1 + 1e-6, true, false},
    {"thing_similarity", -2, 0, true, false},
    {"word_similarity_least", -2, 0, true, false},
    {"word_similarity_mean", -2, 0, true, false},
    {"session_attributes", 0, 1, true, false},
    {"session_odds", -kMuch, kMuch, true, false},
    {"session_taxonomy", 0, 1, true, false},
    {"session_price", 0, 1, true, false},
    {"session_similarity", -1, 1, true, false},
    {"session_seen", 0, 1, true, false},
    {"thing_share", 0, 1, true, false},
    {"name_asked", 0, 1, true, true},
    {"name_found", 0, 1 + 1e-9, true, true},
    {"name_beside", 0, 1, true, true},
    {"words_found", 0, 1, false, false},
    {"match_share", 0, 2, false, false},
    {"title_share", 0, 1 + 1e-9, false, false},
    {"title_words", 0, kMuch, false, false},
    {"query_words", 0, kMuch, false, false},
    {"query_click_rate", 0, 30, true, false},
    {"query_purchases", 0, kMuch, true, false},
    {"listing_click_rate", 0, 1, true, false},
    {"listing_purchase_rate", 0, kMuch, true, false},
    {"listing_shown", 0, kMuch, true, false},
    {"price", 0, kMuch, false, true},
    {"price_position", -10, 10, false, true},
    {"rating", 0, 5, false, true},
    {"rating_count", 0, kMuch, false, false},
    {"favourites", 0, kMuch, false, false},
    {"age_days", 0, kMuch, false, true},
};

class FeaturesTest : public FewCandidates {
 protected:
  void put_few() {
    put({.id = "a",
         .title = "blue mug",
         .tags = {"mug", "blue mug"},
         .attributes = {{"color", "Blue"}},
         .taxonomy_path = {"Home", "Mugs"},
         .price_cents = 1'000,
         .rating = 5,
         .rating_count = 3,
         .favourites_count = 7,
         .created_ms = kNow - 9 * kDayMs});
    put({.id = "b",
         .title = "mug without handle in blue clay",
         .tags = {"mug", "old mug"},
         .attributes = {{"color", "Sage"}},
         .taxonomy_path = {"Home", "Bowls"},
         .price_cents = 3'000});
    put({.id = "c", .title = "oak bench"});
  }
};

// Somebody was shown a and b for "blue mug", clicked a and bought it.
std::unique_ptr<profiles::Counters> counters_of_one_visit() {
  auto counters = profiles::Counters::create({});
  const events::Event asked{.id = "1",
                            .kind = events::EventKind::kSearch,
                            .time_ms = kNow,
                            .query_id = "q",
                            .query = "blue mug",
                            .shown = {"a", "b"}};
  events::Event click{
      .id = "2", .kind = events::EventKind::kClick, .time_ms = kNow, .query_id = "q", .listing_id = "a"};
  events::Event purchase = click;
  purchase.kind = events::EventKind::kPurchase;
  for (const events::Event& event : {asked, click, purchase}) counters->observe(event);
  return counters;
}

const profiles::Profile& profile_of_a() {
  static const profiles::Profile profile = [] {
    profiles::Profile made{.actions = 1,
                           .recent_listings = {"a"},
                           .taxonomies = {{"mugs", 1.0}, {"home", 1.0}},
                           .attributes = {{"color=blue", 0.6}},
                           .price_band_cents = {{1'000.0, 2.0}}};
    made.leanings = {{.key = profiles::attribute_key("color=blue"), .alpha = 2, .beta = 1}};
    made.ranks = {1};
    made.rank_of_unmet = 2;
    return made;
  }();
  return profile;
}

// Of a and b; the others have none.
class TwoVectors final : public vectors::VectorSnapshot {
 public:
  std::size_t size() const override { return 2; }
  std::vector<vectors::VectorHit> search(const vectors::VectorQuery&) const override { return {}; }
  std::vector<vectors::VectorHit> search_exact(const vectors::VectorQuery&) const override { return {}; }
  std::span<const std::uint16_t> halves_of(std::string_view id, std::uint64_t) const override {
    static const std::array<std::uint16_t, 3> halves = {to_half(1), to_half(0), to_half(1)};
    if (id != "a" && id != "b") return {};
    return std::span(halves).subspan(id == "a" ? 0 : 1, 2);
  }
};

struct EverySignal {
  std::vector<float> query_vector{0.9F, -0.5F};
  std::vector<float> session_vector{1, 0.25F};
  std::vector<float> word_vectors{1, 0, 0.6F, 0.8F};
  std::vector<float> thing_vector{0, 1};
  std::vector<float> walk{1, 0.5F, 0};
  TwoVectors vectors;
  std::unique_ptr<profiles::Counters> counters = counters_of_one_visit();
  Signals::Shares taxonomies{{"home > mugs", 0.7}, {"home", 0.9}};
  Signals::Shares attributes{{"color=blue", 0.4}};
  std::vector<query::NamedValue> named{{.attribute = "color=blue", .share = 0.9, .words = {"blue"}},
                                       {.attribute = "color=teal", .share = 0.6, .words = {"teal"}},
                                       {.attribute = "style=boho", .share = 0.3, .words = {"handl"}}};
  std::vector<std::string> things{"mug"};
  text::Analyzer analyzer;

  Signals signals() const {
    Signals out;
    out.walk = walk;
    out.vectors = &vectors;
    out.query_vector = query_vector;
    out.session_vector = session_vector;
    out.word_vectors = word_vectors;
    out.thing_vector = thing_vector;
    out.counters = counters.get();
    out.normalised_query = "blue mug";
    out.profile = &profile_of_a();
    out.taxonomy_intent = &taxonomies;
    out.attribute_intent = &attributes;
    out.named = named;
    out.things = things;
    out.lexicon = std::make_shared<TagLexicon>(analyzer);
    out.now_ms = kNow;
    return out;
  }
};

TEST_F(FeaturesTest, EveryColumnIsNamedOnceAndPromised) {
  std::vector<std::string_view> promised;
  for (const Promise& promise : kPromises) promised.push_back(promise.name);
  const auto names = feature_names();
  EXPECT_EQ(std::vector<std::string_view>(names.begin(), names.end()), promised);
  EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
  put_few();
  EXPECT_EQ(compute("mug", {}).names, promised);
}

TEST_F(FeaturesTest, NoCandidatesNoRows) {
  const FeatureMatrix matrix = compute("blue mug", {});
  EXPECT_EQ(matrix.names.size(), std::size(kPromises));
  EXPECT_EQ(matrix.weights.size(), std::size(kPromises));
  EXPECT_TRUE(matrix.values.empty());
}

TEST_F(FeaturesTest, WhatIsNotKnownIsNotANumber) {
  put_few();
  const EverySignal every;
  for (const bool signals : {false, true}) {
    const FeatureMatrix matrix = compute("blue mug", signals ? every.signals() : Signals{.now_ms = kNow});
    for (const Promise& promise : kPromises) {
      for (const std::size_t candidate : {0u, 2u}) {
        const bool bare = candidate == 2;  // says nothing of itself, and has no vector
        const bool no_vector = promise.name.contains("similarity");
        const bool unknown =
            (promise.needs_signals && (!signals || (bare && no_vector))) || (promise.needs_listing && bare);
        EXPECT_EQ(std::isnan(value(matrix, candidate, promise.name)), unknown)
            << promise.name << " of " << ids_[candidate] << (signals ? " with" : " without") << " signals";
      }
    }
  }
}

// The obvious twin of intents, agreement and conflict: every value as a string, looked up by its name.
TEST_F(FeaturesTest, IntentsAreTheBestShareOfTheListingsValues) {
  Rng rng(5);
  const auto pick = [&](const char* kind, std::size_t of) { return fmt::format("{}{}", kind, rng.below(of)); };
  EverySignal every;
  every.attributes.clear();
  every.taxonomies.clear();
  for (int i = 0; i < 30; ++i) {
    every.attributes.emplace_back(pick("color=Shade ", 9), 0.1 + rng.uniform());
    every.attributes.emplace_back(pick("material=m", 9), rng.uniform());
    every.attributes.emplace_back(pick("tag=t", 20), rng.uniform());
    every.taxonomies.emplace_back(pick("home > n", 6), rng.uniform());
  }
  for (auto& [name, share] : every.attributes) name = text::fold_keyword(name);
  every.named.clear();
  for (const auto& [name, share] : every.attributes) every.named.push_back({name, share, {"bowl"}});
  every.named.push_back({"finish=matt", 0.5, {"mug"}});       // of which listings say something in words alone
  every.named.push_back({"glaze=ash", 0.5, {"mug", "ash"}});  // and of this nothing
  for (int i = 0; i < 200; ++i) {
    put({.id = fmt::format("p{}", i),
         .title = "mug",
         .tags = {pick("T", 30), pick("t", 30)},
         .materials = {pick("M", 12)},
         .attributes = i % 5 == 0 ? std::vector<catalog::Attribute>{}
                                  : std::vector<catalog::Attribute>{{"color", pick("SHADE ", 12)}},
         .taxonomy_path = {"Home", pick("N", 9)}});
  }
  const auto snapshot = catalogue_.snapshot();
  const FeatureMatrix matrix = compute("mug", every.signals());
  const auto best = [](const Signals::Shares& shares, const std::vector<std::string>& names) {
    double most = 0;
    for (const auto& [name, share] : shares) {
      if (std::ranges::find(names, name) != names.end()) most = std::max(most, share);
    }
    return most;
  };
  int found = 0;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const index::DocRef doc = *index::find_document(*snapshot, ids_[i]);
    const double expected = best(every.attributes, index::document_attributes(*snapshot, doc));
    found += expected > 0;
    EXPECT_EQ(value(matrix, i, "attribute_intent"), expected) << ids_[i];
    EXPECT_EQ(value(matrix, i, "taxonomy_intent"),
              best(every.taxonomies, index::keyword_values(*snapshot, doc, "taxonomy")))
        << ids_[i];
    double wanted = 0;
    double agreed = 0;
    double denied = 0;
    const auto said = index::document_attributes(*snapshot, doc);
    for (const std::string_view kind : {"color=", "material=", "tag=", "finish=", "glaze="}) {
      const auto is_of_kind = [&](const std::string& name) { return name.starts_with(kind); };
      Signals::Shares of_kind;
      for (const query::NamedValue& named : every.named) {
        if (is_of_kind(named.attribute)) of_kind.emplace_back(named.attribute, named.share);
      }
      double most = 0;
      for (const auto& [name, share] : of_kind) most = std::max(most, share);
      const double has = best(of_kind, said);
      wanted += most;
      agreed += kind == "finish=" ? most : has;
      if (std::ranges::any_of(said, is_of_kind)) denied += most - has;
    }
    EXPECT_NEAR(value(matrix, i, "attribute_agreement"), agreed / wanted, 1e-9) << ids_[i];
    EXPECT_NEAR(value(matrix, i, "attribute_conflict"), denied / wanted, 1e-9) << ids_[i];
  }
  EXPECT_GT(found, 100);
}

TEST_F(FeaturesTest, OneOfEachByHand) {
  put_few();
  const EverySignal every;
  const FeatureMatrix matrix = compute("blue mug", every.signals());
  const double click_rate = (1 + 20 * 0.5) / (1 + 20);
  const struct {
    std::string_view name;
    std::size_t candidate;
    double expected;
  } rows[] = {
      {"exact_title", 0, mass_},
      {"exact_title", 1, 0},
      {"title_pairs", 1, 0},
      {"match", 2, 0},
      {"match_share", 2, 0},
      {"title_share", 0, 1},
      {"title_share", 1, 1},
      {"title_share", 2, 0},
      {"title_words", 0, 2},
      {"title_words", 1, 6},
      {"query_words", 2, 2},
      {"similarity", 0, 0.9},
      {"similarity", 1, -0.5},
      {"similarity", 2, kNaN},
      {"session_similarity", 1, 0.25},
      {"thing_similarity", 0, -1},
      {"thing_similarity", 1, 0},
      {"thing_similarity", 2, kNaN},
      {"word_similarity_least", 0, -0.2},  // of the second word: 0.6 beside 0.8
      {"word_similarity_least", 1, -1},
      {"word_similarity_mean", 0, -0.1},
      {"word_similarity_mean", 1, -0.5},
      {"word_similarity_mean", 2, kNaN},
      {"walk", 1, 0.5},
      {"taxonomy_intent", 0, 0.9},
      {"taxonomy_intent", 2, 0},
      {"attribute_intent", 0, 0.4},
      {"attribute_intent", 1, 0},
      {"attribute_agreement", 0, 0.9 / 1.2},
      {"attribute_agreement", 1, 0.3 / 1.2},  // its title says "handle", and no style denies it
      {"thing_share", 0, 1},
      {"thing_share", 2, 0},
      {"attribute_conflict", 0, 0},
      {"attribute_conflict", 1, 0.9 / 1.2},
      {"attribute_conflict", 2, 0},
      {"words_found", 0, 1},
      {"words_found", 1, 1},
      {"words_found", 2, 0},
      {"session_seen", 0, 1},
      {"session_seen", 1, 0},
      {"session_attributes", 0, (1 + 2 * 1.0 / 2) / 3},  // its colour, and two tags that were not met
      {"session_odds", 0, std::log(2)},
      {"session_odds", 1, 0},
      {"session_taxonomy", 0, 1},
      {"session_taxonomy", 2, 0},
      {"session_price", 0, 1},
      {"session_price", 1, std::exp(-0.5 * std::pow(std::log(3) / std::log(2), 2))},
      {"session_price", 2, 0.5},
      {"price", 0, std::log(11)},
      {"price_position", 0, -1},
      {"price_position", 1, 1},
      {"rating", 0, (5 * 3 + 4.5 * 5) / 8},
      {"rating_count", 0, std::log(4)},
      {"favourites", 0, std::log(8)},
      {"age_days", 0, std::log(10)},
      {"listing_shown", 0, std::log(2)},
      {"listing_shown", 2, 0},
      {"listing_click_rate", 0, click_rate},
      {"listing_click_rate", 2, 0.5},
      {"listing_purchase_rate", 0, 1},
      {"query_click_rate", 0, (1 + 10 * click_rate) / 11 / click_rate},
      {"query_click_rate", 2, 1},
      {"query_purchases", 0, std::log(2)},
      {"query_purchases", 1, 0},
  };
  for (const auto& row : rows) {
    const double actual = value(matrix, row.candidate, row.name);
    if (std::isnan(row.expected)) {
      EXPECT_TRUE(std::isnan(actual)) << row.name;
    } else {
      EXPECT_NEAR(actual, row.expected, 1e-6) << row.name << " of " << ids_[row.candidate];
    }
  }
  // Two vectors at right angles, and a centre between them, nearer to the better one.
  const double to_a = value(matrix, 0, "similarity_feedback");
  const double to_b = value(matrix, 1, "similarity_feedback");
  EXPECT_NEAR(to_a * to_a + to_b * to_b, 1, 1e-6);
  EXPECT_GT(to_a, to_b);
  EXPECT_GT(value(matrix, 0, "title_pairs"), 0);
  EXPECT_GT(value(matrix, 0, "taxonomy_prior"), value(matrix, 1, "taxonomy_prior"));
  EXPECT_EQ(value(compute("mug without handle", {}), 1, "stated_absence"), 1);
  EXPECT_EQ(value(compute("mug without handle", {}), 0, "stated_absence"), 0);
}

TEST_F(FeaturesTest, TheUntrainedScoreIsTheWeightedSum) {
  put_few();
  const EverySignal every;
  for (const bool signals : {false, true}) {
    const FeatureMatrix matrix = compute("blue mug", signals ? every.signals() : Signals{});
    for (std::size_t candidate = 0; candidate < ids_.size(); ++candidate) {
      double sum = 0;
      for (std::size_t i = 0; i < matrix.names.size(); ++i) {
        const double x = matrix.row(candidate)[i];
        if (i != 1 && !std::isnan(x)) sum += matrix.weights[i] * x;
      }
      EXPECT_NEAR(value(matrix, candidate, kUntrained), sum, 1e-9);
    }
  }
}

// The guest is nearest, dearest, matches best and is called as the others are; without it all would be the same.
TEST_F(FeaturesTest, NothingIsLearnedFromGuests) {
  put({.id = "b",
       .title = "mug of blue clay with a handle",
       .description = "stoneware from the kiln",
       .tags = {"blue mug", "old mug", "tea cup"},
       .attributes = {{"color", "Sage"}},
       .taxonomy_path = {"Home", "Bowls"},
       .price_cents = 3'000});
  put({.id = "c", .title = "oak bench", .tags = {"oak bench", "old bench"}, .price_cents = 9'000});
  put({.id = "d", .title = "mug", .tags = {"tall mug", "big mug"}, .taxonomy_path = {"Home"}, .price_cents = 500});
  put({.id = "g", .title = "a gift", .tags = {"gift blue mug"}});
  put({.id = "a",
       .title = "blue mug",
       .description = "porcelain from the wheel, porcelain",
       .tags = {"blue mug", "blue blue mug"},
       .attributes = {{"color", "Blue"}},
       .taxonomy_path = {"Home", "Mugs"},
       .price_cents = 9'000'000});
  put({.id = "e",
       .title = "bench of porcelain",
       .tags = {"blue mug", "my blue mug"},
       .taxonomy_path = {"Home", "Mugs"}});
  for (int i = 0; i < 30; ++i) put({.id = fmt::format("more {}", i), .title = "a candle"});  // so that words are rare
  EverySignal every;
  every.thing_vector = {1, 0};
  every.walk = {0.1F, 0.2F, 0.3F, 0, 1, 0};
  const Signals signals = every.signals();
  Signals of_peers = signals;
  of_peers.walk = std::span(every.walk).first(4);
  const FeatureMatrix alone = compute("blue mug", of_peers, 4, 4);
  const FeatureMatrix with_guests = compute("blue mug", signals, 6, 4);
  const FeatureMatrix all = compute("blue mug", signals, 6, 6);
  std::set<std::string_view> different;
  for (std::size_t candidate = 0; candidate < 4; ++candidate) {
    for (const std::string_view name : feature_names()) {
      const double x = value(alone, candidate, name);
      const double y = value(with_guests, candidate, name);
      EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y))) << name << " of " << ids_[candidate];
      const double z = value(all, candidate, name);
      if (x != z && !(std::isnan(x) && std::isnan(z))) different.insert(name);
    }
  }
  for (const char* name :
       {"taxonomy_prior", "feedback_terms", "similarity_feedback", "thing_similarity", "word_similarity_least",
        "word_similarity_mean", "price_position", "name_asked", "name_found"})
    EXPECT_TRUE(different.contains(name)) << name << " does not tell guests from peers here";
  // They are told what is said of them beside the peers.
  EXPECT_GT(value(with_guests, 4, "word_similarity_mean"), 0);
  EXPECT_GT(value(with_guests, 4, "price_position"), 2);
}

// Importers let none of this through; a feature must not depend on it.
TEST_F(FeaturesTest, NothingIsEverInfiniteOrOutOfItsRange) {
  put_few();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  put({.id = "negative",
       .title = "blue mug",
       .price_cents = -100,
       .rating = -3,
       .rating_count = -5,
       .favourites_count = -1,
       .created_ms = kNow + 900 * kDayMs});
  put({.id = "huge",
       .title = std::string(900, 'm') + " blue mug",
       .price_cents = most,
       .rating = 1e300,
       .rating_count = most,
       .favourites_count = most,
       .created_ms = 1});
  put({.id = "no title", .title = "", .price_cents = 0, .rating = 4});
  EverySignal every;
  every.walk.resize(ids_.size());
  for (const char* query : {"blue mug", "", "the", "mug -blue", "mug without handle", "zither", "\xff\xfe"}) {
    for (const bool signals : {false, true}) {
      const FeatureMatrix matrix = compute(query, signals ? every.signals() : Signals{});
      for (const Promise& promise : kPromises) {
        for (std::size_t candidate = 0; candidate < ids_.size(); ++candidate) {
          const double x = value(matrix, candidate, promise.name);
          EXPECT_TRUE(std::isnan(x) || (x >= promise.low && x <= promise.high))
              << promise.name << " of " << ids_[candidate] << " for '" << query << "': " << x;
        }
      }
    }
  }
}

}  // namespace
}  // namespace handsel::features
