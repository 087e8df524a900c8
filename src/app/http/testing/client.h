// A client of plain sockets, or of TLS, that says exactly what a test wants said, and
// reads until something happens. Nothing here waits for a length of time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace handsel::http {

struct Answer {
  int status = 0;                              // 0: the connection ended before an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // chunks put together
};

class Client {
 public:
  // Aborts the test program where nobody listens.
  explicit Client(std::uint16_t port);
  static Client with_tls(std::uint16_t port);
  ~Client();
  Client(Client&&) noexcept;

  // False where the other side has closed.
  bool send(std::string_view bytes);
  // Closes our direction; answers can still be read.
  void end_sending();
  // One answer; what follows stays for the next call. `head`: it has no body.
  Answer read(bool head = false);
  // Up to and without `end`, or to the end of the connection.
  std::string read_until(std::string_view end);
  // True where the connection ends without another byte.
  bool is_closed();
  // The handshake succeeded (TLS).
  bool is_secure() const;

  // send() and read() of "METHOD target" with a Host header.
  Answer get(std::string_view target, std::string_view more_headers = {});
  Answer post(std::string_view target, std::string_view body, std::string_view more_headers = {},
              std::string_view type = "application/json");

 private:
  struct Connection;
  explicit Client(std::unique_ptr<Connection> connection);
  bool fetch();

  std::unique_ptr<Connection> connection_;
  std::string buffer_;
};

}  // namespace handsel::http
