// Training, as a person runs it, alone and beside a server, and as a power cut ends it.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/core/rng.h"
#include "program.h"

namespace handsel::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr int kAprons = 12;
constexpr int kSearches = 600;

std::string aprons() {
  std::string lines;
  for (int i = 1; i <= kAprons; ++i) {
    lines += fmt::format(R"({{"id":"{}","title":"Linen apron","price":{},"currency":"EUR"}})", i, 10 * i) + "\n";
  }
  return lines;
}

// Searches that show all aprons in any order; people click on the three cheap ones, less where they stand far down. So
// there is something to learn: how likely places are looked at, and that cheap is better.
std::string searches() {
  Rng rng(5);
  std::vector<int> ids(kAprons);
  std::iota(ids.begin(), ids.end(), 1);
  std::string lines;
  for (int i = 0; i < kSearches; ++i) {
    std::ranges::shuffle(ids, rng);
    const std::string of_search =
        fmt::format(R"("session_id":"s{}","query_id":"q{}","time_ms":{})", i, i, 1'760'000'000'000 + 60'000LL * i);
    lines += fmt::format(R"({{"kind":"search","query":"linen apron","shown":["{}"],{}}})", fmt::join(ids, R"(",")"),
                         of_search) +
             "\n";
    for (std::size_t place = 0; place < ids.size(); ++place) {
      if (ids[place] > 3 || rng.below(place + 2) > 1) continue;
      lines += fmt::format(R"({{"kind":"click","listing_id":"{}",{}}})", ids[place], of_search) + "\n";
    }
  }
  return lines;
}

class Train : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("aprons.jsonl", aprons());
    folder_.write("searches.jsonl", searches());
    ASSERT_EQ(run({"import", "listings", folder_.path("aprons.jsonl"), "--data", shop_}).code, 0);
    const Outcome imported = run({"import", "events", folder_.path("searches.jsonl"), "--data", shop_, "--strict"});
    ASSERT_EQ(imported.code, 0) << imported.out;
  }

  std::vector<std::string> args(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> args = {"train", "--data", shop_, "--json", "--searches", "200", "--encoder-examples",
                                     "5000"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  }

  struct Model {
    std::string id;
    int seed = 0;
    bool operator==(const Model&) const = default;
  };
  // What serves, by kind.
  std::map<std::string, Model> serving() const {
    const Outcome listed = run({"model", "list", "--data", shop_, "--json"});
    EXPECT_EQ(listed.code, 0) << listed.err;
    std::map<std::string, Model> models;
    const json all = json::parse(listed.out);
    for (const json& model : all.at("models")) {
      if (model["serves"]) models[model["kind"]] = {model["id"], model["seed"]};
    }
    return models;
  }
  void expect_whole(const std::string& id) const {
    EXPECT_EQ(run({"model", "show", id, "--data", shop_}).code, 0) << id;
  }

  // The trainer that works on the folder, once it does.
  bool trains(const Running& running) const {
    return soon([&] { return read_file(shop_ + "/training/lock") == fmt::format("{}\n", running.pid()); });
  }

  const Folder folder_{"train"};
  const std::string shop_ = folder_.path("shop");
};

class TrainBeside : public Train {
 protected:
  void serve() {
    server_ = std::make_unique<Running>(std::vector<std::string>{"serve", "--data", shop_, "--listen", "127.0.0.1:0"},
                                        server_folder_);
    address_ = server_->first_line();
    ASSERT_TRUE(address_.starts_with("http://")) << address_;
  }
  json search(const std::string& more = "") const {
    return json::parse(http_get(address_, "/v1/search?q=linen" + more), nullptr, false);
  }
  bool has_learned() const {
    const json answer = search();
    return !answer.is_discarded() && !answer["hits"].empty() && answer["learned"] == true;
  }

  const Folder server_folder_{"train-server"};
  std::unique_ptr<Running> server_;
  std::string address_;
};

TEST(TrainOnTheDemo, LearnsAndServes) {
  const Folder folder("train-demo");
  const std::string shop = folder.path("shop");
  const Outcome made = run({"demo", "--data", shop, "--listings", "500", "--seed", "3", "--events", "20000", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  const Outcome trained = run({"train", "--data", shop, "--json", "--searches", "200", "--encoder-examples", "5000"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("is held until the training ends"));
  const json outcomes = json::parse(trained.out);
  ASSERT_EQ(outcomes.size(), 3u);
  for (const json& outcome : outcomes) {
    EXPECT_TRUE(!outcome["id"].get<std::string>().empty() || !outcome["note"].get<std::string>().empty()) << outcome;
  }
  const Outcome found = run({"search", "linen", "--data", shop, "--json"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_FALSE(json::parse(found.out)["hits"].empty());
  EXPECT_FALSE(fs::exists(shop + "/training/views")) << "it used the folder's own";
  EXPECT_FALSE(fs::exists(shop + "/training/encoder.checkpoint")) << "what is stored needs none";
  EXPECT_EQ(run({"train", "nonsense", "--data", shop}).code, 2);
  const Outcome again = run({"demo", "--data", shop, "--listings", "500"});
  EXPECT_EQ(again.code, 3) << "two demos would be one folder";
  EXPECT_THAT(again.err, HasSubstr("holds a marketplace"));
}

// Whoever looks or measures is told what an answer was made without; and nothing has to serve.
TEST_F(Train, WhatIsDamagedIsToldAndCanBeTakenOutOfService) {
  ASSERT_EQ(run(args({"propensities", "ranker"})).code, 0);
  const std::string id = serving()["ranker"].id;
  ASSERT_FALSE(id.empty());
  EXPECT_EQ(run({"search", "linen", "--data", shop_}).err, "");
  folder_.write("shop/models/ranker/" + id + "/trees.bin", "no trees");
  const Outcome found = run({"search", "linen", "--data", shop_});
  EXPECT_EQ(found.code, 0);
  EXPECT_THAT(found.err, HasSubstr("ranked without what was learned"));
  const Outcome listed = run({"model", "list", "--data", shop_});
  EXPECT_EQ(listed.code, 1);
  EXPECT_THAT(listed.err, HasSubstr(id));
  const Outcome back = run({"model", "rollback", "ranker", "--data", shop_});
  EXPECT_EQ(back.code, 0) << back.err;
  EXPECT_EQ(back.out, "no ranker serves now: there was none before it\n");
  EXPECT_FALSE(serving().contains("ranker"));
  EXPECT_EQ(run({"search", "linen", "--data", shop_}).err, "");
  const Outcome none = run({"model", "rollback", "rankr", "--data", shop_});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("models serve of kind propensities"));
}

// The settings file says what a ranker learns to bring up, a flag overrides it, and 'model show' tells.
TEST_F(Train, TheObjectiveIsASetting) {
  const auto objective_of = [&](std::vector<std::string> more) -> std::string {
    more.insert(more.begin(), {"ranker", "--no-promote"});
    const Outcome trained = run(args(more));
    EXPECT_EQ(trained.code, 0) << trained.err;
    const std::string id = json::parse(trained.out).at(0).at("id");
    const Outcome shown = run({"model", "show", id, "--data", shop_, "--json"});
    const json model = json::parse(shown.out);
    return model["details"]["objective"];
  };
  EXPECT_EQ(objective_of({}), "click=1,favourite=2,cart=4,purchase=8,profit=0,freshness=0,fresh_half_life_days=14");
  folder_.write("shop/settings.toml", "[train]\nobjective = 'purchase=20,profit=2'\n");
  EXPECT_EQ(objective_of({}), "click=1,favourite=2,cart=4,purchase=20,profit=2,freshness=0,fresh_half_life_days=14");
  EXPECT_EQ(objective_of({"--objective", "cart=0"}),
            "click=1,favourite=2,cart=0,purchase=8,profit=0,freshness=0,fresh_half_life_days=14");
  const Outcome wrong = run(args({"--objective", "sale=8"}));
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("'sale=8' is no weight"));
  EXPECT_EQ(run({"search", "mug", "--data", shop_, "--objective", "cart=1"}).code, 2);
}

TEST_F(TrainBeside, WhatIsLearnedServesWithoutARestart) {
  serve();
  EXPECT_FALSE(has_learned());
  const Outcome trained = run(args({"propensities", "ranker"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr(fmt::format("training beside process {}", server_->pid())));
  const std::string ranker = json::parse(trained.out).at(1)["id"];
  ASSERT_EQ(serving()["ranker"].id, ranker) << trained.out;
  EXPECT_TRUE(soon([&] { return has_learned(); }));

  // What looks at the log alone works beside the server, too.
  const Outcome none = run({"evaluate", "interleaving", "--data", shop_});
  EXPECT_THAT(none.out, HasSubstr("Nothing was interleaved yet"));
  const Outcome second = run(args({"ranker", "--no-promote", "--seed", "2"}));
  ASSERT_EQ(second.code, 0) << second.err;
  const std::string challenger = json::parse(second.out).at(0)["id"];
  ASSERT_EQ(run({"model", "challenge", challenger, "--share", "1", "--data", shop_}).code, 0);
  EXPECT_TRUE(soon([&] { return search("&session_id=s").dump().contains(R"("team":"b")"); }));
  EXPECT_TRUE(soon([&] {
    const Outcome outcome = run({"evaluate", "interleaving", "--data", shop_, "--json"});
    return outcome.code == 0 && json::parse(outcome.out)["b"]["ranker"] == challenger;
  }));
  EXPECT_EQ(run({"log", "stats", "--data", shop_}).code, 0);
  EXPECT_EQ(server_->stop(SIGTERM).code, 0);
}

TEST_F(TrainBeside, TwoTrainersRefuseEachOther) {
  for (const bool beside : {true, false}) {
    if (beside) serve();
    const Folder first_folder("train-first");
    Running first(args(), first_folder);
    ASSERT_TRUE(trains(first));
    const Outcome second = run(args());
    EXPECT_EQ(second.code, 4) << second.out;
    EXPECT_THAT(second.err, HasSubstr(fmt::format("process {} trains on {} already", first.pid(), shop_)));
    first.stop(SIGKILL);
    if (beside) server_->stop(SIGTERM);
  }
}

// Whenever it is killed: what served before serves still, or a whole model that was put to work before the kill; the
// server answers with it all the while.
TEST_F(TrainBeside, KilledAtAnyMomentLosesNoModel) {
  ASSERT_EQ(run(args()).code, 0);
  auto before = serving();
  ASSERT_TRUE(before.contains("ranker"));
  serve();
  ASSERT_TRUE(soon([&] { return has_learned(); }));
  for (const int after_ms : {30, 200, 600, 1'200, 2'500}) {
    Running running(args({"--seed", "2"}), folder_);
    std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));  // the moment is the test's input
    running.stop(SIGKILL);
    EXPECT_TRUE(has_learned()) << after_ms;
    const auto now = serving();
    ASSERT_EQ(now.size(), before.size());
    for (const auto& [kind, model] : now) {
      EXPECT_TRUE(model == before[kind] || model.seed == 2) << kind << " after " << after_ms << " ms";
      expect_whole(model.id);
    }
  }
  ASSERT_EQ(run(args({"--seed", "2"})).code, 0);
  EXPECT_TRUE(has_learned());
}

TEST_F(TrainBeside, KilledBeforeAnythingIsMadeItChangesNothing) {
  ASSERT_EQ(run(args()).code, 0);
  const auto before = serving();
  serve();
  Running running(args({"--seed", "2"}), folder_);
  ASSERT_TRUE(trains(running));
  running.stop(SIGKILL);
  ASSERT_FALSE(fs::exists(shop_ + "/training/unfinished"));
  EXPECT_EQ(serving(), before);
  EXPECT_TRUE(soon([&] { return has_learned(); }));
}

TEST_F(TrainBeside, KilledInTheMiddleTheNextRunGoesOn) {
  serve();
  std::vector<std::string> asked;
  // A busy machine may let a run end before it is killed; the next seed makes all anew.
  for (int seed = 1; seed <= 5 && !fs::exists(shop_ + "/training/unfinished"); ++seed) {
    asked = args({"propensities", "ranker", "--seed", std::to_string(seed)});
    Running running(asked, folder_);
    ASSERT_TRUE(soon([&] { return fs::exists(shop_ + "/training/unfinished"); }));
    running.stop(SIGKILL);
  }
  const auto made = serving();
  const Outcome next = run(asked);
  ASSERT_EQ(next.code, 0) << next.err;
  const json outcomes = json::parse(next.out);
  EXPECT_EQ(outcomes.at(0)["id"], made.at("propensities").id);
  EXPECT_EQ(outcomes.at(0)["note"], "made before the last run stopped");
  EXPECT_TRUE(soon([&] { return has_learned(); }));
  EXPECT_FALSE(fs::exists(shop_ + "/training/unfinished"));
  const Outcome another = run(args({"propensities"}));
  EXPECT_NE(json::parse(another.out).at(0)["id"], made.at("propensities").id);
}

// --- where there is little or nothing to learn from ---

TEST(TrainOnNothing, SaysWhatIsMissing) {
  const Folder folder("train-nothing");
  const std::string data = folder.path("data");
  const Outcome nowhere = run({"train", "--data", data});
  EXPECT_EQ(nowhere.code, 3);
  EXPECT_THAT(nowhere.err, HasSubstr("there is no marketplace in " + data));

  // A log without records, then one listing that nobody looked at.
  folder.write("none.jsonl", "");
  folder.write("one.jsonl", aprons().substr(0, aprons().find('\n') + 1));
  for (const char* file : {"none.jsonl", "one.jsonl"}) {
    ASSERT_EQ(run({"import", "listings", folder.path(file), "--data", data}).code, 0);
    const Outcome trained = run({"train", "propensities", "ranker", "--data", data, "--json"});
    ASSERT_EQ(trained.code, 0) << trained.err;
    const json outcomes = json::parse(trained.out);
    EXPECT_EQ(outcomes.at(0)["id"], "") << outcomes;
    EXPECT_THAT(outcomes.at(0)["note"], HasSubstr("position bias is not estimated")) << outcomes;
    EXPECT_EQ(outcomes.at(1)["id"], "") << outcomes;
    EXPECT_THAT(outcomes.at(1)["note"], HasSubstr("there is too little to learn from")) << outcomes;
  }
}

}  // namespace
}  // namespace handsel::test
