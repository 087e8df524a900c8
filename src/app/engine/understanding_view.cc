#include "app/engine/understanding_view.h"

#include "base/core/hash.h"
#include "facts/catalog/catalog_store.h"
#include "facts/catalog/codec.h"
#include "views/profiles/listing_facts.h"

namespace handsel {
namespace {

constexpr std::chrono::minutes kLearnEvery{5};
constexpr std::chrono::seconds kLearnGrownEvery{30};
constexpr std::chrono::milliseconds kTickEvery{2'000};
constexpr double kGrown = 1.1;
// More listings than that since the last tick are an import: it is waited for until it pauses.
constexpr std::uint64_t kImportPerTick = 2'000;

// A damaged one is made again.
std::shared_ptr<const query::Understanding> read_last(FileSystem& files, const std::string& path) {
  if (!files.exists(path)) return nullptr;
  const auto bytes = files.read_file(path);
  if (!bytes) return nullptr;
  auto parsed = query::Understanding::parse(*bytes);
  return parsed ? std::move(*parsed) : nullptr;
}

}  // namespace

UnderstandingView::UnderstandingView(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      listings_next_(parts.log.partitions(log::Topic::kListings)),
      current_(read_last(parts.files, options_.path)),
      follower_(parts.log, {.apply = [this](std::span<const events::Event> events) -> Result<void> {
                              const std::lock_guard lock(work_);
                              for (const events::Event& event : events) actions_.observe(event);
                              changed_ = true;
                              return {};
                            },
                            .tick = [this] { tick(); },
                            .tick_every = kTickEvery}) {}

UnderstandingView::~UnderstandingView() {
  stopping_ = true;  // nobody waits for what is being learnt
}

std::shared_ptr<const query::Understanding> UnderstandingView::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::optional<Error> UnderstandingView::error() const {
  if (auto error = follower_.error()) return error;
  const std::lock_guard lock(mutex_);
  return error_;
}

Result<void> UnderstandingView::read_listings() {
  for (std::uint32_t p = 0; p < listings_next_.size(); ++p) {
    HANDSEL_ASSIGN(listings_next_[p],
                   parts_.log.read(log::Topic::kListings, p, listings_next_[p], [&](const log::Record& record) {
                     const auto key = catalog::parse_key(record.key);
                     if (!key || key->kind != catalog::Kind::kListing) return true;
                     changed_ = true;
                     const std::uint64_t place = hash64(key->id);
                     if (record.payload.empty()) {
                       listings_.erase(place);
                       return true;
                     }
                     listings_.insert_or_assign(place, record.position);
                     if (listings_.size() > options_.listings_max) {
                       listings_.erase(std::prev(listings_.end()));
                     }
                     return !stopping_.load();
                   }));
  }
  return {};
}

void UnderstandingView::tell_listings(query::UnderstandingBuilder& builder) const {
  for (const auto& [place, position] : listings_) {
    if (stopping_) return;
    // A version that the log forgot meanwhile has a newer one, which the next time reads.
    const auto record = parts_.log.get(log::Topic::kListings, position);
    if (!record) continue;
    if (const auto listing = catalog::decode_listing(record->payload)) tell_listing(*listing, builder);
  }
}

void tell_listing(const catalog::Listing& listing, query::UnderstandingBuilder& builder) {
  profiles::ListingFacts facts = profiles::facts_of(listing);
  // A form has it or not: not to have it is something said.
  if (!listing.personalizable) facts.attributes.emplace_back("personalizable=false");
  builder.add_listing({.title = listing.title,
                       .language = listing.language,
                       .taxonomy = facts.taxonomy_path,
                       .attributes = facts.attributes});
}

// In the order of listings: each is loaded once.
void tell_actions(const ActionTally& actions, const FactsCache::LoadListing& load, query::UnderstandingBuilder& builder,
                  const std::atomic<bool>* stopping) {
  std::string_view of;
  std::optional<profiles::ListingFacts> facts;
  actions.visit([&](const ActionTally::Action& action) {
    if (action.listing_id != of) {
      of = action.listing_id;
      const auto listing = load(of);
      facts = listing ? std::optional(profiles::facts_of(*listing)) : std::nullopt;
    }
    if (facts) {
      builder.add_action({.query = action.query,
                          .language = action.language,
                          .weight = action.weight,
                          .taxonomy = facts->taxonomy_path,
                          .attributes = facts->attributes});
    }
    return stopping == nullptr || !stopping->load();
  });
}

Result<void> UnderstandingView::learn_if_changed() {
  HANDSEL_TRY(read_listings());
  if (!changed_) return {};
  const bool whole = options_.listings_behind() == 0;
  query::UnderstandingBuilder builder(parts_.analyzer);
  tell_listings(builder);
  tell_actions(actions_, options_.load_listing, builder, &stopping_);
  if (stopping_) return {};
  auto learnt = builder.build();
  {
    const std::lock_guard lock(mutex_);
    current_ = learnt;
  }
  learnt_listings_ = listings_.size();
  learnt_at_ = std::chrono::steady_clock::now();
  HANDSEL_TRY(parts_.files.write_file(options_.path, learnt->to_bytes()));
  changed_ = !whole;
  return {};
}

bool UnderstandingView::is_due(std::uint64_t came) const {
  if (!learnt_at_) return true;
  const auto age = std::chrono::steady_clock::now() - *learnt_at_;
  if (age >= kLearnEvery) return true;
  return age >= kLearnGrownEvery && came <= kImportPerTick &&
         static_cast<double>(listings_.size()) > kGrown * static_cast<double>(learnt_listings_);
}

void UnderstandingView::tick() {
  const std::lock_guard lock(work_);
  const std::vector<std::uint64_t> before = listings_next_;
  Result<void> done = read_listings();
  std::uint64_t came = 0;
  for (std::size_t p = 0; p < before.size(); ++p) came += listings_next_[p] - before[p];
  if (done && !is_due(came)) return;  // what went wrong the last time stands until the next
  if (done) done = learn_if_changed();
  const std::lock_guard state(mutex_);
  error_ = done ? std::nullopt : std::optional(done.error());
}

Result<void> UnderstandingView::finish_now(std::chrono::milliseconds wait_max) {
  follower_.wake();
  if (!follower_.wait_applied(wait_max)) {
    return fail(Code::kTimedOut, "the understanding of queries still has {} events to read", follower_.behind());
  }
  const std::lock_guard lock(work_);
  return learn_if_changed();
}

}  // namespace handsel
