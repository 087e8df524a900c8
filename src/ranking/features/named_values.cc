#include "ranking/features/named_values.h"

#include <algorithm>
#include <map>

namespace handsel::features {
namespace {

struct Kind {
  double most = 0;
  std::vector<std::size_t> words;  // that name the value with the largest share: numbers of terms
};

}  // namespace

std::optional<index::ValueShares::Wanted> wanted_value(std::string_view attribute, double share) {
  const std::size_t equals = attribute.find('=');
  if (equals == attribute.npos) return std::nullopt;
  return index::ValueShares::Wanted{.column = index::column_of_attribute(attribute.substr(0, equals)),
                                    .value = std::string(attribute.substr(equals + 1)),
                                    .share = share};
}

NamedValues::NamedValues(const index::Snapshot& snapshot, std::span<const query::NamedValue> named,
                         std::span<const index::Hit> candidates) {
  std::vector<index::ValueShares::Wanted> wanted;
  std::map<std::string, const query::NamedValue*> best;  // by column
  for (const query::NamedValue& value : named) {
    auto one = wanted_value(value.attribute, value.share);
    if (!one) continue;
    const query::NamedValue*& known = best[one->column];
    if (known == nullptr || value.share > known->share) known = &value;
    wanted.push_back(std::move(*one));
  }
  std::vector<Kind> kinds;  // in the order of ValueShares::said
  std::vector<std::string> words;
  for (const auto& [column, value] : best) {
    Kind& kind = kinds.emplace_back(Kind{.most = value->share, .words = {}});
    wanted_ += kind.most;
    for (const std::string& word : value->words) {
      kind.words.push_back(words.size());
      words.push_back(word);
    }
  }
  if (wanted_ <= 0) return;
  std::vector<index::DocRef> documents;
  for (const index::Hit& hit : candidates) documents.push_back(hit.doc);
  const std::vector<std::uint8_t> impacts = index::term_impacts(snapshot, documents, words);
  index::ValueShares shares(snapshot, std::move(wanted));
  for (std::size_t candidate = 0; candidate < documents.size(); ++candidate) {
    Verdict& verdict = verdicts_.emplace_back();
    const std::vector<index::ValueShares::Said>& said = shares.said(documents[candidate]);
    const auto has = [&](std::size_t word) { return impacts[candidate * words.size() + word] > 0; };
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      if (said[k].something) {
        verdict.agreed += said[k].best;
        verdict.denied += kinds[k].most - said[k].best;
      } else if (!kinds[k].words.empty() && std::ranges::all_of(kinds[k].words, has)) {
        verdict.agreed += kinds[k].most;
      }
    }
  }
}

}  // namespace handsel::features
