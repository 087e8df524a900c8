#include "app/engine/encoder_examples.h"

#include <array>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace handsel {
namespace {

using events::EventKind;

struct Who {
  std::string session = "s";
  std::string user;
  std::string country;
};

class EncoderExamplesTest : public testing::Test {
 protected:
  EncoderExamplesTest() {
    for (std::uint32_t i = 0; i < 40; ++i) numbers_.emplace(fmt::format("l{}", i), i);
  }

  void search(const std::string& query_id, const std::string& query, std::vector<std::string> shown,
              const Who& who = {}, const std::string& language = {}) {
    events::Event event = at(EventKind::kSearch, who);
    event.query_id = query_id;
    event.query = query;
    event.language = language;
    event.country = who.country;
    event.shown = std::move(shown);
    examples_.observe(event);
  }
  void act(EventKind kind, const std::string& query_id, const std::string& listing, const Who& who = {}) {
    events::Event event = at(kind, who);
    event.query_id = query_id;
    event.listing_id = listing;
    examples_.observe(event);
  }
  events::Event at(EventKind kind, const Who& who) {
    now_ms_ += 1'000;
    return {.kind = kind, .time_ms = now_ms_, .user_id = who.user, .session_id = who.session};
  }

  // "query: listing interest, ..." of each search that taught something, with the session before it.
  std::vector<std::string> learned() {
    examples_.finish();
    std::vector<std::string> out;
    std::uint32_t query = ~0U;
    std::uint32_t begin = ~0U;
    std::uint32_t country = ~0U;
    for (const models::TrainingExample& example : data_.examples) {
      if (example.query != query || example.session_begin != begin || example.country != country) {
        const models::TrainingQuery& asked = data_.queries[example.query];
        out.push_back(asked.text);
        const std::string where = example.country == 0 ? "" : data_.countries[example.country - 1];
        for (const std::string& more : {asked.language, where}) out.back() += more.empty() ? "" : "/" + more;
        out.back() += ":";
        const auto session = std::span(data_.session_listings).subspan(example.session_begin, example.session_count);
        for (const std::uint32_t listing : session) out.back() += fmt::format(" after {}", listing);
      }
      query = example.query;
      begin = example.session_begin;
      country = example.country;
      static constexpr std::array kNames = {"seen", "clicked", "liked", "carted", "bought"};
      out.back() += fmt::format(" {} {}", kNames[static_cast<std::size_t>(example.interest)], example.listing);
    }
    return out;
  }

  EncoderExamples::Numbers numbers_;
  models::TrainingData data_;
  std::int64_t now_ms_ = 1'700'000'000'000;
  EncoderExamples examples_{data_, numbers_, 1'000};
};

TEST_F(EncoderExamplesTest, WhatBecameOfASearchUpToTheLastAction) {
  search("a", "mug", {"l1", "l2", "gone", "l3", "l4"});
  act(EventKind::kClick, "a", "l1");
  act(EventKind::kPurchase, "a", "l3");
  search("b", "bowl", {"l1", "l2"});  // nobody acted
  EXPECT_THAT(learned(), testing::ElementsAre("mug: clicked 1 seen 2 bought 3"));
  EXPECT_EQ(data_.queries.size(), 1u);
}

TEST_F(EncoderExamplesTest, TheSessionIsWhatWasActedOnBeforeTheSearch) {
  search("a", "mug", {"l1", "l2"});
  act(EventKind::kClick, "a", "l2");
  act(EventKind::kFavourite, "a", "l1");
  search("b", "bowl", {"l3", "l4"});
  act(EventKind::kClick, "b", "l4");  // after the search: no part of its session
  act(EventKind::kClick, "", "gone");
  search("c", "cup", {"l5"});
  act(EventKind::kCart, "c", "l5");
  search("d", "tea", {"l6"}, {.session = "other"});
  act(EventKind::kClick, "d", "l6", {.session = "other"});
  EXPECT_THAT(learned(), testing::ElementsAre("mug: liked 1 clicked 2", "bowl: after 2 after 1 seen 3 clicked 4",
                                              "cup: after 2 after 1 after 4 carted 5", "tea: clicked 6"));
}

TEST_F(EncoderExamplesTest, FurtherPagesAreOfTheSameMoment) {
  search("a", "mug", {"l1"});
  act(EventKind::kClick, "a", "l1");
  search("a", "mug", {"l1", "l2"});
  act(EventKind::kClick, "a", "l2");
  EXPECT_THAT(learned(), testing::ElementsAre("mug: clicked 1 clicked 2"));
}

TEST_F(EncoderExamplesTest, WhatTheUserDidInOtherSessionsComesBehind) {
  const Who before{.session = "s1", .user = "u"};
  const Who now{.session = "s2", .user = "u"};
  search("a", "mug", {"l1"}, before);
  act(EventKind::kClick, "a", "l1", before);
  search("b", "bowl", {"l2"}, now);
  act(EventKind::kClick, "b", "l2", now);
  search("c", "cup", {"l3"}, now);
  act(EventKind::kClick, "c", "l3", now);
  EXPECT_THAT(learned(),
              testing::ElementsAre("mug: clicked 1", "bowl: after 1 clicked 2", "cup: after 1 after 2 clicked 3"));
}

TEST_F(EncoderExamplesTest, AsManyAsServingMakesTheVectorOf) {
  for (int i = 0; i < 15; ++i) act(EventKind::kClick, "", fmt::format("l{}", i));
  search("a", "mug", {"l20"});
  act(EventKind::kClick, "a", "l20");
  std::string expected = "mug:";
  for (std::size_t i = 15 - models::kSessionVectorListings; i < 15; ++i) expected += fmt::format(" after {}", i);
  EXPECT_THAT(learned(), testing::ElementsAre(expected + " clicked 20"));
}

TEST_F(EncoderExamplesTest, AQueryIsItsWordsAndTheirLanguageWhereverItIsAsked) {
  search("a", "Mug", {"l1"}, {}, "de");
  act(EventKind::kClick, "a", "l1");
  search("b", "mug", {"l2"}, {.session = "t"}, "de");
  act(EventKind::kClick, "b", "l2", {.session = "t"});
  search("c", "mug", {"l3"}, {.session = "u"}, "en");
  act(EventKind::kClick, "c", "l3", {.session = "u"});
  search("d", "mug", {"l4"}, {.session = "v"});
  act(EventKind::kClick, "d", "l4", {.session = "v"});
  search("e", "mug", {"l5"}, {.session = "w", .country = "PT"}, "de");
  act(EventKind::kClick, "e", "l5", {.session = "w"});
  EXPECT_THAT(learned(), testing::ElementsAre("Mug/de: clicked 1 clicked 2", "mug/en: clicked 3", "mug: clicked 4",
                                              "Mug/de/PT: clicked 5"));
  EXPECT_EQ(data_.queries.size(), 3u);
}

TEST_F(EncoderExamplesTest, NoMoreThanWereAskedFor) {
  models::TrainingData data;
  EncoderExamples few(data, numbers_, 3);
  for (const char* id : {"a", "b", "c"}) {
    events::Event asked = at(EventKind::kSearch, {});
    asked.query_id = asked.query = id;
    asked.shown = {"l1", "l2"};
    few.observe(asked);
    events::Event acted = at(EventKind::kClick, {});
    acted.query_id = id;
    acted.listing_id = "l2";
    few.observe(acted);
  }
  few.finish();
  EXPECT_EQ(data.examples.size(), 4u) << "a search is taken whole";
}

}  // namespace
}  // namespace handsel
