#include "ranking/query/query_model.h"

#include <array>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel::query {
namespace {

using Searches = std::vector<std::pair<std::string, std::uint64_t>>;

std::shared_ptr<const QueryModel> model_of(SmallCatalogue& catalogue, const Searches& searches = {}) {
  const auto snapshot = catalogue.snapshot();
  return build_query_model({.snapshot = *snapshot,
                            .analyzer = catalogue.analyzer(),
                            .load_listing = [&](const index::DocInfo& info) { return catalogue.load(info); },
                            .searches = searches,
                            .synonyms = {}});
}

TEST(QueryModel, CorrectsToWordsOfTheCatalogue) {
  SmallCatalogue catalogue("model");
  for (int i = 0; i < 9; ++i) catalogue.put_title("Silver necklaces with pendants");
  for (int i = 0; i < 5; ++i) catalogue.put_title("Handmade necklace");
  catalogue.put_title("Onlyonce necklase");
  const auto model = model_of(catalogue);
  struct Row {
    std::string_view surface;
    std::string_view corrected;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"neclace", "necklace"},
      {"neckalce", "necklace"},
      {"neclaces", "necklaces"},
      {"hanmaed", ""},           // seven letters: one edit
      {"handmdae", "handmade"},  // eight: two
      {"hamdmdae", "handmade"},
      {"dandmade", ""},  // the first letter counts as right
      {"sivler", "silver"},
      {"onlyonse", ""},  // in one listing alone
      {"abc", ""},
      {"s1lver", ""},
      {"", ""},
  });
  for (const Row& row : kRows) {
    const auto correction = model->correct(row.surface);
    EXPECT_EQ(correction ? correction->surface : "", row.corrected) << row.surface;
  }
}

TEST(QueryModel, KnowsWhatIsWrittenInTwoWords) {
  SmallCatalogue catalogue("pairs");
  for (int i = 0; i < 3; ++i) catalogue.put_title("Leather key chains, key chain");
  catalogue.put_title("once together");
  catalogue.put_title("A t-shirt");
  catalogue.put_title("T shirts of 2 sizes");
  const auto model = model_of(catalogue);
  EXPECT_EQ(model->split("keychain"),
            (QueryModel::Halves{.left = "key", .right_term = "chain", .titles = 3}));  // titles, not places
  EXPECT_EQ(model->split("tshirt"), (QueryModel::Halves{.left = "t", .right_term = "shirt", .titles = 2}));
  EXPECT_EQ(model->split("oncetogeth"), std::nullopt);  // one title
  EXPECT_EQ(model->split("keycha"), std::nullopt);
  EXPECT_EQ(model->split(""), std::nullopt);
  EXPECT_EQ(model->neighbours("key", "chain"), 3u);
  EXPECT_EQ(model->neighbours("chain", "key"), 0u);
  EXPECT_EQ(model->neighbours("ke", "ychain"), 0u);
}

TEST(QueryModel, CompletesSearchesFirst) {
  SmallCatalogue catalogue("complete");
  for (int i = 0; i < 4; ++i) {
    catalogue.put({.id = fmt::format("l{}", i),
                   .title = "Linen apron for the cook",
                   .taxonomy_path = {"Home & Living", "Linens"}});
  }
  const auto model = model_of(catalogue, {{"linen  Apron", 7}, {"linen napkin", 50}, {"linen cook", 2}});
  std::string texts;
  for (const Completion& completion : model->complete("lin", 10)) texts += completion.text + "|";
  EXPECT_EQ(texts, "linen apron|linen|linens|") << "first the search; 'napkin' finds nothing, 'cook' is private";
  EXPECT_EQ(model->complete("lin", 1).size(), 1u);
  EXPECT_EQ(model->complete("lin", 0).size(), 0u);
  EXPECT_TRUE(model->complete("zz", 10).empty());
}

// Whatever segments the same listings lie in, whatever was there before.
TEST(QueryModel, DependsOnTheListingsAlone) {
  SmallCatalogue a("same-a");
  SmallCatalogue b("same-b");
  Rng rng(5);
  static constexpr std::array kWords = {"linen", "apron", "key", "chain", "keychain", "silver", "ring", "rings"};
  std::vector<catalog::Listing> listings;
  for (int i = 0; i < 200; ++i) {
    std::string title;
    for (int k = 0; k < 4; ++k) title += std::string(kWords[rng.below(kWords.size())]) + " ";
    listings.push_back({.id = fmt::format("x{}", i), .title = title, .language = "en"});
  }
  for (const auto& listing : listings) a.put(listing);
  for (int i = 0; i < 200; ++i) {
    b.put({.id = fmt::format("x{}", i), .title = "something else"});
    if (i % 50 == 0) b.snapshot();
  }
  for (const auto& listing : listings) b.put(listing);
  const auto of_a = model_of(a);
  const auto of_b = model_of(b);
  for (const std::string_view word : {"keychain", "linenapron", "silverring", "ringring"}) {
    EXPECT_EQ(of_a->split(word), of_b->split(word)) << word;
    EXPECT_EQ(of_a->complete(word.substr(0, 3), 20), of_b->complete(word.substr(0, 3), 20)) << word;
  }
  for (const std::string_view word : {"linne", "keychian", "sliver", "rinsg", "someting"}) {
    EXPECT_EQ(of_a->correct(word), of_b->correct(word)) << word;
  }
  EXPECT_EQ(of_a->bytes(), of_b->bytes());
}

}  // namespace
}  // namespace handsel::query
