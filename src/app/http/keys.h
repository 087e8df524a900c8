// API keys: who may do what.
//
//   key text    hsk_<id: 12 hex digits>_<secret: 43 characters, 256 random bits>
//   DIR/keys.json
//     {"version": 1, "keys": [{"id", "name", "hash", "scopes", "filter", "origins",
//      "requests_per_s", "created_ms", "expires_ms", "anonymous", "personalisation"}]}
//
// The file holds BLAKE2b-256 of the key text, never the text. A slow password hash
// or a secret of the installation would add nothing: they protect what people
// choose, and nobody guesses 256 random bits. So one check costs less than a
// microsecond, and no cache of verified keys is needed. A key is found by its id,
// which is no secret; the hash is compared in constant time.
//
// The file is replaced as a whole, so a server that runs sees either the old or the
// new one; it looks every few seconds (key_ring.h). Changes are for one person
// at a time: of two made at the same moment one may be lost.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::http {

inline constexpr std::size_t kKeysMax = 10'000;
inline constexpr std::size_t kKeyNameBytesMax = 100;

enum class Scope : std::uint8_t {
  kSearch = 1,    // search, complete, read one listing
  kEvents = 2,    // send events
  kListings = 4,  // write and delete listings
  kMetrics = 8,   // /metrics
  kAdmin = 16,    // see and replace the experiments, and decide about them
};
using Scopes = std::uint8_t;  // a set of Scope
inline constexpr Scopes kAllScopes = 31;

constexpr bool allows(Scopes scopes, Scope scope) {
  return (scopes & static_cast<Scopes>(scope)) != 0;
}
// "search", "events", "listings:write", "metrics", "admin".
std::string_view scope_name(Scope scope);
std::vector<std::string> scope_names(Scopes scopes);
// "search,events" or "all". kInvalidArgument names the choices.
Result<Scopes> parse_scopes(std::string_view comma_separated);

struct Key {
  std::string id;
  std::string name;  // for people
  Scopes scopes = 0;
  std::string filter;                // filter language: what the key can see at all; empty: everything
  std::vector<std::string> origins;  // of browsers ("https://shop.example"); empty: any
  std::int64_t requests_per_s = 0;   // 0: no limit of its own
  std::int64_t created_ms = 0;
  std::int64_t expires_ms = 0;  // 0: never
  // What visitors without a key may do; has no secret. At most one.
  bool anonymous = false;
  // False: searches with the key know nothing of who asks, whatever the request says.
  bool personalisation = true;
};

// The members of Key that a person chooses; id and created_ms are filled in.
struct NewKey {
  Key key;
  std::string text;  // shown once; empty for an anonymous one
};

std::string keys_path(const std::string& data_folder);
// kInvalidArgument where the wishes do not fit together (a filter on a key that
// writes listings: nothing could hold it to its filter).
Result<NewKey> create_key(FileSystem& files, const std::string& path, Key wishes, const Clock& clock);
// By age; none where there is no file.
Result<std::vector<Key>> list_keys(FileSystem& files, const std::string& path);
// kNotFound where no key has that id.
Result<void> revoke_key(FileSystem& files, const std::string& path, std::string_view id);

using KeyHash = std::array<unsigned char, 32>;
KeyHash hash_key(std::string_view text);
// The id in a key text; empty where the text is not one.
std::string_view id_of_key(std::string_view text);

struct StoredKey {
  Key key;
  KeyHash hash{};
};
// kCorrupt, naming the path and the field, for what create_key() did not write.
Result<std::vector<StoredKey>> parse_keys(std::string_view json, const std::string& path);

}  // namespace handsel::http
