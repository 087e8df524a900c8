// api/openapi.json and the server say the same: routes, scopes, parameters, the
// examples, and the shape of real answers.
#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/http/assets.h"
#include "app/http/routes.h"
#include "app/http/search_request.h"
#include "app/http/testing/world.h"

namespace handsel::http {
namespace {

using nlohmann::json;

const json& description() {
  static const json parsed = json::parse(openapi_json());
  return parsed;
}

const json& resolve(const json& schema) {
  if (!schema.contains("$ref")) return schema;
  return description().at(json::json_pointer(schema.at("$ref").get<std::string>().substr(1)));
}

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

// As much of JSON Schema as the description uses for answers. Returns what is wrong;
// members that the schema does not name are wrong too, so that none goes undescribed.
std::string mismatch(const json& value, const json& unresolved, const std::string& where = "$") {
  const json& schema = resolve(unresolved);
  if (schema.contains("oneOf")) {
    const auto fits = [&](const json& one) { return mismatch(value, one, where).empty(); };
    return std::ranges::count_if(schema["oneOf"], fits) == 1 ? "" : where + " fits not exactly one shape";
  }
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    if (std::ranges::none_of(types, [&](const json& type) { return has_type(value, type); }))
      return where + " has another type";
  }
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
    return where + " is none of the values";
  }
  if (value.is_array() && schema.contains("items")) {
    for (const json& item : value) {
      if (std::string wrong = mismatch(item, schema["items"], where + "[]"); !wrong.empty()) return wrong;
    }
  }
  if (!value.is_object() || !schema.contains("properties")) return "";
  for (const json& name : schema.value("required", json::array())) {
    if (!value.contains(name.get<std::string>())) return where + " lacks " + name.get<std::string>();
  }
  for (const auto& [name, member] : value.items()) {
    if (!schema["properties"].contains(name)) return where + "." + name + " is not described";
    if (std::string wrong = mismatch(member, schema["properties"][name], where + "." + name); !wrong.empty())
      return wrong;
  }
  return "";
}

TEST(OpenApi, IsTheFileOfTheRepository) {
  std::ifstream file(HANDSEL_SOURCE_DIR "/api/openapi.json");
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(openapi_json(), bytes);
}

TEST(Assets, HaveAPageWithItsType) {
  const auto index = std::ranges::find(web_assets(), "/index.html", &Asset::path);
  ASSERT_NE(index, web_assets().end());
  EXPECT_EQ(index->mime, "text/html; charset=utf-8");
  EXPECT_TRUE(index->bytes.starts_with("<!")) << index->bytes;
  EXPECT_TRUE(std::ranges::is_sorted(web_assets(), {}, &Asset::path));
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  const auto method_text = [](Method method) {
    return method == Method::kGet     ? "get"
           : method == Method::kPost  ? "post"
           : method == Method::kPut   ? "put"
           : method == Method::kPatch ? "patch"
                                      : "delete";
  };
  std::set<std::string> served;
  for (const Route& route : routes()) {
    std::string path(route.path);
    if (path.ends_with('*')) path.replace(path.size() - 1, 1, "{path}");
    served.insert(
        fmt::format("{} {} {}", method_text(route.method), path, route.scope ? scope_name(*route.scope) : "public"));
  }
  std::set<std::string> described;
  for (const auto& [path, operations] : description()["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      const json& security = operation.at("security");
      const std::string scope = security.empty() ? "public" : security[0].at("apiKey")[0].get<std::string>();
      described.insert(fmt::format("{} {} {}", method, path, scope));
    }
  }
  EXPECT_EQ(served, described);
}

TEST(OpenApi, NamesEveryParameterOfASearch) {
  const std::string known = search_from_parameters({{"?", ""}}).error().message;
  std::string names;
  for (const json& parameter : description()["paths"]["/v1/search"]["get"]["parameters"]) {
    names += (names.empty() ? "" : ", ") + parameter["name"].get<std::string>();
  }
  EXPECT_TRUE(known.ends_with("there are: " + names)) << known << "\n" << names;
  const json& body = description()["components"]["schemas"]["SearchRequest"]["properties"];
  for (const json& parameter : description()["paths"]["/v1/search"]["get"]["parameters"]) {
    EXPECT_TRUE(body.contains(parameter["name"].get<std::string>())) << parameter["name"];
  }
}

// The address of an operation with the example of each of its parameters.
std::string example_target(std::string path, const json& operation) {
  std::string query;
  for (const json& parameter : operation.value("parameters", json::array())) {
    if (!parameter.contains("example")) continue;
    std::string value =
        parameter["example"].is_string() ? parameter["example"].get<std::string>() : parameter["example"].dump();
    const std::string name = parameter["name"];
    if (parameter["in"] == "path") {
      path.replace(path.find("{" + name + "}"), name.size() + 2, value);
      continue;
    }
    for (const auto& [from, to] : {std::pair{" ", "+"}, {"<", "%3C"}}) {
      for (std::size_t at = 0; (at = value.find(from, at)) != std::string::npos; ++at) value.replace(at, 1, to);
    }
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, value);
  }
  return path + query;
}

void expect_described(const Response& response, const json& operation, const std::string& name) {
  const std::string status = std::to_string(response.status);
  ASSERT_TRUE(operation["responses"].contains(status)) << name << " " << status << " " << response.bytes();
  const json& described = resolve(operation["responses"][status]);
  if (!described.contains("content")) {
    EXPECT_TRUE(response.content_type.empty()) << name;
    return;
  }
  const std::string type = response.content_type.substr(0, response.content_type.find(';'));
  ASSERT_TRUE(described["content"].contains(type)) << name << " answers with " << type;
  if (!type.contains("json") || name.contains("openapi")) return;
  const json& schema = described["content"][type]["schema"];
  if (type != kJsonLines) {
    EXPECT_EQ(mismatch(json::parse(response.bytes()), schema), "") << name << " " << response.bytes();
    return;
  }
  std::istringstream lines(response.body);
  for (std::string line; std::getline(lines, line);) EXPECT_EQ(mismatch(json::parse(line), schema), "") << line;
}

// An experiment with everything that an answer can say of one.
constexpr std::string_view kEveryKind = R"(
holdout = 0.05
[[experiment]]
name = "gift-rail"
layer = "home"
salt = "2026-11"
targeting = { country = ["de"] }
ramp = [ { from = 2020-11-02T00:00:00Z, share = 1.0 } ]
switchback = { block_minutes = 60, washout_minutes = 5 }
[[experiment.variant]]
name = "control"
[[experiment.variant]]
name = "rail"
parameters = { "home.rail" = "gifts" }
)";

TEST(OpenApi, EveryExampleIsTakenAndEveryAnswerFitsItsSchema) {
  World world;
  world.post("/v1/listings", R"({"id":"lst-1042","title":"linen apron"})");
  ASSERT_TRUE(world.engine.put_experiments(kEveryKind));
  for (const auto& [path, operations] : description()["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      if (path == "/assets/{path}" || method == "delete") continue;
      const json content = operation.contains("requestBody") ? operation["requestBody"]["content"] : json{{"", json()}};
      for (const auto& [type, body] : content.items()) {
        std::string upper = method;
        std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
        const std::string name = upper + " " + path + " " + type;
        Request request{.method = parse_method(upper), .target = example_target(path, operation), .content_type = type};
        if (!type.empty())
          request.body = body["example"].is_string() ? body["example"].get<std::string>() : body["example"].dump();
        const Response response = world.send(std::move(request));
        EXPECT_LT(response.status, 300) << name << " " << response.bytes();
        expect_described(response, operation, name);
      }
    }
  }
  const Response decided = world.get("/v1/experiments");  // as the example left it: with everything there is to say
  EXPECT_NE(decided.body.find(R"("stopped":{"decision":"stop")"), std::string::npos) << decided.body;
  expect_described(decided, description()["paths"]["/v1/experiments"]["get"], "a stopped experiment");
  const Response gone = world.send({.method = Method::kDelete, .target = "/v1/listings/lst-1042"});
  EXPECT_EQ(gone.status, 204);
}

TEST(OpenApi, ErrorsAreDescribedToo) {
  struct Row {
    std::string_view method;
    std::string_view path;
    std::string_view target;
    std::string_view body;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"get", "/v1/search", "/v1/search?limit=x", ""},
      {"post", "/v1/search", "/v1/search", "{"},
      {"post", "/v1/search", "/v1/search", "[]"},
      {"post", "/v1/multi-search", "/v1/multi-search", R"({"searches":[{"limit":-1},{"explain":true}]})"},
      {"get", "/v1/complete", "/v1/complete?limit=x", ""},
      {"post", "/v1/listings", "/v1/listings", "{}"},
      {"get", "/v1/listings/{id}", "/v1/listings/none", ""},
      {"patch", "/v1/listings/{id}", "/v1/listings/none", "{}"},
      {"delete", "/v1/listings/{id}", "/v1/listings/none", ""},
      {"post", "/v1/events", "/v1/events", R"([{"kind":"view"},{"kind":"dance"}])"},
      {"post", "/v1/events", "/v1/events?format=x", ""},
      {"post", "/v1/assign", "/v1/assign", R"({"who":"me"})"},
      {"post", "/v1/assign", "/v1/assign", "{"},
      {"post", "/v1/assign", "/v1/assign", R"({"experiments":["none"]})"},
      {"put", "/v1/experiments", "/v1/experiments", "holdout = 2"},
      {"post", "/v1/experiments/{name}/decision", "/v1/experiments/none/decision",
       R"({"decision":"stop","by":"Ada","why":"so"})"},
      {"post", "/v1/experiments/{name}/decision", "/v1/experiments/none/decision", "{"},
      {"post", "/v1/experiments/{name}/decision", "/v1/experiments/none/decision", "{}"},
      {"get", "/health/ready", "/health/ready", ""},
      {"get", "/pictures/{name}", "/pictures/x.svg", ""},
  });
  World world;
  world.engine.state.ready = false;
  for (const Row& row : kRows) {
    std::string upper(row.method);
    std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    const Response response = world.send({.method = parse_method(upper),
                                          .target = std::string(row.target),
                                          .content_type = row.method == "put" ? "application/toml" : "application/json",
                                          .body = std::string(row.body)});
    expect_described(response, description()["paths"][std::string(row.path)][std::string(row.method)],
                     std::string(row.target));
  }
}

}  // namespace
}  // namespace handsel::http
