// A ranking feature: one number for each candidate, computed for all of them at once.
//
// Each lives in a file of its own beside this one, is a pure function of its input,
// costs at most a few microseconds a candidate, and documents its formula, its range,
// its unit and where it comes from. 'Not known' is NaN, never a made-up number. Serving
// and training call the same functions; matrix.cc says in which order, with which
// weights of their own (those that rank before anything was learned).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ranking/features/named_values.h"
#include "ranking/features/own_names.h"
#include "ranking/features/title_table.h"
#include "ranking/query/query_plan.h"
#include "ranking/query/understanding.h"
#include "views/index/index.h"

namespace handsel::profiles {
class Counters;
struct Profile;
}  // namespace handsel::profiles
namespace handsel::vectors {
class VectorSnapshot;
}

namespace handsel::features {

struct CandidateCounts;
class CandidateAttributes;
class CandidateVectors;
struct CandidateWords;

// What is known beside the words. Everything may be absent: a null pointer, an empty
// span. Borrowed for the length of one ranking.
struct Signals {
  using Shares = std::vector<std::pair<std::string, double>>;  // name, 0..1; best first

  const vectors::VectorSnapshot* vectors = nullptr;  // of the listings
  std::span<const float> query_vector;               // by the same encoder, of length 1; empty: none
  std::span<const float> session_vector;             // of what the session looked at, likewise
  std::span<const float> thing_vector;               // of what the query calls the thing; empty: none
  std::span<const float> word_vectors;               // of each of the query's words, one after the other
  std::span<const float> walk;                       // per candidate: 0..1, the walk's best has 1
  const profiles::Counters* counters = nullptr;
  std::string_view normalised_query;                    // what counters know the query by
  const profiles::Profile* profile = nullptr;           // null also where nothing of the person may be read
  const Shares* taxonomy_intent = nullptr;              // folded paths, "home > kitchen"
  const Shares* attribute_intent = nullptr;             // "color=sage"
  std::span<const query::NamedValue> named;             // what the words themselves name
  const query::Understanding* understanding = nullptr;  // that said so
  std::span<const std::string> things;                  // terms of the query that name no attribute
  std::shared_ptr<TagLexicon> lexicon;                  // null: tags say nothing
  std::int64_t now_ms = 0;                              // as of when
};

struct FeatureInput {
  const index::Snapshot& snapshot;
  const query::QueryPlan& plan;
  std::span<const index::Hit> candidates;
  // The first so many are what a page is made of. What a feature learns from all candidates together it learns from
  // these; the others, which training adds, are told what it would say of them.
  std::size_t peers;
  const TitleTable& titles;
  const NamedValues& named;
  const OwnNames& names;
  const CandidateCounts& counts;
  const CandidateVectors& vectors;
  const CandidateWords& words;
  const CandidateAttributes& attributes;  // where there is a profile
  const Signals& signals;
  // What is known of each candidate before this feature, in idf units; features that
  // learn from the top candidates weigh them by it.
  std::span<const double> scores;
};

// Whether a word of the query, in any of its variants, names the thing itself and no attribute.
inline bool is_thing(const Signals& signals, const index::TermGroup& group) {
  return std::ranges::any_of(group.variants, [&](const index::TermVariant& variant) {
    return std::ranges::find(signals.things, variant.term) != signals.things.end();
  });
}

// `out` has one place for each candidate, zero at first.
using ComputeFeature = void (*)(const FeatureInput& input, std::span<double> out);

struct Feature {
  std::string_view name;
  double weight;  // before anything was learned; a NaN counts as 0
  ComputeFeature compute;
};

// What is known of each candidate; NaN where `of` says nothing.
template <typename Of>
void fill_known(std::span<double> out, Of&& of) {
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = of(k).value_or(std::numeric_limits<double>::quiet_NaN());
}

// Of the words.
void title_pairs(const FeatureInput& input, std::span<double> out);
void exact_title(const FeatureInput& input, std::span<double> out);
void stated_absence(const FeatureInput& input, std::span<double> out);
void name_asked(const FeatureInput& input, std::span<double> out);
void name_found(const FeatureInput& input, std::span<double> out);
void name_beside(const FeatureInput& input, std::span<double> out);
void thing_share(const FeatureInput& input, std::span<double> out);
void words_found(const FeatureInput& input, std::span<double> out);
void match_share(const FeatureInput& input, std::span<double> out);
void title_share(const FeatureInput& input, std::span<double> out);
void title_words(const FeatureInput& input, std::span<double> out);
void query_words(const FeatureInput& input, std::span<double> out);
// Of the best candidates.
void taxonomy_prior(const FeatureInput& input, std::span<double> out);
void feedback_terms(const FeatureInput& input, std::span<double> out);
// Of meaning and of the graph.
void similarity_feedback(const FeatureInput& input, std::span<double> out);
void similarity(const FeatureInput& input, std::span<double> out);
void thing_similarity(const FeatureInput& input, std::span<double> out);
void word_similarity_least(const FeatureInput& input, std::span<double> out);
void word_similarity_mean(const FeatureInput& input, std::span<double> out);
void walk(const FeatureInput& input, std::span<double> out);
void taxonomy_intent(const FeatureInput& input, std::span<double> out);
void attribute_intent(const FeatureInput& input, std::span<double> out);
void attribute_agreement(const FeatureInput& input, std::span<double> out);
void attribute_conflict(const FeatureInput& input, std::span<double> out);
void attribute_tagged(const FeatureInput& input, std::span<double> out);
// Of what people did.
void query_click_rate(const FeatureInput& input, std::span<double> out);
void query_purchases(const FeatureInput& input, std::span<double> out);
void listing_click_rate(const FeatureInput& input, std::span<double> out);
void listing_purchase_rate(const FeatureInput& input, std::span<double> out);
void listing_shown(const FeatureInput& input, std::span<double> out);
// Of the listing itself.
void price(const FeatureInput& input, std::span<double> out);
void price_position(const FeatureInput& input, std::span<double> out);
void rating(const FeatureInput& input, std::span<double> out);
void rating_count(const FeatureInput& input, std::span<double> out);
void favourites(const FeatureInput& input, std::span<double> out);
void age_days(const FeatureInput& input, std::span<double> out);
// Of the person's last minutes.
void session_attributes(const FeatureInput& input, std::span<double> out);
void session_odds(const FeatureInput& input, std::span<double> out);
void session_taxonomy(const FeatureInput& input, std::span<double> out);
void session_price(const FeatureInput& input, std::span<double> out);
void session_similarity(const FeatureInput& input, std::span<double> out);
void session_seen(const FeatureInput& input, std::span<double> out);

}  // namespace handsel::features
