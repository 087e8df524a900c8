// A log of people who search and act: six sessions in turn, two for each query, all shown the same four listings.
#pragma once

#include <array>

#include "app/engine/testing/learned_fixture.h"

namespace handsel {

class VisitedTest : public LearnedTest {
 protected:
  // A search and what was done about it, a millisecond later.
  std::vector<events::Event> visit(std::size_t number) {
    const search::SearchRequest& request = requests_[number % 6];
    events::Event asked = event(events::EventKind::kSearch, request.session_id, "");
    asked.query_id = asked.id;
    asked.query = request.query;
    asked.filter = request.filter;
    asked.user_id = request.user_id;
    asked.shown = {"1", "2", "3", "4"};
    static constexpr std::array kKinds = {events::EventKind::kClick, events::EventKind::kFavourite,
                                          events::EventKind::kCart, events::EventKind::kPurchase,
                                          events::EventKind::kHide};
    events::Event acted =
        event(kKinds[number % kKinds.size()], request.session_id, fmt::format("{}", 1 + number * 7 % 4));
    acted.query_id = asked.id;
    acted.user_id = request.user_id;
    acted.price_cents = 100 * static_cast<std::int64_t>(1 + number % 7);
    acted.currency = "EUR";
    acted.time_ms += 1;
    return {asked, acted};
  }
  void visits(std::size_t count) {
    for (std::size_t number = 0; number < count; ++number) {
      happen(visit(number));
      clock_.advance_ms(60'000);
    }
  }

  const search::SearchRequest requests_[6] = {{.query = "blue mug", .session_id = "s0"},
                                              {.query = "handmade bowl", .session_id = "s1", .user_id = "u"},
                                              {.query = "mug bowl", .filter = "price < 4.50", .session_id = "s2"},
                                              {.query = "blue mug", .session_id = "s3"},
                                              {.query = "handmade bowl", .session_id = "s4"},
                                              {.query = "mug bowl", .session_id = "s5"}};
};

}  // namespace handsel
