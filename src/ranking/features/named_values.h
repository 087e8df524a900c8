// What the query's words name, attribute by attribute, and what a listing says of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/features/feature.h"
#include "views/index/value_shares.h"

namespace handsel::features {

// "color=sage" with its share, as the index asks for it; nothing of what has no '='.
std::optional<index::ValueShares::Wanted> wanted_value(std::string_view attribute, double share);

// One thread; borrows the input.
class NamedValues {
 public:
  explicit NamedValues(const FeatureInput& input);

  double wanted() const { return wanted_; }  // the sum over attributes of the largest share; 0: nothing is named
  struct Verdict {
    double agreed = 0;  // of wanted(): said in the attributes, or in words where the attribute is left open
    double denied = 0;  // of wanted(): the attribute says something else
  };
  Verdict verdict(std::size_t candidate);

 private:
  struct Kind {
    double most = 0;
    std::vector<std::size_t> words;  // in words_: those that name the value with the largest share
  };
  bool says(std::size_t candidate, const Kind& kind) const;

  const FeatureInput& input_;
  double wanted_ = 0;
  std::vector<Kind> kinds_;  // in the order of ValueShares::said
  std::vector<std::string> words_;
  std::vector<std::uint8_t> impacts_;  // candidates x words
  index::ValueShares shares_;
};

}  // namespace handsel::features
