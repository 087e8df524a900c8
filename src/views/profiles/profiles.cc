#include "views/profiles/profiles.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <list>
#include <mutex>

#include "base/core/hash.h"
#include "views/profiles/internal/flat_table.h"
#include "views/profiles/internal/person.h"

namespace handsel::profiles {
namespace {

constexpr std::size_t kShards = 64;
constexpr std::int64_t kUserTauMs = 30ll * 24 * 60 * 60 * 1000;

// People by the hash of their id, in pieces with a lock each; who was not heard of for
// the longest goes first, and who was not heard of for long enough counts as unknown.
class People {
 public:
  People(std::size_t people_max, std::int64_t expires_ms, Forgetting forgetting)
      : each_max_(std::max<std::size_t>(1, people_max / kShards)), expires_ms_(expires_ms), forgetting_(forgetting) {}

  // Calls change(person) under the lock, for a new person where there was none.
  template <typename Change>
  void change(std::string_view id, std::int64_t time_ms, Change change) {
    const std::uint64_t key = table_key(hash64(id));
    Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    shard.newest_ms = std::max(shard.newest_ms, time_ms);
    Person& person = touch(shard, key, time_ms);
    const std::size_t before = person.bytes();
    change(person);
    person.seen_at(time_ms);
    bytes_.fetch_add(person.bytes() - before, std::memory_order_relaxed);
    drop_old(shard);
  }

  void learn(std::string_view id, std::int64_t time_ms, const Lessons& lessons) {
    change(id, time_ms, [&](Person& person) { person.learn(lessons, time_ms, forgetting_); });
  }

  // Calls look(person) under the lock, with null where there is none.
  template <typename Look>
  auto look(std::string_view id, std::int64_t now_ms, Look look) const {
    const std::uint64_t key = table_key(hash64(id));
    const Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    const Entry* entry = id.empty() ? nullptr : shard.index.find(key);
    const bool known = entry != nullptr && !expired(entry->place->person, now_ms);
    return look(known ? &entry->place->person : nullptr);
  }

  Forgetting forgetting() const { return forgetting_; }
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  std::size_t bytes() const {
    return bytes_.load(std::memory_order_relaxed) + size() * (sizeof(Node) - sizeof(Person) + 2 * sizeof(Entry));
  }

 private:
  struct Node {
    std::uint64_t key = 0;
    Person person;
  };
  struct Entry {
    std::uint64_t key = 0;
    std::list<Node>::iterator place;
  };
  struct Shard {
    // Plain: a lock for many readers lets readers that never pause starve the writer.
    mutable std::mutex mutex;
    std::list<Node> order;  // heard of last first
    FlatTable<Entry> index;
    std::int64_t newest_ms = 0;
  };

  bool expired(const Person& person, std::int64_t now_ms) const {
    return std::max<std::int64_t>(now_ms, 0) - person.last_ms() > expires_ms_;
  }

  Person& touch(Shard& shard, std::uint64_t key, std::int64_t time_ms) {
    const Entry* known = shard.index.find(key);
    if (known != nullptr && expired(known->place->person, time_ms)) {
      drop(shard, known->place);
      known = nullptr;
    }
    if (known != nullptr) {
      shard.order.splice(shard.order.begin(), shard.order, known->place);
      return known->place->person;
    }
    shard.order.emplace_front().key = key;
    shard.index.find_or_insert(key).place = shard.order.begin();
    Person& person = shard.order.front().person;
    person.seen_at(time_ms);
    size_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(person.bytes(), std::memory_order_relaxed);
    return person;
  }

  void drop_old(Shard& shard) {
    while (shard.order.size() > each_max_ ||
           (shard.order.size() > 1 && expired(shard.order.back().person, shard.newest_ms))) {
      drop(shard, std::prev(shard.order.end()));
    }
  }

  void drop(Shard& shard, std::list<Node>::iterator node) {
    size_.fetch_sub(1, std::memory_order_relaxed);
    bytes_.fetch_sub(node->person.bytes(), std::memory_order_relaxed);
    shard.index.erase(node->key);
    shard.order.erase(node);
  }

  const std::size_t each_max_;
  const std::int64_t expires_ms_;
  const Forgetting forgetting_;
  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<std::size_t> bytes_ = 0;
};

class ProfilesInMemory final : public ProfileStore {
 public:
  explicit ProfilesInMemory(const ProfileOptions& options)
      : sessions_(options.sessions_max, options.session_expires_ms, {}),
        users_(options.users_max, options.user_expires_ms, {.tau_ms = kUserTauMs}) {}

  // A session follows the page; its user, where there is one, learns what the session learns.
  void observe(const events::Event& event, const FactsOf& facts) override {
    if (event.session_id.empty() && event.user_id.empty()) return;
    if (event.kind == events::EventKind::kExposure) return;  // says nothing of taste, and takes no place in the store
    People& followers = event.session_id.empty() ? users_ : sessions_;
    const std::int64_t time_ms = std::max<std::int64_t>(event.time_ms, 0);
    Lessons lessons;
    followers.change(event.session_id.empty() ? event.user_id : event.session_id, time_ms, [&](Person& person) {
      lessons = person.follow(event, facts);
      person.learn(lessons, time_ms, followers.forgetting());
    });
    if (!event.session_id.empty() && !event.user_id.empty()) users_.learn(event.user_id, time_ms, lessons);
  }

  // Locks a session's shard, then a user's; observe() holds one lock at a time.
  std::shared_ptr<const Profile> find(std::string_view session_id, std::string_view user_id,
                                      std::int64_t now_ms) const override {
    return sessions_.look(session_id, now_ms, [&](const Person* session) {
      return users_.look(user_id, now_ms, [&](const Person* user) -> std::shared_ptr<const Profile> {
        if (session == nullptr && user == nullptr) return nullptr;
        static const Person kNobody;
        const Person& own = session != nullptr ? *session : kNobody;
        const double weight = kYoung / (kYoung + static_cast<double>(own.actions()));
        auto profile = std::make_shared<const Profile>(own.profile({.person = user, .weight = weight}));
        return profile->recent_listings.empty() ? nullptr : profile;
      });
    });
  }

  Stats stats() const override {
    return {.sessions = sessions_.size(), .users = users_.size(), .bytes = sessions_.bytes() + users_.bytes()};
  }

 private:
  People sessions_;
  People users_;
};

}  // namespace

std::unique_ptr<ProfileStore> ProfileStore::create(ProfileOptions options) {
  return std::make_unique<ProfilesInMemory>(options);
}

}  // namespace handsel::profiles
