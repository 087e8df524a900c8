// What the query's words name, attribute by attribute, and what each candidate says of it; read
// once, used by several features.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/query/understanding.h"
#include "views/index/index.h"
#include "views/index/value_shares.h"

namespace handsel::features {

// "color=sage" with its share, as the index asks for it; nothing of what has no '='.
std::optional<index::ValueShares::Wanted> wanted_value(std::string_view attribute, double share);

class NamedValues {
 public:
  NamedValues(const index::Snapshot& snapshot, std::span<const query::NamedValue> named,
              std::span<const index::Hit> candidates);

  double wanted() const { return wanted_; }  // the sum over attributes of the largest share; 0: nothing is named
  struct Verdict {
    double agreed = 0;  // of wanted(): said in the attributes, or in words where the attribute is left open
    double denied = 0;  // of wanted(): the attribute says something else
  };
  const Verdict& verdict(std::size_t candidate) const { return verdicts_[candidate]; }

 private:
  double wanted_ = 0;
  std::vector<Verdict> verdicts_;  // none where nothing is named
};

}  // namespace handsel::features
