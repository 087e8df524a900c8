// The definitions of client.h; it is part of the tests only.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include <openssl/ssl.h>

#include "app/http/testing/client.h"
#include "base/core/result.h"

namespace handsel::http {

struct Client::Connection {
  int socket = -1;
  SSL_CTX* context = nullptr;
  SSL* tls = nullptr;

  explicit Connection(std::uint16_t port) : socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // a server that hangs up is an answer too
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    HANDSEL_CHECK(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }

  ~Connection() {
    SSL_free(tls);
    SSL_CTX_free(context);
    ::close(socket);
  }

  bool secure() {
    context = SSL_CTX_new(TLS_client_method());
    tls = SSL_new(context);
    SSL_set_fd(tls, socket);
    return SSL_connect(tls) == 1;
  }

  long write(std::string_view bytes) {
    const int size = static_cast<int>(bytes.size());
    return tls != nullptr ? SSL_write(tls, bytes.data(), size)
                          : ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  long read(char* to, std::size_t size) {
    return tls != nullptr ? SSL_read(tls, to, static_cast<int>(size)) : ::recv(socket, to, size, 0);
  }
};

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::Client(std::uint16_t port) : connection_(std::make_unique<Connection>(port)) {}
Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

Client Client::with_tls(std::uint16_t port) {
  auto connection = std::make_unique<Connection>(port);
  connection->secure();
  return Client(std::move(connection));
}

bool Client::is_secure() const {
  return connection_->tls != nullptr && SSL_is_init_finished(connection_->tls) == 1;
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long sent = connection_->write(bytes);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::end_sending() {
  ::shutdown(connection_->socket, SHUT_WR);
}

bool Client::fetch() {
  char bytes[16 * 1024];
  const long got = connection_->read(bytes, sizeof bytes);
  if (got > 0) buffer_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

bool Client::is_closed() {
  return buffer_.empty() && !fetch();
}

std::string Client::read_until(std::string_view end) {
  std::size_t at = 0;
  while ((at = buffer_.find(end)) == std::string::npos && fetch()) {
  }
  std::string text = buffer_.substr(0, at);
  buffer_.erase(0, at == std::string::npos ? at : at + end.size());
  return text;
}

Answer Client::read(bool head) {
  Answer answer;
  const std::string status = read_until("\r\n");
  if (!status.starts_with("HTTP/1.")) return answer;
  answer.status = std::stoi(status.substr(9, 3));
  for (std::string line = read_until("\r\n"); !line.empty(); line = read_until("\r\n")) {
    std::string name = line.substr(0, line.find(": "));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = line.substr(line.find(": ") + 2);
  }
  if (head || answer.status == 204 || answer.status == 304) return answer;
  if (answer.headers.contains("transfer-encoding")) {
    for (;;) {
      const std::string size = read_until("\r\n");
      const std::size_t bytes = size.empty() ? 0 : std::stoul(size, nullptr, 16);
      while (buffer_.size() < bytes + 2 && fetch()) {
      }
      answer.body += buffer_.substr(0, bytes);
      buffer_.erase(0, bytes + 2);
      if (bytes == 0) return answer;
    }
  }
  const std::size_t length = std::stoul("0" + answer.headers["content-length"]);
  while (buffer_.size() < length && fetch()) {
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

Answer Client::get(std::string_view target, std::string_view more_headers) {
  send(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, more_headers));
  return read();
}

Answer Client::post(std::string_view target, std::string_view body, std::string_view more_headers,
                    std::string_view type) {
  send(fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}", target,
                   type, body.size(), more_headers, body));
  return read();
}

}  // namespace handsel::http
