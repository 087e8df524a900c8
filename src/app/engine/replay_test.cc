// What serving knew is what the log says: rows are computed again from it, and rankers trained.
#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "app/engine/action_tally.h"
#include "app/engine/session_view.h"
#include "app/engine/testing/learned_fixture.h"
#include "facts/events/event_reader.h"
#include "facts/log/embedded_log.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel {
namespace {

class ReplayTest : public LearnedTest {
 protected:
  // Three people in turn: each asks, is shown all, acts on something.
  std::vector<events::Event> visit(std::size_t number) {
    const std::string session = fmt::format("s{}", number % 3);
    events::Event asked = event(events::EventKind::kSearch, session, "");
    asked.query_id = asked.id;
    asked.query = requests_[number % 3].query;
    asked.shown = {"1", "2", "3", "4"};
    static constexpr std::array kKinds = {events::EventKind::kClick, events::EventKind::kFavourite,
                                          events::EventKind::kCart, events::EventKind::kPurchase,
                                          events::EventKind::kHide};
    events::Event acted = event(kKinds[number % kKinds.size()], session, fmt::format("{}", 1 + number * 7 % 4));
    acted.query_id = asked.id;
    acted.time_ms += 1;
    return {asked, acted};
  }

  const search::SearchRequest requests_[3] = {{.query = "blue mug", .session_id = "s0"},
                                              {.query = "handmade bowl", .session_id = "s1", .user_id = "u"},
                                              {.query = "mug bowl", .session_id = "s2"}};
};

TEST_F(ReplayTest, TheEncoderReadsTheEarlyPartOfTheLogAlone) {
  open_with(few_listings());
  for (std::size_t number = 0; number < 20; ++number) happen(visit(number));
  std::stop_source stop;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> read;
  const auto stop_after_reading = [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    if (stage != "encoder: reading events") return;
    read.emplace_back(done, total);
    stop.request_stop();
  };
  EXPECT_FALSE(engine_->train({.kinds = {Trained::kEncoder}}, stop_after_reading, stop.get_token()));
  EXPECT_THAT(read, testing::ElementsAre(testing::Pair(32, 32))) << "of 40";
}

// Each thread computes some of the rows; a ranker is the same with however many.
TEST_F(ReplayTest, ThreadsMakeNoOtherRanker) {
  open_with(few_listings());
  for (std::size_t number = 0; number < 200; ++number) {
    happen(visit(number));
    clock_.advance_ms(60'000);
  }
  std::vector<std::string> files;
  for (const std::size_t threads : {1, 2, 5}) {
    open(threads);
    clock_.advance_ms(1);
    const auto trained = engine_->train({.kinds = {Trained::kRanker}, .promote = false}, {}, {});
    ASSERT_TRUE(trained) << trained.error().message;
    ASSERT_EQ(trained->size(), 1u);
    ASSERT_FALSE(trained->front().id.empty()) << trained->front().note;
    const auto artefact = store().open(kRankerModel, trained->front().id);
    ASSERT_TRUE(artefact) << artefact.error().message;
    files.emplace_back(artefact->files.at(std::string(kRankerFile))->bytes());
  }
  EXPECT_EQ(files[1], files[0]);
  EXPECT_EQ(files[2], files[0]);
}

TEST_F(ReplayTest, RowsOfServingAreRowsOfTheLog) {
  open_with(few_listings());
  struct Moment {
    std::size_t events = 0;
    std::int64_t now_ms = 0;
    std::vector<search::CandidateRows> rows;
  };
  std::vector<Moment> moments;
  std::size_t count = 0;
  for (std::size_t number = 0; number < 24; ++number) {
    happen(visit(number));
    ASSERT_TRUE(engine_->catch_up_learned());
    count += 2;
    clock_.advance_ms(number % 5 == 0 ? 40'000'000 : 30'000);
    Moment moment{.events = count, .now_ms = clock_.now_ms()};
    for (const auto& request : requests_) moment.rows.push_back(engine_->candidate_rows(request).value());
    moments.push_back(std::move(moment));
  }
  ASSERT_TRUE(engine_->catch_up());
  const std::string copy = root_ / "copy";
  ASSERT_TRUE(engine_->backup(copy));

  query::SmallCatalogue catalogue("replay");
  for (const catalog::Listing& listing : few_listings()) catalogue.put(listing);
  const auto snapshot = catalogue.snapshot();
  const auto log = log::open_embedded_log({.folder = copy + "/log"}, clock_);
  ASSERT_TRUE(log) << log.error().message;
  const auto counters = profiles::Counters::create({});
  const auto profiles = profiles::ProfileStore::create({});
  SessionObserver observer(*profiles, *counters, [&](std::string_view id) { return engine_->listing(id); });
  ActionTally actions;
  events::EventReader reader(**log);
  std::size_t observed = 0;
  std::size_t compared = 0;
  auto next = moments.begin();
  const auto compare = [&] {
    for (std::size_t i = 0; i < next->rows.size(); ++i) {
      const auto profile = profiles->find(requests_[i].session_id, requests_[i].user_id, next->now_ms);
      query::UnderstandingBuilder builder(catalogue.analyzer());
      for (const catalog::Listing& listing : few_listings()) tell_listing(listing, builder);
      tell_actions(actions, [&](std::string_view id) { return engine_->listing(id); }, builder, nullptr);
      const auto understanding = builder.build();
      const search::SearchContext context{
          .snapshot = *snapshot,
          .analyzer = catalogue.analyzer(),
          .load_listing = [&](const index::DocInfo& info) { return catalogue.load(info); },
          .learned = {.counters = counters.get(), .profile = profile.get(), .understanding = understanding.get()},
          .now_ms = next->now_ms};
      const auto rows = search::candidate_rows(context, requests_[i]);
      ASSERT_TRUE(rows) << rows.error().message;
      const search::CandidateRows& served = next->rows[i];
      ASSERT_EQ(rows->names, served.names);
      ASSERT_EQ(rows->ids, served.ids) << observed;
      for (std::size_t k = 0; k < rows->values.size(); ++k) {
        const float a = rows->values[k];
        const float b = served.values[k];
        EXPECT_TRUE((std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-6F * std::max(1.0F, std::abs(b)))
            << rows->names[k % rows->names.size()] << " after " << observed << ": " << a << " " << b;
        ++compared;
      }
    }
  };
  for (;;) {
    const auto piece = reader.read();
    ASSERT_TRUE(piece) << piece.error().message;
    if (piece->empty()) break;
    for (const events::Event& event : *piece) {
      observer.observe(event);
      actions.observe(event);
      ++observed;
      if (next == moments.end() || observed != next->events) continue;
      compare();
      ++next;
    }
  }
  EXPECT_EQ(observed, count);
  EXPECT_EQ(next, moments.end());
  EXPECT_GT(compared, 1'000u);
}

}  // namespace
}  // namespace handsel
