// How good one ranking is, by the judgments of its query.
//
// What nobody judged counts 0. A product that is ranked twice counts once, and its
// second place is lost. The discount of rank r (from 1) is 1 / log2(r + 1), and the
// ideal ranking is made of the query's own judgments (Järvelin & Kekäläinen 2002,
// "Cumulated gain-based evaluation of IR techniques"). All values are in 0..1;
// nothing means that the query has nothing to find and says nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace handsel::evaluate {

// The first places of one ranking as the judgments see them.
struct JudgedRanking {
  std::vector<double> gains;  // by place; 0 for the unjudged and the repeated
  std::vector<bool> judged;   // by place
  std::vector<double> ideal;  // all gains of the query, greatest first
  double relevant_from = 1.0;
};
JudgedRanking judge(std::span<const std::string> ranking, const std::unordered_map<std::string, double>& gains,
                    double relevant_from);

// Discounted gain of the first k over that of the best possible k.
std::optional<double> ndcg(const JudgedRanking& ranking, std::size_t k);
// Share of the relevant that is among the first k.
std::optional<double> recall(const JudgedRanking& ranking, std::size_t k);
// Relevant ones among the first k, over k, however few were returned.
double precision(const JudgedRanking& ranking, std::size_t k);
// Judged ones among the first k, over how many of the k were returned.
std::optional<double> judged_share(const JudgedRanking& ranking, std::size_t k);
// One over the rank of the first relevant one; 0 where none is among the first k.
std::optional<double> reciprocal_rank(const JudgedRanking& ranking, std::size_t k);

}  // namespace handsel::evaluate
