// rating: mean stars pulled towards 4.5 by five reviews that are not there; 0 to 5, NaN where
// nobody rated it.
//
// Marketplaces' ratings lie close together and high; one review of five stars must not beat
// a thousand of 4.9.
#include <algorithm>

#include "ranking/features/rates.h"

namespace handsel::features {
namespace {

constexpr double kUsualStars = 4.5;
constexpr double kUsualReviews = 5;

}  // namespace

void rating(const FeatureInput& input, std::span<double> out) {
  const index::NumberReader ratings(input.snapshot, "rating");
  const index::NumberReader counts(input.snapshot, "rating_count");
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double stars = std::clamp(ratings.at(input.candidates[k].doc), 0.0, 5.0);  // a NaN stays
    const double reviews = std::max(counts.at(input.candidates[k].doc), 0.0);
    out[k] = smoothed_rate(stars * reviews, reviews, kUsualStars, kUsualReviews);
  }
}

}  // namespace handsel::features
