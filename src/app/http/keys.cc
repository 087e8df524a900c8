#include "app/http/keys.h"

#include <algorithm>
#include <array>
#include <mutex>

#include <sodium.h>

#include "facts/catalog/import/json_fields.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/values.h"
#include "ranking/query/filter_parser.h"

namespace handsel::http {
namespace {

namespace json = catalog::json;

constexpr std::string_view kPrefix = "hsk_";
constexpr std::size_t kIdBytes = 12;
constexpr std::size_t kSecretBytes = 43;  // 32 bytes in base64 without padding
constexpr std::int64_t kVersion = 1;
constexpr std::size_t kOriginsMax = 100;

struct ScopeRow {
  Scope scope;
  std::string_view name;
};
constexpr std::array kScopes = {
    ScopeRow{Scope::kSearch, "search"},
    ScopeRow{Scope::kEvents, "events"},
    ScopeRow{Scope::kListings, "listings:write"},
    ScopeRow{Scope::kMetrics, "metrics"},
    ScopeRow{Scope::kAdmin, "admin"},
};

// Safe to call often and from any thread; the library itself remembers.
void need_sodium() {
  HANDSEL_CHECK(sodium_init() >= 0);
}

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string out(size * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, size);
  out.pop_back();
  return out;
}

std::string random_id() {
  std::array<unsigned char, kIdBytes / 2> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes.data(), bytes.size());
}

std::string random_secret() {
  std::array<unsigned char, 32> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::string out(kSecretBytes + 1, '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();
  return out;
}

// "https://shop.example", with a port perhaps: what a browser sends.
bool is_origin(std::string_view origin) {
  const bool has_scheme = origin.starts_with("https://") || origin.starts_with("http://");
  if (!has_scheme) return false;
  const std::string_view host = origin.substr(origin.find("//") + 2);
  return !host.empty() && host.size() <= 300 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  });
}

Result<void> check(const Key& key) {
  const auto wrong = [](const std::string& what) { return fail(Code::kInvalidArgument, "key: {}", what); };
  if (key.scopes == 0 || (key.scopes & ~kAllScopes) != 0) return wrong("needs at least one scope");
  if (key.name.size() > kKeyNameBytesMax) return wrong(fmt::format("the name is over {} bytes", kKeyNameBytesMax));
  if (!catalog::is_utf8(key.name) || !catalog::is_utf8(key.filter)) return wrong("name and filter are UTF-8 text");
  if (!key.filter.empty() && allows(key.scopes, Scope::kListings)) {
    return wrong("a filter restricts what a key reads, and cannot hold one that writes listings; make two keys");
  }
  if (key.anonymous && allows(key.scopes, Scope::kAdmin)) return wrong("visitors without a key cannot be admins");
  if (const auto filter = query::parse_filter(key.filter); !filter) return wrong(filter.error().message);
  if (key.requests_per_s < 0 || key.requests_per_s > 1'000'000) return wrong("requests_per_s is 0 to 1000000");
  if (key.expires_ms < 0) return wrong("expires_ms is a time after 1970, or 0 for never");
  if (key.origins.size() > kOriginsMax) return wrong(fmt::format("has over {} origins", kOriginsMax));
  for (const std::string& origin : key.origins) {
    if (!is_origin(origin)) {
      return wrong(fmt::format("'{}' is no origin; write it like https://shop.example, in lower case, without a path",
                               catalog::cut_text(origin, 100)));
    }
  }
  return {};
}

json::Complaint read_scopes(json::Element value, Scopes& out) {
  std::vector<std::string> names;
  if (json::Complaint complaint = json::read_texts(value, names)) return complaint;
  for (const std::string& name : names) {
    const auto scopes = parse_scopes(name);
    if (!scopes) return scopes.error().message;
    out |= *scopes;
  }
  return {};
}

json::Complaint read_hash(json::Element value, KeyHash& out) {
  std::string text;
  if (json::Complaint complaint = json::read_text(value, text)) return complaint;
  std::size_t bytes = 0;
  const int failed = sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &bytes, nullptr);
  if (failed != 0 || bytes != out.size()) return "expected 64 hexadecimal digits";
  return {};
}

constexpr auto kFields = std::to_array<json::Field<StoredKey>>({
    {"id", [](json::Element v, StoredKey& k) { return json::read_text(v, k.key.id); }},
    {"name", [](json::Element v, StoredKey& k) { return json::read_text(v, k.key.name); }},
    {"hash", [](json::Element v, StoredKey& k) { return read_hash(v, k.hash); }},
    {"scopes", [](json::Element v, StoredKey& k) { return read_scopes(v, k.key.scopes); }},
    {"filter", [](json::Element v, StoredKey& k) { return json::read_text(v, k.key.filter); }},
    {"origins", [](json::Element v, StoredKey& k) { return json::read_texts(v, k.key.origins); }},
    {"requests_per_s", [](json::Element v, StoredKey& k) { return json::read_whole_number(v, k.key.requests_per_s); }},
    {"created_ms", [](json::Element v, StoredKey& k) { return json::read_whole_number(v, k.key.created_ms); }},
    {"expires_ms", [](json::Element v, StoredKey& k) { return json::read_whole_number(v, k.key.expires_ms); }},
    {"anonymous", [](json::Element v, StoredKey& k) { return json::read_bool(v, k.key.anonymous); }},
    {"personalisation", [](json::Element v, StoredKey& k) { return json::read_bool(v, k.key.personalisation); }},
});

// What one key may be next to the others. Returns what is wrong, or nothing.
std::string problem_with(const StoredKey& stored, const std::vector<StoredKey>& others) {
  const Key& key = stored.key;
  if (key.id.size() != kIdBytes) return fmt::format("id '{}' is not {} characters", key.id, kIdBytes);
  if (!key.anonymous && stored.hash == KeyHash{}) return fmt::format("key {} has no hash", key.id);
  if (const auto checked = check(key); !checked) return fmt::format("{} ({})", checked.error().message, key.id);
  for (const StoredKey& other : others) {
    if (other.key.id == key.id) return fmt::format("two keys have the id {}", key.id);
    if (other.key.anonymous && key.anonymous) return "two keys are anonymous";
  }
  return {};
}

std::string keys_json(const std::vector<StoredKey>& keys) {
  std::string out = fmt::format("{{\"version\": {}, \"keys\": [", kVersion);
  for (const StoredKey& stored : keys) {
    out += &stored == keys.data() ? "\n" : ",\n";
    const Key& key = stored.key;
    catalog::JsonObjectWriter object(out);
    object.text("id", key.id);
    object.text_if_any("name", key.name);
    if (!key.anonymous) object.text("hash", hex(stored.hash.data(), stored.hash.size()));
    object.texts_if_any("scopes", scope_names(key.scopes));
    object.text_if_any("filter", key.filter);
    object.texts_if_any("origins", key.origins);
    if (key.requests_per_s != 0) object.number("requests_per_s", key.requests_per_s);
    object.number("created_ms", key.created_ms);
    if (key.expires_ms != 0) object.number("expires_ms", key.expires_ms);
    if (key.anonymous) object.truth("anonymous", true);
    if (!key.personalisation) object.truth("personalisation", false);
  }
  return out + "\n]}\n";
}

Result<std::vector<StoredKey>> read_keys(FileSystem& files, const std::string& path) {
  if (!files.exists(path)) return std::vector<StoredKey>{};
  HANDSEL_ASSIGN(const std::string bytes, files.read_file(path));
  return parse_keys(bytes, path);
}

}  // namespace

std::string_view scope_name(Scope scope) {
  return std::ranges::find(kScopes, scope, &ScopeRow::scope)->name;
}

std::vector<std::string> scope_names(Scopes scopes) {
  std::vector<std::string> names;
  for (const ScopeRow& row : kScopes) {
    if (allows(scopes, row.scope)) names.emplace_back(row.name);
  }
  return names;
}

Result<Scopes> parse_scopes(std::string_view comma_separated) {
  Scopes scopes = 0;
  while (true) {
    const std::size_t comma = comma_separated.find(',');
    const std::string_view word = catalog::trim(comma_separated.substr(0, comma));
    const auto row = std::ranges::find(kScopes, word, &ScopeRow::name);
    if (word == "all") {
      scopes |= kAllScopes;
    } else if (row != kScopes.end()) {
      scopes |= static_cast<Scopes>(row->scope);
    } else {
      return fail(Code::kInvalidArgument,
                  "'{}' is no scope; expected search, events, listings:write, metrics, admin or all",
                  catalog::cut_text(word, 60));
    }
    if (comma == std::string_view::npos) return scopes;
    comma_separated.remove_prefix(comma + 1);
  }
}

std::string keys_path(const std::string& data_folder) {
  return data_folder + "/keys.json";
}

KeyHash hash_key(std::string_view text) {
  KeyHash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return hash;
}

std::string_view id_of_key(std::string_view text) {
  const bool is_key = text.size() == kPrefix.size() + kIdBytes + 1 + kSecretBytes && text.starts_with(kPrefix) &&
                      text[kPrefix.size() + kIdBytes] == '_';
  return is_key ? text.substr(kPrefix.size(), kIdBytes) : std::string_view{};
}

Result<std::vector<StoredKey>> parse_keys(std::string_view text, const std::string& path) {
  need_sodium();
  const auto corrupt = [&path](std::string_view what) {
    return fail(Code::kCorrupt, "{}: {}; restore it from a copy, or remove it and make new keys", path, what);
  };
  json::Parser parser;
  const auto root = parser.parse(text);
  if (!root) return corrupt(root.error().reason);
  if (json::whole_number_of(json::member(*root, "version")) != kVersion) return corrupt("is not of version 1");
  const std::vector<json::Element> rows = json::elements(json::member(*root, "keys"));
  if (rows.size() > kKeysMax) return corrupt(fmt::format("has over {} keys", kKeysMax));

  std::vector<StoredKey> keys;
  for (const json::Element row : rows) {
    StoredKey stored;
    const auto read = json::read_object<StoredKey>(row, kFields, stored, json::UnknownKeys::kRefuse);
    if (!read) return corrupt(fmt::format("key {}: {} {}", keys.size() + 1, read.error().field, read.error().reason));
    if (const std::string problem = problem_with(stored, keys); !problem.empty()) return corrupt(problem);
    keys.push_back(std::move(stored));
  }
  return keys;
}

Result<NewKey> create_key(FileSystem& files, const std::string& path, Key wishes, const Clock& clock) {
  need_sodium();
  HANDSEL_TRY(check(wishes));
  HANDSEL_ASSIGN(std::vector<StoredKey> keys, read_keys(files, path));
  if (keys.size() >= kKeysMax) return fail(Code::kTooLarge, "{} has {} keys; revoke some", path, keys.size());
  if (wishes.anonymous && std::ranges::any_of(keys, [](const StoredKey& k) { return k.key.anonymous; })) {
    return fail(Code::kAlreadyExists, "{} has a key for visitors already; revoke it first", path);
  }
  NewKey made{.key = std::move(wishes), .text = {}};
  made.key.id = random_id();
  made.key.created_ms = clock.now_ms();
  KeyHash hash{};
  if (!made.key.anonymous) {
    made.text = fmt::format("{}{}_{}", kPrefix, made.key.id, random_secret());
    hash = hash_key(made.text);
  }
  keys.push_back({made.key, hash});
  HANDSEL_TRY(files.write_file(path, keys_json(keys)));
  return made;
}

Result<std::vector<Key>> list_keys(FileSystem& files, const std::string& path) {
  HANDSEL_ASSIGN(std::vector<StoredKey> stored, read_keys(files, path));
  std::vector<Key> keys;
  for (StoredKey& one : stored) keys.push_back(std::move(one.key));
  return keys;
}

Result<void> revoke_key(FileSystem& files, const std::string& path, std::string_view id) {
  HANDSEL_ASSIGN(std::vector<StoredKey> keys, read_keys(files, path));
  const auto removed = std::erase_if(keys, [id](const StoredKey& stored) { return stored.key.id == id; });
  if (removed == 0) return fail(Code::kNotFound, "{} has no key with the id '{}'", path, catalog::cut_text(id, 60));
  return files.write_file(path, keys_json(keys));
}

}  // namespace handsel::http
