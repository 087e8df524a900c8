#include "analysis/models/two_tower_examples.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr double kPseudoShare = 0.3;  // where there is a log
constexpr double kImpressionShare = 0.2;
constexpr double kSessionShare = 0.5;  // otherwise the model must do without one
constexpr std::uint64_t kHeldOutOneIn = 50;

// A listing without the words of its query teaches what they mean; with them, that they
// are the same words. This share goes without.
constexpr double kMaskedShare = 0.5;

constexpr std::uint64_t kHeldOutStream = std::uint64_t{1} << 62;
constexpr int kTriesMax = 8;  // to find a listing that has words

bool is_held_out(const TrainingQuery& query) {
  return hash64(query.text, 0x68656c64) % kHeldOutOneIn == 0;
}

}  // namespace

void ExampleMaker::Urn::add(std::uint32_t number, double weight) {
  numbers.push_back(number);
  weights_up_to.push_back(weight + (weights_up_to.empty() ? 0 : weights_up_to.back()));
}

std::uint32_t ExampleMaker::Urn::draw(Rng& rng) const {
  const double at = rng.uniform() * weights_up_to.back();
  const auto found = std::ranges::upper_bound(weights_up_to, at) - weights_up_to.begin();
  return numbers[std::min(static_cast<std::size_t>(found), numbers.size() - 1)];
}

Result<ExampleMaker> ExampleMaker::make(const TrainingData& data, const TrainingCorpus& corpus, std::uint64_t seed) {
  ExampleMaker maker(data, corpus, seed);
  HANDSEL_TRY(maker.check());
  maker.fill();
  return maker;
}

Result<void> ExampleMaker::check() const {
  if (data_->examples.size() > kTrainingExamplesMax) {
    return fail(Code::kTooLarge, "{} examples are more than the {} that fit", data_->examples.size(),
                kTrainingExamplesMax);
  }
  const auto is_listing = [&](std::uint32_t listing) { return listing < corpus_->size(); };
  if (!std::ranges::all_of(data_->session_listings, is_listing)) {
    return fail(Code::kInvalidArgument, "a session names a listing that is not among the {}", corpus_->size());
  }
  for (const TrainingExample& example : data_->examples) {
    const bool fits = example.query < data_->queries.size() && is_listing(example.listing) && example.weight > 0 &&
                      std::isfinite(example.weight) && example.interest <= Interest::kPurchase &&
                      example.country <= data_->countries.size() &&
                      std::size_t{example.session_begin} + example.session_count <= data_->session_listings.size();
    if (!fits) {
      return fail(Code::kInvalidArgument,
                  "the example of query {} and listing {} names something that is not there, or weighs {}",
                  example.query, example.listing, example.weight);
    }
  }
  return {};
}

void ExampleMaker::fill() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t i = 0; i < data_->examples.size(); ++i) {
    const TrainingExample& example = data_->examples[i];
    const bool positive = example.interest != Interest::kImpression;
    if (positive) pairs.emplace_back(example.query, example.listing);
    if (!is_held_out(data_->queries[example.query])) {
      (positive ? positives_ : impressions_).add(i, example.weight);
    } else if (positive) {
      held_out_.push_back(i);
    }
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  known_begins_.assign(data_->queries.size() + 1, 0);
  for (const auto& [query, listing] : pairs) {
    ++known_begins_[query + 1];
    known_.push_back(listing);
  }
  for (std::size_t i = 1; i < known_begins_.size(); ++i) known_begins_[i] += known_begins_[i - 1];
}

PreparedExample ExampleMaker::of_log(const TrainingExample& example, Rng& rng) const {
  const TrainingQuery& query = data_->queries[example.query];
  PreparedExample prepared;
  const std::string_view country = example.country == 0 ? std::string_view() : data_->countries[example.country - 1];
  corpus_->features().of_query({.text = query.text, .language = query.language, .country = country}, prepared.query);
  prepared.query_number = example.query;
  prepared.listing = example.listing;
  prepared.kind = static_cast<PairKind>(static_cast<std::uint8_t>(example.interest) + 1);
  prepared.known = std::span(known_).subspan(known_begins_[example.query],
                                             known_begins_[example.query + 1] - known_begins_[example.query]);
  if (example.session_count > 0 && rng.chance(kSessionShare)) {
    const std::size_t count = std::min<std::size_t>(example.session_count, kSessionVectorListings);
    const std::size_t end = std::size_t{example.session_begin} + example.session_count;
    prepared.session = std::span(data_->session_listings).subspan(end - count, count);
  }
  return prepared;
}

PreparedExample ExampleMaker::of_listing(Rng& rng, bool masked) const {
  PreparedExample prepared;
  prepared.kind = PairKind::kPseudo;
  prepared.listing_is_masked = masked;
  for (int attempt = 0; attempt < kTriesMax; ++attempt) {
    prepared.listing = static_cast<std::uint32_t>(rng.below(corpus_->size()));
    const PseudoSource& source = corpus_->source(prepared.listing);
    const std::string text = pseudo_query(source, rng);
    corpus_->features().of_query({.text = text, .language = source.language, .country = {}, .session = {}},
                                 prepared.query);
    if (prepared.query.has_text()) break;
  }
  return prepared;
}

PreparedExample ExampleMaker::example(std::uint64_t number) const {
  Rng rng = rng_.split(number);
  if (!has_log() || rng.chance(kPseudoShare)) return of_listing(rng, rng.chance(kMaskedShare));
  const bool impression = !impressions_.numbers.empty() && rng.chance(kImpressionShare);
  return of_log(data_->examples[(impression ? impressions_ : positives_).draw(rng)], rng);
}

PreparedExample ExampleMaker::held_out_pseudo(std::uint64_t number, bool masked) const {
  Rng rng = rng_.split(kHeldOutStream + number);
  return of_listing(rng, masked);
}

std::vector<PreparedExample> ExampleMaker::held_out_log(std::size_t count) const {
  std::vector<PreparedExample> examples;
  Rng rng = rng_.split(kHeldOutStream - 1);
  const std::size_t step = std::max<std::size_t>(1, held_out_.size() / std::max<std::size_t>(1, count));
  for (std::size_t i = 0; i < held_out_.size() && examples.size() < count; i += step) {
    examples.push_back(of_log(data_->examples[held_out_[i]], rng));
  }
  return examples;
}

}  // namespace handsel::models
