// What tags say: what a listing calls itself, and what its attributes leave open.
#include <cmath>
#include <limits>

#include "ranking/features/testing/few_candidates.h"
#include "ranking/query/understanding.h"

namespace handsel::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using OwnNamesTest = FewCandidates;

// A listing's name for itself is the ending that its tags share; what of the query names and what
// describes is seen from the candidates.
TEST_F(OwnNamesTest, TagsSayWhatAListingCallsItself) {
  constexpr double kJournal = (6.0 / 7) / (6.0 / 7 + 1.0 / 4);
  const struct {
    std::string_view id;
    std::vector<std::string> tags;
    double asked;   // it is called journal: of "leather journal" the name that two are called by or more
    double found;   // with naming(journal) = (5 + 1) / (6 + 1), naming(leather) = 1 / (3 + 1)
    double beside;  // of its name
  } rows[] = {
      {"journal", {"journal", "linen journal", "boho journals", "leather", "fox"}, 1, kJournal, 0},
      {"leather journal", {"leather journal", "boho leather journal", "rustic leather journal", "fox"}, 0, 1, 0},
      {"travel journal", {"travel journal", "linen travel journal", "fox gift"}, 0, kJournal, 0.5},
      {"two endings", {"red pen", "blue pen", "leather journal"}, 0, 0, 1},
      {"more of one", {"old journal", "old red journal", "red journal", "blue journal"}, 1, kJournal, 0},
      {"stems", {"cut flower", "cutting flowers"}, 0, 0, 1},
      {"as others are called", {"red fox journal", "red fox"}, 1, kJournal, 0},
      {"one tag", {"leather box"}, kNaN, kNaN, kNaN},
      {"silent", {}, kNaN, kNaN, kNaN},
  };
  for (const auto& row : rows) put({.id = std::string(row.id), .title = "thing", .tags = row.tags});
  const std::vector<std::string> things = {"journal"};
  const FeatureMatrix matrix =
      compute("leather journal", {.things = things, .lexicon = std::make_shared<TagLexicon>(catalogue_.analyzer())});
  const auto expect = [&](std::size_t i, std::string_view name, double expected) {
    const double actual = value(matrix, i, name);
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(actual)) << rows[i].id << " " << name;
    } else {
      EXPECT_NEAR(actual, expected, 1e-12) << rows[i].id << " " << name;
    }
  };
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    expect(i, "name_asked", rows[i].asked);
    expect(i, "name_found", rows[i].found);
    expect(i, "name_beside", rows[i].beside);
  }
}

// Tags speak in the seller's language where attributes say nothing; words of a name, the query's or the
// listing's own, name no attribute.
TEST_F(OwnNamesTest, TagsSayWhatAttributesLeaveOpen) {
  query::UnderstandingBuilder builder(catalogue_.analyzer());
  const auto teach = [&](std::string_view title, std::string_view language, std::string value) {
    for (int shop = 0; shop < 9; ++shop) {
      const std::vector<std::string> attributes = {value, fmt::format("shop={}", shop)};
      builder.add_listing({.title = title, .language = language, .taxonomy = {}, .attributes = attributes});
    }
  };
  teach("sage thing", "en", "color=sage");
  teach("salbeifarben", "de", "color=sage");
  teach("rust thing", "en", "color=rust");
  teach("leather thing", "en", "material=leather");
  teach("linen thing", "en", "material=linen");
  const auto understanding = builder.build();
  const struct {
    std::string_view id;
    std::string_view language;
    std::vector<std::string> tags;
    std::vector<catalog::Attribute> attributes;
    double agreed, denied, tagged;  // of what "sage leather journal" names, which is a colour
  } rows[] = {
      {"stated", "en", {"leather journal", "old leather journal"}, {{"color", "sage"}}, 1, 0, 0},
      {"stated otherwise", "en", {"sage gift"}, {{"color", "rust"}}, 0, 1, 1},
      {"tagged", "en", {"leather journal", "sage leather journal"}, {}, 1, 0, 1},
      {"in German", "de", {"salbeifarbenes Heft", "Heft"}, {{"size", "a5"}}, 1, 0, 1},
      {"tagged otherwise", "en", {"leather journal", "rust leather journal"}, {}, 0, 1, 0},
      {"called so", "en", {"sage", "old sage", "dried sage"}, {}, 0, 0, 0},
      {"open", "en", {"leather journal", "linen journal"}, {}, 0, 0, 0},
  };
  for (const auto& row : rows) {
    catalogue_.put({.id = std::string(row.id),
                    .title = "thing",
                    .language = std::string(row.language),
                    .tags = row.tags,
                    .attributes = row.attributes});
    ids_.emplace_back(row.id);
  }
  const query::QueryUnderstanding asked =
      understanding->understand(catalogue_.analyzer(), "sage leather journal", "en");
  ASSERT_EQ(asked.named.size(), 2u);
  const FeatureMatrix matrix =
      compute("sage leather journal", {.named = asked.named,
                                       .understanding = understanding.get(),
                                       .things = asked.things,
                                       .lexicon = std::make_shared<TagLexicon>(catalogue_.analyzer())});
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    EXPECT_NEAR(value(matrix, i, "attribute_agreement"), rows[i].agreed, 1e-9) << rows[i].id;
    EXPECT_NEAR(value(matrix, i, "attribute_conflict"), rows[i].denied, 1e-9) << rows[i].id;
    EXPECT_NEAR(value(matrix, i, "attribute_tagged"), rows[i].tagged, 1e-9) << rows[i].id;
  }
}

// "leather journal" is a name here; a "screen printed bag" is a bag, though prints are called so, too.
TEST_F(OwnNamesTest, TheNameThatIsAskedForIsOfWhatMatchesBest) {
  const std::vector<query::NamedValue> named = {{"technique=screen printed", 0.9, {"screen", "print"}},
                                                {"motif=bag", 0.8, {"bag"}}};
  for (const char* id : {"a", "b"}) {
    put({.id = id,
         .title = "screen printed bag",
         .tags = {"red bag", "bag"},
         .attributes = {{"technique", "screen printed"}}});
  }
  for (const char* id : {"c", "d"}) put({.id = id, .title = "art", .tags = {"red screen print", "screen print"}});
  const Signals signals{.named = named, .lexicon = std::make_shared<TagLexicon>(catalogue_.analyzer())};
  const FeatureMatrix bags = compute("screen printed bag", signals);
  EXPECT_EQ(value(bags, 0, "attribute_agreement"), 1) << "the technique is asked for, a motif is not";
  EXPECT_EQ(value(bags, 2, "attribute_agreement"), 0);
  const FeatureMatrix prints = compute("screen print", signals);
  EXPECT_EQ(value(prints, 0, "attribute_agreement"), 1) << "only the motif is left, which its title says";
  EXPECT_EQ(value(prints, 2, "attribute_agreement"), 0);
  const FeatureMatrix twice = compute("screen print screen print bag", signals);
  EXPECT_EQ(value(twice, 0, "attribute_agreement"), 1) << "once as the name, once as a trait";
}

}  // namespace
}  // namespace handsel::features
