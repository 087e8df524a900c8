#include "products/search/internal/interleave.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proof/assignment/interleaving.h"

namespace handsel::search {
namespace {

using Ids = std::vector<std::string>;

// The ids as the challenger orders them: by score, then as rank() does.
Ids challengers_order(std::span<const double> scores, const pipeline::RankedList& list, const Ids& ids) {
  std::vector<std::size_t> places(ids.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::sort(places, [&](std::size_t a, std::size_t b) {
    const pipeline::RankedItem& one = list.items[a];
    const pipeline::RankedItem& other = list.items[b];
    const double score = scores[*one.row];
    const double other_score = scores[*other.row];
    return score != other_score ? score > other_score : one.hit.id_hash < other.hit.id_hash;
  });
  Ids ordered;
  for (const std::size_t place : places) ordered.push_back(ids[place]);
  return ordered;
}

}  // namespace

char Teams::of(const pipeline::RankedItem& item, std::span<const pipeline::Move> moves) const {
  if (!any()) return 0;
  const bool moved = std::ranges::any_of(
      moves, [&](const pipeline::Move& move) { return move.doc == item.hit.doc && move.from != move.to; });
  return moved ? '\0' : by_candidate_[item.candidate];
}

Teams interleave(const OrderRequest& request, pipeline::RankedList& list, std::vector<ModelTrouble>& troubles) {
  const Challenge& challenge = request.context.learned.challenge;
  if (!request.rerank || challenge.ranker == nullptr || request.context.learned.ranker == nullptr) return {};
  const std::vector<double> scores = challenge.ranker->score(list.features);
  const bool are_scores = pipeline::are_numbers(scores);
  if (!are_scores) troubles.push_back({"challenger", "it made scores that are no numbers"});
  if (!are_scores || list.model_failed) return {};
  Ids ids;  // of those that both have a score for
  for (const pipeline::RankedItem& item : list.items) {
    if (item.row) ids.emplace_back(index::doc_info(request.context.snapshot, item.hit.doc).id);
  }
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) places.emplace(ids[i], i);
  const auto drawn =
      assignment::interleave(ids, challengers_order(scores, list, ids), ids.size(), challenge.seed).places;
  std::vector<char> teams(list.items.size());
  std::vector<pipeline::RankedItem> items;
  for (const assignment::Place& place : drawn) {
    pipeline::RankedItem item = list.items[places.at(place.id)];
    teams[item.candidate] = place.team == assignment::Team::kA ? 'a' : 'b';
    item.score = list.items[items.size()].score;
    items.push_back(item);
  }
  items.insert(items.end(), list.items.begin() + static_cast<std::ptrdiff_t>(items.size()), list.items.end());
  list.items = std::move(items);
  return Teams(std::move(teams));
}

}  // namespace handsel::search
