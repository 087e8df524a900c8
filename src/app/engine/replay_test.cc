// What serving knew is what the log says: rows are computed again from it, and rankers trained.
#include <cmath>
#include <map>
#include <optional>

#include <gmock/gmock.h>

#include "app/engine/engine_impl.h"
#include "app/engine/search_rows.h"
#include "app/engine/testing/visited_fixture.h"

namespace handsel {
namespace {

class ReplayTest : public VisitedTest {};

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
  visits(200);
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

// Graph and understanding know the early part of the log alone, so that part is made to end where the search begins.
TEST_F(ReplayTest, RowsOfTrainingAreRowsOfServing) {
  std::vector<catalog::Listing> listings = few_listings();
  listings.push_back(make_listing("5", "golden mug and bowl", 900));  // never shown, and too dear for one filter
  open_with(listings);
  promote(kEncoderModel, put_encoder());
  auto& engine = dynamic_cast<EngineImpl&>(*engine_);
  struct Served {
    std::uint64_t events_before = 0;
    learning::LabelledSearch labels;
    search::CandidateRows rows;
  };
  std::vector<Served> all;
  for (std::size_t number = 0; number < 24; ++number) {
    ASSERT_TRUE(engine_->catch_up_learned());
    const std::vector<events::Event> seen = visit(number);
    Served served{.events_before = 2 * number, .labels = {.query_id = seen.front().id}};
    for (const std::string& id : seen.front().shown) served.labels.rows.push_back({.listing_id = id});
    served.rows = engine_->candidate_rows(requests_[number % 6], seen.front().shown).value();
    all.push_back(std::move(served));
    happen(seen);
    clock_.advance_ms(number % 5 == 0 ? 40'000'000 : 30'000);
  }
  std::map<std::string_view, std::size_t> known;  // by feature: how often it was a number
  for (const Served& served : all) {
    Trainer::Parts parts = engine.trainer_parts();
    std::optional<search::CandidateRows> trained;
    parts.candidate_rows = [&, compute = parts.candidate_rows](const auto&... asked) {
      auto rows = compute(asked...);
      if (rows) trained = *rows;
      return rows;
    };
    const SearchRows::Labelled labelled = {{served.labels.query_id, served.labels}};
    RankingData data;
    const auto added = SearchRows(parts, labelled, {.early_events = served.events_before, .searches_max = 1})
                           .add_to(data, [](std::string_view, std::uint64_t) {}, {});
    ASSERT_TRUE(added) << added.error().message;
    ASSERT_TRUE(trained);
    ASSERT_EQ(trained->names, served.rows.names);
    std::map<std::string, std::size_t> row_of;  // there the order is that of the ranker, of which training has none
    for (std::size_t i = 0; i < trained->ids.size(); ++i) row_of.emplace(trained->ids[i], i);
    ASSERT_EQ(row_of.size(), served.rows.ids.size());
    const std::size_t width = trained->names.size();
    for (std::size_t i = 0; i < served.rows.values.size(); ++i) {
      const auto row = row_of.find(served.rows.ids[i / width]);
      ASSERT_NE(row, row_of.end());
      const float a = trained->values[row->second * width + i % width];
      const float b = served.rows.values[i];
      const std::string_view name = trained->names[i % width];
      EXPECT_TRUE((std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-6F * std::max(1.0F, std::abs(b)))
          << name << " of " << served.rows.ids[i / width] << " after " << served.events_before << ": " << a << " " << b;
      known[name] += !std::isnan(b) && b != 0;
    }
  }
  // What is compared is there: the encoder, walks, the session, counters.
  for (const char* name : {"similarity", "session_similarity", "walk", "session_seen", "listing_shown",
                           "query_click_rate", "listing_click_rate", "session_price", "match"}) {
    EXPECT_GT(known[name], 3u) << name;
  }
}

// What it kept away is not known; the others teach all the same.
TEST_F(ReplayTest, ASearchWhoseFilterCannotBeReadTeachesNothing) {
  open_with(few_listings());
  for (const auto& [filter, teaches] :
       {std::pair<std::string, bool>{"price <", false}, {"no_such_column = 1", false}, {"price > 0", true}}) {
    std::vector<events::Event> seen = visit(0);
    seen.front().filter = filter;
    happen(seen);
    ASSERT_TRUE(engine_->catch_up_learned());
    const SearchRows::Labelled labelled = {
        {seen.front().query_id, {.query_id = seen.front().query_id, .rows = {{.listing_id = "1"}}, .shown = {}}}};
    const Trainer::Parts parts = dynamic_cast<EngineImpl&>(*engine_).trainer_parts();
    RankingData data;
    const auto added = SearchRows(parts, labelled, {.early_events = 0, .searches_max = 1})
                           .add_to(data, [](std::string_view, std::uint64_t) {}, {});
    ASSERT_TRUE(added) << filter << ": " << added.error().message;
    EXPECT_EQ(data.rows().rows() > 0, teaches) << filter;
  }
}

}  // namespace
}  // namespace handsel
