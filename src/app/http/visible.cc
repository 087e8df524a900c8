#include "app/http/visible.h"

#include <algorithm>
#include <set>

#include "ranking/query/filter_parser.h"

namespace handsel::http {
namespace {

std::string one_of(std::span<const std::string> ids) {
  index::Filter filter{.op = index::Filter::Op::kIn, .field = "id"};
  filter.values.assign(ids.begin(), ids.end());
  return query::filter_to_string(filter);
}

}  // namespace

Result<std::vector<catalog::Listing>> visible_listings(const Engine& engine, std::span<const std::string> ids,
                                                       const std::string& key_filter) {
  std::vector<catalog::Listing> found;
  const std::set<std::string> wanted(ids.begin(), ids.end());
  while (!ids.empty()) {
    const std::size_t count = std::min(ids.size(), kIdsAtOnce);
    search::SearchRequest request{.filter = one_of(ids.first(count)), .key_filter = key_filter, .spell = false};
    request.limit = search::kLimitMax;  // more than asked for: ids that differ in case only are one to the column
    HANDSEL_ASSIGN(search::SearchResponse response, engine.search(request));
    for (search::SearchHit& hit : response.hits) {
      if (wanted.contains(hit.listing.id)) found.push_back(std::move(hit.listing));
    }
    ids = ids.subspan(count);
  }
  return found;
}

Result<std::vector<Engine::Completion>> visible_completions(const Engine& engine, const std::string& prefix,
                                                            std::size_t limit, const std::string& key_filter) {
  std::vector<Engine::Completion> visible;
  for (Engine::Completion& completion : engine.complete(prefix, 2 * limit)) {
    if (visible.size() == limit) break;
    search::SearchRequest request{.query = completion.text, .key_filter = key_filter, .spell = false};
    request.match = search::MatchRule::kAll;
    request.limit = 1;
    HANDSEL_ASSIGN(const search::SearchResponse response, engine.search(request));
    if (response.hits.empty()) continue;
    completion.weight = 0;  // it counts what the key cannot see
    visible.push_back(std::move(completion));
  }
  return visible;
}

}  // namespace handsel::http
