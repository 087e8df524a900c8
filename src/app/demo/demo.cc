#include "app/demo/demo.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>
#include <utility>

#include "app/demo/internal/planted.h"
#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

DemoOptions fill_in(DemoOptions options) {
  if (options.shops == 0) options.shops = options.listings / 40 + 1;
  if (options.buyers == 0) options.buyers = options.listings / 4 + 100;
  if (options.distinct_queries == 0) options.distinct_queries = std::max<std::uint64_t>(5'000, options.listings / 2);
  return options;
}

Result<void> check(const DemoOptions& options) {
  const auto within = [](std::string_view name, double value, double low, double high) -> Result<void> {
    if (value >= low && value <= high) return {};
    return fail(Code::kInvalidArgument, "demo: {} is {}; it must be between {} and {}", name, value, low, high);
  };
  const double most = static_cast<double>(kListingsMax);
  HANDSEL_TRY(within("listings", static_cast<double>(options.listings), 1, most));
  HANDSEL_TRY(within("shops", static_cast<double>(options.shops), 1, most));
  HANDSEL_TRY(within("buyers", static_cast<double>(options.buyers), 1, most));
  HANDSEL_TRY(within("distinct_queries", static_cast<double>(options.distinct_queries), 1, most));
  HANDSEL_TRY(within("query_zipf", options.query_zipf, 0, 3));
  HANDSEL_TRY(within("examination_eta", options.examination_eta, 0, 5));
  return within("history_ms", static_cast<double>(options.history_ms), 0, static_cast<double>(options.now_ms));
}

// Streams of one seed, apart from each other.
enum Stream : std::uint64_t { kShops = 1, kListings, kProse, kBuyers, kQueries, kSessions };

}  // namespace

World::World(const DemoOptions& filled_in)
    : options(filled_in),
      sentences(make_sentences()),
      shops(Rng(options.seed).split(kShops)),
      listings(Rng(options.seed).split(kListings)),
      prose(Rng(options.seed).split(kProse)),
      buyers(Rng(options.seed).split(kBuyers)),
      queries(Rng(options.seed).split(kQueries)),
      sessions(Rng(options.seed).split(kSessions)) {}

std::string numbered_id(char letter, std::uint64_t number) {
  return letter + std::to_string(number);
}

std::uint64_t sample_size(const DemoOptions& filled_in) {
  return std::min(kSampleMax, filled_in.listings);
}

std::uint64_t sampled_listing(const DemoOptions& filled_in, std::uint64_t i) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<Wide>(i) * filled_in.listings / sample_size(filled_in));
}

class Marketplace::Impl {
 public:
  explicit Impl(const DemoOptions& options) : world(options) {}
  const World world;
};

Marketplace::Marketplace(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Marketplace::~Marketplace() = default;
Marketplace::Marketplace(Marketplace&&) noexcept = default;
Marketplace& Marketplace::operator=(Marketplace&&) noexcept = default;

Result<Marketplace> Marketplace::create(const DemoOptions& options) {
  const DemoOptions filled_in = fill_in(options);
  HANDSEL_TRY(check(filled_in));
  return Marketplace(std::make_unique<const Impl>(filled_in));
}

const DemoOptions& Marketplace::options() const {
  return impl_->world.options;
}

std::vector<catalog::TaxonomyNode> Marketplace::taxonomy() const {
  const Vocabulary& vocabulary = impl_->world.vocabulary;
  std::vector<catalog::TaxonomyNode> nodes;
  for (std::size_t i = 0; i < vocabulary.root_names.size(); ++i) {
    nodes.push_back({.id = numbered_id('R', i), .parent_id = {}, .name = std::string(vocabulary.root_names[i])});
  }
  for (std::size_t i = 0; i < vocabulary.branch_names.size(); ++i) {
    nodes.push_back({.id = numbered_id('N', i),
                     .parent_id = numbered_id('R', static_cast<std::uint64_t>(vocabulary.branch_roots[i])),
                     .name = std::string(vocabulary.branch_names[i])});
  }
  for (std::size_t i = 0; i < vocabulary.leaves.size(); ++i) {
    nodes.push_back({.id = numbered_id('T', i),
                     .parent_id = numbered_id('N', static_cast<std::uint64_t>(vocabulary.leaves[i].branch)),
                     .name = std::string(vocabulary.leaves[i].spec->leaf)});
  }
  return nodes;
}

catalog::Listing Marketplace::listing(std::uint64_t number) const {
  return make_listing(impl_->world, number);
}
catalog::Shop Marketplace::shop(std::uint64_t number) const {
  return make_shop(impl_->world, number);
}

catalog::User Marketplace::user(std::uint64_t number) const {
  const Taste taste = buyer(number);
  catalog::User user;
  user.id = numbered_id('B', number);
  user.language = language_of(static_cast<Tongue>(taste.tongue));
  user.created_ms = options().now_ms - options().history_ms;
  return user;
}

std::string Marketplace::listing_id(std::uint64_t number) {
  return numbered_id('L', number);
}

std::optional<std::uint64_t> Marketplace::listing_number(std::string_view id) const {
  std::uint64_t number = 0;
  if (!id.starts_with('L')) return std::nullopt;
  const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size() || number >= options().listings) return std::nullopt;
  if (listing_id(number) != id) return std::nullopt;  // L007
  return number;
}

Traits Marketplace::traits(std::uint64_t number) const {
  return listing_traits(impl_->world, number);
}
Taste Marketplace::buyer(std::uint64_t number) const {
  return buyer_taste(impl_->world, number);
}

double Marketplace::relevance(const Intent& intent, const Traits& traits) const {
  return relevance_of(impl_->world, intent, traits);
}
double Marketplace::relevance(const Query& query, std::uint64_t number) const {
  return relevance_of(impl_->world, query.intent, traits(number));
}
double Marketplace::attraction(const Taste& buyer, const Intent& intent, const Traits& traits) const {
  return attraction_of(impl_->world, buyer, intent, traits);
}
double Marketplace::examination(std::size_t position) const {
  return examination_of(impl_->world, position);
}

Query Marketplace::query(std::uint64_t rank) const {
  return make_query(impl_->world, rank);
}
std::uint64_t Marketplace::draw_query_rank(Rng& rng) const {
  return draw_rank(impl_->world, rng);
}

std::vector<Query> Marketplace::queries(std::size_t count, std::uint64_t draw_seed) const {
  Rng rng = impl_->world.queries.split(~draw_seed);
  std::vector<Query> drawn;
  std::unordered_set<std::string> texts;
  for (std::size_t tries = 0; drawn.size() < count && tries < 20 * count; ++tries) {
    Query next = query(draw_query_rank(rng));
    if (texts.insert(next.text).second) drawn.push_back(std::move(next));
  }
  return drawn;
}

Result<void> Marketplace::sessions(std::uint64_t count, const Ranker& rank, const EventSink& sink,
                                   PlantedTruth* truth) const {
  PlantedTests tests(impl_->world.options);
  HANDSEL_TRY(run_sessions(impl_->world, count, {.rank = rank, .sink = sink, .tests = tests}));
  if (truth != nullptr) *truth = tests.truth();
  return {};
}

Ranker Marketplace::noisy_ranker(std::uint64_t noise_seed) const {
  return make_noisy_ranker(impl_->world, noise_seed);
}

}  // namespace handsel::demo
