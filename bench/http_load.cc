// Requests against a running server, over connections that stay open.
//
//   bench_http_load --port P --queries queries.txt --connections 8 --seconds 10 [--people people.txt]
//
// Each request is by the next of the people, where a file names some.
// Closed loop: each connection sends its next request when the answer to the last
// one is complete, from a blocking thread of its own. Server and load share the
// machine, so the numbers are what one machine does for itself.
#include <array>
#include <atomic>
#include <cctype>
#include <cstring>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/core/clock.h"
#include "harness.h"

namespace {

using namespace handsel;

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int one = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      bench::stop(fmt::format("cannot connect to 127.0.0.1:{}", port));
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends a request and reads its whole answer; the status.
  int ask(std::string_view request) {
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      bench::stop("the server closed the connection");
    std::string answer;
    std::size_t head_end = std::string::npos;
    while (head_end == std::string::npos) {
      receive(answer);
      head_end = answer.find("\r\n\r\n");
    }
    const std::size_t whole = head_end + 4 + content_length(answer.substr(0, head_end));
    while (answer.size() < whole) receive(answer);
    return std::atoi(answer.c_str() + std::strlen("HTTP/1.1 "));
  }

 private:
  void receive(std::string& answer) {
    std::array<char, 64 * 1024> buffer;
    const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (size <= 0) bench::stop("the server closed the connection");
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }

  static std::size_t content_length(std::string head) {
    for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::string_view name = "\r\ncontent-length:";
    const std::size_t at = head.find(name);
    if (at == std::string::npos) bench::stop("an answer without Content-Length");
    return static_cast<std::size_t>(std::atoll(head.c_str() + at + name.size()));
  }

  const int socket_;
};

std::string request_for(const std::string& query, const std::string& person) {
  std::string encoded;
  for (const char c : query) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += std::isalnum(byte) ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  if (!person.empty()) encoded += "&user_id=" + person;
  return fmt::format("GET /v1/search?limit=10&q={} HTTP/1.1\r\nHost: localhost\r\n\r\n", encoded);
}

struct Load {
  std::vector<std::string> requests;
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> refused = 0;  // answers other than 200
  std::mutex mutex;
  bench::Latencies latencies;  // under the mutex
};

void keep_asking(Load& load, std::uint16_t port, double seconds) {
  Connection connection(port);
  std::vector<double> ms;
  for (const Stopwatch whole; whole.elapsed_ms() < 1000 * seconds;) {
    const Stopwatch watch;
    const int status = connection.ask(load.requests[load.next++ % load.requests.size()]);
    ms.push_back(watch.elapsed_ms());
    if (status != 200) ++load.refused;
  }
  const std::scoped_lock lock(load.mutex);
  for (const double value : ms) load.latencies.add(value);
}

}  // namespace

int main(int count, char** values) {
  const bench::Arguments arguments(count, values);
  const auto port = static_cast<std::uint16_t>(arguments.number("port", 8080));
  const auto connections = static_cast<std::size_t>(arguments.number("connections", 8));
  const double seconds = arguments.number("seconds", 10);
  Load load;
  const std::vector<std::string> people = bench::read_people(arguments);
  for (const std::string& query : bench::read_lines(arguments.text("queries")))
    load.requests.push_back(request_for(query, people[load.requests.size() % people.size()]));
  if (load.requests.empty()) bench::stop("no queries");

  const Stopwatch watch;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections; ++i) threads.emplace_back([&] { keep_asking(load, port, seconds); });
  }
  const double requests = static_cast<double>(load.latencies.count());
  bench::Report("handsel", arguments.text("name", "http"))
      .number("connections", static_cast<double>(connections))
      .number("requests", requests)
      .number("requests_per_second", 1000 * requests / watch.elapsed_ms())
      .number("refused", static_cast<double>(load.refused))
      .number("p50_ms", load.latencies.percentile(0.5))
      .number("p99_ms", load.latencies.percentile(0.99))
      .print();
}
