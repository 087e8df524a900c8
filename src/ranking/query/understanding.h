// What people who ask for something usually mean by it: which category, which attributes.
//
// Learnt from actions (a query, and the listing that was acted on after it) and, for words
// that nobody acted on yet, from the catalogue (the words of titles). A word's evidence is
//   n(w, c) = actions on listings in c after queries with w
//           + min(kListingWeight * listings with w, kCatalogueMax) * share of those in c
// so that a few actions outweigh any number of listings. Words are terms of the analyzer.
//
// Categories of a query, by its words (naive Bayes; Maron 1961, "Automatic indexing: an
// experimental inquiry"), with every word smoothed towards the prior by kWordPrior:
//   p_words(c) ~ p(c) * product over words of (p(c | w) / p(c)) ^ sqrt(certainty(w))
//   p(c | w) = (n(w, c) + kWordPrior p(c)) / (n(w) + kWordPrior)
// The exponent is ours: words are not independent, and without it a colour and a style
// that were clicked once outvote the noun (demo marketplace, queries not in the log: the
// right category first for 0.81 of them instead of 0.68).
// and where the very query is known, with its words as a Dirichlet prior worth kQueryPrior actions:
//   p(c | q) = (n(q, c) + kQueryPrior p_words(c)) / (n(q) + kQueryPrior)
// Attributes are not exclusive: p_words(a) is the largest over the words of the Wilson
// lower bound of n(w, a) / n(w) (Wilson 1927; 90 %, one-sided), where the word makes the
// attribute kLiftMin times as likely as it is anywhere; p(a | q) as above, told where the
// query does. However often one listing was acted on, its attributes are counted as one fact
// (Evidence::independent in internal/understanding_tables.h).
//
// What people choose is one thing, what words say another: internal/namings.h learns from
// titles and tags which words name an attribute ("petrol": color=teal), whoever clicks on what.
//
// Immutable; any thread. Some microseconds a query. The same facts in the same order give
// the same bytes; what is rare goes where a limit below is reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/result.h"

namespace handsel::query {

inline constexpr double kListingWeight = 0.2;
inline constexpr double kCatalogueMax = 10;
inline constexpr double kWordPrior = 2;
inline constexpr double kQueryPrior = 4;
inline constexpr double kLiftMin = 1.5;
inline constexpr double kWordsEvidenceMax = 30;  // what words alone may be worth, for the confidence

inline constexpr std::size_t kUnderstoodWordsMax = 200'000;
inline constexpr std::size_t kUnderstoodQueriesMax = 200'000;
inline constexpr std::size_t kUnderstoodTaxonomiesMax = 20'000;
inline constexpr std::size_t kUnderstoodAttributesMax = 100'000;
inline constexpr std::size_t kMeaningsMax = 16;  // categories of a word or query; attributes likewise
inline constexpr std::size_t kUnderstandingBytesMax = 512u << 20;

// A category or an attribute, and how much speaks for it.
struct Meaning {
  std::uint32_t number = 0;  // in a table of names
  float weight = 0;
  bool operator==(const Meaning&) const = default;
};

// A value of an attribute that words of a query name.
struct NamedValue {
  std::string attribute;           // "color=sage green"
  double share = 0;                // how surely, 0..1
  std::vector<std::string> words;  // that name it: terms
  bool operator==(const NamedValue&) const = default;
};

struct QueryUnderstanding {
  // Whole paths as listings have them, folded ("home > kitchen > aprons"), with p(c | q);
  // best first, at most 8, none under 0.02.
  std::vector<std::pair<std::string, double>> taxonomies;
  // "color=sage", with p(a | q); best first, at most 10, none under 0.1.
  std::vector<std::pair<std::string, double>> attributes;
  // What the words themselves name; surest first, at most 10. All of these are among `attributes`
  // too, where there is room.
  std::vector<NamedValue> named;
  // The other words that carry meaning, most of them the name of the thing itself: terms.
  std::vector<std::string> things;
  // Wilson lower bound of the best category's share, given how much was seen. 0..1; 0
  // where nothing is known.
  double confidence = 0;
  double actions = 0;  // weight of the actions after this very query
  bool operator==(const QueryUnderstanding&) const = default;
};

class Understanding {
 public:
  virtual ~Understanding() = default;

  virtual QueryUnderstanding understand(const text::Analyzer& analyzer, std::string_view query,
                                        std::string_view language) const = 0;

  // How sure a word is of its category: the Wilson lower bound of its best one's share. 0..1.
  virtual double certainty(std::string_view term) const = 0;

  // What the catalogue calls what these words name ("petrol": "teal" in the attributes, "mom": "mum"):
  // terms in their order, empty where nothing is named. `words`: one term, or two neighbouring
  // ones with a space between them.
  struct OtherNames {
    std::span<const std::string> value;  // of an attribute; as long as the understanding lives
    std::span<const std::string>
        category;  // "stumpenkerze": "pillar candle"; only of words that most titles do not speak
  };
  virtual OtherNames other_names(std::string_view words) const = 0;

  // The values of attributes that these words name, with their shares, most first; for texts that are
  // read by visit_longest(). Nothing: they name neither attribute nor category. `words` as above.
  virtual std::optional<std::span<const Meaning>> values_named(std::string_view words) const = 0;
  virtual std::string_view attribute(std::uint32_t number) const = 0;  // of a Meaning: "color=sage"

  // Known queries with one of these terms, most acted on first; at most `limit`.
  struct KnownQuery {
    std::string text;
    std::vector<std::string> terms;
    double actions = 0;
  };
  virtual std::vector<KnownQuery> queries_with(std::span<const std::string> terms, std::size_t limit) const = 0;

  // The file of an artefact "understanding": what parse() reads. Layout in understanding_bytes.cc.
  virtual std::string to_bytes() const = 0;
  static Result<std::shared_ptr<const Understanding>> parse(std::string_view bytes);

  virtual std::size_t words() const = 0;
  virtual std::size_t queries() const = 0;
};

// Texts are read by the longest namings, from the first word on: two neighbours where they name something
// together, else one. find(first, count): something that is true where those words name anything;
// visit(first, count, what was found).
template <typename Find, typename Visit>
void visit_longest(std::size_t words, Find&& find, Visit&& visit) {
  for (std::size_t first = 0; first < words;) {
    std::size_t count = first + 1 < words ? 2 : 1;
    auto found = find(first, count);
    if (!found && count == 2) found = find(first, count = 1);
    visit(first, count, found);
    first += count;
  }
}

// One action on a listing after a query.
struct ActionFact {
  std::string_view query;                   // as text::normalised_query() makes it
  std::string_view language;                // of the query, or empty; ask with the same
  double weight = 1;                        // a click 1; more for more
  std::span<const std::string> taxonomy;    // folded names, root to leaf
  std::span<const std::string> attributes;  // "color=sage"; tags and shops are passed over
};

// One listing of the catalogue.
struct ListingFact {
  std::string_view title;
  std::string_view language;
  std::span<const std::string> taxonomy;
  std::span<const std::string> attributes;
};

// One thread. About 300 MB at most while building.
class UnderstandingBuilder {
 public:
  explicit UnderstandingBuilder(const text::Analyzer& analyzer);  // borrowed
  ~UnderstandingBuilder();
  void add_action(const ActionFact& action);
  void add_listing(const ListingFact& listing);
  // Ends the builder.
  std::shared_ptr<const Understanding> build();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::query
