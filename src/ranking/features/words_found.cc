// words_found: how many of the query's words the listing has, wherever it says them; 0 to 1.
//
//   words of the query that carry meaning and stand in the listing (any variant) / all of them
//
// Each word counts the same, where the score weighs them by how rare they are: a rare word said
// three times can outweigh a common one that is missing. ("Covered query term ratio" of the
// MSLR-WEB30K data; Qin & Liu 2013, arXiv:1306.2597.)
#include "ranking/features/feature.h"

namespace handsel::features {

void words_found(const FeatureInput& input, std::span<double> out) {
  if (input.plan.sequence.empty()) return;
  std::vector<std::string> terms;
  std::vector<std::size_t> ends;  // of each word's variants
  for (const std::size_t group : input.plan.sequence) {
    for (const auto& variant : input.plan.groups[group].variants) terms.push_back(variant.term);
    ends.push_back(terms.size());
  }
  std::vector<index::DocRef> documents;
  for (const index::Hit& hit : input.candidates) documents.push_back(hit.doc);
  const std::vector<std::uint8_t> impacts = index::term_impacts(input.snapshot, documents, terms);
  for (std::size_t k = 0; k < out.size(); ++k) {
    std::size_t term = 0;
    std::size_t found = 0;
    for (const std::size_t end : ends) {
      bool has = false;
      for (; term < end; ++term) has |= impacts[k * terms.size() + term] > 0;
      found += has;
    }
    out[k] = static_cast<double>(found) / static_cast<double>(ends.size());
  }
}

}  // namespace handsel::features
