#include "ranking/query/query_plan.h"

#include <array>

#include <gtest/gtest.h>

#include "ranking/query/testing/small_catalogue.h"

namespace handsel::query {
namespace {

class QueryPlanTest : public testing::Test {
 protected:
  QueryPlanTest() {
    const auto put = [&](int times, const char* title) {
      for (int i = 0; i < times; ++i) catalogue_.put_title(title);
    };
    put(30, "necklace");
    put(10, "handmade ring");
    put(8, "key chain of leather");
    put(3, "keychain");
    put(5, "tabletop lamp");
    put(4, "throw pillow");
    put(2, "cushion");
    put(4, "sofa");
    put(3, "couch");
    put(3, "rug with fringe");
    put(3, "car pet seat");
    put(20, "carpet");
    put(2, "the who");
    put(1'500, "wooden bowl");
    put(1, "wooder");
    put(8, "wodden");
    put(320, "greeting card");
    put(1, "crad");
    put(1, "carp");
    snapshot_ = catalogue_.snapshot();
    auto synonyms = Synonyms::parse(catalogue_.analyzer(), "sofa, couch\nring => band\ncushion, throw pillow");
    EXPECT_TRUE(synonyms.has_value());
    model_ = build_query_model({.snapshot = *snapshot_,
                                .analyzer = catalogue_.analyzer(),
                                .load_listing = [&](const index::DocInfo& info) { return catalogue_.load(info); },
                                .searches = {},
                                .synonyms = std::move(*synonyms)});
  }

  QueryPlan plan(std::string_view text, PlanOptions options = {}) const {
    return plan_query(parse_query(catalogue_.analyzer(), text, "en"), model_.get(), catalogue_.analyzer(), *snapshot_,
                      options);
  }

  // "{sofa couch:0.8}": variants; ?: not required; *0.5: weight.
  static std::string shown(const QueryPlan& plan) {
    std::string out;
    for (const index::TermGroup& group : plan.groups) {
      out += out.empty() ? "{" : " {";
      for (std::size_t i = 0; i < group.variants.size(); ++i) {
        const index::TermVariant& variant = group.variants[i];
        out += (i > 0 ? " " : "") + variant.term + (variant.weight == 1 ? "" : fmt::format(":{}", variant.weight));
      }
      out += "}";
      if (group.weight != 1) out += fmt::format("*{}", group.weight);
      if (!group.required) out += "?";
    }
    return out;
  }

  SmallCatalogue catalogue_{"plan"};
  std::shared_ptr<const index::Snapshot> snapshot_;
  std::shared_ptr<const QueryModel> model_;
};

TEST_F(QueryPlanTest, WordsBecomeGroups) {
  struct Row {
    std::string_view text;
    std::string_view groups;
    std::string_view corrected = "";
    std::string_view complaint = "";
  };
  constexpr auto kRows = std::to_array<Row>({
      {"necklace", "{necklac}"},
      {"Necklaces", "{necklac}"},
      {"necklace necklaces", "{necklac}"},
      {"neclace", "{necklac}", "necklace"},
      {"blue neclace, -ring", "{blue}? {necklac}", "blue necklace, -ring", "no listing has the word 'blue'"},
      {"\"neclace\"", "{neclac}?", "", "no listing has the word 'neclace'"},
      {"xyzzy", "{xyzzi}?", "", "no listing has the word 'xyzzy'"},
      {"wooder", "{wooder wooden:0.8}"},
      {"wodden", "{wodden}"},  // too many have it
      {"crad", "{crad card:0.8}"},
      {"carp", "{carp}"},  // another letter makes of a short word another word
      {"sofa", "{sofa couch:0.8}"},
      {"ring", "{ring band:0.8}"},
      {"band", "{band}?", "", "no listing has the word 'band'"},
      {"cushion", "{cushion throw:0.8}*0.5 {cushion pillow:0.8}*0.5"},
      {"throw pillow", "{throw cushion:0.8} {pillow cushion:0.8}"},
      {"\"sofa\"", "{sofa}"},
      {"keychain", "{keychain key:0.9} {keychain chain:0.9}"},
      {"throwpillow", "{throw:0.9} {pillow:0.9}", "throw pillow"},
      {"handmadering", "{handmad} {handmad ring:0.9}"},  // its stem is that of "handmade"
      {"key chain", "{key keychain:0.9} {chain keychain:0.9}"},
      {"table top", "{tabl tabletop:0.9} {top tabletop:0.9}"},
      {"car pet", "{car} {pet}"},  // "carpet" means something else
      {"carpet", "{carpet}"},
      {"the ring", "{the}*0.3? {ring band:0.8}"},
      {"of the", "{of}*0.3? {the}*0.3?"},
      {"rug without fringe", "{rug} {without}? {fring}*0.5?"},
      {"without fringe", "{without}? {fring}", "", "no listing has the word 'without'"},
      {"rug without", "{rug} {without}?", "", "no listing has the word 'without'"},
      {"", ""},
  });
  for (const Row& row : kRows) {
    const QueryPlan plan = this->plan(row.text);
    EXPECT_EQ(shown(plan), row.groups) << row.text;
    EXPECT_EQ(plan.corrected_query, row.corrected) << row.text;
    if (!row.complaint.empty()) {
      ASSERT_FALSE(plan.complaints.empty()) << row.text;
      EXPECT_EQ(plan.complaints.front(), row.complaint) << row.text;
    }
  }
}

// Buyers read what was searched for instead; meaning is also looked for by what was probably meant.
TEST_F(QueryPlanTest, WhatWasMeantHasRareMistakesReplacedToo) {
  constexpr std::array<std::array<std::string_view, 3>, 5> kRows = {{
      // query, corrected, meant
      {"Wooder neclace", "Wooder necklace", "wooden necklace"},
      {"wooder sofa", "", "wooden sofa"},
      {"blue neclace", "blue necklace", "blue necklace"},
      {"\"wooder\" sofa", "", ""},
      {"sofa", "", ""},
  }};
  for (const auto& [text, corrected, meant] : kRows) {
    const QueryPlan plan = this->plan(text);
    EXPECT_EQ(plan.corrected_query, corrected) << text;
    EXPECT_EQ(plan.meant_query, meant) << text;
  }
}

TEST_F(QueryPlanTest, OptionsAndParts) {
  EXPECT_EQ(shown(plan("neclace", {.spell = false})), "{neclac}?");
  EXPECT_EQ(shown(plan("sofa xyzzy", {.unknown_words_required = true})), "{sofa couch:0.8} {xyzzi}");
  const QueryPlan quoted = plan("\"leather key\" -ring");
  EXPECT_EQ(quoted.phrases, (std::vector<index::Phrase>{{.terms = {"leather", "key"}}}));
  EXPECT_EQ(quoted.excluded, std::vector<std::string>{"ring"});
  const QueryPlan negated = plan("rug without the fringe carpet necklace");
  EXPECT_EQ(negated.unwanted, (std::vector<std::string>{"fring", "carpet"}));
  EXPECT_EQ(negated.negation, "without");
  const QueryPlan repeated = plan("ring of ring");
  EXPECT_EQ(repeated.groups.size(), 2u);
  EXPECT_EQ(repeated.sequence, (std::vector<std::size_t>{0, 0}));
}

// A group weighs as its most frequent variant does.
TEST_F(QueryPlanTest, ValuesFollowTheMostFrequentVariant) {
  const QueryPlan plan = this->plan("wooder xyzzy the");
  EXPECT_DOUBLE_EQ(plan.values[0], index::idf(snapshot_->live, index::document_frequency(*snapshot_, "wooden")));
  EXPECT_EQ(plan.values[1], 0);
  EXPECT_DOUBLE_EQ(plan.values[2],
                   kStopWordWeight * index::idf(snapshot_->live, index::document_frequency(*snapshot_, "the")));
  EXPECT_DOUBLE_EQ(plan.mass(), plan.values[0] + plan.values[2]);
}

TEST_F(QueryPlanTest, WithoutAModelWordsStayAsTheyAre) {
  const auto parsed = parse_query(catalogue_.analyzer(), "neclace keychain sofa", "en");
  const QueryPlan plan = plan_query(parsed, nullptr, catalogue_.analyzer(), *snapshot_, {});
  EXPECT_EQ(shown(plan), "{neclac}? {keychain} {sofa}");
  EXPECT_TRUE(plan.notes.empty());
}

// Words that name an attribute are also looked for as the catalogue calls it.
TEST_F(QueryPlanTest, WhatWordsNameIsFoundUnderItsOtherName) {
  UnderstandingBuilder builder(catalogue_.analyzer());
  const auto sell = [&](std::string_view title, std::string_view language, std::vector<std::string> attributes,
                        std::vector<std::string> path) {
    for (int shop = 0; shop < 9; ++shop) {
      builder.add_listing({.title = title, .language = language, .taxonomy = path, .attributes = attributes});
    }
  };
  for (const char* who : {"dad", "nana", "aunt"}) {
    sell(fmt::format("necklace for {}", who), "en", {fmt::format("recipient={}", who), "style=rustic"}, {"jewellery"});
  }
  sell("necklace for mum", "en", {"recipient=mum"}, {"jewellery"});
  sell("necklace for mom", "en", {"recipient=mum"}, {"jewellery"});
  sell("bowl of dark academia", "en", {"style=dark academia"}, {"home"});
  sell("bowl of lore", "en", {"style=dark academia"}, {"home"});
  sell("bowl of clay", "en", {"style=rustic"}, {"home"});
  sell("holzschale", "de", {}, {"home", "wooden bowls"});
  const auto understanding = builder.build();
  const PlanOptions options{.understanding = understanding.get()};
  EXPECT_EQ(shown(plan("necklace mom", options)), "{necklac} {mom mum:0.8}?");
  EXPECT_EQ(shown(plan("necklace mum", options)), "{necklac} {mum}?");
  EXPECT_EQ(shown(plan("necklace \"mom\"", options)), "{necklac} {mom}?");
  EXPECT_EQ(shown(plan("necklace lore", options)), "{necklac} {lore dark:0.8}*0.5? {lore academia:0.8}*0.5?");
  EXPECT_EQ(shown(plan("holzschal", options)), "{holzschal wooden:0.8}*0.5 {holzschal bowl:0.8}*0.5");
  EXPECT_EQ(plan("necklace mom", options).notes, (std::vector<PlanNote>{{"naming", "mom", "mum"}}));
  EXPECT_EQ(shown(plan("necklace mom")), "{necklac} {mom}?");
}

}  // namespace
}  // namespace handsel::query
