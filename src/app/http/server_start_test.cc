// What keeps a server from starting, keys that change while it runs, and TLS.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>

#include "app/http/keys.h"
#include "app/http/testing/running.h"

namespace handsel::http {
namespace {

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
