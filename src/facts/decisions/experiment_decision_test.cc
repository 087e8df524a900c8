#include "facts/decisions/experiment_decision.h"

#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/clock.h"
#include "facts/log/embedded_log.h"

namespace handsel::decisions {
namespace {

ExperimentDecision decision_on(std::string experiment, Verdict verdict, std::int64_t time_ms) {
  return {.experiment = std::move(experiment),
          .verdict = verdict,
          .time_ms = time_ms,
          .by = "Zoë",
          .why = "more orders",
          .numbers = {{.metric = "gms", .arm = "new", .units = 10, .control = 1, .treated = 2, .lift = 1, .p = 0.01}}};
}

TEST(ExperimentDecision, IsKeptAndReadByTime) {
  const std::string folder = testing::TempDir() + "/handsel_experiment_decision_test";
  std::filesystem::remove_all(folder);
  const SystemClock clock;
  const auto log = log::open_embedded_log({.folder = folder}, clock);
  ASSERT_TRUE(log);
  for (const ExperimentDecision& decision :
       {decision_on("rail", Verdict::kStoppedByGuardRail, 30), decision_on("shelf", Verdict::kShip, 20),
        decision_on("rail", Verdict::kResume, 40), decision_on("gone", Verdict::kStop, 10)}) {
    ASSERT_TRUE(put_experiment_decision(**log, decision));
  }
  const auto read = read_experiment_decisions(**log);
  ASSERT_TRUE(read) << read.error().message;
  std::vector<std::string> names;
  for (const ExperimentDecision& decision : *read) names.push_back(decision.experiment);
  EXPECT_THAT(names, testing::ElementsAre("gone", "shelf", "rail", "rail"));
  EXPECT_EQ(read->front().by, "Zoë");
  EXPECT_EQ(read->front().numbers.front().metric, "gms");
  EXPECT_THAT(stopped_experiments(*read), testing::ElementsAre("gone"));
  EXPECT_THAT(stopped_experiments(std::span(*read).first(3)), testing::ElementsAre("gone", "rail"));
  std::filesystem::remove_all(folder);
}

TEST(ExperimentDecision, WhatStopsAndWhatAllows) {
  struct Row {
    std::vector<Verdict> decided;  // at 10, 20, ...
    bool is_stopped;
    std::int64_t since_ms;
    std::int64_t stop_ms;
  };
  using enum Verdict;
  for (const Row& row : std::vector<Row>{{{}, false, 0, 0},
                                         {{kShip}, false, 0, 0},
                                         {{kResume}, false, 0, 0},
                                         {{kStop}, true, 10, 10},
                                         {{kStoppedByGuardRail}, true, 10, 10},
                                         {{kStop, kShip}, true, 10, 10},
                                         {{kStop, kStoppedByGuardRail}, true, 10, 10},
                                         {{kStop, kKeepRunning}, false, 20, 10},
                                         {{kStop, kResume, kResume}, false, 20, 10},
                                         {{kStop, kResume, kStop}, true, 30, 30}}) {
    std::vector<ExperimentDecision> decided;
    for (const Verdict verdict : row.decided) {
      decided.push_back(decision_on("rail", verdict, 10 * static_cast<std::int64_t>(decided.size() + 1)));
    }
    const std::string shown = ::testing::PrintToString(row.decided.size()) + " decisions";
    const Standings standings = standings_of(decided);
    EXPECT_EQ(standings.size(), decided.empty() ? 0U : 1U);
    if (decided.empty()) continue;
    const Standing& standing = standings.at("rail");
    EXPECT_EQ(standing.is_stopped, row.is_stopped) << shown;
    EXPECT_EQ(standing.since_ms, row.since_ms) << shown;
    EXPECT_EQ(standing.stop.time_ms, row.stop_ms) << shown;
    EXPECT_EQ(standing.newest.time_ms, decided.back().time_ms) << shown;
    EXPECT_TRUE(standing.newest.numbers.empty());
    EXPECT_EQ(stopped_experiments(decided).size(), row.is_stopped ? 1U : 0U);
  }
}

TEST(ExperimentDecision, SaysWhatIsWrong) {
  ExperimentDecision none = decision_on("rail", Verdict::kShip, 1);
  none.why.clear();
  EXPECT_THAT(to_record(none).error().message, testing::HasSubstr("why"));
  none = decision_on("", Verdict::kShip, 1);
  EXPECT_EQ(to_record(none).error().code, Code::kInvalidArgument);
  none = decision_on("rail", Verdict::kShip, 1);
  none.by = "\xff";
  EXPECT_EQ(to_record(none).error().code, Code::kInvalidArgument);
  none = decision_on("rail", Verdict::kShip, 1);
  none.numbers.resize(kHeadlinesMax + 1);
  EXPECT_EQ(to_record(none).error().code, Code::kInvalidArgument);

  const auto record = to_record(decision_on("rail", Verdict::kShip, 5));
  log::Record stored{.key = record->key, .payload = record->payload};
  EXPECT_EQ(parse_experiment_decision(stored)->verdict, Verdict::kShip);
  for (std::size_t size = 1; size < record->payload.size(); ++size) {
    stored.payload = record->payload.substr(0, size);
    EXPECT_EQ(parse_experiment_decision(stored).error().code, Code::kCorrupt) << size;
  }
  stored.payload = record->payload;
  stored.payload[1] = 77;
  EXPECT_EQ(parse_experiment_decision(stored).error().code, Code::kCorrupt);
  stored.payload[0] = 9;
  EXPECT_EQ(parse_experiment_decision(stored).error().code, Code::kUnsupported);
  stored.key = "j/rail";
  EXPECT_EQ(parse_experiment_decision(stored).error().code, Code::kUnsupported);
}

TEST(ExperimentDecision, VerdictsHaveNames) {
  for (const char* name : {"ship", "stop", "keep-running", "stopped-by-guard-rail", "resume"}) {
    ASSERT_TRUE(verdict_of(name));
    EXPECT_EQ(verdict_name(*verdict_of(name)), name);
  }
  EXPECT_FALSE(verdict_of("maybe"));
}

}  // namespace
}  // namespace handsel::decisions
