#include "app/http/service.h"

#include <array>

#include <gtest/gtest.h>

#include "app/http/compress.h"
#include "app/http/testing/world.h"

namespace handsel::http {
namespace {

std::string header(const Response& response, std::string_view name) {
  std::string found;
  for (const Header& one : response.headers) {
    if (one.name == name) found += (found.empty() ? "" : " & ") + one.value;
  }
  return found;
}

std::string show(const Response& response) {
  return fmt::format("{} {}", response.status, response.bytes());
}

struct Row {
  std::string_view method;
  std::string_view target;
  std::string_view body;
  std::string_view expected;  // how "status body" begins
};

void check(World& world, std::span<const Row> rows) {
  for (const Row& row : rows) {
    const Response response = world.send({.method = parse_method(row.method),
                                          .target = std::string(row.target),
                                          .content_type = "application/json; charset=utf-8",
                                          .body = std::string(row.body)});
    EXPECT_EQ(show(response).substr(0, row.expected.size()), row.expected)
        << row.method << " " << row.target << " " << row.body;
  }
}

TEST(Service, AnswersTheWholeLifeOfAListing) {
  World world;
  constexpr auto kRows = std::to_array<Row>({
      {"POST", "/v1/listings", R"({"id":"a/1","title":"linen apron","price":12.5})",
       R"(200 {"id":"a/1","status":"ok"})"},
      {"GET", "/v1/listings/a%2F1", "",
       R"(200 {"id":"a/1","title":"linen apron","price":12.5,"quantity":1,"state":"active"})"},
      {"PATCH", "/v1/listings/a%2F1", R"({"price":10,"state":"sold_out"})", R"(200 {"id":"a/1","status":"ok"})"},
      {"GET", "/v1/listings/a%2F1", "",
       R"(200 {"id":"a/1","title":"linen apron","price":10,"quantity":1,"state":"sold_out"})"},
      {"GET", "/v1/search?q=linen", "",
       R"(200 {"query_id":"q1","total":1,"total_exact":true,"relaxed":false,"by_meaning":0,"personalised":false,"learned":false,"corrected_query":null,"complaints":[],"notes":[],)"
       R"("hits":[{"listing":{"id":"a/1","title":"linen apron","price":10,"quantity":1,"state":"sold_out"},"score":1.5}],)"
       R"("facets":[],"chips":[],"suggestions":[],"next_cursor":null,"took_ms":0.25})"},
      {"POST", "/v1/search", R"({"q":"linen","highlight":true,"explain":true,"limit":1})",
       R"(200 {"query_id":"q1","total":1,"total_exact":true,"relaxed":false,"by_meaning":0,"personalised":false,"learned":false,"corrected_query":null,"complaints":[],"notes":[],)"
       R"("hits":[{"listing":{"id":"a/1","title":"linen apron","price":10,"quantity":1,"state":"sold_out"},"score":1.5,)"
       R"("highlights":{"title":"<em>linen apron</em>"}}],"facets":[],"chips":[],"suggestions":[],"next_cursor":null,"took_ms":0.25,)"
       R"("explain":[{"stage":"parse","ms":0.125,"detail":{"words":1}}]})"},
      {"GET", "/v1/complete?q=lin", "", R"(200 {"completions":[{"text":"linen apron","weight":7}]})"},
      {"DELETE", "/v1/listings/a%2F1", "", "204 "},
      {"DELETE", "/v1/listings/a%2F1", "", "404 {"},
      {"GET", "/v1/listings/a%2F1", "", "404 {"},
      {"PATCH", "/v1/listings/a%2F1", R"({"quantity":1})", "404 {"},
  });
  check(world, kRows);
}

TEST(Service, RefusesWithProblemDocuments) {
  World world;
  constexpr auto kRows = std::to_array<Row>({
      {"GET", "/v1/nothing", "",
       R"(404 {"type":"urn:handsel:problem:not_found","title":"Not Found","status":404,)"
       R"("detail":"there is nothing under this path; see /openapi.json","instance":"/v1/nothing","code":"not_found","request_id":")"},
      {"GET", "/v1/search?limit=x", "", R"(400 {"type":"urn:handsel:problem:invalid_argument","title":"Bad Request")"},
      {"GET", "/v1/search?q=%ff", "", "400 {"},
      {"GET", "/v1/search?filter=price+%3C", "", "400 {"},
      {"GET", "/v1/search/", "", "404 {"},
      {"GET", "/v1/listings/", "", "404 {"},
      {"GET", "/v1/listings/a/b", "", "404 {"},
      {"GET", "/v1/complete?limit=0", "", "400 {"},
      {"GET", "/v1/complete?prefix=x", "", "400 {"},
      {"POST", "/v1/search", "{", R"(422 {"type":"urn:handsel:problem:invalid_data")"},
      {"POST", "/v1/listings", R"({"title":"no id"})", "422 {"},
      {"POST", "/v1/listings", R"({"id":"a","price":NaN})", "422 {"},
      {"POST", "/v1/listings", R"([{"id":"a"}])", "422 {"},
      {"PATCH", "/v1/listings/a", R"({"title":"x"})", "422 {"},
      {"POST", "/v1/events?format=csv", "{}", "400 {"},
      {"POST", "/v1/events?key=1", "{}", "400 {"},
      {"POST", "/v1/events", "\x1f\x8b\x08", "415 {"},
      {"POST", "/v1/multi-search", "{}", "400 {"},
      {"GET", "/pictures/../keys.json", "", "404 {"},
      {"GET", "/pictures/nonsense.svg", "", "404 {"},
      {"GET", "/assets/../keys.json", "", "404 {"},
      {"GET", "/assets/%2e%2e%2fkeys.json", "", "404 {"},
      {"GET", "v1/search", "", "400 {"},
  });
  check(world, kRows);
}

TEST(Service, MultiSearchAnswersEachOnItsOwn) {
  World world;
  world.post("/v1/listings", R"({"id":"a","title":"apron"})");
  const Response response =
      world.post("/v1/multi-search", R"({"searches":[{"q":"apron"},{"filter":"price <"},{"q":"zebra"}]})");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.body.starts_with(R"({"answers":[{"query_id":"q1","total":1)")) << response.body;
  EXPECT_TRUE(response.body.contains(R"(,{"error":{"type":"urn:handsel:problem:invalid_argument")")) << response.body;
  EXPECT_TRUE(response.body.contains(R"(},{"query_id":"q1","total":0)")) << response.body;
}

TEST(Service, ChipsAndSuggestionsAreWritten) {
  World world;
  const Response response = world.post("/v1/search", R"({"q":"zebra","chips":true})");
  EXPECT_TRUE(response.body.contains(R"("notes":["looked everywhere"])")) << response.body;
  EXPECT_TRUE(
      response.body.contains(R"("chips":[{"field":"tag","value":"a\"b","count":3,"filter":"tag = \"a\\\"b\""}],)"
                             R"("suggestions":[{"query":"cup","reason":"finds more"}],"next_cursor")"))
      << response.body;
  EXPECT_TRUE(world.get("/v1/search?q=zebra").body.contains(R"("chips":[])"));
}

TEST(Service, MethodsThatAPathLacksAreNamed) {
  World world;
  const Response response = world.send({.method = Method::kDelete, .target = "/v1/search"});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(world.send({.method = Method::kOther, .target = "/v1/search"}).status, 405);
  const Response options = world.send({.method = Method::kOptions, .target = "/v1/listings/x"});
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(header(options, "Allow"), "GET, HEAD, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(world.send({.method = Method::kHead, .target = "/v1/search"}).status, 200);
  EXPECT_EQ(world.send({.method = Method::kHead, .target = "/v1/multi-search"}).status, 405);
}

TEST(Service, BodiesMustSayThatTheyAreJson) {
  World world;
  struct TypeRow {
    std::string_view target;
    std::string_view type;
    int status;
  };
  constexpr auto kRows = std::to_array<TypeRow>({
      {"/v1/search", "application/json", 200},
      {"/v1/search", "Application/JSON;charset=utf-8", 200},
      {"/v1/search", "", 415},
      {"/v1/search", "text/plain", 415},
      {"/v1/search", "application/x-www-form-urlencoded", 415},
      {"/v1/search", "application/x-ndjson", 415},
      {"/v1/events", "application/x-ndjson", 200},
      {"/v1/listings", "application/x-ndjson", 200},
      {"/v1/listings", "multipart/form-data; boundary=x", 415},
  });
  for (const TypeRow& row : kRows) {
    EXPECT_EQ(world.post(row.target, "{}", {}, row.type).status, row.status) << row.target << " " << row.type;
  }
  EXPECT_EQ(world
                .send({.method = Method::kPost,
                       .target = "/v1/search",
                       .content_type = "application/json",
                       .content_encoding = "gzip",
                       .body = "{}"})
                .status,
            415);
}

TEST(Service, BulkLinesEachGetAStatus) {
  World world;
  const Response response = world.post(
      "/v1/listings", "{\"id\":\"a\"}\n\n{\"id\":\"b\",\"price\":-1}\r\nnonsense\n{\"id\":\"c\"}", {}, kJsonLines);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, kJsonLines);
  const std::string expected_begin =
      "{\"line\":1,\"id\":\"a\",\"status\":\"ok\"}\n{\"line\":3,\"status\":\"rejected\",\"field\":\"price\"";
  EXPECT_EQ(response.body.substr(0, expected_begin.size()), expected_begin);
  EXPECT_TRUE(response.body.contains("\n{\"line\":4,\"status\":\"rejected\",\"reason\":")) << response.body;
  EXPECT_TRUE(response.body.ends_with("\n{\"line\":5,\"id\":\"c\",\"status\":\"ok\"}\n")) << response.body;
}

TEST(BulkImport, PiecesOfAnySizeGiveTheSameStatuses) {
  const std::string lines = "{\"id\":\"a\"}\n\n  \n{\"id\":\"bb\"}\r\n" + std::string(200, 'x') + "\n{\"id\":\"c\"}\n" +
                            std::string(200, 'y') + "\n{\"id\":\"d\"}";
  const auto run = [&lines](std::size_t piece_bytes) {
    MemoryEngine engine;
    BulkImport import(engine, 100);
    std::string answer;
    for (std::size_t at = 0; at < lines.size(); at += piece_bytes) {
      EXPECT_TRUE(import.take(std::string_view(lines).substr(at, piece_bytes), answer));
    }
    EXPECT_TRUE(import.finish(answer));
    return answer;
  };
  const std::string whole = run(lines.size());
  EXPECT_EQ(whole,
            "{\"line\":1,\"id\":\"a\",\"status\":\"ok\"}\n"
            "{\"line\":4,\"id\":\"bb\",\"status\":\"ok\"}\n"
            "{\"line\":5,\"status\":\"rejected\",\"reason\":\"the line is longer than 100 bytes\"}\n"
            "{\"line\":6,\"id\":\"c\",\"status\":\"ok\"}\n"
            "{\"line\":7,\"status\":\"rejected\",\"reason\":\"the line is longer than 100 bytes\"}\n"
            "{\"line\":8,\"id\":\"d\",\"status\":\"ok\"}\n");
  for (std::size_t bytes = 1; bytes < lines.size(); ++bytes) EXPECT_EQ(run(bytes), whole) << bytes;
}

TEST(BulkImport, AnEngineThatFailsIsToldForEachLine) {
  MemoryEngine engine;
  engine.write_error = Error{Code::kIo, "disk full"};
  BulkImport import(engine, 100);
  std::string answer;
  EXPECT_FALSE(import.take("{\"id\":\"a\"}\nx\n", answer));
  EXPECT_TRUE(
      answer.starts_with("{\"line\":1,\"id\":\"a\",\"status\":\"failed\",\"reason\":\"disk full\"}\n"
                         "{\"line\":2,\"status\":\"rejected\""))
      << answer;
}

TEST(Service, EventsAreCountedAndRejectedByItem) {
  World world;
  const Response response = world.post("/v1/events",
                                       "{\"id\":\"e1\",\"kind\":\"view\",\"listing_id\":\"a\"}\n"
                                       "{\"id\":\"e1\",\"kind\":\"view\",\"listing_id\":\"a\"}\n"
                                       "{\"id\":\"e2\",\"kind\":\"dance\"}\n",
                                       {}, kJsonLines);
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(
      response.body.starts_with(R"({"accepted":1,"duplicates":1,"rejected":[{"item":3,"field":"kind","reason":)"))
      << response.body;
  EXPECT_TRUE(response.body.ends_with(R"("rejected_count":1})")) << response.body;
  EXPECT_EQ(world.engine.events().size(), 1u);
  const Response array =
      world.post("/v1/events", R"([{"kind":"view","listing_id":"b"},{"kind":"view","listing_id":"c"}])");
  EXPECT_TRUE(array.body.starts_with(R"({"accepted":2,)")) << array.body;
  const Response one_line = world.post("/v1/events", R"([{"kind":"view","listing_id":"d"},{"kind":"dance"}])");
  EXPECT_TRUE(one_line.body.contains(R"("rejected":[{"item":2,"field":"kind")")) << one_line.body;
}

TEST(Service, RejectedEventsAreToldUpToALimit) {
  World world({}, {.rejections_told_max = 2});
  const Response response = world.post("/v1/events", "{}\n{}\n{}\n{}\n", {}, kJsonLines);
  EXPECT_TRUE(response.body.ends_with(R"("rejected_count":4})")) << response.body;
  EXPECT_FALSE(response.body.contains(R"({"item":3)")) << response.body;
}

TEST(Service, AFullDiskIsAProblemThatSaysWhatWasTaken) {
  World world;
  world.engine.write_error = Error{Code::kIo, "disk full"};
  EXPECT_TRUE(show(world.post("/v1/listings", R"({"id":"a"})")).starts_with("500 "));
  const Response events = world.post("/v1/events", R"({"kind":"view","listing_id":"b"})");
  EXPECT_EQ(events.status, 500);
  EXPECT_TRUE(events.body.contains("disk full; 0 events before that were accepted")) << events.body;
}

TEST(Service, ReadyWhenTheEngineIsAndNotWhileStopping) {
  World world;
  EXPECT_EQ(world.get("/health/live").status, 200);
  EXPECT_EQ(
      show(world.get("/health/ready")),
      R"(200 {"ready":true,"reasons":[],"degraded":[],"listings":0,"events":0,"behind":0,"encoder":"","ranker":""})");
  world.engine.state = {.behind = 1234, .encoder = "e1", .ranker = "r2", .degraded = {"no spelling"}};
  const Response behind = world.get("/health/ready");
  EXPECT_EQ(show(behind),
            R"(503 {"ready":false,"reasons":["1,234 records of the log are not yet searchable"],)"
            R"("degraded":["no spelling"],"listings":0,"events":0,"behind":1234,"encoder":"e1","ranker":"r2"})");
  EXPECT_EQ(header(behind, "Retry-After"), "1");
  world.engine.state.ready = true;
  world.context.stopping = true;
  EXPECT_TRUE(world.get("/health/ready").body.contains("the server is stopping"));
}

TEST(Service, MetricsCountRequestsAndStages) {
  World world;
  world.get("/v1/search?q=a");
  world.get("/v1/search?limit=x");
  world.get("/nothing");
  const std::string text = world.get("/metrics").body;
  for (const std::string_view line : {"handsel_http_requests_total{endpoint=\"search\",status=\"2xx\"} 1\n",
                                      "handsel_http_requests_total{endpoint=\"search\",status=\"4xx\"} 1\n",
                                      "handsel_http_requests_total{endpoint=\"none\",status=\"4xx\"} 1\n",
                                      "handsel_http_request_seconds_count{endpoint=\"search\"} 2\n",
                                      "handsel_search_stage_seconds_count{stage=\"parse\"} 1\n", "handsel_ready 1\n"}) {
    EXPECT_TRUE(text.contains(line)) << line << text;
  }
}

TEST(Service, MetricsTellOfVectorsAndFailingModels) {
  World world;
  const auto has = [&](std::string_view line) { return world.get("/metrics").body.contains(line); };
  EXPECT_TRUE(has("\nhandsel_vectors 0\n"));
  EXPECT_TRUE(has("\nhandsel_vectors_bytes_each 0\n"));
  world.engine.state.vectors = {
      .live = 200, .in_graph = 150, .segments = 2, .bytes = 100'001, .refused = 3, .recall_at_100 = 0.985};
  world.engine.state.model_troubles = {{"encoder", 4}, {"ranker", 0}};
  for (const std::string_view line :
       {"\nhandsel_vectors 200\n", "\nhandsel_vectors_in_graph 150\n", "\nhandsel_vectors_segments 2\n",
        "\nhandsel_vectors_bytes 100001\n", "\nhandsel_vectors_bytes_each 500.005\n", "\nhandsel_vectors_refused 3\n",
        "\nhandsel_vectors_recall_at_100 0.985\n", "\nhandsel_model_troubles{stage=\"encoder\"} 4\n",
        "\nhandsel_model_troubles{stage=\"ranker\"} 0\n"}) {
    EXPECT_TRUE(has(line)) << line;
  }
}

TEST(Service, PagesHaveTagsAndPolicies) {
  World world;
  const Response index = world.get("/");
  EXPECT_EQ(index.status, 200);
  EXPECT_EQ(index.content_type, "text/html");
  EXPECT_EQ(header(index, "Cache-Control"), "no-cache");
  EXPECT_TRUE(header(index, "Content-Security-Policy").contains("default-src 'self'"));
  EXPECT_EQ(header(index, "X-Content-Type-Options"), "nosniff");
  const std::string etag = header(index, "ETag");
  const Response again = world.send({.method = Method::kGet, .target = "/", .if_none_match = etag});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.bytes(), "");
  const Response script = world.get("/assets/shop.0123abcd.js");
  EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(world.get("/openapi.json").bytes(), "{\"openapi\":\"3.1.0\"}");
}

TEST(Pages, KnowsNamesThatChangeWithTheContent) {
  for (const std::string_view name : {"/assets/shop.0123abcd.js", "/a-0123456789abcdef.css", "/12345678.js"}) {
    EXPECT_TRUE(has_content_hash(name)) << name;
  }
  for (const std::string_view name : {"/assets/shop.js", "/index.html", "/assets/shop.0123abc.js", "/0123abcd/shop.js",
                                      "/assets/embedded.js", "/decade.js", "/shop.0123abcdx.js"}) {
    EXPECT_FALSE(has_content_hash(name)) << name;
  }
}

TEST(Service, CompressesLongAnswersForThoseWhoAsk) {
  World world;
  for (int i = 0; i < 100; ++i) world.post("/v1/listings", fmt::format(R"({{"id":"{}","title":"apron"}})", i));
  Request request{.method = Method::kGet, .target = "/v1/search?q=apron&limit=100"};
  const Response plain = world.send(request);
  EXPECT_EQ(header(plain, "Content-Encoding"), "");
  EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding");
  request.accept_encoding = "br, gzip";
  const Response packed = world.send(request);
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size() * 4, plain.body.size());
  request.target = "/v1/search?q=none";
  EXPECT_EQ(header(world.send(request), "Content-Encoding"), "");
}

TEST(Compress, ReadsAcceptEncoding) {
  for (const std::string_view text : {"gzip", "GZIP", "br, gzip;q=0.5", "*", "gzip;q=1, *;q=0"}) {
    EXPECT_TRUE(accepts_gzip(text)) << text;
  }
  for (const std::string_view text :
       {"", "br", "identity", "gzip;q=0", "gzip;q=0, *", "gzip;q=nan", "x-gzip", "*;q=0"}) {
    EXPECT_FALSE(accepts_gzip(text)) << text;
  }
}

TEST(Service, RequestIdsAreKeptOrMade) {
  World world;
  const auto id_of = [&world](std::string id) {
    return header(world.send({.method = Method::kGet, .target = "/health/live", .request_id = std::move(id)}),
                  "X-Request-Id");
  };
  EXPECT_EQ(id_of("abc-1.2_3"), "abc-1.2_3");
  EXPECT_EQ(id_of("").size(), 16u);
  EXPECT_NE(id_of(""), id_of(""));
  for (const std::string_view odd : {"a b", "a\r\nSet-Cookie: x", "\xff"})
    EXPECT_EQ(id_of(std::string(odd)).size(), 16u);
  EXPECT_EQ(id_of(std::string(65, 'a')).size(), 16u);
}

}  // namespace
}  // namespace handsel::http
