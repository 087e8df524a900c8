#include "ranking/query/understanding.h"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/bytes.h"
#include "base/core/rng.h"
#include "ranking/query/internal/understanding_tables.h"

namespace handsel::query {
namespace {

using Strings = std::vector<std::string>;

const Strings kAprons = {"home", "kitchen", "aprons"};
const Strings kCurtains = {"home", "textiles", "curtains"};
const Strings kRings = {"jewelry", "rings"};
constexpr const char* kApronPath = "home > kitchen > aprons";

class UnderstandingTest : public testing::Test {
 protected:
  void act(std::string_view query, const Strings& path, const Strings& attributes, int times = 1, double weight = 1) {
    for (int i = 0; i < times; ++i) {
      builder_.add_action(
          {.query = query, .language = "en", .weight = weight, .taxonomy = path, .attributes = attributes});
    }
  }
  void list(std::string_view title, const Strings& path, const Strings& attributes, int times = 1) {
    for (int i = 0; i < times; ++i) {
      builder_.add_listing({.title = title, .language = "en", .taxonomy = path, .attributes = attributes});
    }
  }
  QueryUnderstanding ask(const Understanding& understanding, std::string_view query) {
    return understanding.understand(analyzer_, query, "en");
  }
  static double share(const std::vector<std::pair<std::string, double>>& shares, std::string_view name) {
    for (const auto& [known, value] : shares) {
      if (known == name) return value;
    }
    return 0;
  }

  text::Analyzer analyzer_;
  UnderstandingBuilder builder_{analyzer_};
};

TEST_F(UnderstandingTest, KnownQueriesSpeakForThemselves) {
  act("linen apron", kAprons, {"material=linen", "color=sage"}, 40);
  act("linen apron", kCurtains, {"material=linen"}, 4);
  act("gold ring", kRings, {"material=gold"}, 40);
  const auto built = builder_.build();
  const QueryUnderstanding known = ask(*built, "Linen  APRON");
  EXPECT_EQ(known.taxonomies.front().first, kApronPath);
  EXPECT_NEAR(known.taxonomies.front().second, 40.0 / 44, 0.02);
  EXPECT_GT(share(known.attributes, "material=linen"), 0.9);
  EXPECT_GT(share(known.attributes, "color=sage"), 0.8);
  EXPECT_EQ(share(known.attributes, "material=gold"), 0);
  EXPECT_GT(known.confidence, 0.75);
  EXPECT_EQ(known.actions, 44);
}

TEST_F(UnderstandingTest, UnknownQueriesBackOffToTheirWords) {
  act("linen apron", kAprons, {"material=linen"}, 30);
  act("linen curtain", kCurtains, {"material=linen"}, 30);
  act("cotton apron", kAprons, {"material=cotton"}, 30);
  act("gold ring", kRings, {"material=gold"}, 30);
  const auto built = builder_.build();
  const QueryUnderstanding backed = ask(*built, "aprons with cotton and linen");  // never asked like this
  EXPECT_EQ(backed.taxonomies.front().first, kApronPath);
  EXPECT_GT(backed.taxonomies.front().second, 0.9);
  EXPECT_GT(share(backed.attributes, "material=cotton"), 0.8);
  EXPECT_GT(share(backed.attributes, "material=linen"), 0.8);
  EXPECT_EQ(backed.actions, 0);
  const QueryUnderstanding vague = ask(*built, "linen");  // aprons and curtains alike
  EXPECT_NEAR(vague.taxonomies[0].second, vague.taxonomies[1].second, 0.2);
  EXPECT_LT(vague.confidence, backed.confidence);
}

TEST_F(UnderstandingTest, WithoutALogTheCatalogueSpeaks) {
  list("Linen apron with pockets", kAprons, {"material=linen", "tag=apron", "shop=clay"}, 200);
  list("Silver ring", kRings, {"material=silver"}, 200);
  const auto built = builder_.build();
  const QueryUnderstanding known = ask(*built, "apron");
  EXPECT_EQ(known.taxonomies.front().first, kApronPath);
  EXPECT_GT(known.confidence, 0.5);
  EXPECT_GT(share(known.attributes, "material=linen"), 0.5);
  EXPECT_EQ(share(known.attributes, "tag=apron"), 0);
  EXPECT_EQ(share(known.attributes, "shop=clay"), 0);
}

TEST_F(UnderstandingTest, ActionsOutweighTheCatalogue) {
  list("Ring holder for curtains", kCurtains, {}, 5'000);
  act("ring", kRings, {}, 60);
  EXPECT_EQ(ask(*builder_.build(), "rings").taxonomies.front().first, "jewelry > rings");
}

TEST_F(UnderstandingTest, WhatIsCommonEverywhereIsNoIntent) {
  act("apron", kAprons, {"handmade=yes", "material=linen"}, 50);
  act("ring", kRings, {"handmade=yes", "material=gold"}, 50);
  const auto built = builder_.build();
  for (const char* query : {"apron", "big apron"}) {
    const QueryUnderstanding known = ask(*built, query);
    EXPECT_EQ(share(known.attributes, "handmade=yes"), 0);
    EXPECT_GT(share(known.attributes, "material=linen"), 0.5);
  }
}

TEST_F(UnderstandingTest, FewActionsGiveLittleConfidence) {
  act("sage apron", kAprons, {}, 1);
  const auto one = builder_.build();
  UnderstandingBuilder many(analyzer_);
  for (int i = 0; i < 100; ++i)
    many.add_action({.query = "sage apron", .language = "en", .taxonomy = kAprons, .attributes = {}});
  EXPECT_LT(ask(*one, "sage apron").confidence, 0.6);
  EXPECT_GT(ask(*many.build(), "sage apron").confidence, 0.9);
}

// Twenty actions on one listing say no more of its attributes than one does.
TEST_F(UnderstandingTest, OneListingIsOneFactHoweverOftenItWasChosen) {
  act("wool scarf", {"clothes", "scarves"}, {"color=plum", "material=wool"}, 1, 20);
  UnderstandingBuilder several(analyzer_);
  for (int i = 0; i < 20; ++i) {
    several.add_action(
        {.query = "wool scarf", .language = "en", .taxonomy = kAprons, .attributes = Strings{"color=plum"}});
    several.add_action(
        {.query = "gold ring", .language = "en", .taxonomy = kRings, .attributes = Strings{"color=gold"}});
  }
  act("gold ring", kRings, {"color=gold"}, 20);
  EXPECT_LT(share(ask(*builder_.build(), "wool scarf").attributes, "color=plum"), 0.5);
  EXPECT_GT(share(ask(*several.build(), "wool scarf").attributes, "color=plum"), 0.8);
}

class NamingsTest : public UnderstandingTest {
 protected:
  // Six shops write `title` of listings of one colour.
  void sell(std::string_view title, const Strings& attributes, std::string_view language = "en",
            const Strings& path = kAprons, int shops = 6) {
    for (int shop = 0; shop < shops; ++shop) {
      Strings of_listing = attributes;
      of_listing.push_back("shop=" + std::to_string(shop));
      builder_.add_listing({.title = title, .language = language, .taxonomy = path, .attributes = of_listing});
    }
  }
  std::vector<std::pair<std::string, double>> named(std::string_view query, std::string_view language = "en") {
    if (built_ == nullptr) built_ = builder_.build();
    std::vector<std::pair<std::string, double>> out;
    for (const NamedValue& value : built_->understand(analyzer_, query, language).named) {
      out.emplace_back(value.attribute, value.share);
    }
    return out;
  }
  Strings names(std::string_view query, std::string_view language = "en") {
    Strings out;
    for (const auto& [attribute, share] : named(query, language)) out.push_back(attribute);
    return out;
  }

  std::shared_ptr<const Understanding> built_;
};

TEST_F(NamingsTest, WordsOfTitlesNameWhatAttributesSay) {
  sell("teal apron", {"color=teal", "size=s"});
  sell("rust apron", {"color=rust", "size=s"});
  sell("Schürze petrol", {"color=teal"}, "de");
  EXPECT_EQ(names("teal bowl"), Strings{"color=teal"});
  EXPECT_EQ(names("petrol", "de"), Strings{"color=teal"});
  EXPECT_EQ(names("apron"), Strings());  // of any colour
  EXPECT_GT(share(named("rust"), "color=rust"), 0.7);
  EXPECT_GT(share(built_->understand(analyzer_, "teal bowl", "en").attributes, "color=teal"), 0.7);
}

TEST_F(NamingsTest, PhrasesAreMoreThanTheirWords) {
  sell("sage green apron", {"color=sage"}, "en", kAprons, 20);
  sell("green apron", {"color=green"}, "en", kAprons, 9);
  sell("green bowl", {"color=green"}, "en", kAprons, 9);
  sell("red curtain", {"color=red"}, "en", kCurtains, 20);
  for (const char* thing : {"apron", "bowl", "cushion"}) sell(thing, {"color=red"}, "en", kAprons, 60);
  sell("dark green curtain", {"color=forest"}, "en", kCurtains, 9);
  EXPECT_EQ(names("green cushion"), Strings{"color=green"});  // 18 titles of 47 with the word
  EXPECT_EQ(names("sage green apron"), Strings{"color=sage"});
  EXPECT_EQ(names("sage apron"), Strings{"color=sage"});
  const QueryUnderstanding whole = built_->understand(analyzer_, "the green apron, sage green", "en");
  EXPECT_EQ(whole.things, Strings{"apron"});
  ASSERT_EQ(whole.named.size(), 2u);
  EXPECT_EQ(whole.named[0].words, (Strings{"sage"}));  // "green" was said before
}

// What neither word says is said by both; and what one says of another kind misleads.
TEST_F(NamingsTest, WordsThatMeetNowAndThenAreAPhrase) {
  sell("cotton paper card", {"material=cotton paper"}, "en", kAprons, 30);
  sell("cotton apron", {"material=cotton"}, "en", kAprons, 100);
  sell("paper lantern", {"material=paper"}, "en", kCurtains, 100);
  EXPECT_EQ(names("cotton paper bowl"), Strings{"material=cotton paper"});
  EXPECT_EQ(names("cotton bowl"), Strings());  // 100 titles of 130
  EXPECT_EQ(names("paper cotton"), Strings());
}

TEST_F(NamingsTest, AWordOfAPhraseDoesNotSpeakForItself) {
  for (const std::string thing : {"cat", "hat", "bear"}) {
    sell("needle felted " + thing, {"technique=needle felted", "material=wool"}, "en", kAprons, 9);
    sell("felt " + thing, {"material=felt"}, "en", kAprons, 60);
    sell(thing, {"material=clay", "technique=thrown"}, "en", kAprons, 150);
  }
  EXPECT_EQ(names("felt bowl"), Strings{"material=felt"});
  EXPECT_EQ(names("needle felted bowl"), (Strings{"material=wool", "technique=needle felted"}));
}

// Tags say it alone, in the seller's language, where titles are about something else.
TEST_F(NamingsTest, TagsNameWhatAttributesSay) {
  sell("colcha bonita", {"motif=cat", "tag=gato", "tag=regalo gato", "tag=colcha"}, "es");
  sell("colcha bonita", {"motif=moon", "tag=luna", "tag=regalo luna", "tag=colcha"}, "es");
  sell("quilt", {"motif=fox"}, "en", kCurtains, 30);
  EXPECT_EQ(names("colcha gato", "es"), Strings{"motif=cat"});
  EXPECT_EQ(names("luna", "es"), Strings{"motif=moon"});
  EXPECT_EQ(names("colcha", "es"), Strings());
  EXPECT_EQ(names("regalo", "es"), Strings());
  // Words of different tags are no phrase, and a listing that says it three times says it once.
  EXPECT_EQ(names("gato regalo", "es"), Strings{"motif=cat"});
  const double once = share(named("luna", "es"), "motif=moon");
  EXPECT_NEAR(once, 1 / (1 + 1.2815515655446004 * 1.2815515655446004 / 6), 1e-6);  // Wilson, of six listings
}

TEST_F(NamingsTest, OneShopsHabitNamesNothing) {
  for (int i = 0; i < 50; ++i) {
    list("mellow apron", kAprons, {"color=teal", "shop=only"});
    list("apron", kAprons, {"color=rust", "shop=" + std::to_string(i)});
  }
  EXPECT_EQ(names("mellow apron"), Strings());
}

TEST_F(NamingsTest, WhatAllListingsSayIsNotNamed) {
  sell("teal apron", {"handmade=yes"}, "en", kAprons, 50);
  EXPECT_EQ(names("teal apron"), Strings());
}

// A journal is a thing, however many journals are bound by hand; an albanian journal is green.
TEST_F(NamingsTest, AThingDoesNotNameWhatIsUsualInItsCategory) {
  const Strings journals = {"paper", "journals"};
  sell("journal", {"technique=hand bound", "color=red"}, "en", journals, 20);
  sell("albanian journal", {"technique=hand bound", "color=green"}, "en", journals);
  sell("apron", {"technique=hand sewn", "color=red"}, "en", kAprons, 40);
  EXPECT_EQ(names("journal"), Strings());
  EXPECT_EQ(names("albanian journal"), Strings{"color=green"});
  EXPECT_EQ(built_->understand(analyzer_, "albanian journal", "en").things, Strings{"journal"});
}

TEST_F(NamingsTest, OtherNamesAreTheCataloguesOwn) {
  sell("mum apron", {"recipient=mum"}, "en", kAprons, 40);
  sell("mom apron", {"recipient=mum"});
  sell("dad apron", {"recipient=dad"}, "en", kAprons, 40);
  sell("cushion", {}, "en", kCurtains, 40);
  sell("kissen", {}, "de", {"home", "textiles", "throw pillows"});
  (void)named("mom");
  const auto of = [&](std::string_view words) {
    const Understanding::OtherNames other = built_->other_names(words);
    return std::pair(Strings(other.value.begin(), other.value.end()),
                     Strings(other.category.begin(), other.category.end()));
  };
  EXPECT_EQ(of("mom"), std::pair(Strings{"mum"}, Strings()));
  EXPECT_EQ(of("apron"), std::pair(Strings(), Strings()));     // the language of most titles needs no other name
  EXPECT_EQ(of("kiss").second, (Strings{"throw", "pillow"}));  // and this one does
  EXPECT_EQ(of("never seen"), std::pair(Strings(), Strings()));
  const auto parsed = Understanding::parse(built_->to_bytes());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(Strings((*parsed)->other_names("mom").value.begin(), (*parsed)->other_names("mom").value.end()),
            Strings{"mum"});
  EXPECT_EQ((*parsed)->understand(analyzer_, "mom", "en"), built_->understand(analyzer_, "mom", "en"));
}

TEST_F(UnderstandingTest, NothingKnownIsSaid) {
  const auto empty = builder_.build();
  for (const std::string& query : {std::string("apron"), std::string(), std::string("the of"), std::string(10'000, 'x'),
                                   std::string("\xff\xfe"), std::string("Шарф из льна"), std::string(10'000, '\xff')}) {
    EXPECT_EQ(ask(*empty, query), QueryUnderstanding{});
  }
  EXPECT_EQ(empty->certainty("apron"), 0);
}

TEST_F(UnderstandingTest, BadFactsAreHarmless) {
  act("apron", kAprons, {}, 1, std::nan(""));
  act("apron", kAprons, {}, 1, -3);
  act("apron", kAprons, {}, 1, INFINITY);
  act("", kAprons, {}, 1);
  act("apron", Strings(1000, std::string(1000, 'x')), Strings(1000, "a=b"), 1);
  const QueryUnderstanding known = ask(*builder_.build(), "apron");
  EXPECT_TRUE(known.taxonomies.empty());
  EXPECT_EQ(known.confidence, 0);
  EXPECT_EQ(known.actions, 1);
}

TEST_F(UnderstandingTest, BytesKeepEverything) {
  Rng rng(4);
  for (int i = 0; i < 500; ++i) {
    const Strings path = {"root", "leaf " + std::to_string(rng.below(30))};
    const Strings attributes = {"color=" + std::to_string(rng.below(9))};
    act("word" + std::to_string(rng.below(40)) + " thing" + std::to_string(rng.below(9)), path, attributes);
    list("word" + std::to_string(rng.below(60)), path, attributes);
  }
  const auto built = builder_.build();
  const std::string bytes = built->to_bytes();
  const auto parsed = Understanding::parse(bytes);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ((*parsed)->to_bytes(), bytes);
  for (int i = 0; i < 60; ++i) {
    const std::string query = "word" + std::to_string(i) + " thing3";
    EXPECT_EQ(ask(**parsed, query), ask(*built, query));
  }
  EXPECT_EQ((*parsed)->words(), built->words());
  EXPECT_EQ((*parsed)->queries(), built->queries());
}

TEST_F(UnderstandingTest, DamagedBytesAreRefused) {
  act("linen apron", kAprons, {"material=linen"}, 3);
  for (int shop = 0; shop < 9; ++shop) {
    list(shop % 2 == 0 ? "teal apron" : "rust bowl", kAprons, {shop % 2 == 0 ? "color=teal" : "color=rust"});
  }
  const std::string bytes = builder_.build()->to_bytes();
  EXPECT_NE(bytes.find("rust"), bytes.npos);
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(Understanding::parse(bytes.substr(0, size)));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] ^= 0x10;
    EXPECT_FALSE(Understanding::parse(damaged)) << at;
    // With the checksum set right the tables are read or refused, never believed blindly.
    if (at < 12) continue;
    const std::uint32_t crc = crc32c(std::string_view(damaged).substr(12));
    std::memcpy(damaged.data() + 8, &crc, sizeof(crc));
    const auto parsed = Understanding::parse(damaged);
    if (parsed) (void)ask(**parsed, "linen apron");
  }
}

TEST_F(UnderstandingTest, TheSameFactsGiveTheSameBytes) {
  std::string first;
  for (int round = 0; round < 2; ++round) {
    UnderstandingBuilder builder(analyzer_);
    for (int i = 0; i < 300; ++i) {
      const Strings path = {"leaf " + std::to_string(i % 7)};
      const std::string query = "word" + std::to_string(i % 11);
      builder.add_action({.query = query, .language = "en", .taxonomy = path, .attributes = path});
    }
    const std::string bytes = builder.build()->to_bytes();
    if (round == 0) first = bytes;
    EXPECT_EQ(bytes, first);
  }
}

TEST_F(UnderstandingTest, KnowsQueriesByTheirWords) {
  act("linen apron", kAprons, {}, 3);
  act("linen curtain", kCurtains, {}, 5);
  act("gold ring", kRings, {}, 9);
  const auto built = builder_.build();
  const auto known = built->queries_with(Strings{"linen", "apron"}, 10);
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].text, "linen curtain");
  EXPECT_EQ(known[0].actions, 5);
  EXPECT_EQ(known[1].terms, (Strings{"linen", "apron"}));
  EXPECT_EQ(built->queries_with(Strings{"linen"}, 1).size(), 1u);
  EXPECT_GT(built->certainty("ring"), built->certainty("linen"));
}

}  // namespace
}  // namespace handsel::query
