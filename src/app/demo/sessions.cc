// What buyers do, one session after the other.
#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "app/demo/internal/planted.h"
#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

constexpr int kQueriesMax = 6;
constexpr int kQueryDraws = 12;  // queries that come to mind before one is typed
// Given a click.
constexpr double kFavouriteChance = 0.18;
constexpr double kCartChance = 0.14;
constexpr double kPurchaseChance = 0.45;  // given a cart
constexpr std::uint64_t kShelfStream = 0x5e1f;
constexpr int kShelfDraws = 4;  // listings from which a place of the shelf takes the one that suits best

double cart_chance(double attraction) {
  return kCartChance * (0.5 + attraction);
}

std::int8_t month_of(std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_days day = floor<days>(sys_time<milliseconds>(milliseconds(time_ms)));
  return static_cast<std::int8_t>(static_cast<unsigned>(year_month_day(day).month()));
}

// How much a query is what this buyer would type in this month.
int fitness(const World& world, const Taste& buyer, const Query& query, std::int8_t month) {
  const Intent& intent = query.intent;
  int points = 0;
  if (query.language == language_of(static_cast<Tongue>(buyer.tongue))) points += 4;
  if (intent.leaf != kAny && world.vocabulary.leaves[intent.leaf].root == buyer.root) points += 2;
  if (intent.style == buyer.style) points += 2;
  if (intent.style == buyer.second_style) points += 1;
  if (intent.recipient != kAny && intent.recipient == buyer.recipient) points += 2;
  if (intent.occasion != kAny && occasions()[intent.occasion].month == month) points += 2;
  return points;
}

// One visit. Writes events until it is over or the limit is reached.
class Visit {
 public:
  Visit(const World& world, std::uint64_t number, std::int64_t start_ms, const Surroundings& around,
        std::uint64_t events_left)
      : world_(world),
        around_(around),
        events_left_(events_left),
        rng_(world.sessions.split(number)),
        shelf_rng_(rng_.split(kShelfStream)),
        buyer_(draw_buyer(world, rng_)),
        name_(std::to_string(world.options.seed) + "-" + std::to_string(number)),
        time_ms_(start_ms) {}

  Result<void> run() {
    const auto queries =
        std::min<std::uint64_t>(kQueriesMax, 1 + static_cast<std::uint64_t>(rng_.exponential(1.6 * buyer_.patience)));
    meeting_ = around_.tests.meet(buyer_.number, time_ms_);
    if (meeting_) HANDSEL_TRY(meet());
    for (std::uint64_t i = 0; i < queries; ++i) {
      is_spared_ = meeting_ && shelf_rng_.chance(kSparedChance);
      HANDSEL_TRY(search(i));
    }
    HANDSEL_TRY(checkout());
    if (meeting_) around_.tests.add(*meeting_, potential_);
    return {};
  }

  std::uint64_t written() const { return written_; }

 private:
  static Taste draw_buyer(const World& world, Rng& rng) {
    const double u = rng.uniform();  // some come often
    return buyer_taste(world, static_cast<std::uint64_t>(u * u * static_cast<double>(world.options.buyers)));
  }

  // The exposures, and a shelf of recommendations on the home page.
  Result<void> meet() {
    for (std::size_t test = 0; test < kPlantedTests.size(); ++test) {
      events::Event exposure = event(events::EventKind::kExposure);
      exposure.surface = "home";
      exposure.experiment = kPlantedTests[test];
      exposure.variant = meeting_->variants[test];
      exposure.unit = exposure.user_id;
      HANDSEL_TRY(write(exposure));
    }
    for (std::size_t place = 0; place < kShelfPlaces; ++place) HANDSEL_TRY(look_at_shelf(place));
    return {};
  }

  // One place of the shelf: what either arm would bring on average, and what this one does.
  Result<void> look_at_shelf(std::size_t place) {
    const std::uint64_t listing = choose_for_shelf();
    const double eagerness = shelf_rng_.uniform();
    const bool buys = shelf_rng_.chance(kShelfPurchaseChance);
    const catalog::Listing whole = make_listing(world_, listing);
    const std::int64_t cents = whole.price_cents.value_or(0);
    for (std::size_t arm = 0; arm < 2; ++arm) {
      const double chance = kShelfClickChance[arm] * kShelfPurchaseChance;
      potential_.gms.shelf_cents[arm] += chance * static_cast<double>(cents);
      potential_.capped.shelf_cents[arm] += chance * static_cast<double>(std::min(cents, kCapCents));
    }
    if (eagerness >= kShelfClickChance[meeting_->is_treated ? 1 : 0]) return {};
    events::Event about = event(events::EventKind::kClick);
    about.surface = "home";
    about.listing_id = numbered_id('L', listing);
    about.position = static_cast<std::int32_t>(place);
    about.price_cents = whole.price_cents;
    about.currency = whole.currency;
    return follow_from_shelf(std::move(about), buys);
  }

  Result<void> follow_from_shelf(events::Event about, bool buys) {
    const std::optional<std::int64_t> price_cents = std::exchange(about.price_cents, std::nullopt);
    const std::string currency = std::exchange(about.currency, {});
    for (const events::EventKind kind : {events::EventKind::kClick, events::EventKind::kView}) {
      time_ms_ += shelf_rng_.between(400, 2'500);
      about.kind = kind;
      HANDSEL_TRY(write(about));
    }
    if (!buys) return {};
    about.price_cents = price_cents;
    about.currency = currency;
    for (const events::EventKind kind : {events::EventKind::kCart, events::EventKind::kPurchase}) {
      time_ms_ += shelf_rng_.between(5'000, 30'000);
      about.kind = kind;
      HANDSEL_TRY(write(about));
    }
    return {};
  }

  std::uint64_t choose_for_shelf() {
    std::uint64_t best = 0;
    double best_attraction = -1;
    for (int i = 0; i < kShelfDraws; ++i) {
      const std::uint64_t listing = shelf_rng_.below(world_.options.listings);
      const double attraction =
          attraction_of(world_, buyer_, Intent{.style = buyer_.style}, listing_traits(world_, listing));
      if (attraction <= best_attraction) continue;
      best = listing;
      best_attraction = attraction;
    }
    return best;
  }

  Query choose_query() {
    const std::int8_t month = month_of(time_ms_);
    Query best = make_query(world_, draw_rank(world_, rng_));
    int best_points = fitness(world_, buyer_, best, month);
    for (int i = 1; i < kQueryDraws && best_points < 6; ++i) {
      Query other = make_query(world_, draw_rank(world_, rng_));
      const int points = fitness(world_, buyer_, other, month);
      if (points <= best_points) continue;
      best = std::move(other);
      best_points = points;
    }
    return best;
  }

  Result<void> search(std::uint64_t number) {
    const Query query = choose_query();
    Page page = around_.rank(query);
    if (page.listings.size() > kPageSize) page.listings.resize(kPageSize);
    query_id_ = page.query_id.empty() ? "q" + name_ + "-" + std::to_string(number) : page.query_id;
    events::Event shown = event(events::EventKind::kSearch);
    shown.query = query.text;
    shown.language = query.language;
    for (const std::uint64_t listing : page.listings) shown.shown.push_back(numbered_id('L', listing));
    HANDSEL_TRY(write(shown));
    for (std::size_t position = 0; position < page.listings.size(); ++position) {
      if (!rng_.chance(examination_of(world_, position))) continue;
      pass_ms(400, 2'500);
      const Traits traits = listing_traits(world_, page.listings[position]);
      const double attraction = attraction_of(world_, buyer_, query.intent, traits);
      if (rng_.chance(attraction)) HANDSEL_TRY(open(page.listings[position], position, attraction));
    }
    pass_ms(3'000, 30'000);
    return {};
  }

  // A click, the listing's page, and what may follow from it.
  Result<void> open(std::uint64_t listing, std::size_t position, double attraction) {
    events::Event about = event(events::EventKind::kClick);
    about.listing_id = numbered_id('L', listing);
    about.position = static_cast<std::int32_t>(position);
    if (meeting_) count_click(listing, attraction);
    HANDSEL_TRY(write(about));
    pass_ms(300, 900);
    about.kind = events::EventKind::kView;
    HANDSEL_TRY(write(about));
    about.dwell_ms = 1'500 + static_cast<std::int64_t>(rng_.exponential(6'000 + 50'000 * attraction));
    time_ms_ += about.dwell_ms;
    about.kind = events::EventKind::kDwell;
    HANDSEL_TRY(write(about));
    about.dwell_ms = 0;
    if (rng_.chance(kFavouriteChance * (0.5 + attraction))) {
      about.kind = events::EventKind::kFavourite;
      HANDSEL_TRY(write(about));
    }
    if (!rng_.chance(cart_chance(attraction))) return {};
    const catalog::Listing whole = make_listing(world_, listing);
    about.kind = events::EventKind::kCart;
    about.price_cents = whole.price_cents;
    about.currency = whole.currency;
    basket_.push_back({.item = about, .is_spared = is_spared_});
    return write(about);
  }

  Result<void> checkout() {
    for (auto& [bought, is_spared] : basket_) {
      if (!rng_.chance(kPurchaseChance)) continue;
      pass_ms(5'000, 60'000);
      is_spared_ = is_spared;
      bought.kind = events::EventKind::kPurchase;
      HANDSEL_TRY(write(bought));
    }
    return {};
  }

  events::Event event(events::EventKind kind) const {
    events::Event made;
    made.kind = kind;
    made.user_id = numbered_id('B', buyer_.number);
    made.session_id = "v" + name_;
    made.query_id = query_id_;
    made.surface = "search";
    return made;
  }

  // A click, and what it brings on average.
  void count_click(std::uint64_t listing, double attraction) {
    const std::int64_t cents = make_listing(world_, listing).price_cents.value_or(0);
    const double chance = cart_chance(attraction) * kPurchaseChance;
    count(potential_.search_clicks, is_spared_, 1);
    count(potential_.gms.search_cents, is_spared_, chance * static_cast<double>(cents));
    count(potential_.capped.search_cents, is_spared_, chance * static_cast<double>(std::min(cents, kCapCents)));
  }

  // In the treated arm, what follows from a search that it spares does not happen.
  static void count(std::array<double, 2>& by_arm, bool is_spared, double amount) {
    by_arm[0] += amount;
    if (!is_spared) by_arm[1] += amount;
  }

  Result<void> write(events::Event event) {
    if (written_ == events_left_ || (is_spared_ && meeting_->is_treated)) return {};
    event.id = "e" + name_ + "-" + std::to_string(written_++);
    event.time_ms = std::min(time_ms_, world_.options.now_ms);
    return around_.sink(event);
  }

  void pass_ms(std::int64_t low, std::int64_t high) { time_ms_ += rng_.between(low, high); }

  const World& world_;
  const Surroundings& around_;
  const std::uint64_t events_left_;
  Rng rng_;
  Rng shelf_rng_;  // of the planted tests, so that searches stay what they are
  const Taste buyer_;
  const std::string name_;
  std::int64_t time_ms_;
  std::string query_id_;
  struct InBasket {
    events::Event item;
    bool is_spared;
  };
  std::vector<InBasket> basket_;
  std::optional<PlantedTests::Meeting> meeting_;
  bool is_spared_ = false;  // of the search that is under way
  PotentialVisit potential_;
  std::uint64_t written_ = 0;
};

constexpr double kRankNoise = 0.25;

// Listings of an evenly spaced sample, by branch and by recipient, with their traits.
class Sample {
 public:
  explicit Sample(const World& world)
      : world_(world), by_branch_(world.vocabulary.branch_names.size()), by_recipient_(recipients().size()) {
    const std::uint64_t count = sample_size(world.options);
    traits_.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      traits_.push_back(listing_traits(world, number(i)));
      by_branch_[world.vocabulary.leaves[traits_.back().leaf].branch].push_back(static_cast<std::uint32_t>(i));
      if (traits_.back().recipient != kAny)
        by_recipient_[traits_.back().recipient].push_back(static_cast<std::uint32_t>(i));
    }
  }

  std::vector<std::uint64_t> rank(const Intent& intent, Rng& noise) const {
    const std::vector<std::uint32_t>& bucket = intent.leaf != kAny
                                                   ? by_branch_[world_.vocabulary.leaves[intent.leaf].branch]
                                                   : by_recipient_[std::max<std::int16_t>(intent.recipient, 0)];
    std::vector<std::pair<double, std::uint64_t>> scored;
    scored.reserve(bucket.size());
    for (const std::uint32_t i : bucket) {
      scored.emplace_back(relevance_of(world_, intent, traits_[i]) + kRankNoise * noise.normal(), number(i));
    }
    const std::size_t top = std::min(scored.size(), kPageSize);
    std::ranges::partial_sort(scored, scored.begin() + static_cast<std::ptrdiff_t>(top), std::greater<>());
    std::vector<std::uint64_t> page;
    for (std::size_t i = 0; i < top; ++i) page.push_back(scored[i].second);
    return page;
  }

 private:
  std::uint64_t number(std::uint64_t i) const { return sampled_listing(world_.options, i); }

  const World& world_;
  std::vector<Traits> traits_;
  std::vector<std::vector<std::uint32_t>> by_branch_;
  std::vector<std::vector<std::uint32_t>> by_recipient_;
};

}  // namespace

Result<void> run_sessions(const World& world, std::uint64_t count, const Surroundings& around) {
  // Visits start in order of time, evenly over the history; the last hour is left
  // for the last of them to end in.
  constexpr std::int64_t kLastVisitMs = 3'600'000;
  const std::int64_t span_ms = std::max<std::int64_t>(world.options.history_ms - kLastVisitMs, 0);
  const std::int64_t begin_ms = world.options.now_ms - world.options.history_ms;
  std::uint64_t written = 0;
  for (std::uint64_t number = 0; written < count; ++number) {
    const double done = static_cast<double>(written) / static_cast<double>(count);
    Visit visit(world, number, begin_ms + static_cast<std::int64_t>(done * static_cast<double>(span_ms)), around,
                count - written);
    HANDSEL_TRY(visit.run());
    written += visit.written();
  }
  return {};
}

Ranker make_noisy_ranker(const World& world, std::uint64_t noise_seed) {
  return [sample = std::make_shared<const Sample>(world),
          noise = std::make_shared<Rng>(world.options.seed ^ (noise_seed * 0x9e3779b97f4a7c15ull))](
             const Query& query) { return Page{.listings = sample->rank(query.intent, *noise), .query_id = {}}; };
}

}  // namespace handsel::demo
