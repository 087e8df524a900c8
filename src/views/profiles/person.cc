#include "views/profiles/internal/person.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "base/core/hash.h"
#include "base/core/utf8.h"
#include "views/profiles/leanings.h"

namespace handsel::profiles {
namespace {

using events::Event;
using events::EventKind;

constexpr double kClickDelta = 1;
constexpr double kFavouriteDelta = 2;
constexpr double kCartDelta = 3;
constexpr double kPurchaseDelta = 4;

double delta_of(EventKind kind) {
  switch (kind) {
    case EventKind::kClick:
    case EventKind::kView:
      return kClickDelta;
    case EventKind::kFavourite:
      return kFavouriteDelta;
    case EventKind::kCart:
      return kCartDelta;
    case EventKind::kPurchase:
      return kPurchaseDelta;
    default:
      return 0;
  }
}

std::span<const std::string> attributes_of(const ListingFacts& facts) {
  return std::span(facts.attributes).first(std::min(facts.attributes.size(), kListingAttributesMax));
}

using Named = std::pair<std::string, double>;
using KeyedName = std::pair<std::uint32_t, std::string>;

template <typename T, typename Of = std::identity>
bool contains(const std::vector<T>& values, const std::string& value, Of of = {}) {
  return std::ranges::find(values, value, of) != values.end();
}

// Best first; equal ones by name.
void sort_named(std::vector<Named>& named) {
  std::ranges::sort(named, [](const Named& a, const Named& b) {
    return std::pair(-a.second, a.first) < std::pair(-b.second, b.first);
  });
}

bool is_learnt(const std::string& name) {
  return !name.empty() && name.size() <= kNameBytesMax;
}

std::uint32_t key_of(const ListingFacts& facts, std::size_t place) {
  return facts.attribute_keys.size() == facts.attributes.size() ? facts.attribute_keys[place]
                                                                : attribute_key(facts.attributes[place]);
}

Lessons::Passed passed_over(const ListingFacts& facts, double delta) {
  Lessons::Passed passed{.delta = delta};
  const std::span<const std::string> names = attributes_of(facts);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_learnt(names[i])) passed.keys[passed.count++] = key_of(facts, i);
  }
  return passed;
}

template <typename T>
void keep_newest(std::vector<T>& values, std::size_t count) {
  if (values.size() > count) values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(count));
}

}  // namespace

Lessons Person::follow(const Event& event, const FactsOf& facts) {
  Lessons lessons;
  if (event.kind == EventKind::kSearch) {
    leave_page(facts, lessons);
    open_page(event);
    lessons.query = event.query;
    return lessons;
  }
  if (event.listing_id.empty()) return lessons;
  if (const double delta = delta_of(event.kind); delta > 0) act(event, delta, facts, lessons);
  if (event.kind == EventKind::kImpression) see(event);
  if (event.kind == EventKind::kHide || event.kind == EventKind::kReport) reject(event, facts, lessons);
  return lessons;
}

void Person::open_page(const Event& event) {
  const std::size_t count = std::min(event.shown.size(), kPageMax);
  page_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) page_.emplace_back().id = event.shown[i];
}

Person::OnPage* Person::find_on_page(const std::string& listing_id) {
  const auto found = std::ranges::find(page_, listing_id, &OnPage::id);
  return found == page_.end() ? nullptr : &*found;
}

// The next page comes: what was seen on this one, and not acted on, was passed over.
void Person::leave_page(const FactsOf& facts, Lessons& lessons) {
  const auto touched = [](const OnPage& listing) { return listing.acted || listing.seen; };
  if (std::ranges::none_of(page_, touched)) {
    for (std::size_t i = 0; i < std::min(kGlanced, page_.size()); ++i) page_[i].seen = true;
  }
  const auto last_acted = std::ranges::find_if(page_.rbegin(), page_.rend(), &OnPage::acted);
  if (last_acted != page_.rend() && last_acted != page_.rbegin()) last_acted[-1].seen = true;
  settle_before(page_.size(), facts, lessons);
  page_.clear();
}

// Learns of what was seen and passed over among the first `end` of the page.
void Person::settle_before(std::size_t end, const FactsOf& facts, Lessons& lessons) {
  for (std::size_t i = 0; i < end; ++i) {
    OnPage& listing = page_[i];
    if (!listing.seen || listing.acted || listing.settled) continue;
    listing.settled = true;
    if (const auto known = facts(listing.id)) lessons.passed.push_back(passed_over(*known, kClickDelta));
  }
}

void Person::act(const Event& event, double delta, const FactsOf& facts, Lessons& lessons) {
  if (OnPage* listing = find_on_page(event.listing_id)) {
    listing->acted = true;
    const auto place = static_cast<std::size_t>(listing - page_.data());
    for (std::size_t i = 0; i < place; ++i) page_[i].seen = true;
    settle_before(place, facts, lessons);
  }
  const auto known = std::ranges::find(acted_, event.listing_id, &Acted::id);
  lessons.acted_id = event.listing_id;
  lessons.first_action = known == acted_.end();
  lessons.delta = std::max(0.0, delta - (lessons.first_action ? 0 : known->delta));
  if (lessons.delta > 0) lessons.acted = facts(event.listing_id);
}

void Person::see(const Event& event) {
  OnPage* listing = find_on_page(event.listing_id);
  if (listing == nullptr && page_.size() < kPageMax) {
    listing = &page_.emplace_back();
    listing->id = event.listing_id;
  }
  if (listing != nullptr) listing->seen = true;
}

void Person::reject(const Event& event, const FactsOf& facts, Lessons& lessons) {
  if (OnPage* listing = find_on_page(event.listing_id)) listing->settled = true;
  std::erase_if(acted_, [&](const Acted& acted) { return acted.id == event.listing_id; });
  if (const auto known = facts(event.listing_id)) {
    lessons.passed.push_back(passed_over(*known, kClickDelta + kFavouriteDelta));
  }
}

void Person::learn(const Lessons& lessons, std::int64_t time_ms, Forgetting forgetting) {
  forget(time_ms, forgetting);
  for (const Lessons::Passed& passed : lessons.passed) learn_passed(passed);
  if (!lessons.acted_id.empty() && lessons.delta > 0) learn_action(lessons);
  if (!lessons.query.empty()) {
    const std::string_view query = utf8_prefix(lessons.query, kQueryBytesKept);
    std::erase(queries_, query);
    queries_.emplace_back(query);
    keep_newest(queries_, kRecentQueriesMax);
  }
}

void Person::forget(std::int64_t time_ms, Forgetting forgetting) {
  if (forgetting.tau_ms <= 0) return;
  if (forgot_ms_ == 0) forgot_ms_ = time_ms;
  if (time_ms - forgot_ms_ < kForgetEveryMs) return;
  const double kept = std::exp(-static_cast<double>(time_ms - forgot_ms_) / static_cast<double>(forgetting.tau_ms));
  forgot_ms_ = time_ms;
  const auto fade = [kept](float& value) { value = static_cast<float>(value * kept); };
  for (Attribute& attribute : attributes_) {
    attribute.alpha = static_cast<float>(1 + (attribute.alpha - 1) * kept);
    attribute.beta = static_cast<float>(1 + (attribute.beta - 1) * kept);
    fade(attribute.acted);
    fade(attribute.passed);
  }
  for (auto& [name, weight] : taxonomies_) fade(weight);
  fade(taxonomy_weight_);
  for (double* sum : {&prices_.weight, &prices_.sum, &prices_.squares}) *sum *= kept;
}

void Person::learn_action(const Lessons& lessons) {
  const auto known = std::ranges::find(acted_, lessons.acted_id, &Acted::id);
  const double before = known == acted_.end() ? 0 : known->delta;
  if (known != acted_.end()) acted_.erase(known);
  acted_.push_back({std::string(lessons.acted_id), static_cast<float>(before + lessons.delta)});
  keep_newest(acted_, kRecentListingsMax);
  if (lessons.first_action) ++actions_;
  if (lessons.acted == nullptr) return;
  const ListingFacts& facts = *lessons.acted;
  const std::span<const std::string> names = attributes_of(facts);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (!is_learnt(name)) continue;
    const std::uint32_t key = key_of(facts, i);
    Attribute& learnt = attribute(key);
    if (std::ranges::find(names_, key, &KeyedName::first) == names_.end()) {
      keep_newest(names_, kNamedAttributesMax - 1);
      names_.emplace_back(key, name);
    }
    if (lessons.first_action) learnt.acted += 1;
    learnt.alpha += static_cast<float>(lessons.delta * -std::expm1(-learnt.acted));
  }
  learn_taxonomy(facts.taxonomy_path, static_cast<float>(lessons.delta));
  if (facts.price_cents && *facts.price_cents > 0) {
    const double price = std::log(static_cast<double>(*facts.price_cents));
    prices_.weight += lessons.delta;
    prices_.sum += lessons.delta * price;
    prices_.squares += lessons.delta * price * price;
  }
}

void Person::learn_passed(const Lessons::Passed& passed) {
  for (const std::uint32_t key : std::span(passed.keys).first(passed.count)) {
    // Where there is no room, being passed over once is not worth another's place.
    if (keys_.size() >= kAttributesMax && std::ranges::find(keys_, key) == keys_.end()) continue;
    Attribute& learnt = attribute(key);
    learnt.passed += 1;
    learnt.beta += static_cast<float>(passed.delta * -std::expm1(-kPassedGamma * learnt.passed));
  }
}

void Person::learn_taxonomy(const std::vector<std::string>& path, float weight) {
  if (path.empty()) return;
  taxonomy_weight_ += weight;
  for (const std::string& name : std::span(path).first(std::min(path.size(), kTaxonomyDepthMax))) {
    if (!is_learnt(name)) continue;
    auto found = std::ranges::find(taxonomies_, name, &std::pair<std::string, float>::first);
    if (found != taxonomies_.end()) {
      found->second += weight;
      continue;
    }
    if (taxonomies_.size() >= kTaxonomiesMax) {
      taxonomies_.erase(std::ranges::min_element(taxonomies_, {}, &std::pair<std::string, float>::second));
    }
    taxonomies_.emplace_back(name, weight);
  }
}

Person::Attribute& Person::attribute(std::uint32_t key) {
  const auto found = std::ranges::find(keys_, key);
  if (found != keys_.end()) return attributes_[static_cast<std::size_t>(found - keys_.begin())];
  if (keys_.size() >= kAttributesMax) drop_least_known();
  keys_.push_back(key);
  return attributes_.emplace_back();
}

// Half at once, so that it is rare; what is dropped was passed over once, mostly.
void Person::drop_least_known() {
  std::vector<std::pair<float, std::uint32_t>> known;
  known.reserve(kAttributesMax);
  for (std::size_t i = 0; i < keys_.size(); ++i)
    known.emplace_back(attributes_[i].alpha + attributes_[i].beta, keys_[i]);
  const auto first_kept = known.begin() + kAttributesMax / 2;
  std::ranges::nth_element(known, first_kept);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (std::pair(attributes_[i].alpha + attributes_[i].beta, keys_[i]) < *first_kept) continue;
    keys_[kept] = keys_[i];
    attributes_[kept++] = attributes_[i];
  }
  keys_.resize(kept);
  attributes_.resize(kept);
  std::erase_if(names_, [&](const KeyedName& name) { return std::ranges::find(keys_, name.first) == keys_.end(); });
}

void Person::add_leanings(double weight, Profile& profile) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    auto place = std::ranges::lower_bound(profile.leanings, keys_[i], {}, &Leaning::key);
    if (place == profile.leanings.end() || place->key != keys_[i]) {
      place = profile.leanings.insert(place, Leaning{.key = keys_[i]});
    }
    place->alpha += weight * (attributes_[i].alpha - 1);
    place->beta += weight * (attributes_[i].beta - 1);
  }
}

void Person::add_names(Profile& profile) const {
  for (const auto& [key, name] : names_) {
    if (contains(profile.attributes, name, &Named::first)) continue;
    const auto place = std::ranges::lower_bound(profile.leanings, key, {}, &Leaning::key);
    profile.attributes.emplace_back(name, place->mean());
  }
}

void Person::add_taxonomies(double weight, Profile& profile) const {
  for (const auto& [name, sum] : taxonomies_) {
    const auto known = std::ranges::find(profile.taxonomies, name, &Named::first);
    if (known == profile.taxonomies.end()) {
      profile.taxonomies.emplace_back(name, weight * sum);
    } else {
      known->second += weight * sum;
    }
  }
}

void Person::add_recent(Profile& profile) const {
  for (auto acted = acted_.rbegin(); acted != acted_.rend(); ++acted) {
    if (profile.recent_listings.size() >= kRecentListingsMax) break;
    if (!contains(profile.recent_listings, acted->id)) profile.recent_listings.push_back(acted->id);
  }
  for (auto query = queries_.rbegin(); query != queries_.rend(); ++query) {
    if (profile.recent_queries.size() >= kRecentQueriesMax) break;
    if (!contains(profile.recent_queries, *query)) profile.recent_queries.push_back(*query);
  }
}

Profile Person::profile(Other other) const {
  struct Part {
    const Person* person;
    double weight;
  };
  std::vector<Part> parts = {{this, 1.0}};
  if (other.person != nullptr && other.weight > 0) parts.push_back({other.person, other.weight});

  Profile made{.actions = actions_};
  double taxonomy_weight = 0;
  Prices prices;
  for (const auto& [person, weight] : parts) {
    person->add_leanings(weight, made);
    person->add_taxonomies(weight, made);
    person->add_recent(made);
    taxonomy_weight += weight * person->taxonomy_weight_;
    prices.weight += weight * person->prices_.weight;
    prices.sum += weight * person->prices_.sum;
    prices.squares += weight * person->prices_.squares;
  }
  for (const auto& [person, weight] : parts) person->add_names(made);
  for (auto& [name, share] : made.taxonomies) share = std::min(1.0, share / taxonomy_weight);
  sort_named(made.taxonomies);
  sort_named(made.attributes);
  std::vector<double> means;
  for (const Leaning& leaning : made.leanings) means.push_back(leaning.mean());
  set_ranks(made, means, Leaning{}.mean());
  made.price_band_cents = prices.band();
  return made;
}

// One price says little about the spread: as if one more had been a factor of 2 away.
std::optional<std::pair<double, double>> Person::Prices::band() const {
  constexpr double kPriorSpread = 0.6931471805599453;
  constexpr double kSpreadMin = 0.05;
  if (!(weight > 0)) return std::nullopt;
  const double middle = sum / weight;
  const double around = std::max(0.0, squares - weight * middle * middle);
  const double spread = std::sqrt((around + kPriorSpread * kPriorSpread) / (weight + 1));
  return std::pair(std::exp(middle), std::exp(std::max(spread, kSpreadMin)));
}

std::size_t Person::bytes() const {
  constexpr std::size_t kStringBeyond = 16;  // of names that do not fit inside the string
  return sizeof(Person) + page_.capacity() * sizeof(OnPage) + keys_.capacity() * sizeof(std::uint32_t) +
         attributes_.capacity() * sizeof(Attribute) + names_.capacity() * (sizeof(KeyedName) + kStringBeyond) +
         taxonomies_.capacity() * (sizeof(taxonomies_[0]) + kStringBeyond) +
         acted_.capacity() * (sizeof(Acted) + kStringBeyond) +
         queries_.capacity() * (sizeof(std::string) + kStringBeyond);
}

}  // namespace handsel::profiles
