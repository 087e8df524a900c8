#include "views/profiles/counters.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>

#include "analysis/text/analyzer.h"
#include "analysis/text/normalised_query.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "views/profiles/internal/decaying_sums.h"
#include "views/profiles/internal/query_memory.h"

namespace handsel::profiles {
namespace {

constexpr std::size_t kShards = 256;  // dropping the weakest of one takes about two milliseconds at most
constexpr double kTauMinMs = 1000;
constexpr std::uint32_t kRules = 1;  // counts one up where the same events come to count otherwise

// One table in pieces with a lock each. Adding: one thread; the rest: any.
class SharedSums {
 public:
  SharedSums(double tau_s, std::size_t entries_max) : empty_(tau_s, std::max<std::size_t>(1, entries_max / kShards)) {
    for (auto& shard : shards_) shard = std::make_unique<Shard>(empty_);
  }

  void add(std::uint64_t key, std::int64_t time_ms, Sum sum, double amount) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const std::size_t entries = shard.sums.size();
    const std::size_t bytes = shard.sums.bytes();
    shard.sums.add(key, time_ms, sum, amount);
    entries_.fetch_add(shard.sums.size() - entries, std::memory_order_relaxed);
    bytes_.fetch_add(shard.sums.bytes() - bytes, std::memory_order_relaxed);
  }

  Counts find(std::uint64_t key, std::int64_t now_ms) const {
    const Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    return shard.sums.find(key, now_ms);
  }

  // For the thread that adds: nobody else changes what these look at.
  void prefetch(std::uint64_t key) const { shard_of(key).sums.prefetch(key); }
  void put(std::size_t shard, std::string& out) const { shards_[shard]->sums.put(out); }

  bool take(std::size_t place, ByteReader& in) {
    DecayingSums taken = empty_;
    if (!taken.take(in)) return false;
    replace(*shards_[place], std::move(taken));
    return true;
  }
  void clear() {
    for (auto& shard : shards_) replace(*shard, empty_);
  }

  std::size_t size() const { return entries_.load(std::memory_order_relaxed); }
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  struct Shard {
    explicit Shard(DecayingSums empty) : sums(std::move(empty)) {}
    mutable std::mutex mutex;
    DecayingSums sums;
  };
  void replace(Shard& shard, DecayingSums sums) {
    const std::lock_guard lock(shard.mutex);
    entries_.fetch_add(sums.size() - shard.sums.size(), std::memory_order_relaxed);
    bytes_.fetch_add(sums.bytes() - shard.sums.bytes(), std::memory_order_relaxed);
    shard.sums = std::move(sums);
  }

  // By the low bits; the tables use the high ones.
  Shard& shard_of(std::uint64_t key) const { return *shards_[key % kShards]; }

  const DecayingSums empty_;
  std::array<std::unique_ptr<Shard>, kShards> shards_;
  std::atomic<std::size_t> entries_ = 0;
  std::atomic<std::size_t> bytes_ = 0;
};

std::optional<Sum> sum_of(events::EventKind kind) {
  switch (kind) {
    case events::EventKind::kClick:
      return Sum::kClicks;
    case events::EventKind::kFavourite:
      return Sum::kFavourites;
    case events::EventKind::kCart:
      return Sum::kCarts;
    case events::EventKind::kPurchase:
      return Sum::kPurchases;
    default:
      return std::nullopt;
  }
}

std::uint64_t listing_key(std::string_view listing_id) {
  return table_key(hash64(listing_id));
}
std::uint64_t pair_key(std::uint64_t query, std::string_view listing_id) {
  return table_key(hash64(listing_id, query));
}
// 0: no words.
std::uint64_t query_hash(std::string_view normalised) {
  return normalised.empty() ? 0 : table_key(hash64(normalised));
}

class CountersInMemory final : public Counters {
 public:
  explicit CountersInMemory(CounterOptions options)
      : fingerprint_(fingerprint_of(options)),
        examination_(std::move(options.examination)),
        listings_(tau_s(options), options.listings_max),
        pairs_(tau_s(options), options.pairs_max),
        all_(tau_s(options)),
        queries_(options.queries_max, options.query_remembered_ms) {}

  void observe(const events::Event& event) override {
    if (event.kind == events::EventKind::kSearch) return observe_search(event);
    if (event.listing_id.empty()) return;
    const auto remembered = queries_.find(event.query_id, event.time_ms);
    if (event.kind == events::EventKind::kImpression) {
      if (remembered && remembered->names_listings) return;
      const auto place = static_cast<std::size_t>(std::max(event.position.value_or(0), 0));
      return count(event.listing_id, query_of(remembered, event), event.time_ms, Sum::kShown, examination(place));
    }
    if (const auto sum = sum_of(event.kind)) {
      count(event.listing_id, query_of(remembered, event), event.time_ms, *sum, 1);
    }
  }

  Counts of_listing(std::string_view listing_id, std::int64_t now_ms) const override {
    return listings_.find(listing_key(listing_id), now_ms);
  }

  Counts of_pair(std::string_view normalised_query, std::string_view listing_id, std::int64_t now_ms) const override {
    const std::uint64_t query = query_hash(normalised_query);
    return query == 0 ? Counts{} : pairs_.find(pair_key(query, listing_id), now_ms);
  }

  Counts of_all(std::int64_t now_ms) const override {
    const std::lock_guard lock(all_mutex_);
    return all_.at(now_ms);
  }

  Stats stats() const override {
    return {.listings = listings_.size(),
            .pairs = pairs_.size(),
            .queries = remembered_.load(std::memory_order_relaxed),
            .bytes = bytes()};
  }

  std::uint64_t fingerprint() const override { return fingerprint_; }

  // The shards of the listings, those of the pairs, the remembered queries, and the total.
  std::size_t pieces() const override { return 2 * kShards + QueryMemory::kPieces + 1; }

  void put_piece(std::size_t piece, std::string& out) const override {
    if (piece < kShards) return listings_.put(piece, out);
    if (piece < 2 * kShards) return pairs_.put(piece - kShards, out);
    if (piece + 1 < pieces()) return queries_.put(piece - 2 * kShards, out);
    all_.put(out);
  }

  bool take_piece(std::size_t piece, std::string_view bytes) override {
    ByteReader in(bytes);
    return piece < pieces() && take(piece, in) && in.ok() && in.empty();
  }

  void clear() override {
    listings_.clear();
    pairs_.clear();
    queries_.clear();
    note_queries();
    const std::lock_guard lock(all_mutex_);
    all_ = Total(all_.tau_s());
  }

  std::size_t bytes() const override {
    return listings_.bytes() + pairs_.bytes() + query_bytes_.load(std::memory_order_relaxed);
  }

 private:
  // Everything together: in doubles, as it may run to billions.
  class Total {
   public:
    explicit Total(double tau_s) : tau_s_(tau_s) {}
    double tau_s() const { return tau_s_; }
    void add(std::int64_t time_ms, Sum sum, double amount) {
      time_ms = std::max<std::int64_t>(time_ms, 0);
      if (time_ms > time_ms_) {
        for (double& value : sums_) value *= fading(time_ms_, time_ms);
        time_ms_ = time_ms;
      }
      sums_[static_cast<std::size_t>(sum)] += amount * fading(time_ms, time_ms_);
    }
    Counts at(std::int64_t now_ms) const {
      const double faded = fading(time_ms_, now_ms);
      return {sums_[0] * faded, sums_[1] * faded, sums_[2] * faded, sums_[3] * faded, sums_[4] * faded};
    }
    void put(std::string& out) const {
      put_fixed(out, time_ms_);
      for (const double value : sums_) put_fixed(out, value);
    }
    bool take(ByteReader& in) {
      time_ms_ = in.fixed<std::int64_t>();
      for (double& value : sums_) value = in.fixed<double>();
      return in.ok() && time_ms_ >= 0 &&
             std::ranges::all_of(sums_, [](double value) { return value >= 0 && std::isfinite(value); });
    }

   private:
    double fading(std::int64_t from_ms, std::int64_t to_ms) const {
      return to_ms <= from_ms ? 1.0 : std::exp(-static_cast<double>(to_ms - from_ms) / (tau_s_ * 1000));
    }
    double tau_s_;
    std::int64_t time_ms_ = 0;
    std::array<double, kSums> sums_{};
  };

  static std::uint64_t fingerprint_of(const CounterOptions& options) {
    std::string all;
    put_fixed(all, kRules);
    put_fixed(all, text::kAnalyzerVersion);
    put_fixed(all, static_cast<std::uint64_t>(kShards));
    put_fixed(all, kShownStrength);
    put_fixed(all, tau_s(options));
    for (const std::size_t limit : {options.pairs_max, options.listings_max, options.queries_max}) {
      put_fixed(all, static_cast<std::uint64_t>(limit));
    }
    put_fixed(all, options.query_remembered_ms);
    for (const double worth : options.examination) put_fixed(all, worth);
    return hash64(all);
  }

  bool take(std::size_t piece, ByteReader& in) {
    if (piece < kShards) return listings_.take(piece, in);
    if (piece < 2 * kShards) return pairs_.take(piece - kShards, in);
    if (piece + 1 < pieces()) {
      const bool taken = queries_.take(piece - 2 * kShards, in);
      note_queries();
      return taken;
    }
    Total total(all_.tau_s());
    if (!total.take(in)) return false;
    const std::lock_guard lock(all_mutex_);
    all_ = total;
    return true;
  }

  // For stats().
  void note_queries() {
    remembered_.store(queries_.size(), std::memory_order_relaxed);
    query_bytes_.store(queries_.bytes(), std::memory_order_relaxed);
  }

  static double tau_s(const CounterOptions& options) {
    return options.tau_ms >= kTauMinMs ? options.tau_ms / 1000 : kTauMinMs / 1000;
  }

  double examination(std::size_t place) const {
    return examination_.empty() ? 1.0 : examination_[std::min(place, examination_.size() - 1)];
  }

  static std::uint64_t query_of(const std::optional<RememberedQuery>& remembered, const events::Event& event) {
    if (remembered) return remembered->query;
    return event.query.empty() ? 0 : query_hash(text::normalised_query(event.query));
  }

  void observe_search(const events::Event& event) {
    const std::uint64_t query = query_hash(text::normalised_query(event.query));
    if (!event.query_id.empty()) {
      queries_.remember(event.query_id, event.time_ms, {.query = query, .names_listings = !event.shown.empty()});
      note_queries();
    }
    const std::size_t shown = std::min(event.shown.size(), events::kShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
      listings_.prefetch(listing_key(event.shown[i]));
      if (query != 0) pairs_.prefetch(pair_key(query, event.shown[i]));
    }
    const auto first = static_cast<std::size_t>(std::max(event.offset, 0));
    for (std::size_t i = 0; i < shown; ++i) {
      count(event.shown[i], query, event.time_ms, Sum::kShown, examination(first + i));
    }
  }

  void count(std::string_view listing_id, std::uint64_t query, std::int64_t time_ms, Sum sum, double amount) {
    if (!(amount > 0) || !std::isfinite(amount)) return;
    listings_.add(listing_key(listing_id), time_ms, sum, amount);
    if (query != 0) pairs_.add(pair_key(query, listing_id), time_ms, sum, amount);
    const std::lock_guard lock(all_mutex_);
    all_.add(time_ms, sum, amount);
  }

  const std::uint64_t fingerprint_;
  const std::vector<double> examination_;
  SharedSums listings_;
  SharedSums pairs_;
  mutable std::mutex all_mutex_;
  Total all_;
  QueryMemory queries_;
  std::atomic<std::size_t> remembered_ = 0;
  std::atomic<std::size_t> query_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Counters> Counters::create(CounterOptions options) {
  return std::make_unique<CountersInMemory>(std::move(options));
}

}  // namespace handsel::profiles
