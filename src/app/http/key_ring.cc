#include "app/http/key_ring.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <sodium.h>

namespace handsel::http {

// What one state of the file comes to; immutable once published.
struct KeyRing::Keys {
  struct Secret {
    KeyHash hash;
    std::shared_ptr<const Key> key;
  };
  bool file_was_there = false;
  std::string bytes;
  std::map<std::string, Secret, std::less<>> by_id;
  std::shared_ptr<const Key> anonymous;
  std::set<std::string, std::less<>> origins;
};

namespace {

bool has_expired(const Key& key, std::int64_t now_ms) {
  return key.expires_ms != 0 && key.expires_ms <= now_ms;
}

}  // namespace

Result<std::unique_ptr<KeyRing>> KeyRing::open(FileSystem& files, std::string path) {
  std::unique_ptr<KeyRing> ring(new KeyRing(files, std::move(path)));
  ring->keys_ = std::make_shared<const Keys>();
  HANDSEL_TRY(ring->reload());
  return ring;
}

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

Result<void> KeyRing::reload() {
  const std::shared_ptr<const Keys> old = keys();
  auto fresh = std::make_shared<Keys>();
  fresh->file_was_there = old->file_was_there;
  if (!path_.empty() && files_.exists(path_)) {
    HANDSEL_ASSIGN(fresh->bytes, files_.read_file(path_));
    if (old->file_was_there && fresh->bytes == old->bytes) return {};
    HANDSEL_ASSIGN(std::vector<StoredKey> stored, parse_keys(fresh->bytes, path_));
    fresh->file_was_there = true;
    for (StoredKey& one : stored) {
      auto key = std::make_shared<const Key>(std::move(one.key));
      fresh->origins.insert(key->origins.begin(), key->origins.end());
      if (key->anonymous) {
        fresh->anonymous = key;
      } else {
        fresh->by_id.emplace(key->id, Keys::Secret{one.hash, key});
      }
    }
  }
  const std::lock_guard lock(mutex_);
  keys_ = std::move(fresh);
  return {};
}

bool KeyRing::exists() const {
  return keys()->file_was_there;
}

Result<std::shared_ptr<const Key>> KeyRing::verify(std::string_view text, std::int64_t now_ms) const {
  const auto unknown = [] {
    return fail(Code::kUnauthorized, "the API key is not one of this server, or was revoked");
  };
  const std::shared_ptr<const Keys> now = keys();
  const auto found = now->by_id.find(id_of_key(text));
  if (found == now->by_id.end()) return unknown();
  const KeyHash hash = hash_key(text);
  if (sodium_memcmp(hash.data(), found->second.hash.data(), hash.size()) != 0) return unknown();
  if (has_expired(*found->second.key, now_ms)) return fail(Code::kUnauthorized, "the API key has expired");
  return found->second.key;
}

std::shared_ptr<const Key> KeyRing::anonymous(std::int64_t now_ms) const {
  const std::shared_ptr<const Key> key = keys()->anonymous;
  return key == nullptr || has_expired(*key, now_ms) ? nullptr : key;
}

bool KeyRing::any_key_has_origin(std::string_view origin) const {
  return keys()->origins.contains(origin);
}

}  // namespace handsel::http
