// What the routes of experiments take, answer and write down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/http/assign_request.h"
#include "app/http/testing/world.h"

namespace handsel::http {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kDefinitions = R"(
[[experiment]]
name = "rail"
targeting = { country = ["de"] }
[[experiment.variant]]
name = "gifts"
parameters = { "home.rail" = "gifts" }
[[experiment]]
name = "page"
unit = "shop"
[[experiment.variant]]
name = "wide"
parameters = { "shop.columns" = 4 }
)";

Response put(World& world, std::string_view toml, std::string_view type = kToml) {
  return world.send({.method = Method::kPut,
                     .target = "/v1/experiments",
                     .content_type = std::string(type),
                     .body = std::string(toml)});
}

TEST(HandleExperiments, DefinitionsAreReplacedWholeOrNotAtAll) {
  World world;
  EXPECT_EQ(json::parse(world.get("/v1/experiments").body), json::parse(R"({"holdout":0,"experiments":[]})"));
  const Response done = put(world, kDefinitions);
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json::parse(done.body)["experiments"][0]["name"], "rail");
  EXPECT_EQ(json::parse(done.body)["experiments"][0]["targeting"][0]["values"][0], "de");
  const Response wrong = put(world, "holdout = 2");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("a holdout of 2"));
  EXPECT_EQ(put(world, kDefinitions, "application/json").status, 415);
  EXPECT_EQ(world.get("/v1/experiments").body, done.body);
}

TEST(HandleExperiments, AssignAnswersAndWritesDownWhereAsked) {
  World world;
  ASSERT_EQ(put(world, kDefinitions).status, 200);
  const auto assign = [&world](std::string_view body) { return json::parse(world.post("/v1/assign", body).body); };
  const json got = assign(R"({"session_id":"s","attributes":{"country":"DE"},"units":{"shop":7}})");
  EXPECT_EQ(got["assigned"].size(), 2u);
  EXPECT_EQ(got["assigned"][0], json::parse(R"({"experiment":"rail","variant":"gifts","unit":"s","counted":true,
                                                "parameters":{"home.rail":"gifts"}})"));
  EXPECT_EQ(got["parameters"], json::parse(R"({"home.rail":"gifts","shop.columns":"4"})"));
  EXPECT_THAT(world.engine.exposed(), IsEmpty());
  EXPECT_EQ(assign(R"({"session_id":"s"})")["assigned"].size(), 0u);
  EXPECT_EQ(assign(R"({"user_id":"u","attributes":{"country":"de","surface":"home"},"units":{"shop":"S"},
                       "experiments":["rail"],"expose":true})")["assigned"]
                .size(),
            1u);
  EXPECT_THAT(world.engine.exposed(), ElementsAre("rail gifts u home"));
}

TEST(HandleExperiments, AssignSaysWhoIsNotCountedAndKnowsWhatIsAskedFor) {
  World world;
  ASSERT_EQ(put(world,
                "[[experiment]]\nname = 'hours'\nswitchback = { block_minutes = 60, washout_minutes = 5 }\n"
                "[[experiment.variant]]\nname = 'a'\n[[experiment]]\nname = 'on'\n"
                "[[experiment.variant]]\nname = 'b'\n")
                .status,
            200);
  const auto counted = [&] {
    const json got = json::parse(world.post("/v1/assign", R"({"session_id":"s","experiments":["hours"]})").body);
    EXPECT_EQ(got["assigned"].size(), 1u) << "the other was not asked for";
    return got["assigned"][0]["counted"].get<bool>();
  };
  world.clock.advance_ms(3'600'000 - world.clock.now_ms() % 3'600'000);
  EXPECT_FALSE(counted());
  world.clock.advance_ms(5 * 60'000);
  EXPECT_TRUE(counted());
}

TEST(HandleExperiments, AssignRefusesWhatItDoesNotKnow) {
  struct Row {
    std::string_view body;
    int status;
    std::string_view says;
  };
  World world;
  ASSERT_EQ(put(world, kDefinitions).status, 200);
  const std::string long_id = R"({"user_id":")" + std::string(129, 'u') + "\"}";
  for (const Row& row :
       {Row{"[]", 400, "expected an object"}, Row{"{", 422, "the body"},
        Row{R"({"who":"me"})", 400, "'who' is not a key"}, Row{R"({"expose":"yes"})", 400, "'expose' expected"},
        Row{R"({"attributes":["de"]})", 400, "'attributes' expected an object"},
        Row{R"({"attributes":{"country":{}}})", 400, "'attributes' expected"},
        Row{R"({"experiments":["none"]})", 404, "there is no experiment 'none'"},
        Row{long_id, 400, "'user_id' is longer than 128 bytes"}}) {
    const Response response = world.post("/v1/assign", row.body);
    EXPECT_EQ(response.status, row.status) << row.body << response.body;
    EXPECT_THAT(json::parse(response.body)["detail"].get<std::string>(), HasSubstr(row.says));
  }
}

Response decide(World& world, std::string_view name, std::string_view body, std::string_view key = {}) {
  return world.post(fmt::format("/v1/experiments/{}/decision", name), body, key);
}

TEST(HandleExperiments, ADecisionStopsAndResumes) {
  World world;
  ASSERT_EQ(put(world, kDefinitions).status, 200);
  const auto assigned = [&] {
    const json got = json::parse(
        world.post("/v1/assign", R"({"session_id":"s","attributes":{"country":"de"},"units":{"shop":7}})").body);
    std::string names;
    for (const json& one : got["assigned"]) names += one["experiment"].get<std::string>() + " ";
    return names;
  };
  const auto shown = [&] { return json::parse(world.get("/v1/experiments").body)["experiments"][0]; };
  EXPECT_EQ(assigned(), "rail page ");
  EXPECT_FALSE(shown().contains("decision"));

  const Response stop = decide(world, "rail", R"({"decision":"stop","by":"Ada","why":"fewer \"orders\""})");
  EXPECT_EQ(stop.status, 200) << stop.body;
  EXPECT_EQ(json::parse(stop.body), shown());
  EXPECT_EQ(assigned(), "page ");
  EXPECT_FALSE(shown()["running"].get<bool>());
  EXPECT_EQ(shown()["since_ms"], 1);
  EXPECT_EQ(shown()["stopped"], json::parse(R"({"decision":"stop","time_ms":1,"by":"Ada","why":"fewer \"orders\""})"));
  EXPECT_EQ(shown()["decision"], shown()["stopped"]);

  EXPECT_EQ(decide(world, "rail", R"({"decision":"ship","by":"Bo","why":"all the same"})").status, 200);
  EXPECT_EQ(assigned(), "page ");
  EXPECT_EQ(shown()["decision"]["decision"], "ship");
  EXPECT_EQ(shown()["stopped"]["by"], "Ada");

  EXPECT_EQ(decide(world, "r%61il", R"({"decision":"resume","by":"Ada","why":"found the mistake"})").status, 200);
  EXPECT_EQ(assigned(), "rail page ");
  EXPECT_TRUE(shown()["running"].get<bool>());
  EXPECT_EQ(shown()["since_ms"], 3);
  EXPECT_FALSE(shown().contains("stopped"));
}

TEST(HandleExperiments, ADecisionHasToBeWhole) {
  struct Row {
    std::string body;
    int status;
    std::string_view says;
  };
  World world;
  ASSERT_EQ(put(world, kDefinitions).status, 200);
  for (const Row& row :
       {Row{"{", 422, "the body"}, Row{"[]", 400, "expected an object"},
        Row{R"({"decision":"stop","by":"Ada"})", 400, "why has to have 1 to 10000 bytes"},
        Row{R"({"decision":"stop","why":"so"})", 400, "who decided has to have 1 to 200 bytes"},
        Row{R"({"by":"Ada","why":"so"})", 400, "'decision' is missing"},
        Row{R"({"decision":"maybe","by":"Ada","why":"so"})", 400, "keep-running or resume, found 'maybe'"},
        Row{R"({"decision":"stopped-by-guard-rail","by":"Ada","why":"so"})", 400, "found 'stopped-by-guard-rail'"},
        Row{R"({"decision":"stop","by":"Ada","why":7})", 400, "'why' expected a string"},
        Row{R"({"decision":"stop","by":"Ada","why":"so","time_ms":1})", 400, "'time_ms' is not a key"},
        Row{fmt::format(R"({{"decision":"stop","by":"Ada","why":"{}"}})", std::string(10'001, 'x')), 400,
            "1 to 10000 bytes"}}) {
    const Response response = decide(world, "rail", row.body);
    EXPECT_EQ(response.status, row.status) << row.body.substr(0, 80) << response.body;
    EXPECT_THAT(json::parse(response.body)["detail"].get<std::string>(), HasSubstr(row.says));
  }
  const Response none = decide(world, "none", R"({"decision":"stop","by":"Ada","why":"so"})");
  EXPECT_EQ(none.status, 404);
  EXPECT_THAT(none.body, HasSubstr("there is no experiment 'none'"));
  EXPECT_EQ(world.send({.method = Method::kPut, .target = "/v1/experiments/rail/decision"}).status, 405);
  const std::string writer = world.make_key({.scopes = kAllScopes & ~static_cast<Scopes>(Scope::kAdmin)});
  const std::string admin = world.make_key({.scopes = static_cast<Scopes>(Scope::kAdmin)});
  const std::string_view body = R"({"decision":"stop","by":"Ada","why":"so"})";
  EXPECT_EQ(decide(world, "rail", body, writer).status, 403);
  EXPECT_FALSE(json::parse(world.send({.method = Method::kGet, .target = "/v1/experiments", .api_key = admin}).body)
                   .dump()
                   .contains("stopped"));
  EXPECT_EQ(decide(world, "rail", body, admin).status, 200);
  world.engine.write_error = Error{Code::kIo, "the disk is full"};
  EXPECT_EQ(decide(world, "rail", body, admin).status, 500);
}

TEST(HandleExperiments, ExposingNeedsTheScopeOfEvents) {
  World world;
  ASSERT_EQ(put(world, kDefinitions).status, 200);
  const std::string reader = world.make_key({.scopes = static_cast<Scopes>(Scope::kSearch)});
  const std::string teller =
      world.make_key({.scopes = static_cast<Scopes>(Scope::kSearch) | static_cast<Scopes>(Scope::kEvents)});
  const std::string_view body = R"({"user_id":"u","attributes":{"country":"de"},"expose":true})";
  EXPECT_EQ(world.post("/v1/assign", body, reader).status, 403);
  EXPECT_THAT(world.engine.exposed(), IsEmpty());
  EXPECT_EQ(world.post("/v1/assign", body, teller).status, 200);
  EXPECT_EQ(world.engine.exposed().size(), 1u);
}

}  // namespace
}  // namespace handsel::http
