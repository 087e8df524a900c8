#include "views/profiles/profiles.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <list>
#include <mutex>

#include "analysis/text/analyzer.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "views/profiles/internal/flat_table.h"
#include "views/profiles/internal/person.h"

namespace handsel::profiles {
namespace {

constexpr std::size_t kShards = 64;
constexpr std::int64_t kUserTauMs = 30ll * 24 * 60 * 60 * 1000;
constexpr std::uint32_t kRules =
    1;  // counts one up where the same events come to teach otherwise, or facts_of() changes

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

  // Calls look(person) under the lock, with null where there is none. Whoever expired by the
  // newest event has expired: a question about a moment before it brings nobody back.
  template <typename Look>
  auto look(std::string_view id, std::int64_t now_ms, Look look) const {
    const std::uint64_t key = table_key(hash64(id));
    const Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    const Entry* entry = id.empty() ? nullptr : shard.index.find(key);
    const bool known = entry != nullptr && !expired(entry->place->person, std::max(now_ms, shard.newest_ms));
    return look(known ? &entry->place->person : nullptr);
  }

  // One shard: varint newest_ms, people; of each, heard of longest ago first: u64 key, u8 1 and
  // the person, or u8 0 and varint last_ms where it expired: such a one keeps its place in the
  // order, as that decides who goes next, and nothing of what it did. For the thread that
  // changes: nobody else changes what this looks at.
  void put(std::size_t place, std::string& out) const {
    const Shard& shard = shards_[place];
    put_varint(out, static_cast<std::uint64_t>(shard.newest_ms));
    put_varint(out, shard.order.size());
    for (auto node = shard.order.rbegin(); node != shard.order.rend(); ++node) {
      const bool counts = !expired(node->person, shard.newest_ms);
      put_fixed(out, node->key);
      put_fixed(out, static_cast<std::uint8_t>(counts ? 1 : 0));
      if (counts) {
        node->person.put(out);
      } else {
        put_varint(out, static_cast<std::uint64_t>(node->person.last_ms()));
      }
    }
  }

  bool take(std::size_t place, ByteReader& in) {
    constexpr std::size_t kPersonBytesMin = 10;
    const std::uint64_t newest_ms = in.varint();
    const std::uint64_t people = in.varint();
    if (!in.ok() || newest_ms > std::numeric_limits<std::int64_t>::max()) return false;
    if (people > each_max_ || people > in.remaining() / kPersonBytesMin) return false;
    std::list<Node> order;
    FlatTable<Entry> index;
    index.reserve(people);
    for (std::uint64_t i = 0; i < people; ++i) {
      Node& node = order.emplace_front();
      node.key = in.fixed<std::uint64_t>();
      if (!in.ok() || node.key == 0 || node.key % kShards != place || index.find(node.key) != nullptr) return false;
      if (!take_person(in, static_cast<std::int64_t>(newest_ms), node.person)) return false;
      index.find_or_insert(node.key).place = order.begin();
    }
    replace(shards_[place], order, index, static_cast<std::int64_t>(newest_ms));
    return true;
  }

  void clear() {
    for (Shard& shard : shards_) {
      std::list<Node> order;
      FlatTable<Entry> index;
      replace(shard, order, index, 0);
    }
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

  bool expired(const Person& person, std::int64_t now_ms) const { return now_ms - person.last_ms() > expires_ms_; }

  static bool take_person(ByteReader& in, std::int64_t newest_ms, Person& person) {
    const auto counts = in.fixed<std::uint8_t>();
    if (!in.ok() || counts > 1) return false;
    if (counts == 1) return person.take(in) && person.last_ms() <= newest_ms;
    const std::uint64_t last_ms = in.varint();
    person.seen_at(static_cast<std::int64_t>(std::min<std::uint64_t>(last_ms, newest_ms)));
    return in.ok();
  }

  // What was there ends outside the lock, with the arguments.
  void replace(Shard& shard, std::list<Node>& order, FlatTable<Entry>& index, std::int64_t newest_ms) {
    const auto bytes_of = [](const std::list<Node>& people) {
      std::size_t bytes = 0;
      for (const Node& node : people) bytes += node.person.bytes();
      return bytes;
    };
    const std::size_t bytes = bytes_of(order);
    const std::lock_guard lock(shard.mutex);
    size_.fetch_add(order.size() - shard.order.size(), std::memory_order_relaxed);
    bytes_.fetch_add(bytes - bytes_of(shard.order), std::memory_order_relaxed);
    shard.order.swap(order);
    std::swap(shard.index, index);
    shard.newest_ms = newest_ms;
  }

  Person& touch(Shard& shard, std::uint64_t key, std::int64_t time_ms) {
    const Entry* known = shard.index.find(key);
    if (known != nullptr && expired(known->place->person, shard.newest_ms)) {
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
      : fingerprint_(fingerprint_of(options)),
        sessions_(options.sessions_max, options.session_expires_ms, {}),
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

  std::uint64_t fingerprint() const override { return fingerprint_; }

  // The shards of the sessions, and those of the users.
  std::size_t pieces() const override { return 2 * kShards; }

  void put_piece(std::size_t piece, std::string& out) const override {
    (piece < kShards ? sessions_ : users_).put(piece % kShards, out);
  }

  bool take_piece(std::size_t piece, std::string_view bytes) override {
    ByteReader in(bytes);
    People& people = piece < kShards ? sessions_ : users_;
    return piece < pieces() && people.take(piece % kShards, in) && in.ok() && in.empty();
  }

  void clear() override {
    sessions_.clear();
    users_.clear();
  }

  Stats stats() const override {
    return {.sessions = sessions_.size(), .users = users_.size(), .bytes = sessions_.bytes() + users_.bytes()};
  }

 private:
  static std::uint64_t fingerprint_of(const ProfileOptions& options) {
    std::string all;
    put_fixed(all, kRules);
    put_fixed(all, text::kAnalyzerVersion);
    put_fixed(all, kPassedGamma);
    for (const std::size_t limit : {kShards, kGlanced, kPageMax, kAttributesMax, kNamedAttributesMax,
                                    kListingAttributesMax, kTaxonomiesMax, kTaxonomyDepthMax, kRecentListingsMax,
                                    kRecentQueriesMax, kNameBytesMax, options.sessions_max, options.users_max}) {
      put_fixed(all, static_cast<std::uint64_t>(limit));
    }
    for (const std::int64_t ms : {kUserTauMs, kForgetEveryMs, options.session_expires_ms, options.user_expires_ms}) {
      put_fixed(all, ms);
    }
    return hash64(all);
  }

  const std::uint64_t fingerprint_;
  People sessions_;
  People users_;
};

}  // namespace

std::unique_ptr<ProfileStore> ProfileStore::create(ProfileOptions options) {
  return std::make_unique<ProfilesInMemory>(options);
}

}  // namespace handsel::profiles
