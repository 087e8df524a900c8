#include "app/http/server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/http/assets.h"
#include "app/http/internal/connection.h"
#include "app/http/key_ring.h"
#include "app/http/listen_address.h"
#include "app/http/pages.h"
#include "app/http/service.h"

namespace handsel::http {
namespace {

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using Milliseconds = std::chrono::milliseconds;

constexpr std::int64_t kAcceptRetryMs = 100;  // where the process has no file descriptor left
constexpr std::string_view kTooManyConnections =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";

// One thread, one event loop, its connections.
struct Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep{context.get_executor()};
  OpenConnections open;  // before `thread`, which ends first
  std::jthread thread;
};

std::size_t thread_count(std::size_t wanted) {
  return wanted != 0 ? wanted : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

Result<std::unique_ptr<asio::ssl::context>> load_tls_if_asked(const ServerOptions& options) {
  if (options.tls_certificate.empty() && options.tls_key.empty()) return nullptr;
  if (options.tls_certificate.empty() || options.tls_key.empty()) {
    return fail(Code::kInvalidArgument, "TLS needs both a certificate and a key; only the {} is set",
                options.tls_key.empty() ? "certificate" : "key");
  }
  return load_tls(options.tls_certificate, options.tls_key);
}

Result<void> check_strangers(const ServerOptions& options, const KeyRing& keys, const ListenAddress& address) {
  if (options.open || options.keys_required || keys.exists() || is_loopback_name(address.host)) return {};
  return fail(Code::kInvalidArgument,
              "listening on {} without API keys would let anybody read and write; make a key with 'handsel key new', "
              "listen on 127.0.0.1, or say --open",
              to_text(address));
}

Result<tcp::endpoint> resolve(asio::io_context& context, const ListenAddress& address) {
  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (error || found.empty()) {
    return fail(Code::kInvalidArgument, "cannot listen on {}: {}", to_text(address), error.message());
  }
  return found.begin()->endpoint();
}

Result<tcp::acceptor> listen(asio::io_context& context, const ListenAddress& address) {
  HANDSEL_ASSIGN(const tcp::endpoint endpoint, resolve(context, address));
  tcp::acceptor acceptor(context);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) {
    return fail(Code::kConflict, "{} is in use by another process; stop it or listen on another port",
                to_text(address));
  }
  if (error) return fail(Code::kIo, "cannot listen on {}: {}", to_text(address), error.message());
  return acceptor;
}

class RunningServer final : public Server {
 public:
  struct Parts {
    ServerOptions options;
    std::unique_ptr<KeyRing> keys;
    std::unique_ptr<asio::ssl::context> tls;
    std::vector<std::unique_ptr<Loop>> loops;
    tcp::acceptor acceptor;
  };

  RunningServer(Parts parts, Engine& engine, const Clock& clock, metrics::Registry& metrics)
      : options_(std::move(parts.options)),
        keys_(std::move(parts.keys)),
        tls_(std::move(parts.tls)),
        pages_(web_assets(), openapi_json()),
        context_{engine, clock, metrics, pages_, options_.limits},
        service_(context_,
                 {.keys_required = options_.keys_required,
                  .open = options_.open,
                  .allowed_origins = options_.allowed_origins},
                 *keys_, std::random_device()()),
        connections_gauge_(metrics.gauge("handsel_http_connections", "Open connections.")),
        keys_unreadable_(
            metrics.gauge("handsel_http_keys_unreadable", "1 where keys.json changed and cannot be read.")),
        loops_(std::move(parts.loops)),
        acceptor_(std::move(parts.acceptor)),
        endpoint_(acceptor_.local_endpoint()),
        keys_timer_(loops_.front()->context),
        search_pool_(thread_count(options_.threads), options_.limits.queue_max),
        write_pool_(std::max<std::size_t>(1, options_.write_threads), options_.limits.queue_max),
        shared_{context_, service_, search_pool_, write_pool_, BodyBudget(options_.limits.body_bytes_in_flight_max)} {
    asio::co_spawn(loops_.front()->context, accept(), asio::detached);
    asio::co_spawn(loops_.front()->context, watch_keys(), asio::detached);
    for (const auto& loop : loops_) {
      loop->thread = std::jthread([&context = loop->context] { context.run(); });
    }
  }

  ~RunningServer() override {
    stop();
    wait();
  }

  std::uint16_t port() const override { return endpoint_.port(); }

  std::string address() const override {
    const std::string host = endpoint_.address().to_string();
    return fmt::format("{}://{}", tls_ == nullptr ? "http" : "https", to_text({.host = host, .port = port()}));
  }

  void stop() override {
    {
      const std::lock_guard lock(mutex_);
      if (context_.stopping.exchange(true)) return;
    }
    changed_.notify_all();
    asio::post(loops_.front()->context, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      keys_timer_.cancel();
    });
    close_connections([](const OpenConnection& connection) { return connection.is_idle; });
  }

  void wait() override {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return context_.stopping.load(); });
      const Milliseconds patience(options_.limits.stop_time_max_ms);
      if (!changed_.wait_for(lock, patience, [this] { return running_ == 0; })) {
        lock.unlock();
        close_connections([](const OpenConnection&) { return true; });
        lock.lock();
        changed_.wait(lock, [this] { return running_ == 0; });
      }
    }
    for (const auto& loop : loops_) loop->keep.reset();
    for (const auto& loop : loops_) {
      if (loop->thread.joinable()) loop->thread.join();
    }
  }

 private:
  // Coroutines that wait() waits for: connections, and the two of the server itself.
  void count_running(int change) {
    const std::lock_guard lock(mutex_);
    running_ += change;
    if (running_ == 0) changed_.notify_all();
  }

  template <typename Condition>
  void close_connections(Condition condition) {
    for (const auto& loop : loops_) {
      asio::post(loop->context, [&open = loop->open, condition] {
        for (const OpenConnection* connection : open) {
          if (condition(*connection)) connection->stream.close();
        }
      });
    }
  }

  awaitable<void> accept() {
    count_running(1);
    std::size_t next = 0;
    while (!context_.stopping) {
      Loop& loop = *loops_[next++ % loops_.size()];
      tcp::socket socket(loop.context);
      error_code error;
      co_await acceptor_.async_accept(socket, asio::redirect_error(use_awaitable, error));
      if (!error) {
        take(loop, std::move(socket));
      } else if (!context_.stopping) {
        asio::steady_timer timer(loops_.front()->context, Milliseconds(kAcceptRetryMs));
        co_await timer.async_wait(asio::redirect_error(use_awaitable, error));
      }
    }
    count_running(-1);
  }

  void take(Loop& loop, tcp::socket socket) {
    if (connections_.load() >= options_.limits.connections_max) {
      error_code ignored;
      socket.non_blocking(true, ignored);
      if (tls_ == nullptr)
        socket.send(asio::buffer(kTooManyConnections.data(), kTooManyConnections.size()), 0, ignored);
      return;
    }
    connections_gauge_.set(static_cast<std::int64_t>(++connections_));
    count_running(1);
    auto stream = tls_ == nullptr ? plain_stream(std::move(socket)) : tls_stream(std::move(socket), *tls_);
    asio::co_spawn(loop.context, serve(loop, std::move(stream)), asio::detached);
  }

  awaitable<void> serve(Loop& loop, std::unique_ptr<Stream> stream) {
    co_await serve_connection(shared_, loop.open, std::move(stream));
    connections_gauge_.set(static_cast<std::int64_t>(--connections_));
    count_running(-1);
  }

  awaitable<void> watch_keys() {
    count_running(1);
    while (!context_.stopping) {
      error_code error;
      keys_timer_.expires_after(Milliseconds(options_.limits.keys_checked_every_ms));
      co_await keys_timer_.async_wait(asio::redirect_error(use_awaitable, error));
      if (context_.stopping) break;
      co_await run_on(write_pool_, [this] { keys_unreadable_.set(keys_->reload() ? 0 : 1); });
    }
    count_running(-1);
  }

  const ServerOptions options_;
  const std::unique_ptr<KeyRing> keys_;
  const std::unique_ptr<asio::ssl::context> tls_;
  const Pages pages_;
  Context context_;
  Service service_;
  metrics::Gauge& connections_gauge_;
  metrics::Gauge& keys_unreadable_;

  std::mutex mutex_;
  std::condition_variable changed_;
  int running_ = 0;
  std::atomic<std::size_t> connections_ = 0;

  std::vector<std::unique_ptr<Loop>> loops_;
  tcp::acceptor acceptor_;  // of the first loop, like the timer
  const tcp::endpoint endpoint_;
  asio::steady_timer keys_timer_;
  ThreadPool search_pool_;  // after the loops: what runs there comes back to them
  ThreadPool write_pool_;
  Shared shared_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Engine& engine, const Clock& clock,
                                              FileSystem& files, metrics::Registry& metrics) {
  ServerLimits& limits = options.limits;
  limits.body_bytes_in_flight_max = std::max(limits.body_bytes_in_flight_max, 2 * limits.body_bytes_max);
  HANDSEL_ASSIGN(const ListenAddress address, parse_listen_address(options.listen));
  HANDSEL_ASSIGN(auto keys, KeyRing::open(files, options.keys_file));
  HANDSEL_TRY(check_strangers(options, *keys, address));
  HANDSEL_ASSIGN(auto tls, load_tls_if_asked(options));
  std::vector<std::unique_ptr<Loop>> loops;
  for (std::size_t i = 0; i < thread_count(options.threads); ++i) loops.push_back(std::make_unique<Loop>());
  HANDSEL_ASSIGN(tcp::acceptor acceptor, listen(loops.front()->context, address));
  RunningServer::Parts parts{std::move(options), std::move(keys), std::move(tls), std::move(loops),
                             std::move(acceptor)};
  return std::make_unique<RunningServer>(std::move(parts), engine, clock, metrics);
}

}  // namespace handsel::http
