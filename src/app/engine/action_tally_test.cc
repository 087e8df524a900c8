#include "app/engine/action_tally.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel {
namespace {

using events::Event;
using events::EventKind;

Event searched(std::string query_id, std::string query) {
  return {.kind = EventKind::kSearch, .query_id = std::move(query_id), .query = std::move(query)};
}

Event acted(EventKind kind, std::string session, std::string query_id, std::string listing, std::string query = "") {
  return {.kind = kind,
          .session_id = std::move(session),
          .query_id = std::move(query_id),
          .query = std::move(query),
          .listing_id = std::move(listing)};
}

std::string told(const ActionTally& tally) {
  std::string all;
  tally.visit([&](const ActionTally::Action& action) {
    all += fmt::format("{}<{}*{} ", action.listing_id, action.query, action.weight);
    return true;
  });
  return all;
}

TEST(ActionTally, AQueryKeepsTheLanguageItWasFirstAskedIn) {
  ActionTally tally(100, 4);
  Event search = searched("q1", "petrol");
  search.language = "de";
  tally.observe(search);
  tally.observe(acted(EventKind::kClick, "a", "q1", "1"));
  tally.observe(acted(EventKind::kPurchase, "b", "q1", "1"));
  tally.observe(acted(EventKind::kCart, "c", "", "1", "petrol"));  // says no language
  for (int i = 2; i < 8; ++i) {                                    // more pairs than it keeps: the names are made anew
    tally.observe(acted(EventKind::kClick, "x", "", fmt::format("{}", i), fmt::format("other {}", i)));
  }
  int told = 0;
  tally.visit([&](const ActionTally::Action& action) {
    EXPECT_EQ(action.query, "petrol");
    EXPECT_EQ(action.language, "de");
    return ++told > 0;
  });
  EXPECT_EQ(told, 1);
}

TEST(ActionTally, SumsWhatWasDoneAfterASearch) {
  ActionTally tally;
  tally.observe(searched("q1", "Linen  APRON"));
  tally.observe(acted(EventKind::kClick, "a", "q1", "2"));
  tally.observe(acted(EventKind::kPurchase, "b", "q1", "2"));
  tally.observe(acted(EventKind::kCart, "b", "nowhere", "1", "linen apron"));  // its own words
  tally.observe(acted(EventKind::kFavourite, "b", "nowhere", "3"));            // of no query
  tally.observe(acted(EventKind::kView, "b", "q1", "4"));                      // followed a click
  tally.observe(acted(EventKind::kExposure, "b", "q1", "5"));
  EXPECT_EQ(told(tally), "1<linen apron*5 2<linen apron*11 ");
}

TEST(ActionTally, WhatOnePersonTypedStaysWithThem) {
  ActionTally tally;
  for (int i = 0; i < 9; ++i) tally.observe(acted(EventKind::kClick, "a", "", "1", "my name"));
  EXPECT_EQ(told(tally), "");
  Event same = acted(EventKind::kClick, "b", "", "1", "ring");
  same.user_id = "u";
  tally.observe(same);
  same.session_id = "c";
  tally.observe(same);  // another session of the same user
  EXPECT_EQ(told(tally), "");
  tally.observe(acted(EventKind::kClick, "d", "", "2", "ring"));
  EXPECT_EQ(told(tally), "1<ring*2 2<ring*1 ");
}

TEST(ActionTally, TheOrderOfActionsDoesNotMatter) {
  Rng rng(3);
  std::vector<Event> events;
  for (int i = 0; i < 300; ++i) {
    events.push_back(acted(rng.chance(0.5) ? EventKind::kClick : EventKind::kCart, std::to_string(rng.below(5)), "",
                           std::to_string(rng.below(20)), fmt::format("query {}", rng.below(12))));
  }
  std::string expected;
  for (int round = 0; round < 4; ++round) {
    ActionTally tally;
    for (const Event& event : events) tally.observe(event);
    if (round == 0) expected = told(tally);
    EXPECT_EQ(told(tally), expected);
    for (std::size_t i = events.size() - 1; i > 0; --i) std::swap(events[i], events[rng.below(i + 1)]);
  }
}

TEST(ActionTally, ForgetsTheOldestSearchesAndTheLightestPairs) {
  ActionTally tally(4, 8);
  for (int i = 0; i < 6; ++i) tally.observe(searched(fmt::format("q{}", i), "mug"));
  for (const char* session : {"a", "b"}) {
    tally.observe(acted(EventKind::kClick, session, "q0", "old"));
    tally.observe(acted(EventKind::kClick, session, "q5", "new"));
  }
  EXPECT_EQ(told(tally), "new<mug*2 ");
  for (int i = 0; i < 1'000; ++i) {
    tally.observe(acted(EventKind::kClick, std::to_string(i), "", std::to_string(i), fmt::format("query {}", i)));
    ASSERT_LE(tally.pairs(), 8u);
  }
  EXPECT_EQ(told(tally), "new<mug*2 ");  // the only one that was done twice
}

}  // namespace
}  // namespace handsel
