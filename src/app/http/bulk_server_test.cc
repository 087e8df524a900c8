// Imports over real sockets: statuses while the body is sent, slow readers, stops.
#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/http/testing/running.h"

namespace handsel::http {
namespace {

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

}  // namespace
}  // namespace handsel::http
