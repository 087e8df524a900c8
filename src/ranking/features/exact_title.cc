// exact_title: the query is the title, from the first word to the last.
//
//   mass of the query where the title's words are the query's words in their order,
//   stop words of the query passed over; else 0
//
// Somebody who pastes a title looks for that listing.
#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

bool is_title(const FeatureInput& input, const std::vector<int>& title) {
  const auto& sequence = input.plan.sequence;
  std::size_t at = 0;
  for (const int word : title) {
    if (at < sequence.size() && input.titles.is_of_group(word, sequence[at])) {
      ++at;
    } else if (word < 0) {
      return false;  // a word that was not asked for
    }
  }
  return at == sequence.size();
}

}  // namespace

void exact_title(const FeatureInput& input, std::span<double> out) {
  if (input.plan.sequence.empty()) return;
  const double mass = input.plan.mass();
  for (std::size_t k = 0; k < out.size(); ++k) {
    const std::vector<int>& title = input.titles.words(k);
    if (!title.empty() && is_title(input, title)) out[k] = mass;
  }
}

}  // namespace handsel::features
