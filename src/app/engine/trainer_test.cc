// What stands in the manifests of what was trained, and what a ranker makes of propensities.
#include <gmock/gmock.h>

#include "app/engine/testing/visited_fixture.h"
#include "ranking/learning/propensities.h"

namespace handsel {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class TrainerTest : public VisitedTest {
 protected:
  void open_with_visits() {
    std::vector<catalog::Listing> listings = few_listings();
    for (std::size_t i = 0; i < listings.size(); ++i) listings[i].created_ms = kNow - 86'400'000ll * (1 + 9 * i);
    open_with(listings);
    visits(200);
  }
  TrainOutcome train(const TrainRequest& request) {
    clock_.advance_ms(1);  // ids tell moments apart
    const auto outcomes = engine_->train(request, {}, {});
    EXPECT_TRUE(outcomes) << outcomes.error().message;
    return outcomes ? outcomes->back() : TrainOutcome{};
  }
  TrainOutcome train_ranker() { return train({.kinds = {Trained::kRanker}, .promote = false}); }

  storage::Artefact artefact(const TrainOutcome& outcome) const {
    auto opened = store().open(trained_name(outcome.kind), outcome.id);
    EXPECT_TRUE(opened) << outcome.note;
    return opened ? std::move(*opened) : storage::Artefact{};
  }
  std::string detail(const TrainOutcome& outcome, std::string_view name) const {
    return detail_of(artefact(outcome).manifest, name);
  }
  // Of what it learned from: events, features, labels and offsets.
  std::string rows(const TrainOutcome& outcome) const { return artefact(outcome).manifest.data_fingerprint; }
  std::string promote_propensities(std::string bytes) {
    clock_.advance_ms(1);
    const auto id = store().put({.kind = std::string(kPropensitiesModel)}, {{"propensities.txt", std::move(bytes)}});
    EXPECT_TRUE(id);
    promote(kPropensitiesModel, id.value_or(""));
    return id.value_or("");
  }
  static std::string steep() {
    learning::Propensities propensities;
    for (std::size_t i = 0; i < learning::kPlaceRanges; ++i) {
      propensities.values[i] = 1 / static_cast<double>((i + 1) * (i + 1));
      propensities.log_errors[i] = 0.01;
    }
    propensities.trusted = true;
    propensities.ranges = 4;
    return propensities.serialise();
  }
};

TEST_F(TrainerTest, TheObjectiveMakesTheLabelsAndIsInTheManifest) {
  open_with_visits();
  const auto trained = [&](const learning::Objective& objective) {
    const TrainOutcome outcome = train({.kinds = {Trained::kRanker}, .promote = false, .objective = objective});
    EXPECT_EQ(detail(outcome, "objective"), learning::to_text(objective));
    return rows(outcome);
  };
  const std::string plain = trained({});
  EXPECT_EQ(trained({}), plain);
  EXPECT_NE(trained({.click = 20}), plain);
  EXPECT_NE(trained({.profit = 10}), plain);     // purchases of the log have prices
  EXPECT_NE(trained({.freshness = 10}), plain);  // and listings an age
}

// The places of the log never moved, so nothing can be learned of them.
TEST_F(TrainerTest, RefusedPropensitiesTakeThoseFromBeforeOutOfService) {
  open_with_visits();
  const TrainOutcome nothing = train({.kinds = {Trained::kPropensities}});
  EXPECT_EQ(nothing.id, "");
  EXPECT_THAT(nothing.note, StartsWith("position bias is not estimated: "));
  const TrainOutcome uncorrected = train_ranker();
  EXPECT_THAT(detail(uncorrected, "position_bias"), StartsWith("not corrected: "));

  const std::string stale = promote_propensities(steep());
  const TrainOutcome corrected = train_ranker();
  EXPECT_EQ(detail(corrected, "position_bias"), "corrected by " + stale);
  EXPECT_NE(rows(corrected), rows(uncorrected));
  const TrainOutcome aside = train({.kinds = {Trained::kPropensities}, .promote = false});
  EXPECT_FALSE(aside.promoted);
  EXPECT_EQ(store().promoted(kPropensitiesModel).value(), stale);

  const TrainOutcome refused = train({.kinds = {Trained::kPropensities}});
  EXPECT_THAT(refused.note, HasSubstr(stale + ", corrects no longer"));
  EXPECT_EQ(store().promoted(kPropensitiesModel).value(), refused.id);
  EXPECT_THAT(detail(refused, "trusted"), StartsWith("no: "));
  EXPECT_THAT(detail(refused, "library"), StartsWith("handsel "));
  const TrainOutcome again = train_ranker();
  EXPECT_THAT(detail(again, "position_bias"), StartsWith("not corrected: "));
  EXPECT_EQ(rows(again), rows(uncorrected));
  EXPECT_EQ(train({.kinds = {Trained::kPropensities}}).id, "") << "one that says so is enough";
  EXPECT_EQ(store().rollback(kPropensitiesModel).value(), stale);
}

TEST_F(TrainerTest, PropensitiesThatCannotBeReadDoNotKeepARankerFromBeingTrained) {
  open_with_visits();
  const TrainOutcome uncorrected = train_ranker();
  promote_propensities("learned");
  const TrainOutcome trained = train_ranker();
  EXPECT_THAT(trained.note, HasSubstr("position bias is not corrected, for what was learned of it cannot be read"));
  EXPECT_THAT(detail(trained, "position_bias"), StartsWith("not corrected: "));
  EXPECT_EQ(rows(trained), rows(uncorrected));
  EXPECT_THAT(train({.kinds = {Trained::kPropensities}}).note, HasSubstr("corrects no longer"));
}

TEST_F(TrainerTest, FingerprintsAreOfWhatWasRead) {
  open_with_visits();
  promote_propensities(steep());
  const auto fingerprints = [&] {
    // Refused, and so an artefact each time: what was promoted corrects.
    const TrainOutcome propensities = train({.kinds = {Trained::kPropensities}, .promote = false});
    return std::pair(rows(propensities), rows(train_ranker()));
  };
  const auto before = fingerprints();
  EXPECT_THAT(before.first, EndsWith(", 400 events"));
  EXPECT_THAT(before.second, HasSubstr(", 400 events, "));
  EXPECT_EQ(fingerprints(), before);
  happen(visit(200));
  const auto after = fingerprints();
  EXPECT_NE(after.first.substr(0, 16), before.first.substr(0, 16));
  EXPECT_NE(after.second.substr(0, 16), before.second.substr(0, 16));
  // The same events of another catalogue are other rows.
  ASSERT_TRUE(engine_->put_listings(std::vector{make_listing("1", "blue mug", 9'900)}));
  const auto dearer = fingerprints();
  EXPECT_EQ(dearer.first, after.first);
  EXPECT_NE(dearer.second, after.second);
}

}  // namespace
}  // namespace handsel
