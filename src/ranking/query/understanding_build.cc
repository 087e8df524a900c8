#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/core/hash.h"
#include "ranking/query/internal/namings.h"
#include "ranking/query/internal/understanding_tables.h"
#include "views/index/columns.h"

namespace handsel::query {
namespace {

constexpr std::size_t kPairsMax = 2'000'000;  // of one kind, while building
constexpr std::size_t kNameBytesMax = 400;
constexpr std::string_view kTag = "tag=";

// Names in the order in which they came, while there is room.
class Names {
 public:
  explicit Names(std::size_t max) : max_(max) {}

  std::optional<std::uint32_t> number(std::string_view name) {
    if (name.empty() || name.size() > kNameBytesMax) return std::nullopt;
    if (const auto known = numbers_.find(std::string(name)); known != numbers_.end()) return known->second;
    if (names_.size() >= max_) return std::nullopt;
    numbers_.emplace(name, static_cast<std::uint32_t>(names_.size()));
    names_.emplace_back(name);
    return static_cast<std::uint32_t>(names_.size() - 1);
  }

  const std::vector<std::string>& all() const { return names_; }

 private:
  std::size_t max_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
};

// Weights of (row, meaning). Beyond kPairsMax the lightest go.
class Pairs {
 public:
  void add(std::uint32_t row, std::uint32_t meaning, double weight) {
    weights_[std::uint64_t{row} << 32 | meaning] += weight;
    if (weights_.size() > kPairsMax) drop_lightest();
  }

  struct Pair {
    std::uint32_t row;
    Meaning meaning;
  };
  // By row; within it the heaviest first.
  std::vector<Pair> sorted() const {
    std::vector<Pair> pairs;
    pairs.reserve(weights_.size());
    for (const auto& [key, weight] : weights_) {
      pairs.push_back({.row = static_cast<std::uint32_t>(key >> 32),
                       .meaning = {static_cast<std::uint32_t>(key), static_cast<float>(weight)}});
    }
    std::ranges::sort(pairs, [](const Pair& a, const Pair& b) {
      if (a.row != b.row) return a.row < b.row;
      if (a.meaning.weight != b.meaning.weight) return a.meaning.weight > b.meaning.weight;
      return a.meaning.number < b.meaning.number;
    });
    return pairs;
  }

 private:
  void drop_lightest() {
    while (weights_.size() > kPairsMax * 3 / 4) {
      floor_ = floor_ == 0 ? kListingWeight : floor_ * 2;
      std::erase_if(weights_, [this](const auto& pair) { return pair.second <= floor_; });
    }
  }

  std::unordered_map<std::uint64_t, double> weights_;
  double floor_ = 0;
};

// What one source (actions by word, listings by word, actions by query) told.
struct Told {
  struct Total {
    double weights = 0;
    double squares = 0;
  };
  std::unordered_map<std::uint32_t, Total> totals;  // by row
  Pairs taxonomies;
  Pairs attributes;
};

std::string joined(std::span<const std::string> path) {
  std::string out;
  for (const std::string& name : path) {
    if (!out.empty()) out += index::kTaxonomySeparator;
    out += name;
  }
  return out;
}

// What is said by the words themselves, or names one seller.
bool is_intent(std::string_view attribute) {
  return !attribute.starts_with(kTag) && !attribute.starts_with("shop=");
}

}  // namespace

class UnderstandingBuilder::Impl {
 public:
  explicit Impl(const text::Analyzer& analyzer) : analyzer_(analyzer) {}

  void add_action(const ActionFact& action) {
    if (!(action.weight > 0) || !std::isfinite(action.weight) || action.query.empty()) return;
    const Meanings meanings = meanings_of(action.taxonomy, action.attributes);
    std::vector<std::uint32_t> words;
    for (const std::string& term : content_terms(analyzer_, action.query, action.language)) {
      if (const auto word = words_.number(term)) words.push_back(*word);
    }
    for (const std::uint32_t word : words) tell(by_word_, word, meanings, action.weight);
    if (const auto query = queries_.number(action.query)) {
      tell(by_query_, *query, meanings, action.weight);
      words_of_query_.try_emplace(*query, std::move(words));
    }
    count(meanings, action.weight, all_actions_);
  }

  void add_listing(const ListingFact& listing) {
    const Meanings meanings = meanings_of(listing.taxonomy, listing.attributes);
    std::vector<std::uint32_t> words;
    for (const std::string& term : content_terms(analyzer_, listing.title, listing.language)) {
      if (const auto word = words_.number(term)) words.push_back(*word);
    }
    for (const std::uint32_t word : words) tell(by_listing_, word, meanings, kListingWeight);
    count(meanings, kListingWeight, all_listings_);
    const auto shop =
        std::ranges::find_if(listing.attributes, [](const auto& name) { return name.starts_with("shop="); });
    std::vector<std::uint32_t> values = meanings.attributes;
    if (meanings.taxonomy) values.push_back(kCategory | *meanings.taxonomy);
    for (const std::string& attribute : listing.attributes) {
      if (!attribute.starts_with(kTag)) continue;
      words.push_back(NamingsBuilder::kNoWord);
      for (const std::string& term :
           content_terms(analyzer_, std::string_view(attribute).substr(kTag.size()), listing.language)) {
        if (const auto word = words_.number(term)) words.push_back(*word);
      }
    }
    namings_.add({.words = words,
                  .attributes = values,
                  .shop = shop == listing.attributes.end() ? ++nameless_ : hash64(*shop),
                  .language = hash64(listing.language)});
  }

  std::shared_ptr<const Understanding> build() {
    UnderstandingTables tables;
    // The catalogue counts for what nobody did yet, as for a single word.
    const double shrink = all_listings_.total > kCatalogueMax ? kCatalogueMax / all_listings_.total : 1;
    tables.total = static_cast<float>(all_actions_.total + shrink * all_listings_.total);
    tables.taxonomies = named(taxonomies_, all_actions_.taxonomies, all_listings_.taxonomies, shrink);
    tables.attributes = named(attributes_, all_actions_.attributes, all_listings_.attributes, shrink);
    tables.words = evidence(words_, by_word_, &by_listing_);
    tables.queries = evidence(queries_, by_query_, nullptr);
    for (const auto& [query, words] : words_of_query_) {
      Evidence& told = *find(tables.queries, queries_.all()[query]);
      for (const std::uint32_t word : words) {
        const auto place = find(tables.words, words_.all()[word]) - tables.words.begin();
        told.words.push_back(static_cast<std::uint32_t>(place));
      }
    }
    tables.namings = namings();
    return make_understanding(std::move(tables));
  }

 private:
  struct Meanings {
    std::optional<std::uint32_t> taxonomy;
    std::vector<std::uint32_t> attributes;
  };
  struct Totals {
    double total = 0;
    std::vector<double> taxonomies;
    std::vector<double> attributes;
  };

  Meanings meanings_of(std::span<const std::string> path, std::span<const std::string> attributes) {
    constexpr std::size_t kAttributesOfOne = 100;
    Meanings meanings{.taxonomy = taxonomies_.number(joined(path)), .attributes = {}};
    for (const std::string& attribute : attributes.first(std::min(attributes.size(), kAttributesOfOne))) {
      if (!is_intent(attribute)) continue;
      const auto number = attributes_.number(attribute);
      if (number && std::ranges::find(meanings.attributes, *number) == meanings.attributes.end()) {
        meanings.attributes.push_back(*number);
      }
    }
    return meanings;
  }

  static void tell(Told& told, std::uint32_t row, const Meanings& meanings, double weight) {
    Told::Total& total = told.totals[row];
    total.weights += weight;
    total.squares += weight * weight;
    if (meanings.taxonomy) told.taxonomies.add(row, *meanings.taxonomy, weight);
    for (const std::uint32_t attribute : meanings.attributes) told.attributes.add(row, attribute, weight);
  }

  static void count(const Meanings& meanings, double weight, Totals& totals) {
    const auto add = [weight](std::vector<double>& weights, std::uint32_t number) {
      if (weights.size() <= number) weights.resize(number + 1);
      weights[number] += weight;
    };
    totals.total += weight;
    if (meanings.taxonomy) add(totals.taxonomies, *meanings.taxonomy);
    for (const std::uint32_t attribute : meanings.attributes) add(totals.attributes, attribute);
  }

  static std::vector<Named> named(const Names& names, std::vector<double> actions, std::vector<double> listings,
                                  double shrink) {
    actions.resize(names.all().size());
    listings.resize(names.all().size());
    std::vector<Named> out;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      out.push_back({.name = names.all()[i], .weight = static_cast<float>(actions[i] + shrink * listings[i])});
    }
    return out;
  }

  // As the index has them; none where there are too many to be another word for anything.
  std::vector<std::string> name_words(std::string_view name) const {
    std::vector<std::string> words = content_terms(analyzer_, name, {});
    if (words.size() > kNameWordsMax) words.clear();
    return words;
  }

  std::vector<Naming> namings() const {
    std::map<std::string_view, std::uint32_t> numbers;
    std::vector<std::uint32_t> kinds;  // by attribute
    for (const std::string& attribute : attributes_.all()) {
      const std::string_view name = std::string_view(attribute).substr(0, attribute.find('='));
      kinds.push_back(numbers.try_emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second);
    }
    const auto kind_of = [&](std::uint32_t value) {
      return (value & kCategory) != 0 ? NamingsBuilder::kCategoryKind : kinds[value];
    };
    std::vector<Naming> out;
    for (const NamingsBuilder::Naming& naming : namings_.build(kind_of)) {
      Naming& named = out.emplace_back(Naming{.name = words_.all()[naming.first], .attributes = {}});
      if (naming.second != NamingsBuilder::kNoWord) named.name += ' ' + words_.all()[naming.second];
      for (const auto& [value, bound] : naming.attributes) {
        if ((value & kCategory) != 0) {
          if (!named.category) named.category = Meaning{value & ~kCategory, static_cast<float>(bound)};
          if (!naming.is_foreign) continue;
          const std::string_view path = taxonomies_.all()[value & ~kCategory];
          const std::size_t end = path.rfind(index::kTaxonomySeparator);
          named.category_words =
              name_words(end == path.npos ? path : path.substr(end + index::kTaxonomySeparator.size()));
        } else if (named.attributes.size() < kMeaningsMax) {
          named.attributes.push_back({value, static_cast<float>(bound)});
        }
      }
      if (!named.attributes.empty() && !naming.by_one_word) {
        const std::string_view attribute = attributes_.all()[named.attributes.front().number];
        named.value_words = name_words(attribute.substr(std::min(attribute.size(), attribute.find('=') + 1)));
      }
    }
    std::ranges::sort(out, {}, &Naming::name);
    return out;
  }

  // `listings` counts for no more than kCatalogueMax.
  static std::vector<Evidence> evidence(const Names& names, const Told& actions, const Told* listings) {
    std::vector<Evidence> all(names.all().size());
    std::vector<double> shrink(all.size(), 0);
    for (std::size_t row = 0; row < all.size(); ++row) all[row].name = names.all()[row];
    for (const auto& [row, total] : actions.totals) {
      all[row].total = static_cast<float>(total.weights);
      all[row].independent = static_cast<float>(total.weights * total.weights / total.squares);
    }
    if (listings != nullptr) {
      for (const auto& [row, total] : listings->totals) {
        shrink[row] = std::min(1.0, kCatalogueMax / total.weights);
        all[row].total += static_cast<float>(shrink[row] * total.weights);
        all[row].independent += static_cast<float>(shrink[row] * total.weights);
      }
      add_pairs(listings->taxonomies, &shrink, &Evidence::taxonomies, all);
      add_pairs(listings->attributes, &shrink, &Evidence::attributes, all);
    }
    add_pairs(actions.taxonomies, nullptr, &Evidence::taxonomies, all);
    add_pairs(actions.attributes, nullptr, &Evidence::attributes, all);
    for (Evidence& one : all) {
      keep_heaviest(one.taxonomies);
      keep_heaviest(one.attributes);
    }
    std::erase_if(all, [](const Evidence& one) { return !(one.total > 0); });  // words of tags alone
    std::ranges::sort(all, {}, &Evidence::name);
    return all;
  }

  static std::vector<Evidence>::iterator find(std::vector<Evidence>& sorted, const std::string& name) {
    return std::ranges::lower_bound(sorted, name, {}, &Evidence::name);
  }

  static void add_pairs(const Pairs& pairs, const std::vector<double>* shrink, std::vector<Meaning> Evidence::* member,
                        std::vector<Evidence>& all) {
    constexpr std::size_t kOfOne = 4 * kMeaningsMax;
    for (const auto& [row, meaning] : pairs.sorted()) {
      std::vector<Meaning>& meanings = all[row].*member;
      const float weight = shrink == nullptr ? meaning.weight : static_cast<float>((*shrink)[row] * meaning.weight);
      const auto known = std::ranges::find(meanings, meaning.number, &Meaning::number);
      if (known != meanings.end()) {
        known->weight += weight;
      } else if (meanings.size() < kOfOne) {
        meanings.push_back({meaning.number, weight});
      }
    }
  }

  static void keep_heaviest(std::vector<Meaning>& meanings) {
    std::ranges::sort(meanings, [](const Meaning& a, const Meaning& b) {
      return a.weight != b.weight ? a.weight > b.weight : a.number < b.number;
    });
    if (meanings.size() > kMeaningsMax) meanings.resize(kMeaningsMax);
    meanings.shrink_to_fit();
  }

  const text::Analyzer& analyzer_;
  Names words_{kUnderstoodWordsMax};
  Names queries_{kUnderstoodQueriesMax};
  Names taxonomies_{kUnderstoodTaxonomiesMax};
  Names attributes_{kUnderstoodAttributesMax};
  Told by_word_;
  Told by_listing_;
  Told by_query_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> words_of_query_;
  static constexpr std::uint32_t kCategory = 0x8000'0000;  // marks a category among attributes
  NamingsBuilder namings_;
  std::uint64_t nameless_ = 0;  // listings of no shop are each a voice of its own
  Totals all_actions_;
  Totals all_listings_;
};

UnderstandingBuilder::UnderstandingBuilder(const text::Analyzer& analyzer) : impl_(std::make_unique<Impl>(analyzer)) {}
UnderstandingBuilder::~UnderstandingBuilder() = default;
void UnderstandingBuilder::add_action(const ActionFact& action) {
  impl_->add_action(action);
}
void UnderstandingBuilder::add_listing(const ListingFact& listing) {
  impl_->add_listing(listing);
}
std::shared_ptr<const Understanding> UnderstandingBuilder::build() {
  return impl_->build();
}

}  // namespace handsel::query
