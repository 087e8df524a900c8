// What the query's words name, attribute by attribute, and what each candidate says of it in its
// attributes and in its tags; read once, used by several features.
//
// Words of the name that is asked for (own_names.h) name no attribute: a leather journal is a thing,
// whatever it is made of. Tags say what they name in any language (Understanding::values_named); the words
// of the candidate's own name are left out for the same reason.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/features/own_names.h"
#include "ranking/features/title_table.h"
#include "ranking/query/understanding.h"
#include "views/index/index.h"
#include "views/index/value_shares.h"

namespace handsel::features {

// "color=sage" with its share, as the index asks for it; nothing of what has no '='.
std::optional<index::ValueShares::Wanted> wanted_value(std::string_view attribute, double share);

class NamedValues {
 public:
  NamedValues(const index::Snapshot& snapshot, std::span<const index::Hit> candidates, const Signals& signals,
              const TitleTable& titles, const CandidateTags& tags, const OwnNames& names);

  // How much of what is named, 0..1, the candidate
  //   agrees with: says in its attributes; in tags or title where the attribute is left open
  //   denies: the attribute, or tags where it is left open, say something else
  //   tags: says in its tags, whatever the attributes say
  // Nothing where the words name nothing.
  std::optional<double> agreed(std::size_t candidate) const { return share(&Verdict::agreed, candidate); }
  std::optional<double> denied(std::size_t candidate) const { return share(&Verdict::denied, candidate); }
  std::optional<double> tagged(std::size_t candidate) const { return share(&Verdict::tagged, candidate); }

 private:
  struct Verdict {
    double agreed = 0;  // all of wanted_
    double denied = 0;
    double tagged = 0;
  };
  std::optional<double> share(double Verdict::* part, std::size_t candidate) const {
    return verdicts_.empty() ? std::nullopt : std::optional(verdicts_[candidate].*part / wanted_);
  }

  double wanted_ = 0;              // the sum over attributes of the largest share
  std::vector<Verdict> verdicts_;  // none where nothing is named
};

}  // namespace handsel::features
