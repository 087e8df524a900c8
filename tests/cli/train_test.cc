// Training, as a person runs it, and as a power cut ends it.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "program.h"

namespace handsel::test {
namespace {

using nlohmann::json;

std::vector<std::string> train(const Folder& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> args = {"train",      "--data", folder.path("shop"),  "--json",
                                   "--searches", "200",    "--encoder-examples", "5000"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

class Train : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome made = run(
        {"demo", "--data", folder_.path("shop"), "--listings", "500", "--seed", "3", "--events", "20000", "--json"});
    ASSERT_EQ(made.code, 0) << made.err;
  }

  // Ids of what serves, by kind.
  std::map<std::string, std::string> serving() const {
    const Outcome listed = run({"model", "list", "--data", folder_.path("shop"), "--json"});
    EXPECT_EQ(listed.code, 0) << listed.err;
    std::map<std::string, std::string> ids;
    for (const json& model : json::parse(listed.out)["models"]) {
      if (model["serves"]) ids[model["kind"]] = model["id"];
    }
    return ids;
  }

  void expect_search_answers() const {
    const Outcome found = run({"search", "linen", "--data", folder_.path("shop"), "--json"});
    ASSERT_EQ(found.code, 0) << found.err;
    EXPECT_FALSE(json::parse(found.out)["hits"].empty());
  }

  const Folder folder_{"train"};
};

TEST_F(Train, LearnsAndServes) {
  const Outcome trained = run(train(folder_));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const json outcomes = json::parse(trained.out);
  ASSERT_EQ(outcomes.size(), 3u);
  for (const json& outcome : outcomes) {
    EXPECT_TRUE(!outcome["id"].get<std::string>().empty() || !outcome["note"].get<std::string>().empty()) << outcome;
  }
  expect_search_answers();
  EXPECT_EQ(run(train(folder_, {"nonsense"})).code, 2);
}

// The settings file says what a ranker learns to bring up, a flag overrides it, and 'model show' tells.
TEST_F(Train, TheObjectiveIsASetting) {
  const auto objective_of = [&](std::vector<std::string> more) -> std::string {
    more.insert(more.begin(), {"ranker", "--no-promote"});
    const Outcome trained = run(train(folder_, more));
    EXPECT_EQ(trained.code, 0) << trained.err;
    const std::string id = json::parse(trained.out).at(0).at("id");
    return json::parse(
        run({"model", "show", id, "--data", folder_.path("shop"), "--json"}).out)["details"]["objective"];
  };
  EXPECT_EQ(objective_of({}), "click=1,favourite=2,cart=4,purchase=8,profit=0,freshness=0,fresh_half_life_days=14");
  folder_.write("shop/settings.toml", "[train]\nobjective = 'purchase=20,profit=2'\n");
  EXPECT_EQ(objective_of({}), "click=1,favourite=2,cart=4,purchase=20,profit=2,freshness=0,fresh_half_life_days=14");
  EXPECT_EQ(objective_of({"--objective", "cart=0"}),
            "click=1,favourite=2,cart=0,purchase=8,profit=0,freshness=0,fresh_half_life_days=14");
  const Outcome wrong = run(train(folder_, {"--objective", "sale=8"}));
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("'sale=8' is no weight"), std::string::npos) << wrong.err;
  EXPECT_EQ(run({"search", "mug", "--data", folder_.path("shop"), "--objective", "cart=1"}).code, 2);
}

// Whenever it is killed: what served before serves still, whole models alone are listed, and
// the next run ends well.
TEST_F(Train, KilledAtAnyMomentLosesNoModel) {
  ASSERT_EQ(run(train(folder_)).code, 0);
  const auto before = serving();
  for (const int after_ms : {30, 200, 600, 1'200, 2'500}) {
    Running running(train(folder_, {"--seed", std::to_string(after_ms)}), folder_);
    std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));  // the moment is the test's input
    running.stop(SIGKILL);
    const auto now = serving();
    for (const auto& [kind, id] : before) EXPECT_TRUE(now.contains(kind)) << kind << " after " << after_ms << " ms";
    for (const auto& [kind, id] : now) {
      EXPECT_EQ(run({"model", "show", id, "--data", folder_.path("shop")}).code, 0) << id;
    }
    expect_search_answers();
  }
  EXPECT_EQ(run(train(folder_)).code, 0);
}

}  // namespace
}  // namespace handsel::test
