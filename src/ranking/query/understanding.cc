#include "ranking/query/understanding.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "analysis/text/normalised_query.h"
#include "ranking/query/internal/understanding_tables.h"

namespace handsel::query {
namespace {

constexpr std::size_t kTaxonomiesTold = 8;
constexpr double kTaxonomyShareMin = 0.02;
constexpr std::size_t kAttributesTold = 10;
constexpr double kAttributeShareMin = 0.1;
constexpr std::size_t kNamedTold = 10;
constexpr double kCertaintyMin = 0.02;
constexpr std::size_t kQueriesOfWordMax = 256;

using Shares = std::map<std::uint32_t, double>;

template <typename Named>
const Named* find_named(const std::vector<Named>& sorted, std::string_view name) {
  const auto found = std::ranges::lower_bound(sorted, name, std::less<>(), &Named::name);
  return found != sorted.end() && found->name == name ? &*found : nullptr;
}

double weight_of(const std::vector<Meaning>& meanings, std::uint32_t number) {
  const auto found = std::ranges::find(meanings, number, &Meaning::number);
  return found == meanings.end() ? 0 : found->weight;
}

std::vector<std::pair<std::string, double>> best_of(const Shares& shares, const std::vector<Named>& names,
                                                    double share_min, std::size_t count) {
  std::vector<std::pair<std::string, double>> best;
  for (const auto& [number, share] : shares) {
    if (share >= share_min) best.emplace_back(names[number].name, std::min(share, 1.0));
  }
  std::ranges::sort(best, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (best.size() > count) best.resize(count);
  return best;
}

double certainty_of(const Evidence& word) {
  if (word.taxonomies.empty() || !(word.total > 0)) return 0;
  return wilson_lower(std::min(1.0, static_cast<double>(word.taxonomies.front().weight / word.total)), word.total);
}

class UnderstandingInMemory final : public Understanding {
 public:
  explicit UnderstandingInMemory(UnderstandingTables tables) : tables_(std::move(tables)) { index_queries(); }

  QueryUnderstanding understand(const text::Analyzer& analyzer, std::string_view query,
                                std::string_view language) const override {
    const std::vector<std::string> terms = content_terms(analyzer, query, language);
    // Events that name no language were read in the default one.
    const std::vector<std::string> as_in_log = content_terms(analyzer, query, {});
    std::vector<const Evidence*> words;
    double seen = kWordsEvidenceMax;
    for (const auto* reading : {&terms, &as_in_log}) {
      for (const std::string& term : *reading) {
        const Evidence* word = find_named(tables_.words, term);
        if (word == nullptr || !(word->total > 0) || std::ranges::find(words, word) != words.end()) continue;
        words.push_back(word);
        seen = std::min<double>(seen, word->total);
      }
    }
    const Evidence* known = find_named(tables_.queries, text::normalised_query(query));
    const Reading reading = read(terms);
    if (words.empty() && known == nullptr && reading.named.empty() && reading.categories.empty()) return {};

    const double prior = words.empty() ? 0 : kQueryPrior;
    const Shares taxonomies = with_query(with_named(by_words(words), reading.categories), known, &Evidence::taxonomies,
                                         &Evidence::total, prior);
    Shares attributes = with_query(wanted_by_words(words), known, &Evidence::attributes, &Evidence::independent, prior);
    std::erase_if(attributes, [this](const auto& one) { return one.second < kLiftMin * usual(one.first); });
    for (const auto& [attribute, by] : reading.named) {
      double& share = attributes[attribute];
      share = std::max(share, by.share);
    }
    QueryUnderstanding understood{
        .taxonomies = best_of(taxonomies, tables_.taxonomies, kTaxonomyShareMin, kTaxonomiesTold),
        .attributes = best_of(attributes, tables_.attributes, kAttributeShareMin, kAttributesTold),
        .named = named_values(reading),
        .things = reading.things,
        .actions = known == nullptr ? 0.0 : known->total};
    const double coverage =
        terms.empty() ? 0 : std::min(1.0, static_cast<double>(words.size()) / static_cast<double>(terms.size()));
    if (!understood.taxonomies.empty()) {
      const double evidence = understood.actions + (words.empty() ? 0 : coverage * seen);
      understood.confidence = wilson_lower(understood.taxonomies.front().second, evidence);
    }
    return understood;
  }

  OtherNames other_names(std::string_view words) const override {
    const Naming* naming = find_named(tables_.namings, words);
    if (naming == nullptr) return {};
    return {.value = naming->value_words, .category = naming->category_words};
  }

  std::optional<std::span<const Meaning>> values_named(std::string_view words) const override {
    const Naming* naming = find_named(tables_.namings, words);
    if (naming == nullptr) return std::nullopt;
    return naming->attributes;
  }
  std::string_view attribute(std::uint32_t number) const override { return tables_.attributes[number].name; }

  double certainty(std::string_view term) const override {
    const Evidence* word = find_named(tables_.words, term);
    return word == nullptr ? 0 : certainty_of(*word);
  }

  std::vector<KnownQuery> queries_with(std::span<const std::string> terms, std::size_t limit) const override {
    std::set<std::uint32_t> numbers;
    for (const std::string& term : terms) {
      const Evidence* word = find_named(tables_.words, term);
      if (word == nullptr) continue;
      const auto lies = static_cast<std::uint32_t>(word - tables_.words.data());
      if (const auto found = queries_of_.find(lies); found != queries_of_.end()) {
        numbers.insert(found->second.begin(), found->second.end());
      }
    }
    std::vector<std::uint32_t> best(numbers.begin(), numbers.end());
    std::ranges::sort(best, [this](std::uint32_t a, std::uint32_t b) { return is_more_asked(a, b); });
    std::vector<KnownQuery> known;
    for (const std::uint32_t number : std::span(best).first(std::min(best.size(), limit))) {
      const Evidence& query = tables_.queries[number];
      KnownQuery& told = known.emplace_back(KnownQuery{.text = query.name, .terms = {}, .actions = query.total});
      for (const std::uint32_t word : query.words) told.terms.push_back(tables_.words[word].name);
    }
    return known;
  }

  std::string to_bytes() const override { return write_tables(tables_); }
  std::size_t words() const override { return tables_.words.size(); }
  std::size_t queries() const override { return tables_.queries.size(); }

 private:
  double prior_of(std::uint32_t taxonomy) const {
    // A floor, so that a category that only words know has a logarithm.
    return std::max<double>(tables_.taxonomies[taxonomy].weight, 1e-3) / std::max<double>(tables_.total, 1e-3);
  }

  // p_words of each category that one of the words knows; together at most 1, the rest
  // being that of all others.
  Shares by_words(const std::vector<const Evidence*>& words) const {
    Shares scores;  // first logarithms
    for (const Evidence* word : words) {
      for (const Meaning& meaning : word->taxonomies) scores[meaning.number] = std::log(prior_of(meaning.number));
    }
    double others = 0;  // log of the product for a category that no word knows
    double prior_sum = 0;
    for (const auto& [number, score] : scores) prior_sum += prior_of(number);
    for (const Evidence* word : words) {
      const double all = word->total + kWordPrior;
      const double trust = std::sqrt(std::max(kCertaintyMin, certainty_of(*word)));
      for (auto& [number, score] : scores) {
        const double prior = prior_of(number);
        score += trust * std::log((weight_of(word->taxonomies, number) + kWordPrior * prior) / (all * prior));
      }
      others += trust * std::log(kWordPrior / all);
    }
    double highest = others;
    for (const auto& [number, score] : scores) highest = std::max(highest, score);
    double sum = std::max(0.0, 1 - prior_sum) * std::exp(others - highest);
    for (auto& [number, score] : scores) sum += score = std::exp(score - highest);
    for (auto& [number, score] : scores) score /= sum;
    return scores;
  }

  double usual(std::uint32_t attribute) const {
    return tables_.total > 0 ? tables_.attributes[attribute].weight / tables_.total : 0;
  }

  Shares wanted_by_words(const std::vector<const Evidence*>& words) const {
    Shares shares;
    for (const Evidence* word : words) {
      for (const Meaning& meaning : word->attributes) {
        const double share = std::min(1.0, static_cast<double>(meaning.weight / word->total));
        if (share < kLiftMin * usual(meaning.number)) continue;
        double& best = shares[meaning.number];
        best = std::max(best, wilson_lower(share, word->independent));
      }
    }
    return shares;
  }

  struct Reading {
    struct By {
      double share = 0;
      std::vector<std::string> words;
    };
    std::map<std::uint32_t, By> named;  // by attribute
    Shares categories;
    std::vector<std::string> things;  // that name no attribute
  };
  Reading read(const std::vector<std::string>& terms) const {
    Reading reading;
    const auto find = [&](std::size_t first, std::size_t count) {
      return find_named(tables_.namings, count == 1 ? terms[first] : terms[first] + ' ' + terms[first + 1]);
    };
    visit_longest(terms.size(), find, [&](std::size_t first, std::size_t count, const Naming* naming) {
      const auto words = std::span(terms).subspan(first, count);
      if (naming != nullptr && naming->category) {
        double& share = reading.categories[naming->category->number];
        share = std::max<double>(share, naming->category->weight);
      }
      if (naming == nullptr || naming->attributes.empty()) {
        reading.things.insert(reading.things.end(), words.begin(), words.end());
        return;
      }
      for (const Meaning& meaning : naming->attributes) {
        Reading::By& by = reading.named[meaning.number];
        if (meaning.weight > by.share) by = {.share = meaning.weight, .words = {words.begin(), words.end()}};
      }
    });
    return reading;
  }

  std::vector<NamedValue> named_values(const Reading& reading) const {
    std::vector<NamedValue> values;
    for (const auto& [attribute, by] : reading.named) {
      values.push_back(
          {.attribute = tables_.attributes[attribute].name, .share = std::min(by.share, 1.0), .words = by.words});
    }
    std::ranges::sort(values, [](const NamedValue& a, const NamedValue& b) {
      return a.share != b.share ? a.share > b.share : a.attribute < b.attribute;
    });
    if (values.size() > kNamedTold) values.resize(kNamedTold);
    return values;
  }

  // A word or phrase that names a category speaks for it as surely as it names it, before what
  // the words say one by one: "play kitchen" is neither play nor kitchen.
  static Shares with_named(Shares by_words, const Shares& named) {
    double sum = 0;
    double most = 0;
    for (const auto& [category, share] : named) {
      sum += share;
      most = std::max(most, std::min(share, 1.0));
    }
    if (sum <= 0) return by_words;
    for (auto& [category, share] : by_words) share *= 1 - most;
    for (const auto& [category, share] : named) by_words[category] += most * share / sum;
    return by_words;
  }

  // `strength`: what the query's own evidence is worth beside the words.
  static Shares with_query(Shares by_words, const Evidence* known, std::vector<Meaning> Evidence::* member,
                           float Evidence::* strength, double prior) {
    if (known == nullptr || !(known->total > 0)) return by_words;
    for (const Meaning& meaning : known->*member) by_words.try_emplace(meaning.number, 0.0);
    const double own = known->*strength;
    for (auto& [number, share] : by_words) {
      share = (own * weight_of(known->*member, number) / known->total + prior * share) / (own + prior);
    }
    return by_words;
  }

  bool is_more_asked(std::uint32_t a, std::uint32_t b) const {
    const float first = tables_.queries[a].total;
    const float second = tables_.queries[b].total;
    return first != second ? first > second : a < b;
  }

  void index_queries() {
    std::vector<std::uint32_t> order(tables_.queries.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(order, [this](std::uint32_t a, std::uint32_t b) { return is_more_asked(a, b); });
    for (const std::uint32_t query : order) {
      for (const std::uint32_t word : tables_.queries[query].words) {
        std::vector<std::uint32_t>& queries = queries_of_[word];
        if (queries.size() < kQueriesOfWordMax) queries.push_back(query);
      }
    }
  }

  const UnderstandingTables tables_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> queries_of_;  // word -> queries, most asked first
};

}  // namespace

double wilson_lower(double share, double n) {
  constexpr double kZ = 1.2815515655446004;  // 90 %, one-sided
  if (!(n > 0)) return 0;
  const double z2 = kZ * kZ / n;
  const double centre = share + z2 / 2;
  const double spread = kZ * std::sqrt(std::max(0.0, share * (1 - share)) / n + z2 / (4 * n));
  return std::clamp((centre - spread) / (1 + z2), 0.0, 1.0);
}

std::vector<std::string> content_terms(const text::Analyzer& analyzer, std::string_view text,
                                       std::string_view language) {
  std::vector<std::string> terms;
  analyzer.visit_tokens(text, language, [&](const text::TokenView& token) {
    if (terms.size() >= kContentTermsMax || analyzer.is_stop_word(token.surface, language)) return;
    if (std::ranges::find(terms, token.term) == terms.end()) terms.emplace_back(token.term);
  });
  return terms;
}

std::shared_ptr<const Understanding> make_understanding(UnderstandingTables tables) {
  return std::make_shared<const UnderstandingInMemory>(std::move(tables));
}

Result<std::shared_ptr<const Understanding>> Understanding::parse(std::string_view bytes) {
  HANDSEL_ASSIGN(UnderstandingTables tables, read_tables(bytes));
  return make_understanding(std::move(tables));
}

}  // namespace handsel::query
