#include "ranking/features/named_values.h"

#include <algorithm>
#include <map>

namespace handsel::features {
namespace {

std::vector<index::ValueShares::Wanted> wanted_of(std::span<const query::NamedValue> named) {
  std::vector<index::ValueShares::Wanted> wanted;
  for (const query::NamedValue& value : named) {
    if (auto one = wanted_value(value.attribute, value.share)) wanted.push_back(std::move(*one));
  }
  return wanted;
}

}  // namespace

std::optional<index::ValueShares::Wanted> wanted_value(std::string_view attribute, double share) {
  const std::size_t equals = attribute.find('=');
  if (equals == attribute.npos) return std::nullopt;
  return index::ValueShares::Wanted{.column = index::column_of_attribute(attribute.substr(0, equals)),
                                    .value = std::string(attribute.substr(equals + 1)),
                                    .share = share};
}

NamedValues::NamedValues(const FeatureInput& input)
    : input_(input), shares_(input.snapshot, wanted_of(input.signals.named)) {
  std::map<std::string, const query::NamedValue*> best;  // by column
  for (const query::NamedValue& value : input.signals.named) {
    const auto wanted = wanted_value(value.attribute, value.share);
    if (!wanted) continue;
    const query::NamedValue*& known = best[wanted->column];
    if (known == nullptr || value.share > known->share) known = &value;
  }
  for (const auto& [column, value] : best) {
    Kind& kind = kinds_.emplace_back(Kind{.most = value->share, .words = {}});
    wanted_ += kind.most;
    for (const std::string& word : value->words) {
      kind.words.push_back(words_.size());
      words_.push_back(word);
    }
  }
  std::vector<index::DocRef> documents;
  for (const index::Hit& hit : input.candidates) documents.push_back(hit.doc);
  if (!words_.empty()) impacts_ = index::term_impacts(input.snapshot, documents, words_);
}

bool NamedValues::says(std::size_t candidate, const Kind& kind) const {
  return !kind.words.empty() && std::ranges::all_of(kind.words, [&](std::size_t word) {
    return impacts_[candidate * words_.size() + word] > 0;
  });
}

NamedValues::Verdict NamedValues::verdict(std::size_t candidate) {
  Verdict verdict;
  const std::vector<index::ValueShares::Said>& said = shares_.said(input_.candidates[candidate].doc);
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    if (said[k].something) {
      verdict.agreed += said[k].best;
      verdict.denied += kinds_[k].most - said[k].best;
    } else if (says(candidate, kinds_[k])) {
      verdict.agreed += kinds_[k].most;
    }
  }
  return verdict;
}

}  // namespace handsel::features
