#include "ranking/query/query_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>

#include <fmt/ranges.h>

namespace handsel::query {
namespace {

constexpr std::size_t kWordLettersMin = 5;   // shorter ones are not compounds
constexpr std::uint64_t kCompoundShare = 4;  // two words must be at least 1 / this as frequent as one
constexpr std::uint64_t kKnownWordMin = 2;   // listings: fewer may be a mistake themselves
// Of the listings with a word so many have one and the same mistake in it.
constexpr double kMistakeRate = 0.002;
constexpr std::uint64_t kNearMissMin = 300;  // listings with the neighbour
constexpr std::size_t kUnwantedMax = 2;

struct Negation {
  std::string_view language;
  std::string_view word;
};
constexpr std::array<Negation, 10> kNegations = {{{"en", "without"},
                                                  {"en", "no"},
                                                  {"de", "ohne"},
                                                  {"fr", "sans"},
                                                  {"es", "sin"},
                                                  {"it", "senza"},
                                                  {"nl", "zonder"},
                                                  {"pt", "sem"},
                                                  {"sv", "utan"},
                                                  {"da", "uden"}}};

bool all_letters(std::string_view word) {
  return std::ranges::all_of(word,
                             [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; });
}

// Of words an edit apart: whether one letter is another one, and not missing, too many or in the wrong place.
bool has_another_letter(std::string word, std::string other) {
  std::ranges::sort(word);
  std::ranges::sort(other);
  return word.size() == other.size() && word != other;
}

// A group in the making.
struct Slot {
  index::TermGroup group;
  std::string surface;   // of a word that stands for itself; otherwise empty
  std::size_t word = 0;  // the number of that word
  bool stop = false;
  bool negates = false;
  bool quoted = false;
};

class Planner {
 public:
  Planner(const ParsedQuery& query, const QueryModel* model, const text::Analyzer& analyzer,
          const index::Snapshot& snapshot, PlanOptions options)
      : query_(query),
        model_(model),
        analyzer_(analyzer),
        snapshot_(snapshot),
        options_(options),
        words_(query.words),
        replaced_(query.words.size()),
        meant_(query.words.size()) {}

  QueryPlan run() {
    plan_.complaints = query_.complaints;
    if (model_ != nullptr && options_.spell) correct_words();
    make_slots();
    if (model_ != nullptr) join_neighbours();
    weaken_what_is_not_wanted();
    add_near_misses();
    take_slots();
    take_phrases_and_exclusions();
    plan_.corrected_query = with_replaced(replaced_);
    for (std::size_t i = 0; i < meant_.size(); ++i) {
      if (meant_[i].empty()) meant_[i] = replaced_[i];
    }
    plan_.meant_query = with_replaced(meant_);
    return std::move(plan_);
  }

 private:
  std::uint64_t listings_with(std::string_view term) const { return index::document_frequency(snapshot_, term); }

  // The term of one word in the language of the query; empty where it is none.
  std::string term_of(std::string_view surface) const {
    std::string term;
    analyzer_.visit_tokens(surface, query_.language, [&](const text::TokenView& token) { term = token.term; });
    return term;
  }

  void note(std::string_view rule, std::string_view from, std::string_view to) {
    plan_.notes.push_back({std::string(rule), std::string(from), std::string(to)});
  }

  static bool may_be_misspelt(const QueryWord& word) {
    return !word.quoted && !word.stop && word.surface.size() >= kSpellingBytesMin && all_letters(word.surface);
  }

  // --- spelling ---

  void correct_words() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      QueryWord& word = words_[i];
      if (!may_be_misspelt(word) || listings_with(word.term) > 0) continue;
      if (model_->synonyms().find({&word.term, 1}) != nullptr || halves_of(word)) continue;
      const auto correction = model_->correct(word.surface);
      const std::string term = correction ? term_of(correction->surface) : "";
      if (listings_with(term) < kKnownWordMin) continue;
      note("spelling", word.surface, correction->surface);
      replaced_[i] = correction->surface;
      word.surface = correction->surface;
      word.term = term;
    }
  }

  // Sellers make the mistakes of buyers: whether so few listings have a word that mistakes in its
  // neighbour explain them all, within two standard deviations of a Poisson count and one more.
  static bool may_all_be_mistakes(std::uint64_t listings, std::uint64_t of_neighbour) {
    const double expected = kMistakeRate * static_cast<double>(of_neighbour);
    return static_cast<double>(listings) <= expected + 2 * std::sqrt(expected) + 1;
  }

  // A word that exists, but hardly beside its neighbour: "neclace" in 3 listings.
  void add_near_misses() {
    if (model_ == nullptr || !options_.spell) return;
    for (Slot& slot : slots_) {
      if (slot.surface.size() < kSpellingBytesMin || slot.stop || slot.quoted || !all_letters(slot.surface)) continue;
      if (slot.group.variants.size() != 1) continue;
      const std::uint64_t listings = listings_with(slot.group.variants.front().term);
      // Looking for its neighbours costs more than all else here, and most words are said too often for any of them.
      if (listings == 0 || !may_all_be_mistakes(listings, snapshot_.live)) continue;
      const auto correction = model_->correct(slot.surface);
      if (!correction || correction->edits > 1) continue;
      // Short words have neighbours that mean something else: a carp is no card, "crad" is one.
      if (slot.surface.size() < kWordLettersMin && has_another_letter(slot.surface, correction->surface)) continue;
      const std::string term = term_of(correction->surface);
      if (listings_with(term) < kNearMissMin || !may_all_be_mistakes(listings, listings_with(term))) continue;
      note("spelling", slot.surface, fmt::format("{} or {}", slot.surface, correction->surface));
      add_variant(slot.group, term, kNearMissWeight);
      meant_[slot.word] = correction->surface;
    }
  }

  // --- synonyms and compounds ---

  void make_slots() {
    for (std::size_t i = 0; i < words_.size();) {
      if (model_ != nullptr) {
        if (const std::size_t used = take_synonyms(i); used > 0) {
          i += used;
          continue;
        }
      }
      if (const std::size_t used = take_names(i); used > 0) {
        i += used;
        continue;
      }
      const QueryWord& word = words_[i];
      const auto halves = model_ != nullptr ? halves_of(word) : std::nullopt;
      if (halves) {
        take_halves(word, *halves, i);
      } else {
        slots_.push_back(plain(i));
      }
      ++i;
    }
  }

  Slot plain(std::size_t at) const {
    const QueryWord& word = words_[at];
    Slot slot{.surface = word.surface, .word = at, .stop = word.stop, .quoted = word.quoted};
    slot.group.variants = {{word.term, 1.0}};
    if (word.stop) slot.group = {.variants = slot.group.variants, .weight = kStopWordWeight, .required = false};
    return slot;
  }

  // The longest phrase at word `at` that has other names; how many words it took.
  std::size_t take_synonyms(std::size_t at) {
    std::vector<std::string> phrase;
    for (std::size_t i = at; i < words_.size() && i < at + model_->synonyms().longest(); ++i) {
      if (words_[i].quoted) break;
      phrase.push_back(words_[i].term);
    }
    for (; !phrase.empty(); phrase.pop_back()) {
      const auto* alternatives = model_->synonyms().find(phrase);
      if (alternatives == nullptr) continue;
      if (phrase.size() == 1 && words_[at].stop) continue;
      add_alternatives(phrase, *alternatives, "synonym");
      return phrase.size();
    }
    return 0;
  }

  // What two words or one name, as the catalogue calls it; how many words it took.
  std::size_t take_names(std::size_t at) {
    if (options_.understanding == nullptr) return 0;
    const auto may_name = [&](std::size_t i) { return i < words_.size() && !words_[i].quoted && !words_[i].stop; };
    if (!may_name(at)) return 0;
    std::vector<std::string> phrase = {words_[at].term};
    if (may_name(at + 1)) phrase.push_back(words_[at + 1].term);
    for (; !phrase.empty(); phrase.pop_back()) {
      const auto names = options_.understanding->other_names(fmt::format("{}", fmt::join(phrase, " ")));
      std::vector<Synonyms::Phrase> others;
      for (const auto& name : {names.value, names.category}) {
        if (!name.empty() && !std::ranges::equal(name, phrase)) others.emplace_back(name.begin(), name.end());
      }
      if (others.empty()) continue;
      add_alternatives(phrase, others, "naming");
      return phrase.size();
    }
    return 0;
  }

  // Names of n and m words are laid over max(n, m) groups, so that every word of either
  // has its place: "cushion" and "throw pillow" become {cushion, throw} {cushion, pillow}.
  // Together the groups weigh what the words weighed.
  void add_alternatives(const std::vector<std::string>& phrase, const std::vector<Synonyms::Phrase>& alternatives,
                        std::string_view rule) {
    std::size_t places = phrase.size();
    for (const Synonyms::Phrase& other : alternatives) places = std::max(places, other.size());
    for (std::size_t place = 0; place < places; ++place) {
      Slot slot;
      slot.group.weight = static_cast<double>(phrase.size()) / static_cast<double>(places);
      slot.group.variants = {{phrase[place * phrase.size() / places], 1.0}};
      for (const Synonyms::Phrase& other : alternatives) {
        add_variant(slot.group, other[place * other.size() / places], kSynonymWeight);
      }
      slots_.push_back(std::move(slot));
    }
    for (const Synonyms::Phrase& other : alternatives) {
      note(rule, fmt::format("{}", fmt::join(phrase, " ")), fmt::format("{}", fmt::join(other, " ")));
    }
  }

  static void add_variant(index::TermGroup& group, const std::string& term, double weight) {
    const bool known = std::ranges::any_of(group.variants, [&](const auto& variant) { return variant.term == term; });
    if (!known) group.variants.push_back({term, weight});
  }

  std::optional<QueryModel::Halves> halves_of(const QueryWord& word) const {
    if (word.quoted || word.stop || word.surface.size() < kWordLettersMin || !all_letters(word.surface)) {
      return std::nullopt;
    }
    auto halves = model_->split(word.term);
    // A stem may have lost too much: "handmadering" is "handmad".
    if (!halves) halves = model_->split(word.surface);
    if (!halves || halves->titles * kCompoundShare < listings_with(word.term)) return std::nullopt;
    return halves;
  }

  // Two groups with the full weight of the word: they ask for two words.
  void take_halves(const QueryWord& word, const QueryModel::Halves& halves, std::size_t at) {
    const bool known = listings_with(word.term) > 0;
    for (const std::string& half : {term_of(halves.left), halves.right_term}) {
      Slot slot;
      if (known) slot.group.variants.push_back({word.term, 1.0});
      add_variant(slot.group, half, kOtherSpellingWeight);
      slots_.push_back(std::move(slot));
    }
    const std::string written = word.surface.starts_with(halves.left)
                                    ? halves.left + " " + word.surface.substr(halves.left.size())
                                    : halves.left + " " + halves.right_term;
    note("split", word.surface, written);
    if (!known) replaced_[at] = written;
  }

  void join_neighbours() {
    for (std::size_t i = 0; i + 1 < slots_.size(); ++i) {
      Slot& left = slots_[i];
      Slot& right = slots_[i + 1];
      if (!can_be_joined(left) || !can_be_joined(right)) continue;
      if (left.surface.size() + right.surface.size() < kWordLettersMin) continue;
      const std::string joined = left.surface + right.group.variants.front().term;
      const std::uint64_t listings = listings_with(joined);
      const std::uint64_t titles = model_->neighbours(left.surface, right.group.variants.front().term);
      // Where titles know the two words and one word means something else ("car pet"),
      // it is far more frequent than they are.
      if (listings < kKnownWordMin || (titles > 0 && titles * kCompoundShare < listings)) continue;
      add_variant(left.group, joined, kOtherSpellingWeight);
      add_variant(right.group, joined, kOtherSpellingWeight);
      note("join", left.surface + " " + right.surface, joined);
    }
  }

  static bool can_be_joined(const Slot& slot) {
    return !slot.surface.empty() && !slot.stop && !slot.quoted && all_letters(slot.surface);
  }

  // --- negation ---

  void weaken_what_is_not_wanted() {
    const auto negates = [&](const Slot& slot) { return !slot.quoted && is_negation(slot.surface, query_.language); };
    const auto found = std::ranges::find_if(slots_, negates);
    if (found == slots_.end() || found == slots_.begin() || found + 1 == slots_.end()) return;
    found->negates = true;
    found->group.required = false;
    plan_.negation = found->group.variants.front().term;
    for (auto slot = found + 1; slot != slots_.end(); ++slot) {
      slot->group.weight *= kAfterNegationWeight;
      slot->group.required = false;
      if (!slot->stop && plan_.unwanted.size() < kUnwantedMax) {
        plan_.unwanted.push_back(slot->group.variants.front().term);
      }
    }
    note("negation", found->surface, fmt::format("{}", fmt::join(plan_.unwanted, " ")));
  }

  // --- the plan ---

  void take_slots() {
    for (Slot& slot : slots_) {
      const auto same = std::ranges::find(plan_.groups, slot.group.variants, &index::TermGroup::variants);
      const auto number = static_cast<std::size_t>(same - plan_.groups.begin());
      if (same == plan_.groups.end()) {
        std::uint64_t listings = 0;
        for (const auto& variant : slot.group.variants) listings = std::max(listings, listings_with(variant.term));
        if (listings == 0) {
          complain_of_unknown(slot);
          slot.group.required &= options_.unknown_words_required;
        }
        plan_.values.push_back(listings == 0 ? 0 : slot.group.weight * index::idf(snapshot_.live, listings));
        plan_.groups.push_back(std::move(slot.group));
      }
      if (!slot.stop) plan_.sequence.push_back(number);
    }
  }

  void complain_of_unknown(const Slot& slot) {
    if (slot.stop || plan_.complaints.size() >= kComplaintsMax) return;
    plan_.complaints.push_back(fmt::format("no listing has the word '{}'",
                                           slot.surface.empty() ? slot.group.variants.front().term : slot.surface));
  }

  void take_phrases_and_exclusions() {
    for (const ParsedQuery::WordRange& range : query_.phrases) {
      index::Phrase phrase;
      for (std::size_t i = range.begin; i < range.end; ++i) phrase.terms.push_back(query_.words[i].term);
      plan_.phrases.push_back(std::move(phrase));
    }
    for (const QueryWord& word : query_.excluded) plan_.excluded.push_back(word.term);
  }

  // The query with other words in their places; empty where there are none.
  std::string with_replaced(std::span<const std::string> by_word) const {
    std::string out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < by_word.size(); ++i) {
      if (by_word[i].empty()) continue;
      const QueryWord& word = query_.words[i];
      if (word.begin < at) continue;
      out += std::string_view(query_.text).substr(at, word.begin - at);
      out += by_word[i];
      at = word.end;
    }
    return at > 0 ? out + query_.text.substr(at) : "";
  }

  const ParsedQuery& query_;
  const QueryModel* const model_;
  const text::Analyzer& analyzer_;
  const index::Snapshot& snapshot_;
  const PlanOptions options_;
  std::vector<QueryWord> words_;
  std::vector<std::string> replaced_;  // by word; empty: stays
  std::vector<std::string> meant_;     // likewise: of words that are probably mistakes
  std::vector<Slot> slots_;
  QueryPlan plan_;
};

}  // namespace

bool is_negation(std::string_view surface, std::string_view language) {
  const std::string_view wanted = language.empty() ? "en" : language.substr(0, language.find('-'));
  return std::ranges::any_of(
      kNegations, [&](const Negation& negation) { return negation.word == surface && negation.language == wanted; });
}

double QueryPlan::mass() const {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

QueryPlan plan_query(const ParsedQuery& query, const QueryModel* model, const text::Analyzer& analyzer,
                     const index::Snapshot& snapshot, PlanOptions options) {
  return Planner(query, model, analyzer, snapshot, options).run();
}

}  // namespace handsel::query
