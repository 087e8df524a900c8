// A parsed query becomes a plan: what the index is asked, and what the ranking
// features need to know about the words.
//
// Rules, in order; each has one function in query_plan.cc:
//   spelling   a word that no listing has becomes the nearest that one has; a word far
//              rarer than a neighbour also finds the neighbour
//   synonyms   longest phrase first; another name is worth kSynonymWeight
//   naming     what words name is called otherwise in attributes: "mom" also finds "mum",
//              "petrol" teal; in another language than the catalogue's, categories too
//   splitting  "keychain" also finds "key chain" where titles write it so
//   joining    "key chain" also finds "keychain" where listings have it
//   negation   "mug without handle": what follows is worth half and not required
// Quoted words are taken as they are.
//
// The group of a word weighs by the idf of its most frequent variant, so that a rare
// spelling does not outweigh the word it stands for.
//
// Pure; any thread. Costs some dictionary look-ups a word.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/text/analyzer.h"
#include "ranking/query/query_model.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/understanding.h"
#include "views/index/index.h"

namespace handsel::query {

inline constexpr double kStopWordWeight = 0.3;
inline constexpr double kOtherSpellingWeight = 0.9;  // corrected, split, joined
inline constexpr double kSynonymWeight = 0.8;
inline constexpr double kNearMissWeight = 0.8;  // the frequent neighbour of a rare word
inline constexpr double kAfterNegationWeight = 0.5;
inline constexpr std::size_t kSpellingBytesMin = 4;  // shorter words are not corrected

// What a rule did to the words, for people and for explain.
struct PlanNote {
  std::string rule;  // "spelling", "synonym", "naming", "split", "join", "negation"
  std::string from;
  std::string to;
  bool operator==(const PlanNote&) const = default;
};

struct QueryPlan {
  std::vector<index::TermGroup> groups;
  std::vector<double> values;  // of each group: weight * idf; 0 where no listing has it
  std::vector<index::Phrase> phrases;
  std::vector<std::string> excluded;

  // The groups of the words that carry meaning, in the order of the query; neighbours
  // here are neighbours there, stop words passed over.
  std::vector<std::size_t> sequence;
  // The first words after "without": what is not wanted.
  std::vector<std::string> unwanted;
  std::string negation;  // the term that said so

  std::string corrected_query;  // empty: nothing was replaced
  // The same, with words that exist and are probably mistakes replaced, too: what the query is
  // understood by. Empty: nothing.
  std::string meant_query;
  std::vector<std::string> complaints;
  std::vector<PlanNote> notes;

  double mass() const;  // the sum of values: what a perfect match is worth
};

struct PlanOptions {
  bool spell = true;
  bool unknown_words_required = false;           // words that no listing has
  const Understanding* understanding = nullptr;  // null: no other names are known but those of the model
};

// `model` null: neither spelling nor synonyms nor compounds.
QueryPlan plan_query(const ParsedQuery& query, const QueryModel* model, const text::Analyzer& analyzer,
                     const index::Snapshot& snapshot, PlanOptions options);

// "without", "ohne", "sans", ... in the language, or in English.
bool is_negation(std::string_view surface, std::string_view language);

}  // namespace handsel::query
