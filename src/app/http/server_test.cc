// The server over real sockets of the loopback device, on ports that the system
// chooses. Tests wait for what happens, never for a length of time; limits of time
// are made short where one is to pass. The file is long because every limit and every
// way to leave early has its own scene with the same server.
#include "app/http/server.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "app/http/keys.h"
#include "app/http/testing/client.h"
#include "app/http/testing/memory_engine.h"
#include "app/http/testing/memory_files.h"

namespace handsel::http {
namespace {

struct Running {
  MemoryEngine engine;
  MemoryFiles files;
  SystemClock clock;
  metrics::Registry metrics;
  std::unique_ptr<Server> server;

  explicit Running(ServerOptions options = {}) : Running(std::move(options), [](Running&) {}) {}

  template <typename Prepare>
  Running(ServerOptions options, Prepare prepare) {
    prepare(*this);
    options.listen = "127.0.0.1:0";
    options.threads = options.threads == 0 ? 2 : options.threads;
    auto started = Server::start(std::move(options), engine, clock, files, metrics);
    if (!started) ADD_FAILURE() << started.error().message;
    server = std::move(*started);
  }

  Client client() const { return Client(server->port()); }
};

// Holds back whoever calls pass() until open() is called.
class Gate {
 public:
  void pass() {
    ++arrived_;
    arrived_.notify_all();
    open_.wait(false);
  }
  void wait_for_arrivals(int count) {
    for (int arrived = arrived_; arrived < count; arrived = arrived_) arrived_.wait(arrived);
  }
  void wait_for_arrival() { wait_for_arrivals(1); }
  void open() {
    open_ = true;
    open_.notify_all();
  }

 private:
  std::atomic<int> arrived_ = 0;
  std::atomic<bool> open_ = false;
};

TEST(Server, KeepsConnectionsOpen) {
  Running running;
  Client client = running.client();
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client.get("/health/live");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{\"live\":true}");
    EXPECT_FALSE(answer.headers.contains("connection"));
    EXPECT_TRUE(answer.headers.at("date").ends_with(" GMT"));
  }
  EXPECT_EQ(client.get("/health/live", "Connection: close\r\n").headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, ServesHttp10) {
  Running running;
  Client client = running.client();
  client.send("GET /health/live HTTP/1.0\r\n\r\n");
  const Answer answer = client.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  Running running;
  Client client = running.client();
  client.post("/v1/listings", R"({"id":"a","title":"apron"})");
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests +=
        fmt::format("GET /v1/search?q=apron&offset={} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: s{}\r\n\r\n", i, i);
    requests += fmt::format(
        "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: p{}\r\nContent-Type: application/json\r\n"
        "Content-Length: 11\r\n\r\n{{\"q\":\"bag\"}}",
        i);
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.read().headers.at("x-request-id"), fmt::format("s{}", i));
    const Answer posted = client.read();
    EXPECT_EQ(posted.headers.at("x-request-id"), fmt::format("p{}", i));
    EXPECT_TRUE(posted.body.contains("\"total\":0")) << posted.body;
  }
}

TEST(Server, ReadsRequestsThatArriveByteByByte) {
  Running running;
  Client client = running.client();
  const std::string_view request =
      "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"q\":\r\n6;x=y\r\n\"bag\"}\r\n0\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(running.engine.searches().back().query, "bag");
  EXPECT_EQ(client.get("/health/live").status, 200);
}

TEST(Server, HeadHasTheHeadersAndNoBody) {
  Running running;
  Client client = running.client();
  const Answer whole = client.get("/openapi.json");
  client.send("HEAD /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Answer head = client.read(true);
  EXPECT_EQ(head.headers.at("content-length"), whole.headers.at("content-length"));
  EXPECT_EQ(client.get("/health/live").body, "{\"live\":true}");
}

TEST(Server, AsksForTheBodyThatWaits) {
  Running running;
  Client client = running.client();
  client.send(
      "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue");
  client.send("{}");
  EXPECT_EQ(client.read().status, 200);
}

TEST(Server, RefusesMalformedRequests) {
  struct Row {
    std::string_view request;
    int status;
  };
  const auto rows = std::to_array<Row>({
      {"\r\n\r\n\r\n", 400},
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},  // no Host
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nA: \x01\r\n\r\n", 400},
      {"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
      {"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"GET /v1/search?q=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      // Two lengths at once are how requests are smuggled past a proxy.
      {"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
       "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
       400},
      {"POST /v1/listings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
       "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
       400},
  });
  Running running;
  for (const Row& row : rows) {
    Client client = running.client();
    client.send(row.request);
    Answer answer = client.read();
    EXPECT_EQ(answer.status, row.status) << row.request << answer.body;
    EXPECT_EQ(answer.headers["content-type"], "application/problem+json") << row.request;
  }
}

TEST(Server, LimitsTheHead) {
  Running running({.limits = {.header_bytes_max = 1024}});
  Client client = running.client();
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(2000, 'x') + "\r\n\r\n");
  EXPECT_EQ(client.read().status, 431);
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, LimitsBodiesBeforeTheyAreRead) {
  Running running({.limits = {.body_bytes_max = 200'000, .search_body_bytes_max = 100}});
  {
    Client client = running.client();
    client.send(
        "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 101\r\n\r\n");
    EXPECT_EQ(client.read().status, 413) << "announced, never sent";
  }
  {
    Client client = running.client();
    client.send(
        "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n65\r\n" +
        std::string(101, ' ') + "\r\n");
    EXPECT_EQ(client.read().status, 413) << "not announced";
  }
  Client client = running.client();
  EXPECT_EQ(client.post("/v1/events", std::string(199'999, ' ')).status, 200);
  EXPECT_EQ(client.post("/v1/events", std::string(200'001, ' ')).status, 413);
}

TEST(Server, BodiesTogetherAreLimited) {
  Gate gate;
  Running running({.limits = {.body_bytes_max = 150'000, .body_bytes_in_flight_max = 0}});
  running.engine.on_write = [&gate] { gate.pass(); };
  const std::string body = R"({"kind":"view","listing_id":"a"})" + std::string(110'000, ' ');
  const auto send = [&running, &body] { return running.client().post("/v1/events", body); };
  std::thread first([&] { EXPECT_EQ(send().status, 200); });
  std::thread second([&] { EXPECT_EQ(send().status, 200); });
  gate.wait_for_arrivals(2);
  Client third = running.client();
  third.send(
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
      "110000\r\n\r\n");
  Answer refused = third.read();
  EXPECT_EQ(refused.status, 429) << "before a byte of its body";
  EXPECT_EQ(refused.headers["retry-after"], "1");
  gate.open();
  first.join();
  second.join();
  EXPECT_EQ(send().status, 200);
}

TEST(Server, TooManyWaitingRequestsAreRefusedAtOnce) {
  Gate gate;
  Running running({.threads = 1, .limits = {.queue_max = 1}});
  running.engine.on_search = [&gate] { gate.pass(); };
  const std::string search = "GET /v1/search HTTP/1.1\r\nHost: localhost\r\n\r\n";
  Client running_one = running.client();
  running_one.send(search);
  gate.wait_for_arrival();
  Client waiting_one = running.client();
  waiting_one.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n" + search);
  EXPECT_EQ(waiting_one.read().status, 200) << "the event loop, of which there is one, turns to the search next";
  Client refused_one = running.client();
  const Answer refused = refused_one.get("/v1/search");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  EXPECT_EQ(refused_one.get("/health/live").status, 200) << "health needs no thread of the pool";
  gate.open();
  EXPECT_EQ(running_one.read().status, 200);
  EXPECT_EQ(waiting_one.read().status, 200);
}

TEST(Server, WritesThatWaitForTheDiskDoNotHoldUpSearches) {
  Gate gate;
  Running running({.threads = 1, .write_threads = 1});
  running.engine.on_write = [&gate] { gate.pass(); };
  Client writer = running.client();
  writer.send(
      "POST /v1/listings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n"
      "{\"id\":\"a\"}");
  gate.wait_for_arrival();
  Client reader = running.client();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(reader.get("/v1/search").status, 200);
  gate.open();
  EXPECT_EQ(writer.read().status, 200);
}

TEST(Server, SlowClientsAreLetGo) {
  Running running({.limits = {.request_time_max_ms = 100, .idle_time_max_ms = 50}});
  Client idle = running.client();
  EXPECT_TRUE(idle.is_closed());
  Client half_a_head = running.client();
  half_a_head.send("GET / HTTP/1.1\r\nHo");
  EXPECT_TRUE(half_a_head.is_closed());
  Client half_a_body = running.client();
  half_a_body.send(
      "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
  EXPECT_TRUE(half_a_body.is_closed());
  Client half_an_import = running.client();
  half_an_import.send(
      "POST /v1/listings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
      "10\r\n\r\n");
  EXPECT_TRUE(half_an_import.is_closed());
  EXPECT_EQ(running.client().get("/health/live").status, 200);
}

TEST(Server, BytesNowAndThenBuyAHeadNoTime) {
  Running running({.limits = {.header_bytes_max = 1u << 30, .request_time_max_ms = 100}});
  Client trickle = running.client();
  trickle.send("GET / HTTP/1.1\r\nX: ");
  while (trickle.send("x")) {
  }
  EXPECT_EQ(trickle.read().status, 0);
}

TEST(Server, TooManyConnectionsAreRefused) {
  Running running({.limits = {.connections_max = 2}});
  Client first = running.client();
  EXPECT_EQ(first.get("/health/live").status, 200);
  {
    Client second = running.client();
    EXPECT_EQ(second.get("/health/live").status, 200);
    Client third = running.client();
    EXPECT_EQ(third.read().status, 503);
    EXPECT_TRUE(third.is_closed());
  }
  // The second has gone; the server notices in its own time.
  int status = 503;
  while (status == 503) status = running.client().get("/health/live").status;
  EXPECT_EQ(status, 200);
}

TEST(Server, ManyClientsAtOnce) {
  Running running;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&running, t] {
      Client client = running.client();
      for (int i = 0; i < 50; ++i) {
        const std::string id = fmt::format("{}-{}", t, i);
        EXPECT_EQ(client.post("/v1/listings", fmt::format(R"({{"id":"{}","title":"cup"}})", id)).status, 200);
        EXPECT_EQ(client.get("/v1/listings/" + id).status, 200);
        EXPECT_EQ(client.get("/v1/search?q=cup").status, 200);
      }
    });
  }
}

// --- imports ---

constexpr std::string_view kBulkHead =
    "POST /v1/listings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

TEST(BulkServer, StatusesComeWhileTheBodyIsSent) {
  Running running;
  Client client = running.client();
  client.send(kBulkHead);
  client.send(chunk("{\"id\":\"a\"}\n"));
  EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
  client.read_until("\r\n");
  EXPECT_EQ(client.read_until("\n"), R"({"line":1,"id":"a","status":"ok"})");
  client.send(chunk("{\"id\":\"b\"}\n"));
  client.read_until("\r\n");
  client.read_until("\r\n");
  EXPECT_EQ(client.read_until("\n"), R"({"line":2,"id":"b","status":"ok"})");
  client.send("0\r\n\r\n");
  client.read_until("\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "0");
  EXPECT_EQ(client.get("/v1/listings/b").status, 200) << "the connection goes on";
}

TEST(BulkServer, ManyLinesThroughSmallPieces) {
  Running running({.limits = {.bulk_piece_bytes = 1000, .bulk_answer_bytes_max = 5000}});
  constexpr int kLines = 20'000;
  Client client = running.client();
  std::string body;
  for (int i = 0; i < kLines; ++i) body += fmt::format("{{\"id\":\"{}\"}}\n", i);
  std::thread sender([&] { client.send(std::string(kBulkHead) + chunk(body) + "0\r\n\r\n"); });
  const Answer answer = client.read();
  sender.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(std::ranges::count(answer.body, '\n'), kLines);
  EXPECT_TRUE(
      answer.body.ends_with(fmt::format("{{\"line\":{},\"id\":\"{}\",\"status\":\"ok\"}}\n", kLines, kLines - 1)));
}

TEST(BulkServer, ALongBodyMayBeReadAfterItWasSent) {
  Running running;
  Client client = running.client();
  std::string body;
  for (int i = 0; i < 50'000; ++i)
    body += fmt::format("{{\"id\":\"{}\",\"description\":\"{}\"}}\n", i, std::string(100, 'x'));
  const Answer answer = client.post("/v1/listings", body, {}, "application/x-ndjson");
  EXPECT_EQ(std::ranges::count(answer.body, '\n'), 50'000);
}

TEST(BulkServer, AClientThatNeverReadsIsHeldAndLetGo) {
  Running running({.limits = {.bulk_answer_bytes_max = 1000, .request_time_max_ms = 100}});
  Client client = running.client();
  client.send(kBulkHead);
  // Statuses are longer than these lines, so the buffers between fill up sooner or later.
  const std::string lines = chunk([] {
    std::string many;
    for (int i = 0; i < 20'000; ++i) many += "{}\n";
    return many;
  }());
  while (client.send(lines)) {
  }
  EXPECT_EQ(running.client().get("/health/live").status, 200);
}

TEST(BulkServer, AnEmptyImportIsAnEmptyAnswer) {
  Running running;
  Client client = running.client();
  const Answer answer = client.post("/v1/listings", "", {}, "application/x-ndjson");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(client.post("/v1/listings", "\n\n", {}, "application/x-ndjson").status, 200);
}

TEST(BulkServer, AFullDiskBeforeTheFirstLineIsAProblem) {
  Running running;
  running.engine.write_error = Error{Code::kIo, "disk full"};
  Client client = running.client();
  const Answer answer = client.post("/v1/listings", "{\"id\":\"a\"}\n", {}, "application/x-ndjson");
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(answer.body.contains("disk full")) << answer.body;
}

TEST(BulkServer, ABrokenBodyStopsTheImportWithALine) {
  Running running;
  Client client = running.client();
  client.send(kBulkHead);
  client.send(chunk("{\"id\":\"a\"}\n"));
  client.read_until("\r\n\r\n");
  client.read_until("\n");
  EXPECT_EQ(client.read_until("\n"), R"({"line":1,"id":"a","status":"ok"})");
  client.send("zz\r\n");
  client.read_until("{");
  EXPECT_TRUE(client.read_until("\n").starts_with(R"("line":1,"status":"stopped","reason":)"));
}

TEST(BulkServer, ImportsTogetherAreLimited) {
  Gate gate;
  Running running({.limits = {.body_bytes_max = 150'000, .bulk_piece_bytes = 100'000, .body_bytes_in_flight_max = 0}});
  running.engine.on_write = [&gate] { gate.pass(); };
  Client first = running.client();
  first.send(std::string(kBulkHead) + chunk("{\"id\":\"a\"}\n"));
  gate.wait_for_arrival();
  EXPECT_EQ(running.client().post("/v1/listings", "{\"id\":\"b\"}\n", {}, "application/x-ndjson").status, 429);
  gate.open();
  first.send("0\r\n\r\n");
  EXPECT_EQ(first.read().status, 200);
}

// --- stopping ---

TEST(ServerStop, RunningRequestsAreFinished) {
  Gate gate;
  Running running;
  running.engine.on_search = [&gate] { gate.pass(); };
  Client busy = running.client();
  Client idle = running.client();
  EXPECT_EQ(idle.get("/health/live").status, 200);
  busy.send("GET /v1/search HTTP/1.1\r\nHost: localhost\r\n\r\n");
  gate.wait_for_arrival();
  running.server->stop();
  EXPECT_TRUE(idle.is_closed());
  gate.open();
  const Answer answer = busy.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  running.server->wait();
  running.server->stop();
  running.server->wait();
}

TEST(ServerStop, AnImportThatIsUnderWayMayEnd) {
  Running running;
  Client client = running.client();
  client.send(std::string(kBulkHead) + chunk("{\"id\":\"a\"}\n"));
  client.read_until("ok\"}\n");
  running.server->stop();
  client.send(chunk("{\"id\":\"b\"}\n") + "0\r\n\r\n");
  EXPECT_TRUE(client.read_until("0\r\n\r\n").contains(R"("id":"b","status":"ok")"));
  EXPECT_TRUE(client.is_closed());
  running.server->wait();
  EXPECT_TRUE(running.engine.knows_listing("b"));
}

TEST(ServerStop, WhoeverTakesTooLongIsCutOff) {
  Running running({.limits = {.stop_time_max_ms = 50}});
  Client client = running.client();
  client.send(std::string(kBulkHead) + chunk("{\"id\":\"a\"}\n"));
  client.read_until("ok\"}\n");
  running.server->stop();
  running.server->wait();
  EXPECT_TRUE(running.engine.knows_listing("a"));
}

TEST(ServerStop, WithoutAnyRequest) {
  Running running;
}

// --- starting ---

std::string start_error(ServerOptions options, FileSystem& files) {
  MemoryEngine engine;
  SystemClock clock;
  metrics::Registry metrics;
  const auto started = Server::start(std::move(options), engine, clock, files, metrics);
  return started ? "started" : fmt::format("{}: {}", code_name(started.error().code), started.error().message);
}

TEST(ServerStart, SaysWhatIsInTheWay) {
  MemoryFiles files;
  Running running;
  const std::string taken = fmt::format("127.0.0.1:{}", running.server->port());
  EXPECT_EQ(start_error({.listen = taken}, files),
            fmt::format("conflict: {} is in use by another process; stop it or listen on another port", taken));
  EXPECT_EQ(start_error({.listen = "8080"}, files),
            "invalid_argument: cannot listen on '8080'; expected HOST:PORT like 127.0.0.1:8080 or [::1]:8080");
  EXPECT_TRUE(
      start_error({.listen = "192.0.2.1:0", .open = true}, files).starts_with("io: cannot listen on 192.0.2.1:0: "));
  EXPECT_TRUE(start_error({.listen = "no such host:1", .open = true}, files)
                  .starts_with("invalid_argument: cannot listen on no such host:1: "));
}

TEST(ServerStart, StrangersNeedKeysOrAnOpenDoor) {
  MemoryFiles files;
  SystemClock clock;
  EXPECT_EQ(start_error({.listen = "0.0.0.0:0"}, files),
            "invalid_argument: listening on 0.0.0.0:0 without API keys would let anybody read and write; make a key "
            "with 'handsel key new', listen on 127.0.0.1, or say --open");
  EXPECT_EQ(start_error({.listen = "0.0.0.0:0", .open = true}, files), "started");
  EXPECT_EQ(start_error({.listen = "0.0.0.0:0", .keys_required = true}, files), "started");
  ASSERT_TRUE(create_key(files, "keys.json", {.scopes = 1}, clock));
  EXPECT_EQ(start_error({.listen = "0.0.0.0:0", .keys_file = "keys.json"}, files), "started");
  ASSERT_TRUE(files.write_file("keys.json", "{"));
  EXPECT_TRUE(start_error({.keys_file = "keys.json"}, files).starts_with("corrupt: keys.json: "));
}

TEST(ServerKeys, ANewKeyCountsWithoutARestart) {
  Running running({.keys_file = "keys.json", .limits = {.keys_checked_every_ms = 1}});
  Client client = running.client();
  EXPECT_EQ(client.get("/v1/search").status, 200);
  const auto made = create_key(running.files, "keys.json", {.scopes = 1}, running.clock);
  while (client.get("/v1/search").status == 200) {
  }
  EXPECT_EQ(client.get("/v1/search").status, 401);
  EXPECT_EQ(client.get("/v1/search", "X-API-Key: " + made->text + "\r\n").status, 200);
  ASSERT_TRUE(revoke_key(running.files, "keys.json", made->key.id));
  while (client.get("/v1/search", "X-API-Key: " + made->text + "\r\n").status == 200) {
  }
}

// --- TLS ---

// A certificate for localhost that signs itself, in two PEM files of a folder of its own.
struct Certificate {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("handsel-tls-{}", ::getpid());
  std::string certificate = (folder / "cert.pem").string();
  std::string key = (folder / "key.pem").string();

  Certificate() {
    std::filesystem::create_directories(folder);
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, pair);
    X509_NAME* name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(x509, name);
    X509_sign(x509, pair, EVP_sha256());
    std::FILE* file = std::fopen(certificate.c_str(), "w");
    PEM_write_X509(file, x509);
    std::fclose(file);
    file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(x509);
    EVP_PKEY_free(pair);
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
};

TEST(ServerTls, AnswersThroughTls) {
  const Certificate files;
  Running running({.tls_certificate = files.certificate, .tls_key = files.key, .limits = {.bulk_piece_bytes = 1000}});
  EXPECT_TRUE(running.server->address().starts_with("https://127.0.0.1:"));
  Client client = Client::with_tls(running.server->port());
  ASSERT_TRUE(client.is_secure());
  EXPECT_EQ(client.get("/health/live").body, "{\"live\":true}");
  std::string body;
  for (int i = 0; i < 5'000; ++i) body += fmt::format("{{\"id\":\"{}\"}}\n", i);
  const Answer answer = client.post("/v1/listings", body, {}, "application/x-ndjson");
  EXPECT_EQ(std::ranges::count(answer.body, '\n'), 5'000);
  EXPECT_EQ(client.get("/v1/listings/4999", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(ServerTls, ClientsWithoutItAreLetGo) {
  const Certificate files;
  Running running({.tls_certificate = files.certificate, .tls_key = files.key});
  Client plain = running.client();
  plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(plain.read().status, 0);
  EXPECT_EQ(Client::with_tls(running.server->port()).get("/health/live").status, 200);
}

TEST(ServerTls, BadFilesAreNamedAtStart) {
  const Certificate good;
  MemoryFiles files;
  const std::string absent = (good.folder / "absent.pem").string();
  EXPECT_TRUE(start_error({.tls_certificate = absent, .tls_key = good.key}, files)
                  .starts_with("invalid_argument: TLS certificate " + absent + ": "));
  EXPECT_TRUE(start_error({.tls_certificate = good.certificate, .tls_key = absent}, files)
                  .starts_with("invalid_argument: TLS key " + absent + ": "));
  EXPECT_TRUE(start_error({.tls_certificate = good.key, .tls_key = good.key}, files)
                  .starts_with("invalid_argument: TLS certificate " + good.key + ": "));
  EXPECT_TRUE(start_error({.tls_certificate = good.certificate, .tls_key = good.certificate}, files)
                  .starts_with("invalid_argument: TLS key " + good.certificate + ": "));
  EXPECT_EQ(start_error({.tls_certificate = good.certificate}, files),
            "invalid_argument: TLS needs both a certificate and a key; only the certificate is set");
}

}  // namespace
}  // namespace handsel::http
