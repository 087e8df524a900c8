#include <algorithm>
#include <array>
#include <cctype>

#include "app/settings/settings.h"

namespace handsel::settings {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kGiga = 1ll << 30;

// The order is the order of documents and of `handsel doctor`.
constexpr std::array kTable = {
    Setting{.name = "engine.language",
            .flag = "--language",
            .part = Part::kEngine,
            .kind = Kind::kText,
            .member = &Settings::language,
            .help = "Language of listings and queries that name none (BCP 47 primary tag)"},
    Setting{.name = "engine.threads",
            .flag = "--threads",
            .part = Part::kEngine,
            .kind = Kind::kCount,
            .member = &Settings::threads,
            .low = 0,
            .high = 256,
            .help = "Threads for indexing and merging; 0 is one per core"},
    Setting{.name = "engine.memory_max",
            .flag = "--memory-max",
            .part = Part::kEngine,
            .kind = Kind::kBytes,
            .member = &Settings::memory_max_bytes,
            .low = 0,
            .high = 1024 * kGiga,
            .help = "Ceiling for the memory of the process; 0 is none. Below 128M it is taken as 128M"},
    Setting{.name = "engine.refresh_every",
            .flag = "--refresh-every",
            .part = Part::kEngine,
            .kind = Kind::kDuration,
            .member = &Settings::refresh_every_ms,
            .low = 10,
            .high = 60 * kSecond,
            .help = "How soon an acknowledged write is found by searches"},
    Setting{.name = "engine.commit_every",
            .flag = "--commit-every",
            .part = Part::kEngine,
            .kind = Kind::kDuration,
            .member = &Settings::commit_every_ms,
            .low = kSecond,
            .high = 24 * kHour,
            .help = "How often the index is written out; a restart after a crash replays what came later"},
    Setting{.name = "engine.guard_every",
            .flag = "--guard-every",
            .part = Part::kEngine,
            .kind = Kind::kDuration,
            .member = &Settings::guard_every_ms,
            .low = 0,
            .high = 24 * kHour,
            .help = "How often a server checks the guard rails of running experiments; 0 is never"},
    Setting{.name = "engine.disk_free_min",
            .flag = "--disk-free-min",
            .part = Part::kEngine,
            .kind = Kind::kBytes,
            .member = &Settings::disk_free_min_bytes,
            .low = 0,
            .high = 1024 * kGiga,
            .help = "Writes are refused while the disk has less room than this, so that reads can go on"},

    Setting{.name = "train.objective",
            .flag = "--objective",
            .part = Part::kTrain,
            .kind = Kind::kText,
            .member = &Settings::objective,
            .help =
                "What the ranker learns to bring up: weights of what people did with a listing, separated by commas; "
                "what is not named keeps its default"},

    Setting{.name = "http.listen",
            .flag = "--listen",
            .part = Part::kHttp,
            .kind = Kind::kText,
            .member = &Settings::listen,
            .help = "HOST:PORT to serve; port 0 takes a free one"},
    Setting{.name = "http.threads",
            .flag = "--http-threads",
            .part = Part::kHttp,
            .kind = Kind::kCount,
            .member = &Settings::http_threads,
            .low = 0,
            .high = 256,
            .help = "Threads that answer requests; 0 is one per core"},
    Setting{.name = "http.write_threads",
            .flag = "--write-threads",
            .part = Part::kHttp,
            .kind = Kind::kCount,
            .member = &Settings::write_threads,
            .low = 1,
            .high = 256,
            .help = "Threads that write; they wait for the disk, and share its syncs"},
    Setting{.name = "http.tls_certificate",
            .flag = "--tls-certificate",
            .part = Part::kHttp,
            .kind = Kind::kText,
            .member = &Settings::tls_certificate,
            .help = "PEM file with the certificate chain; with http.tls_key it turns HTTPS on"},
    Setting{.name = "http.tls_key",
            .flag = "--tls-key",
            .part = Part::kHttp,
            .kind = Kind::kText,
            .member = &Settings::tls_key,
            .help = "PEM file with the private key"},
    Setting{.name = "http.keys_required",
            .flag = "--keys-required",
            .part = Part::kHttp,
            .kind = Kind::kBoolean,
            .member = &Settings::keys_required,
            .help = "Refuse requests without an API key (see 'handsel key'), even before the first key was made"},
    Setting{.name = "http.open",
            .flag = "--open",
            .part = Part::kHttp,
            .kind = Kind::kBoolean,
            .member = &Settings::open,
            .help = "Serve everybody without keys beyond this machine too: whoever reaches the port reads and writes"},
    Setting{.name = "http.allowed_origins",
            .flag = "--allowed-origins",
            .part = Part::kHttp,
            .kind = Kind::kText,
            .member = &Settings::allowed_origins,
            .help = "Sites whose pages may call this server (CORS), separated by commas; * is any"},
    Setting{.name = "http.body_max",
            .flag = "--body-max",
            .part = Part::kHttp,
            .kind = Kind::kBytes,
            .member = &Settings::body_bytes_max,
            .low = 1024,
            .high = kGiga,
            .help = "Largest request body; larger ones get 413"},
    Setting{.name = "http.request_time_max",
            .flag = "--request-time-max",
            .part = Part::kHttp,
            .kind = Kind::kDuration,
            .member = &Settings::request_time_max_ms,
            .low = 100,
            .high = kHour,
            .help = "Longest time for a request to arrive"},
    Setting{.name = "http.idle_time_max",
            .flag = "--idle-time-max",
            .part = Part::kHttp,
            .kind = Kind::kDuration,
            .member = &Settings::idle_time_max_ms,
            .low = 100,
            .high = kHour,
            .help = "How long an idle connection is kept open"},
    Setting{.name = "http.connections_max",
            .flag = "--connections-max",
            .part = Part::kHttp,
            .kind = Kind::kCount,
            .member = &Settings::connections_max,
            .low = 1,
            .high = 1'000'000,
            .help = "Open connections; further ones are refused with 503"},
    Setting{.name = "http.queue_max",
            .flag = "--queue-max",
            .part = Part::kHttp,
            .kind = Kind::kCount,
            .member = &Settings::queue_max,
            .low = 1,
            .high = 1'000'000,
            .help = "Requests waiting for a thread; further ones get 429 with Retry-After"},
};

}  // namespace

std::span<const Setting> table() {
  return kTable;
}

const Setting* find(std::string_view name) {
  const auto found = std::ranges::find(kTable, name, &Setting::name);
  return found == kTable.end() ? nullptr : &*found;
}

std::string environment_name(const Setting& setting) {
  std::string name = "HANDSEL_";
  for (const char c : setting.name) {
    name.push_back(c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return "text";
    case Kind::kBoolean:
      return "true or false";
    case Kind::kCount:
      return "whole number";
    case Kind::kBytes:
      return "bytes";
    case Kind::kDuration:
      return "duration";
  }
  return "";
}

}  // namespace handsel::settings
