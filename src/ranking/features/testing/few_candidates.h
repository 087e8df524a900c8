// A catalogue of a few listings, all of them candidates, and what the features say of them.
#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/hash.h"
#include "ranking/features/matrix.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel::features {

class FewCandidates : public testing::Test {
 protected:
  void put(catalog::Listing listing) {
    listing.language = "en";
    ids_.push_back(listing.id);
    catalogue_.put(std::move(listing));
  }

  // Of all listings, those that the words do not match too, in the order they were put.
  FeatureMatrix compute(std::string_view text, const Signals& signals) {
    return compute(text, signals, ids_.size(), ids_.size());
  }
  // Of the first `count`, of which the first `peers` are not guests.
  FeatureMatrix compute(std::string_view text, const Signals& signals, std::size_t count, std::size_t peers) {
    const auto snapshot = catalogue_.snapshot();
    const query::QueryPlan plan = query::plan_query(query::parse_query(catalogue_.analyzer(), text, "en"), nullptr,
                                                    catalogue_.analyzer(), *snapshot, {});
    mass_ = plan.mass();
    index::IndexQuery query{.groups = plan.groups, .match = index::Match::kAny, .top = 1'000};
    std::map<std::uint64_t, index::Hit> matched;
    if (!plan.groups.empty()) {
      const auto answer = index::search(*snapshot, query);  // named: a temporary would be gone within the loop
      for (const index::Hit& hit : answer->hits) matched[hit.id_hash] = hit;
    }
    std::vector<index::Hit> hits;
    for (const std::string& id : std::span(ids_).first(count)) {
      const auto found = matched.find(hash64(id));
      hits.push_back(found != matched.end()
                         ? found->second
                         : index::Hit{.doc = *index::find_document(*snapshot, id), .id_hash = hash64(id)});
    }
    return compute_features(*snapshot, plan, hits, peers, signals);
  }

  static double value(const FeatureMatrix& matrix, std::size_t candidate, std::string_view name) {
    const auto column = std::ranges::find(matrix.names, name) - matrix.names.begin();
    return matrix.row(candidate)[static_cast<std::size_t>(column)];
  }

  query::SmallCatalogue catalogue_{"features"};
  std::vector<std::string> ids_;
  double mass_ = 0;
};

}  // namespace handsel::features
