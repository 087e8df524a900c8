// The tables of words.h and leaves.h, taken apart once and ready to be drawn from.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/demo/internal/leaves.h"
#include "app/demo/internal/words.h"
#include "base/core/rng.h"

namespace handsel::demo {

// Draws positions in proportion to weights, in constant time (Walker 1977; Vose 1991).
class WeightedPick {
 public:
  WeightedPick() = default;
  explicit WeightedPick(std::span<const float> weights);
  std::int16_t operator()(Rng& rng) const {
    const std::size_t slot = rng.below(keep_.size());
    return rng.uniform() < keep_[slot] ? static_cast<std::int16_t>(slot) : other_[slot];
  }

 private:
  std::vector<double> keep_;
  std::vector<std::int16_t> other_;
};

struct Leaf {
  const LeafSpec* spec = nullptr;
  std::int16_t root = 0;
  std::int16_t branch = 0;                           // numbered over the whole taxonomy
  std::array<std::vector<std::string>, 2> products;  // British, American; the same positions
  std::array<std::vector<std::string>, 2> plurals;
  std::array<std::string_view, kTongues> noun;  // of the first product, in every tongue
  std::vector<std::int16_t> materials;
  std::vector<std::int16_t> techniques;
  std::vector<std::string> path;  // root, branch, leaf: one taxonomy for all tongues
  double log_price = 0;

  std::string_view product(std::int16_t number, Tongue tongue) const {
    return tongue <= Tongue::kAmerican ? std::string_view(products[static_cast<std::size_t>(tongue)][number])
                                       : noun[static_cast<std::size_t>(tongue)];
  }
};

struct Vocabulary {
  Vocabulary();
  Vocabulary(const Vocabulary&) = delete;  // leaves hold views of their own strings

  std::vector<Leaf> leaves;
  std::vector<std::string_view> root_names;
  std::vector<std::string_view> branch_names;
  std::vector<std::int16_t> branch_roots;
  WeightedPick pick_leaf;
  WeightedPick pick_root;
  WeightedPick pick_style;
  WeightedPick pick_occasion;
  WeightedPick pick_recipient;
  WeightedPick pick_country;
};

// "a|b|c" in parts; views into `list`.
std::vector<std::string_view> split_list(std::string_view list);
// British spellings and words as Americans write them: "colour", "nappy".
std::string americanise(std::string_view british);
// "apron" -> "aprons", "brush" -> "brushes"; what ends in s stays as it is.
std::string plural_of(std::string_view noun);
// The sizes of a chart. Never empty but for kNone.
std::span<const std::string_view> sizes(Chart chart);
// Lower positions more often: u^power.
std::int16_t skewed(Rng& rng, std::size_t count, double power);
// A word that nobody has used before: pronounceable, the same for the same rank,
// longer for higher ranks.
std::string invented_word(std::uint64_t rank);
// A rank that falls off like 1/r: with it, invented words have Zipf's law.
std::uint64_t zipf_rank(Rng& rng, double count);

}  // namespace handsel::demo
