// The server over real sockets of the loopback device, on ports that the system
// chooses. Tests wait for what happens, never for a length of time; limits of time
// are made short where one is to pass.
#include "app/http/server.h"

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/http/testing/running.h"

namespace handsel::http {
namespace {

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

}  // namespace
}  // namespace handsel::http
