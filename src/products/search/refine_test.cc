// What is understood of a query, and what a person could ask next, over a small catalogue.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "analysis/text/normalised_query.h"
#include "products/search/search.h"
#include "ranking/query/testing/small_catalogue.h"
#include "ranking/query/understanding.h"

namespace handsel::search {
namespace {

using Strings = std::vector<std::string>;

class RefineTest : public testing::Test {
 protected:
  // Even ones are aprons and sage, odd ones curtains and ivory; prices climb from 6 on.
  void put_linen(int count) {
    for (int i = 0; i < count; ++i) {
      catalogue_.put({.id = fmt::format("{}{}", i % 2 == 0 ? "apron" : "curtain", i),
                      .title = "Linen for the house",
                      .language = "en",
                      .materials = {i % 3 == 0 ? "Flax" : "Hemp"},
                      .attributes = {{"color", i % 2 == 0 ? "Sage Green" : "Ivory"}},
                      .taxonomy_path = {"Home", i % 2 == 0 ? "Aprons" : "Curtains"},
                      .price_cents = 600 + 100 * i});
    }
  }

  void act(std::string_view query, const Strings& taxonomy, const Strings& attributes, int times) {
    for (int i = 0; i < times; ++i) {
      builder_.add_action({.query = query, .language = {}, .taxonomy = taxonomy, .attributes = attributes});
    }
  }

  SearchResponse ask(const SearchRequest& request) {
    snapshot_ = catalogue_.snapshot();
    auto response = search({.snapshot = *snapshot_,
                            .analyzer = catalogue_.analyzer(),
                            .load_listing = [this](const index::DocInfo& info) { return catalogue_.load(info); },
                            .learned = {.understanding = understanding_.get()}},
                           request);
    EXPECT_TRUE(response.has_value()) << response.error().message;
    return response ? std::move(*response) : SearchResponse{};
  }

  // Of the first twenty, how many are aprons.
  std::ptrdiff_t aprons_first(std::string_view query) {
    const SearchResponse response = ask({.query = std::string(query), .limit = 20});
    return std::ranges::count_if(response.hits, [](const SearchHit& hit) { return hit.listing.id.starts_with("a"); });
  }

  std::string understood(std::string_view query) {
    for (const ExplainStep& step : ask({.query = std::string(query), .explain = true}).explain) {
      if (step.stage == "understand") return step.json;
    }
    return "none";
  }

  query::SmallCatalogue catalogue_{"refine"};
  std::shared_ptr<const index::Snapshot> snapshot_;
  query::UnderstandingBuilder builder_{catalogue_.analyzer()};
  std::shared_ptr<const query::Understanding> understanding_;
};

// --- what is understood -------------------------------------------------------

TEST_F(RefineTest, TheCategoryThatPeopleMeanComesFirst) {
  put_linen(40);
  EXPECT_GT(aprons_first("linen"), 0);
  EXPECT_EQ(understood("linen"), "none");
  act("linen", Strings{"home", "curtains"}, Strings{"color=ivory"}, 30);
  act("vase", Strings{"home", "vases"}, Strings{"color=blue"}, 30);
  understanding_ = builder_.build();
  EXPECT_EQ(aprons_first("linen"), 0);
  EXPECT_TRUE(understood("linen").starts_with(R"({"taxonomies":{"home > curtains":0.9)")) << understood("linen");
  EXPECT_NE(understood("linen").find(R"("color=ivory":)"), std::string::npos);
}

TEST_F(RefineTest, TheAttributeThatPeopleMeanComesFirst) {
  put_linen(40);
  act("linen", Strings{}, Strings{"color=ivory"}, 30);
  act("vase", Strings{}, Strings{"color=blue"}, 30);
  understanding_ = builder_.build();
  EXPECT_EQ(aprons_first("linen"), 0);
}

TEST_F(RefineTest, WhatIsNotWantedIsNotMeant) {
  put_linen(4);
  act("apron", Strings{"home", "aprons"}, Strings{}, 30);
  act("linen", Strings{"home", "curtains"}, Strings{}, 30);
  understanding_ = builder_.build();
  for (const char* query : {"linen -apron", "linen without apron"}) {
    EXPECT_EQ(understood(query).find("aprons"), std::string::npos) << query << understood(query);
    EXPECT_NE(understood(query).find("curtains"), std::string::npos) << query;
  }
}

TEST_F(RefineTest, AnEmptyLogLeavesTheCatalogueAndNothingLearntNothing) {
  put_linen(10);
  understanding_ = builder_.build();  // nothing at all
  EXPECT_EQ(ask({.query = "linen"}).total, 10u);
  EXPECT_EQ(understood("linen"),
            R"({"taxonomies":{},"attributes":{},"named":{},"things":[],"confidence":0.0,"actions":0.0})");
  query::UnderstandingBuilder of_listings(catalogue_.analyzer());
  for (int i = 0; i < 50; ++i) {
    const Strings path = {"home", i % 2 == 0 ? "aprons" : "curtains"};
    of_listings.add_listing(
        {.title = i % 2 == 0 ? "apron" : "curtain", .language = "en", .taxonomy = path, .attributes = {}});
  }
  understanding_ = of_listings.build();
  EXPECT_TRUE(understood("apron").starts_with(R"({"taxonomies":{"home > aprons":)")) << understood("apron");
  EXPECT_NE(understood("apron").find(R"("actions":0.0)"), std::string::npos);
}

// --- chips --------------------------------------------------------------------

TEST_F(RefineTest, ChipsCountWhatTheirFilterLeaves) {
  put_linen(60);
  const SearchResponse response = ask({.query = "linen", .facets = {{.field = "shop"}}, .limit = 3, .chips = true});
  EXPECT_TRUE(response.total_exact);
  ASSERT_EQ(response.facets.size(), 1u);  // those of the chips stay behind
  EXPECT_EQ(response.facets[0].field, "shop");
  ASSERT_GE(response.chips.size(), 4u);
  EXPECT_LE(response.chips.size(), 6u);
  std::set<std::string> fields;
  for (const SearchChip& chip : response.chips) {
    fields.insert(chip.field);
    const SearchResponse narrowed = ask({.query = "linen", .filter = chip.filter, .exact_total = true});
    EXPECT_EQ(narrowed.total, chip.count) << chip.filter;
    EXPECT_GT(chip.count, 0u);
    EXPECT_LT(chip.count, 60u) << chip.filter;  // what all have narrows nothing
  }
  EXPECT_EQ(fields, (std::set<std::string>{"attr.color", "material", "price", "taxonomy"}));
  EXPECT_TRUE(ask({.query = "linen"}).chips.empty());
  EXPECT_TRUE(ask({.query = "linen", .sort = {.column = "price"}, .chips = true}).chips.empty());
}

TEST_F(RefineTest, ChipsDoNotSayWhatTheQueryOrAFilterSays) {
  put_linen(60);
  const auto said = [&](std::string_view query, std::string_view filter) {
    std::set<std::string> values;
    for (const SearchChip& chip :
         ask({.query = std::string(query), .filter = std::string(filter), .chips = true}).chips) {
      values.insert(chip.field + "=" + chip.value);
    }
    return values;
  };
  EXPECT_TRUE(said("linen", "").contains("attr.color=Sage Green"));
  EXPECT_FALSE(said("green sage linen", "").contains("attr.color=Sage Green"));
  EXPECT_TRUE(said("linen", "").contains("taxonomy=Home > Aprons"));
  EXPECT_FALSE(said("apron linen", "").contains("taxonomy=Home > Aprons"));
  for (const std::string& value : said("linen", "attr.color in (\"Sage Green\", Ivory) and price < 1000")) {
    EXPECT_FALSE(value.starts_with("attr.color") || value.starts_with("price")) << value;
  }
  EXPECT_TRUE(said("linen", "taxonomy: Home").contains("taxonomy=Home > Aprons"));
}

// --- suggestions and notes ----------------------------------------------------

TEST_F(RefineTest, WhereNothingIsFoundOtherWordsAreSuggestedWithTheirReason) {
  put_linen(10);
  const SearchResponse none = ask({.query = "zanzibari linen", .match = MatchRule::kAll});
  EXPECT_EQ(none.total, 0u);
  ASSERT_EQ(none.suggestions.size(), 1u);
  EXPECT_EQ(none.suggestions[0].query, "linen");
  EXPECT_EQ(none.suggestions[0].reason, "showing results for 'linen'; 'zanzibari' was left out, as no listing has it");
  EXPECT_EQ(ask({.query = none.suggestions[0].query, .match = MatchRule::kAll}).total, 10u);
  // Not where the words left over find no more, nor where enough was found.
  EXPECT_TRUE(ask({.query = "zanzibari vase", .match = MatchRule::kAll}).suggestions.empty());
  EXPECT_TRUE(ask({.query = "zanzibari linen"}).suggestions.empty());
  EXPECT_TRUE(
      ask({.query = "zanzibari linen", .filter = "price > 1000", .match = MatchRule::kAll}).suggestions.empty());
}

TEST_F(RefineTest, QueriesOfOthersAreSuggestedWhereTheyFindMore) {
  put_linen(10);
  for (int i = 0; i < 30; ++i) catalogue_.put_title("wool scarf");
  catalogue_.put_title("heirloom scarf");
  act("linen house", Strings{"home"}, Strings{}, 5);
  understanding_ = builder_.build();
  const SearchResponse response = ask({.query = "linen house heirloom", .match = MatchRule::kAll});
  EXPECT_EQ(response.total, 0u);
  const auto found = std::ranges::find(response.suggestions, "linen house", &SearchSuggestion::query);
  ASSERT_NE(found, response.suggestions.end());
}

TEST_F(RefineTest, WhatWasGivenUpIsSaidInWords) {
  put_linen(10);
  catalogue_.put_title("oak spoon");
  const SearchResponse unknown = ask({.query = "linen zanzibari"});
  EXPECT_EQ(unknown.complaints, Strings{"no listing has the word 'zanzibari'"});
  EXPECT_TRUE(unknown.notes.empty()) << "said once";
  EXPECT_EQ(ask({.query = "linen spoon"}).notes,
            Strings{"too few listings have all of the words; those with some of them are here too"});
  EXPECT_TRUE(ask({.query = "linen"}).notes.empty());
}

}  // namespace
}  // namespace handsel::search
