// What can be set, what is in force, and where it came from.
//
// One table (table.cc) holds every setting with its name, flag, type, range and
// words. Parsing, `--help`, `handsel doctor` and docs/reference/settings.md come
// from that table, so they cannot disagree.
//
// A later source wins over an earlier one: default, settings file (TOML),
// environment (HANDSEL_HTTP_LISTEN is http.listen), flag.
//
// Plain values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::settings {

inline constexpr std::size_t kFileBytesMax = 256 * 1024;
inline constexpr std::size_t kTextBytesMax = 4096;

// The initialisers are the defaults.
struct Settings {
  std::string language = "en";
  std::int64_t threads = 0;
  std::int64_t memory_max_bytes = 0;
  std::int64_t refresh_every_ms = 100;
  std::int64_t commit_every_ms = 30'000;
  std::int64_t guard_every_ms = 900'000;
  std::int64_t disk_free_min_bytes = 64ll << 20;

  std::string objective = "click=1,favourite=2,cart=4,purchase=8,profit=0,freshness=0,fresh_half_life_days=14";

  std::string listen = "127.0.0.1:8080";
  std::int64_t http_threads = 0;
  std::int64_t write_threads = 8;
  std::string tls_certificate;
  std::string tls_key;
  bool keys_required = false;
  bool open = false;
  std::string allowed_origins;
  std::int64_t body_bytes_max = 32ll << 20;
  std::int64_t request_time_max_ms = 30'000;
  std::int64_t idle_time_max_ms = 60'000;
  std::int64_t connections_max = 4'096;
  std::int64_t queue_max = 256;
};

enum class Kind : std::uint8_t {
  kText,
  kBoolean,   // true, false, on, off, yes, no
  kCount,     // a whole number
  kBytes,     // 4096, 64K, 256M, 2G (powers of 1024)
  kDuration,  // 250ms, 30s, 5m; stored in milliseconds
};
std::string_view kind_name(Kind kind);

// Which part of the program reads it: a command takes flags of the parts it uses.
enum class Part : std::uint8_t { kEngine, kTrain, kHttp };

struct Setting {
  std::string_view name;  // "http.listen", as in the file: [http] listen = ...
  std::string_view flag;  // "--listen"
  Part part = Part::kEngine;
  Kind kind = Kind::kText;
  std::variant<std::string Settings::*, bool Settings::*, std::int64_t Settings::*> member;
  std::int64_t low = 0;  // of numbers, both ends allowed
  std::int64_t high = 0;
  std::string_view help;
};

std::span<const Setting> table();
const Setting* find(std::string_view name);
std::string environment_name(const Setting& setting);

// Reads one value from text. kInvalidArgument says what was expected and found.
Result<void> assign(Settings& settings, const Setting& setting, std::string_view text);
// The value as assign() reads it: "256M", "30s", "true".
std::string show(const Settings& settings, const Setting& setting);
// "0 to 1024", in the units of show().
std::string show_range(const Setting& setting);

enum class Source : std::uint8_t { kDefault, kFile, kEnvironment, kFlag };
struct Origin {
  Source source = Source::kDefault;
  std::string where;  // "default", "shop.toml line 3", "HANDSEL_LANGUAGE", "--language"
};

struct InForce {
  Settings values;
  std::vector<Origin> origins;          // in the order of table()
  std::vector<std::string> complaints;  // not errors: HANDSEL_ variables that name no setting
};

struct Sources {
  std::string file;             // empty: none
  bool file_must_exist = true;  // as for --config; DIR/settings.toml may be absent
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> flags;  // by setting name
};

// Unknown names and values out of range are errors that name the place and, where
// one is near, the name that was probably meant.
Result<InForce> load(const Sources& sources, FileSystem& files);
// The file's part of it: `text` is TOML, `path` names it in messages.
Result<void> apply_toml(std::string_view text, const std::string& path, InForce& in_force);

// The name among `names` that `word` was probably meant to be; empty where none is near.
std::string nearest(std::string_view word, std::span<const std::string> names);

// docs/reference/settings.md.
std::string reference_markdown();

}  // namespace handsel::settings
