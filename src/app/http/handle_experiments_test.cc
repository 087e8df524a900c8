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
