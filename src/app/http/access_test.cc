// Keys, their scopes and filters, and other sites' pages; with the attempts to get
// around them.
#include "app/http/access.h"

#include <array>

#include <gtest/gtest.h>

#include "app/http/testing/world.h"

namespace handsel::http {
namespace {

std::string header(const Response& response, std::string_view name) {
  for (const Header& one : response.headers) {
    if (one.name == name) return one.value;
  }
  return {};
}

constexpr Scopes kSearchOnly = static_cast<Scopes>(Scope::kSearch);

TEST(Access, EachScopeOpensItsRoutesOnly) {
  struct Row {
    Method method;
    std::string_view target;
    std::string_view body;
    Scope scope;
    std::string_view type = "application/json";
  };
  constexpr auto kRows = std::to_array<Row>({
      {Method::kGet, "/v1/search", "", Scope::kSearch},
      {Method::kHead, "/v1/search", "", Scope::kSearch},
      {Method::kPost, "/v1/search", "{}", Scope::kSearch},
      {Method::kPost, "/v1/multi-search", "{\"searches\":[]}", Scope::kSearch},
      {Method::kGet, "/v1/complete", "", Scope::kSearch},
      {Method::kGet, "/v1/listings/a", "", Scope::kSearch},
      {Method::kPost, "/v1/listings", "{\"id\":\"a\"}", Scope::kListings},
      {Method::kPatch, "/v1/listings/a", "{\"quantity\":2}", Scope::kListings},
      {Method::kDelete, "/v1/listings/a", "", Scope::kListings},
      {Method::kPost, "/v1/events", "{\"kind\":\"view\",\"listing_id\":\"a\"}", Scope::kEvents},
      {Method::kGet, "/metrics", "", Scope::kMetrics},
      {Method::kPost, "/v1/assign", "{}", Scope::kSearch},
      {Method::kGet, "/v1/experiments", "", Scope::kAdmin},
      {Method::kPut, "/v1/experiments", "holdout = 0.1", Scope::kAdmin, "application/toml"},
  });
  World world;
  for (const Row& row : kRows) {
    const auto status_with = [&](Scopes scopes) {
      (void)world.engine.put_listings(std::array{catalog::Listing{.id = "a"}});
      const std::string key = scopes == 0 ? "" : world.make_key({.scopes = scopes});
      return world
          .send({.method = row.method,
                 .target = std::string(row.target),
                 .content_type = std::string(row.type),
                 .authorization = key.empty() ? "" : "Bearer " + key,
                 .body = std::string(row.body)})
          .status;
    };
    const auto scope = static_cast<Scopes>(row.scope);
    EXPECT_LT(status_with(scope), 300) << row.target;
    EXPECT_EQ(status_with(static_cast<Scopes>(kAllScopes & ~scope)), 403) << row.target;
    EXPECT_EQ(status_with(0), 401) << row.target;
  }
  for (const std::string_view open :
       {"/health/live", "/health/ready", "/openapi.json", "/", "/assets/shop.0123abcd.js"}) {
    EXPECT_EQ(world.get(open).status, 200) << open;
  }
}

TEST(Access, WrongKeysAreRefusedHoweverTheyAreSent) {
  World world;
  const std::string key = world.make_key({.scopes = kSearchOnly});
  const auto status = [&world](std::string api_key, std::string authorization) {
    return world
        .send({.method = Method::kGet,
               .target = "/v1/search",
               .authorization = std::move(authorization),
               .api_key = std::move(api_key)})
        .status;
  };
  EXPECT_EQ(status(key, ""), 200);
  EXPECT_EQ(status("", "bearer   " + key), 200);
  EXPECT_EQ(status("x", "Bearer " + key), 401) << "the first that is there counts";
  for (const std::string& wrong : {std::string("Basic ") + key, key, "Bearer" + key, std::string("Bearer ")}) {
    EXPECT_EQ(status("", wrong), 401) << wrong;
  }
  EXPECT_EQ(world.get("/v1/search?api_key=" + key).status, 401) << "no key in an address";
  world.clock.advance_ms(1);
  const auto expired = world.make_key({.scopes = kSearchOnly, .expires_ms = world.clock.now_ms()});
  EXPECT_EQ(status(expired, ""), 401);
}

TEST(Access, VisitorsMayDoWhatTheirKeySays) {
  World world;
  world.make_key({.scopes = kSearchOnly, .filter = "shop = clay", .anonymous = true});
  EXPECT_EQ(world.get("/v1/search").status, 200);
  EXPECT_EQ(world.engine.searches().back().key_filter, "shop = clay");
  EXPECT_EQ(world.post("/v1/listings", "{\"id\":\"a\"}").status, 403);
  EXPECT_EQ(world.get("/v1/search", "hsk_wrong").status, 401) << "a wrong key is not a visitor";
}

TEST(Access, RatesAreHeldPerKey) {
  World world;
  const std::string slow = world.make_key({.scopes = kSearchOnly, .requests_per_s = 2});
  const std::string other = world.make_key({.scopes = kSearchOnly, .requests_per_s = 2});
  EXPECT_EQ(world.get("/v1/search", slow).status, 200);
  EXPECT_EQ(world.get("/v1/search", slow).status, 200);
  const Response third = world.get("/v1/search", slow);
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(header(third, "Retry-After"), "1");
  EXPECT_EQ(world.get("/v1/search", other).status, 200);
  world.clock.advance_ms(1000);
  EXPECT_EQ(world.get("/v1/search", slow).status, 200);
}

// A catalogue of two shops, and a key that may see one of them.
struct TwoShops : World {
  std::string key;
  TwoShops() {
    const auto put = [this](std::string id, std::string shop, std::string title) {
      (void)engine.put_listings(
          std::array{catalog::Listing{.id = std::move(id), .shop_name = std::move(shop), .title = std::move(title)}});
    };
    put("mine", "clay", "clay cup");
    put("theirs", "secret", "secret cup");
    put("clay\"", "clay", "quoted");
    Key wishes{.scopes = kSearchOnly, .filter = "shop = clay"};
    wishes.scopes |= static_cast<Scopes>(Scope::kEvents);
    key = make_key(wishes);
  }
};

TEST(KeyFilter, NoParameterOfASearchEscapesIt) {
  TwoShops world;
  constexpr std::string_view kTargets[] = {
      "/v1/search",
      "/v1/search?q=cup",
      "/v1/search?q=secret",
      "/v1/search?filter=shop+%3D+secret",
      "/v1/search?filter=true",
      "/v1/search?filter=shop+%3D+clay+or+true",
      "/v1/search?filter=shop+%3D+clay)+or+(true",
      "/v1/search?filter=)+or+true+or+(",
      "/v1/search?filter=%22+or+true",
      "/v1/search?filter=not+shop+%3D+clay",
      "/v1/search?key_filter=true",
      "/v1/search?key_filter=",
      "/v1/search?filter=id+%3D+theirs&key_filter=true",
      "/v1/search?match=any&limit=500",
      "/v1/search?cursor=AAAA",
      "/v1/search?offset=1",
      "/v1/search?group_by=shop",
      "/v1/search?facets=shop",
      "/v1/search?sort=price:asc",
      "/v1/complete?q=sec",
      "/v1/complete?q=",
      "/v1/listings/theirs",
      "/v1/listings/THEIRS",
      "/v1/listings/theirs%22%20or%20true%20or%20id%20%3D%20%22x",
      "/v1/listings/%22)%20or%20(shop%20%3D%20secret",
  };
  for (const std::string_view target : kTargets) {
    const Response response = world.get(target, world.key);
    EXPECT_FALSE(response.bytes().contains("secret cup")) << target << " " << response.bytes();
  }
  constexpr std::string_view kBodies[] = {
      R"({"q":"cup","key_filter":"true"})",
      R"({"filter":"shop = secret"})",
      R"({"filter":"true","filter":"shop = secret"})",
      R"({"key_filter":null,"q":"secret"})",
      R"({"facets":[{"field":"shop"}],"q":"cup"})",
  };
  for (const std::string_view body : kBodies) {
    EXPECT_FALSE(world.post("/v1/search", body, world.key).bytes().contains("secret cup")) << body;
    const std::string many = fmt::format(R"({{"searches":[{0},{0}]}})", body);
    EXPECT_FALSE(world.post("/v1/multi-search", many, world.key).bytes().contains("secret cup")) << body;
  }
  for (const search::SearchRequest& request : world.engine.searches()) EXPECT_EQ(request.key_filter, "shop = clay");
}

TEST(KeyFilter, LeavesWhatItCovers) {
  TwoShops world;
  EXPECT_EQ(world.get("/v1/listings/mine", world.key).status, 200);
  EXPECT_EQ(world.get("/v1/listings/clay%22", world.key).status, 200);
  EXPECT_EQ(world.get("/v1/listings/theirs", world.key).status, 404);
  EXPECT_EQ(world.get("/v1/listings/theirs", world.key).bytes().contains("there is no listing"), true);
  EXPECT_EQ(world.get("/v1/complete?q=clay", world.key).body, R"({"completions":[{"text":"clay cup","weight":0}]})");
  EXPECT_TRUE(world.get("/v1/search?q=cup", world.key).body.contains("\"total\":1,"));
}

TEST(KeyFilter, EventsCannotProbeForListingsBehindIt) {
  TwoShops world;
  const Response response = world.post("/v1/events",
                                       "{\"kind\":\"view\",\"listing_id\":\"mine\"}\n"
                                       "{\"kind\":\"view\",\"listing_id\":\"theirs\"}\n"
                                       "{\"kind\":\"view\",\"listing_id\":\"nobody's\"}\n"
                                       "{\"kind\":\"search\",\"query\":\"cup\",\"shown\":[\"mine\",\"theirs\"]}\n",
                                       world.key, kJsonLines);
  EXPECT_EQ(response.body,
            R"({"accepted":1,"duplicates":0,"rejected":[)"
            R"({"item":2,"field":"listing_id","reason":"is no listing that is known here"},)"
            R"({"item":3,"field":"listing_id","reason":"is no listing that is known here"},)"
            R"({"item":4,"field":"listing_id","reason":"is no listing that is known here"}],"rejected_count":3})");
}

TEST(KeyPersonalisation, AKeyWithoutItNeverSaysWhoAsks) {
  World world;
  const std::string plain = world.make_key({.scopes = kSearchOnly, .personalisation = false});
  const std::string personal = world.make_key({.scopes = kSearchOnly});
  constexpr std::string_view kBody =
      R"({"q":"cup","session_id":"s-1","user_id":"u-1","country":"PT","personalise":true})";
  const auto asked = [&world, kBody](std::string_view key) {
    const std::string target = "/v1/search?session_id=s-1&user_id=u-1&country=PT&personalise=true";
    return std::array{world.get(target, std::string(key)),
                      world.post("/v1/search", std::string(kBody), std::string(key)),
                      world.post("/v1/multi-search", fmt::format(R"({{"searches":[{}]}})", kBody), std::string(key))};
  };

  for (const Response& response : asked(plain)) {
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.bytes().contains(R"("personalised":false)")) << response.bytes();
  }
  ASSERT_EQ(world.engine.searches().size(), 3u);
  for (const search::SearchRequest& request : world.engine.searches()) {
    EXPECT_FALSE(request.personalise);
    EXPECT_EQ(request.session_id + request.user_id + request.country, "");
  }

  for (const Response& response : asked(personal)) {
    EXPECT_TRUE(response.bytes().contains(R"("personalised":true)")) << response.bytes();
  }
  ASSERT_EQ(world.engine.searches().size(), 6u);
  EXPECT_EQ(world.engine.searches().back().session_id, "s-1");
  EXPECT_EQ(world.engine.searches().back().user_id, "u-1");
  EXPECT_EQ(world.engine.searches().back().country, "PT");
}

TEST(Access, AnOpenServerAnswersToLocalNamesOnly) {
  const auto status = [](World& world, std::string host) {
    return world.send({.method = Method::kGet, .target = "/v1/search", .host = std::move(host)}).status;
  };
  World local;
  for (const std::string_view host : {"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"}) {
    EXPECT_EQ(status(local, std::string(host)), 200) << host;
  }
  for (const std::string_view host :
       {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[", "localhost."}) {
    EXPECT_EQ(status(local, std::string(host)), 421) << host;
  }
  World open({.open = true});
  EXPECT_EQ(status(open, "shop.example"), 200);
  World with_keys;
  with_keys.make_key({.scopes = kSearchOnly});
  EXPECT_EQ(status(with_keys, "shop.example"), 401);
  World required({.keys_required = true});
  EXPECT_EQ(status(required, "localhost"), 401);
}

TEST(Cors, OnlyNamedOriginsMayRead) {
  World world({.allowed_origins = {"https://shop.example"}});
  const auto allowed = [&world](std::string origin, std::string key = {}) {
    return header(
        world.send(
            {.method = Method::kGet, .target = "/v1/search", .api_key = std::move(key), .origin = std::move(origin)}),
        "Access-Control-Allow-Origin");
  };
  EXPECT_EQ(allowed("https://shop.example"), "https://shop.example");
  EXPECT_EQ(allowed("https://evil.example"), "");
  EXPECT_EQ(allowed("null"), "");
  EXPECT_EQ(allowed(""), "");

  const std::string partner = world.make_key({.scopes = kSearchOnly, .origins = {"https://partner.example"}});
  EXPECT_EQ(allowed("https://partner.example", partner), "https://partner.example");
  EXPECT_EQ(allowed("https://evil.example", partner), "");
  const auto from = [&](std::string origin) {
    return world.send({.method = Method::kGet, .target = "/v1/search", .api_key = partner, .origin = std::move(origin)})
        .status;
  };
  EXPECT_EQ(from("https://partner.example"), 200);
  EXPECT_EQ(from("https://shop.example"), 403) << "the key is another page's";
  EXPECT_EQ(from(""), 200) << "servers send no origin";
}

TEST(Cors, PreflightsAreAnsweredWithoutAKey) {
  World world;
  world.make_key({.scopes = kSearchOnly, .origins = {"https://partner.example"}});
  const auto preflight = [&world](std::string origin) {
    return world.send(
        {.method = Method::kOptions, .target = "/v1/search", .origin = std::move(origin), .preflight_method = "POST"});
  };
  const Response yes = preflight("https://partner.example");
  EXPECT_EQ(yes.status, 204);
  EXPECT_EQ(header(yes, "Access-Control-Allow-Origin"), "https://partner.example");
  EXPECT_EQ(header(yes, "Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
  EXPECT_TRUE(header(yes, "Access-Control-Allow-Headers").contains("X-API-Key"));
  const Response no = preflight("https://evil.example");
  EXPECT_EQ(header(no, "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(header(no, "Access-Control-Allow-Methods"), "");
}

}  // namespace
}  // namespace handsel::http
