// How well scores foresee which of two rows was acted on, beside what their places explain.
//
// Of a group, the mean over its pairs of rows with different gains, i the better one, of
//   log(1 + exp(-(scale (s_i - s_j) + o_i - o_j)))         s: scores, o: offsets
// each row that is better than some counting alike, however many they are. It is the log loss of which of the two
// was acted on (training_rows.h), where NDCG sees an order alone. Scores have units of their own, and a learner's may
// be far from those of offsets, which are logarithms of odds: compare them at the scale that suits each of them best.
//
// `scores`: one a row, finite. Pure; any thread. O(pairs); best_scale() goes through them some tens of times.
#pragma once

#include <span>
#include <vector>

#include "ranking/trees/ranking_rows.h"

namespace handsel::learning {

// One value a group; not a number where it has no such pair.
std::vector<double> pair_losses(const trees::RankingRows& rows, std::span<const float> scores, double scale);

// The scale, 0 or more, of the least loss in the mean of all groups; 1 where no row has an offset, for then no scale
// changes an order.
double best_scale(const trees::RankingRows& rows, std::span<const float> scores);

}  // namespace handsel::learning
