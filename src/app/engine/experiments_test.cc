// Experiments from their file to the search that obeys them and the exposure in the log.
#include "app/engine/experiments.h"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include <gtest/gtest.h>

#include "app/engine/engine.h"
#include "app/engine/experiments_source.h"
#include "base/storage/artefact_store.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'767'225'600'000;  // the start of an hour
constexpr std::int64_t kMinuteMs = 60'000;

// An experiment of two variants; `more` are lines of it, `parameters` those of the second.
std::string experiment(std::string_view name, std::string_view more, std::string_view parameters) {
  return fmt::format(
      "[[experiment]]\nname = '{}'\n{}\n[[experiment.variant]]\nname = 'control'\n"
      "[[experiment.variant]]\nname = 'new'\nparameters = {{ {} }}\n",
      name, more, parameters);
}

std::string message_of(std::string_view toml) {
  const auto parsed = Experiments::parse(toml, "x.toml");
  return parsed ? "" : parsed.error().message;
}

Experiments parsed(std::string_view toml) {
  auto experiments = Experiments::parse(toml, "x.toml");
  EXPECT_TRUE(experiments) << experiments.error().message;
  return experiments ? std::move(*experiments) : Experiments();
}

TEST(Experiments, RefuseWhatNoSearchCouldObey) {
  struct Row {
    std::string toml;
    std::string says;
  };
  for (const Row& row :
       {Row{experiment("a", "", "'search.meening' = false"),
            "x.toml: experiment 'a', variant 'new': 'search.meening' is no parameter of the search; there are: "},
        Row{experiment("a", "", "'search.meaning' = 3"), "'search.meaning' is '3'; expected true or false"},
        Row{experiment("a", "unit = 'shop'", "'search.meaning' = false"), "searches know no unit 'shop'"},
        Row{experiment(std::string(129, 'a'), "", "x = 1"), "longer than 128 bytes"},
        Row{experiment("a", "", "'search.meaning' = false") + experiment("b", "", "'search.meaning' = false"),
            "experiments 'a' and 'b' both set 'search.meaning'"}}) {
    EXPECT_NE(message_of(row.toml).find(row.says), std::string::npos) << message_of(row.toml);
  }
  EXPECT_EQ(message_of(experiment("a", "unit = 'shop'", "'home.rail' = 'gifts'")), "");
  std::string many;
  for (std::size_t i = 0; i <= kRankersMax; ++i) {
    many += experiment(fmt::format("e{}", i), fmt::format("layer = 'l'\nslice = [0.{0}, 0.{1}]", i, i + 1),
                       fmt::format("'search.ranker' = 'r{}'", i));
  }
  EXPECT_NE(message_of(many).find("at most 8 are kept"), std::string::npos) << message_of(many);
}

TEST(Experiments, UnitsAreNamedFromTheRequest) {
  const std::map<std::string, std::string, std::less<>> units = {{"shop", "S1"}};
  const Asker asker{.user_id = " u ", .session_id = "s", .query = "Linen  APRON", .units = &units};
  const auto unit = [&](std::string kind, const Asker& who) {
    return unit_of({.name = "e", .unit = std::move(kind)}, who, kNow);
  };
  EXPECT_EQ(unit("visitor", asker), "u");
  EXPECT_EQ(unit("visitor", {.session_id = "s"}), "s");
  EXPECT_EQ(unit("user", asker), "u");
  EXPECT_EQ(unit("user", {.session_id = "s"}), "");
  EXPECT_EQ(unit("session", asker), "s");
  EXPECT_EQ(unit("query", asker), "linen apron");
  EXPECT_EQ(unit("shop", asker), "S1");
  EXPECT_EQ(unit("listing", asker), "");
  EXPECT_EQ(unit("visitor", {}), "");
  const std::string novel(500, 'x');
  EXPECT_EQ(unit("query", {.query = novel}).size(), 33u);  // '#' and a hash
  assignment::Experiment blocks{.name = "e"};
  blocks.switchback = {.block_ms = 60 * kMinuteMs, .washout_ms = 5 * kMinuteMs};
  EXPECT_EQ(unit_of(blocks, {}, kNow), fmt::format("{}", kNow / (60 * kMinuteMs)));
}

TEST(Experiments, AWashoutIsTheControlUncountedAndTargetingIsInLowerCase) {
  const Experiments all = parsed(experiment("hours",
                                            "switchback = { block_minutes = 60, washout_minutes = 5 }\n"
                                            "targeting = { country = ['DE'] }",
                                            "x = 1"));
  const std::vector<assignment::Attribute> germany = {{"country", "de"}};
  const Asker asker{.attributes = germany};
  std::size_t news = 0;
  for (int hour = 0; hour < 50; ++hour) {
    const std::int64_t start = kNow + hour * 60 * kMinuteMs;
    const auto washed = all.assign(all.all()[0], asker, start + 5 * kMinuteMs - 1);
    ASSERT_TRUE(washed);
    EXPECT_TRUE(washed->in_washout);
    EXPECT_EQ(washed->variant->name, "control");
    const auto counted = all.assign(all.all()[0], asker, start + 5 * kMinuteMs);
    ASSERT_TRUE(counted);
    EXPECT_FALSE(counted->in_washout);
    EXPECT_EQ(counted->unit, washed->unit);
    news += counted->variant->name == "new";
  }
  EXPECT_GT(news, 10u);
  EXPECT_LT(news, 40u);
  EXPECT_FALSE(all.assign(all.all()[0], {}, kNow));
  EXPECT_EQ(all.why(all.all()[0], {}, kNow), "not targeted");
  EXPECT_NE(all.why(all.all()[0], asker, kNow).find("just begun"), std::string::npos);
}

TEST(ExperimentsSource, ABrokenFileKeepsTheLastGood) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("handsel-experiments-{}", ::getpid());
  fs::create_directories(folder);
  ExperimentsSource source(real_file_system(), experiments_path(folder.string()));
  const auto write = [&](const std::string& text) { ASSERT_TRUE(real_file_system().write_file(source.path(), text)); };
  EXPECT_EQ(source.current(0)->all().size(), 0u);
  write(experiment("a", "", "x = 1"));
  EXPECT_EQ(source.current(kLookEveryMs)->all().size(), 1u);
  write("holdout = 2");
  EXPECT_EQ(source.current(2 * kLookEveryMs)->all().size(), 1u);
  const auto trouble = source.trouble(2 * kLookEveryMs);
  ASSERT_TRUE(trouble);
  EXPECT_TRUE(trouble->starts_with("the experiments before it stay in force: ")) << *trouble;
  EXPECT_NE(trouble->find("a holdout of 2"), std::string::npos);
  fs::remove_all(folder);
  EXPECT_EQ(source.current(3 * kLookEveryMs)->all().size(), 0u);
  EXPECT_FALSE(source.trouble(3 * kLookEveryMs));
}

// --- in the engine ---

class ServedExperimentsTest : public ::testing::Test {
 protected:
  ServedExperimentsTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / fmt::format("handsel-served-{}-{}", info->name(), ::getpid());
    fs::remove_all(root_);
    fs::create_directories(root_);
    open();
    std::vector<catalog::Listing> listings;
    for (int i = 0; i < 20; ++i) {
      listings.push_back({.id = fmt::format("L{:02}", i),
                          .shop_id = i < 15 ? "large" : fmt::format("shop{}", i),
                          .shop_name = i < 15 ? "large" : fmt::format("shop{}", i),
                          .title = "linen apron",
                          .price_cents = 1'000 * (i + 1),
                          .currency = "EUR"});
    }
    EXPECT_TRUE(engine_->put_listings(listings));
    EXPECT_TRUE(engine_->catch_up_learned());
  }
  ~ServedExperimentsTest() override {
    engine_.reset();
    fs::remove_all(root_);
  }

  void open() {
    engine_.reset();
    auto opened = Engine::open({.folder = root_, .threads = 1, .refresh_every_ms = 10}, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
    ASSERT_TRUE(engine_->catch_up());
  }
  void put(const std::string& toml) {
    const auto done = engine_->put_experiments(toml);
    ASSERT_TRUE(done) << done.error().message;
  }
  static search::SearchRequest of(std::string session) {
    search::SearchRequest request{.query = "linen apron", .limit = 10};
    request.session_id = std::move(session);
    request.explore = false;
    return request;
  }
  search::SearchResponse search(const search::SearchRequest& request) {
    auto response = engine_->search(request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? std::move(*response) : search::SearchResponse{};
  }
  std::string variant(const search::SearchRequest& request) {
    const auto response = search(request);
    return response.experiments.empty() ? "" : response.experiments.front().second;
  }
  // "experiment/variant/unit" of each, sorted.
  std::vector<std::string> exposures() {
    std::vector<std::string> all;
    EXPECT_TRUE(engine_->visit_events([&](const events::Event& event) {
      if (event.kind == events::EventKind::kExposure) {
        all.push_back(event.experiment + "/" + event.variant + "/" + event.unit);
      }
      return true;
    }));
    std::ranges::sort(all);
    return all;
  }
  static std::size_t of_large_shop(const search::SearchResponse& response) {
    return static_cast<std::size_t>(
        std::ranges::count_if(response.hits, [](const auto& hit) { return hit.listing.shop_id == "large"; }));
  }

  fs::path root_;
  ManualClock clock_{kNow};
  std::unique_ptr<Engine> engine_;
};

TEST_F(ServedExperimentsTest, AParameterReachesThePathAndEachUnitIsExposedOnce) {
  put(experiment("cap", "", "'search.per_shop' = 1"));
  std::vector<std::string> expected;
  std::size_t capped = 0;
  for (int i = 0; i < 40; ++i) {
    const auto request = of(fmt::format("s{}", i));
    const auto response = search(request);
    ASSERT_EQ(response.experiments.size(), 1u);
    EXPECT_EQ(response.experiments[0].first, "cap");
    const std::string& variant = response.experiments[0].second;
    EXPECT_EQ(of_large_shop(response) <= 1, variant == "new") << variant;
    capped += variant == "new";
    EXPECT_EQ(this->variant(request), variant);  // and again the same
    expected.push_back(fmt::format("cap/{}/s{}", variant, i));
  }
  EXPECT_GT(capped, 8u);
  EXPECT_LT(capped, 32u);
  std::ranges::sort(expected);
  EXPECT_EQ(exposures(), expected);
  EXPECT_EQ(engine_->health().exposures, 40u);
  EXPECT_EQ(engine_->health().exposures_dropped, 0u);
  open();  // who is exposed again on the same day is the same event
  search(of("s0"));
  EXPECT_EQ(exposures(), expected);
}

TEST_F(ServedExperimentsTest, WhereTheVariantIsNotUsedNobodyIsExposed) {
  put(experiment("cap", "", "'search.per_shop' = 1") + experiment("page", "", "'home.rail' = 'gifts'"));
  EXPECT_EQ(variant(of("")), "");  // nobody
  auto request = of("s");
  request.per_shop_max = 3;  // the request has its own cap, whichever variant it would get
  EXPECT_EQ(variant(request), "");
  request = of("s");
  request.experiments = false;
  EXPECT_EQ(variant(request), "");
  request = of("s");
  request.filter = "price <";
  EXPECT_FALSE(engine_->search(request));
  EXPECT_TRUE(exposures().empty());
  request = of("s");
  request.personalise = false;  // assignment is none
  EXPECT_NE(variant(request), "");
  EXPECT_EQ(exposures().size(), 1u);
}

TEST_F(ServedExperimentsTest, WhoIsNotToBeKnownIsNotNamed) {
  put(experiment("words", "unit = 'query'", "'search.per_shop' = 1"));
  const auto last = [&] {
    events::Event found;
    EXPECT_TRUE(engine_->visit_events([&](const events::Event& event) {
      if (event.kind == events::EventKind::kExposure) found = event;
      return true;
    }));
    return found;
  };
  auto request = of("s");
  request.user_id = "u";
  request.personalise = false;
  EXPECT_NE(variant(request), "");
  EXPECT_EQ(last().unit, "linen apron");
  EXPECT_EQ(last().user_id + last().session_id, "");
  EXPECT_EQ(last().surface, "search");
}

TEST_F(ServedExperimentsTest, TargetingKnowsTheLanguageThatIsMeantWhereNoneIsNamed) {
  put(experiment("cap", "targeting = { language = ['en'], surface = ['search'] }", "'search.per_shop' = 1"));
  EXPECT_NE(variant(of("s")), "");
  auto request = of("s");
  request.language = "de";
  EXPECT_EQ(variant(request), "");
  request.language = "EN";
  EXPECT_NE(variant(request), "");
}

TEST_F(ServedExperimentsTest, AHoldoutIsInNothingAndAStoppedExperimentTakesNobody) {
  put("holdout = 1.0\n" + experiment("cap", "", "'search.per_shop' = 1"));
  EXPECT_EQ(variant(of("s")), "");
  put(experiment("cap", "running = false", "'search.per_shop' = 1"));
  EXPECT_EQ(variant(of("s")), "");
  EXPECT_TRUE(exposures().empty());
}

TEST_F(ServedExperimentsTest, WhatWasStoppedServesTheControlToEverybodyUntilItIsResumed) {
  const auto decide = [&](std::string_view name, decisions::Verdict verdict) {
    return engine_->decide_experiment(
        {.experiment = std::string(name), .verdict = verdict, .by = "Ada", .why = "it harms", .numbers = {}});
  };
  clock_.advance_ms(2 * kMinuteMs);
  put(experiment("cap", "", "'search.per_shop' = 1") + experiment("page", "", "'home.rail' = 'gifts'"));
  std::string capped;  // a session that gets the new variant
  for (int i = 0; capped.empty(); ++i) {
    if (variant(of(fmt::format("s{}", i))) == "new") capped = fmt::format("s{}", i);
  }
  EXPECT_LE(of_large_shop(search(of(capped))), 1u);
  const auto before = exposures();

  EXPECT_EQ(decide("cup", decisions::Verdict::kStop).error().code, Code::kNotFound);
  ASSERT_TRUE(decide("cap", decisions::Verdict::kStop));
  const auto is_stopped = [&] {
    const auto response = search(of(capped));
    EXPECT_GT(of_large_shop(response), 1u);
    EXPECT_TRUE(response.experiments.empty());
    search(of("somebody new"));
    EXPECT_EQ(exposures(), before);
    const ExperimentsInForce in_force = engine_->experiments();
    const auto running = [&](std::string_view name) {
      return in_force.experiments->assignments().find(name)->is_running;
    };
    EXPECT_FALSE(running("cap"));
    EXPECT_TRUE(running("page"));
    EXPECT_EQ(in_force.decided->at("cap").stop.why, "it harms");
    EXPECT_EQ(in_force.decided->at("cap").since_ms, kNow + 2 * kMinuteMs);
    EXPECT_EQ(engine_->health().experiments_stopped, 1u);
  };
  is_stopped();
  // Whatever the definitions say, then or later, and after a restart; to ship it does not bring it back.
  put(experiment("page", "", "'home.rail' = 'gifts'") + experiment("cap", "running = true", "'search.per_shop' = 1"));
  is_stopped();
  open();
  is_stopped();
  clock_.advance_ms(-kMinuteMs);  // a clock that is set back puts nothing in front of what was decided
  ASSERT_TRUE(decide("cap", decisions::Verdict::kShip));
  is_stopped();

  ASSERT_TRUE(decide("cap", decisions::Verdict::kResume));
  EXPECT_EQ(variant(of(capped)), "new");
  EXPECT_EQ(engine_->health().experiments_stopped, 0u);
  open();
  EXPECT_EQ(variant(of(capped)), "new");
  EXPECT_EQ(variant(of("somebody else")), variant(of("somebody else")));
  EXPECT_EQ(exposures().size(), before.size() + 1);
  put(experiment("cap", "running = false", "'search.per_shop' = 1"));
  EXPECT_EQ(variant(of(capped)), "") << "allowed, and not wanted";
}

TEST_F(ServedExperimentsTest, AGuardRailThatIsSurelyBrokenStopsItsExperiment) {
  put(experiment("cap", "", "'search.per_shop' = 1"));
  const auto metrics = [&](const std::string& text) {
    ASSERT_TRUE(real_file_system().write_file((root_ / "metrics.toml").string(), text));
  };
  metrics("[[metric]]\nname = 'reports'\nevents = ['report']\nbetter = 'less'\nguard = 0.1\n");
  std::vector<events::Event> reports;
  for (int i = 0; i < 400; ++i) {
    const std::string session = fmt::format("s{}", i);
    if (variant(of(session)) != "new") continue;
    reports.push_back(
        {.kind = events::EventKind::kReport, .time_ms = kNow, .session_id = session, .listing_id = "L01"});
  }
  ASSERT_EQ(engine_->check_guard_rails(), 0u);
  ASSERT_TRUE(engine_->put_events(reports));
  ASSERT_EQ(engine_->check_guard_rails(), 1u);
  EXPECT_EQ(variant(of("s1")), "");
  EXPECT_EQ(engine_->health().guard_checks, 2u);
  const auto standing = engine_->experiments().decided->at("cap");
  EXPECT_EQ(standing.stop.verdict, decisions::Verdict::kStoppedByGuardRail);
  EXPECT_NE(standing.stop.why.find("reports of new changed by +"), std::string::npos) << standing.stop.why;
  EXPECT_TRUE(engine_->put_experiments(experiment("cap", "", "'search.per_shop' = 1")));

  const auto says = [&](std::string_view what) {
    return std::ranges::any_of(engine_->health().degraded,
                               [&](const std::string& reason) { return reason.find(what) != std::string::npos; });
  };
  EXPECT_FALSE(says("guard rails"));
  metrics("[[metric]]\nname = 'reports'\nevents = ['reports']\nguard = 0.1\n");
  EXPECT_FALSE(engine_->check_guard_rails());
  EXPECT_TRUE(says("guard rails of experiments are not checked: "));
  EXPECT_EQ(search(of("s1")).hits.size(), 10u);
}

TEST_F(ServedExperimentsTest, ABackupHasThemAndWhatWasDecided) {
  put(experiment("cap", "", "'search.per_shop' = 1") + experiment("page", "", "'home.rail' = 'gifts'"));
  ASSERT_TRUE(engine_->decide_experiment(
      {.experiment = "cap", .verdict = decisions::Verdict::kStop, .by = "Ada", .why = "it harms", .numbers = {}}));
  ASSERT_TRUE(real_file_system().write_file(root_ / "metrics.toml", "# guards\n"));
  ASSERT_TRUE(engine_->backup(root_ / "copy"));
  EXPECT_EQ(real_file_system().read_file(root_ / "copy" / "metrics.toml").value_or(""), "# guards\n");
  const auto copy = Engine::open({.folder = root_ / "copy", .threads = 1}, clock_);
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_FALSE((*copy)->experiments().experiments->assignments().find("cap")->is_running);
  EXPECT_TRUE((*copy)->experiments().experiments->assignments().find("page")->is_running);
}

TEST_F(ServedExperimentsTest, ABlockOfTimeServesEverybodyAndAWashoutCountsNobody) {
  put(experiment("hours", "switchback = { block_minutes = 60, washout_minutes = 5 }", "'search.per_shop' = 1"));
  EXPECT_EQ(variant(of("s")), "");
  EXPECT_GT(of_large_shop(search(of("s"))), 1u);  // the control
  EXPECT_TRUE(exposures().empty());
  clock_.advance_ms(5 * kMinuteMs);
  const std::string now = variant(of("s"));
  EXPECT_NE(now, "");
  EXPECT_EQ(variant(of("")), now);
  EXPECT_EQ(exposures(), std::vector<std::string>{fmt::format("hours/{}/{}", now, kNow / (60 * kMinuteMs))});
}

TEST_F(ServedExperimentsTest, ABrokenFileKeepsTheLastGoodAndHealthSaysSo) {
  put(experiment("cap", "", "'search.per_shop' = 1"));
  const auto broken = engine_->put_experiments("holdout = 2");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, Code::kInvalidData);
  EXPECT_NE(variant(of("s")), "");
  ASSERT_TRUE(real_file_system().write_file(experiments_path(root_.string()), "holdout = 2"));
  clock_.advance_ms(kLookEveryMs);
  EXPECT_NE(variant(of("s")), "");
  ASSERT_TRUE(engine_->experiments().trouble);
  const auto degraded = engine_->health().degraded;
  EXPECT_TRUE(std::ranges::any_of(degraded, [](const std::string& reason) {
    return reason.find("the experiments before it stay in force") != std::string::npos;
  }));
}

TEST_F(ServedExperimentsTest, ARankerByIdServesItsVariantOnly) {
  storage::ArtefactStore store(real_file_system(), clock_, root_ / "models");
  const auto put_ranker = [&](float weight) {
    const auto trees = trees::TreeEnsemble::build({.features = {"price"}, .linear = {{.column = 0, .weight = weight}}});
    return store.put({.kind = "ranker", .features = {"price"}}, {{"trees.bin", trees->serialise()}}).value();
  };
  const std::string dear_first = put_ranker(1);
  clock_.advance_ms(1'000);
  const std::string cheap_first = put_ranker(-1);
  ASSERT_TRUE(store.promote("ranker", dear_first));
  put(experiment("order", "", fmt::format("'search.ranker' = '{}'", cheap_first)));
  search(of("s"));  // says which rankers are wanted
  ASSERT_TRUE(engine_->catch_up_learned());
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const auto response = search(of(fmt::format("s{}", i)));
    ASSERT_EQ(response.experiments.size(), 1u);
    const std::string& variant = response.experiments[0].second;
    seen.insert(variant);
    EXPECT_EQ(response.hits.front().listing.id, variant == "new" ? "L00" : "L19");
  }
  EXPECT_EQ(seen.size(), 2u);
  // The order of before any learning is a variant too.
  put(experiment("order", "", "'search.ranker' = 'untrained'"));
  seen.clear();
  for (int i = 0; i < 20; ++i) {
    const auto response = search(of(fmt::format("s{}", i)));
    seen.insert(response.experiments[0].second);
    EXPECT_EQ(response.learned, response.experiments[0].second == "control");
  }
  EXPECT_EQ(seen.size(), 2u);
  // Rankers that are not there: nobody is in the experiments, in either variant.
  put(experiment("order", "layer = 'l'\nslice = [0.0, 0.5]", "'search.ranker' = 'none'") +
      experiment("other", "layer = 'l'\nslice = [0.5, 1.0]", "'search.ranker' = 'nobody'"));
  EXPECT_EQ(variant(of("s")), "");
  ASSERT_TRUE(engine_->catch_up_learned());
  EXPECT_EQ(variant(of("s")), "");
  const auto degraded = engine_->health().degraded;
  for (const std::string id : {"none", "nobody"}) {
    EXPECT_TRUE(std::ranges::any_of(degraded, [&](const std::string& reason) {
      return reason.find("experiments with the ranker '" + id + "' do not run") != std::string::npos;
    })) << id;
  }
}

TEST_F(ServedExperimentsTest, ExplainNamesTheVariantAndPagesGoOnWhenDefinitionsChange) {
  put(experiment("untrained", "targeting = { country = ['PT'] }", "'search.session' = false"));
  auto request = of("s");
  request.explain = true;
  EXPECT_EQ(variant(request), "");  // not the country
  request.country = "PT";
  const auto first = search(request);
  ASSERT_EQ(first.experiments.size(), 1u);
  ASSERT_FALSE(first.explain.empty());
  EXPECT_EQ(first.explain.front().stage, "experiments");
  EXPECT_NE(first.explain.front().json.find(R"("experiment":"untrained")"), std::string::npos);
  ASSERT_FALSE(first.next_cursor.empty());
  put("[[experiment]]\nname = 'words'\n[[experiment.variant]]\nname = 'only'\nparameters = { 'search.meaning' = false "
      "}\n");
  request.cursor = first.next_cursor;
  EXPECT_EQ(search(request).hits.size(), 10u);
}

}  // namespace
}  // namespace handsel
