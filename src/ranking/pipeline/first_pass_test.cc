#include "ranking/pipeline/first_pass.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "base/core/hash.h"
#include "base/core/rng.h"
#include "base/math/vector_kernels.h"
#include "ranking/query/testing/small_catalogue.h"
#include "views/vectors/vector_index.h"

namespace handsel::pipeline {
namespace {

using Numbers = std::vector<std::size_t>;

constexpr std::size_t kCandidates = 60;

// Two numbers a listing.
class FewVectors final : public vectors::VectorSnapshot {
 public:
  void put(const std::string& id, double angle) {
    halves_[id] = {to_half(static_cast<float>(std::cos(angle))), to_half(static_cast<float>(std::sin(angle)))};
  }
  std::size_t size() const override { return halves_.size(); }
  std::vector<vectors::VectorHit> search(const vectors::VectorQuery&) const override { return {}; }
  std::vector<vectors::VectorHit> search_exact(const vectors::VectorQuery&) const override { return {}; }
  std::span<const std::uint16_t> halves_of(std::string_view id, std::uint64_t) const override {
    const auto found = halves_.find(id);
    return found == halves_.end() ? std::span<const std::uint16_t>() : found->second;
  }

 private:
  std::map<std::string, std::vector<std::uint16_t>, std::less<>> halves_;
};

class FirstPassTest : public testing::Test {
 protected:
  void SetUp() override {
    Rng rng(7);
    for (std::size_t k = 0; k < kCandidates; ++k) {
      catalog::Listing listing{.id = fmt::format("L{}", k), .title = "mug", .language = "en"};
      if (rng.below(2) == 0) listing.attributes = {{"color", rng.below(2) == 0 ? "Sage" : "Blue"}};
      says_.push_back(listing.attributes.empty() || listing.attributes.front().value != "Sage" ? 0 : 0.9);
      catalogue_.put(std::move(listing));
    }
    snapshot_ = catalogue_.snapshot();
    for (std::size_t k = 0; k < kCandidates; ++k) {
      const std::string id = fmt::format("L{}", k);
      hits_.push_back({.doc = *index::find_document(*snapshot_, id),
                       .score = static_cast<std::int32_t>(rng.below(8 * index::kScoreOne)),
                       .id_hash = hash64(id)});
      walk_.push_back(static_cast<float>(rng.uniform()));
      cosines_.push_back(std::nullopt);
      if (rng.below(10) == 0) continue;  // not embedded yet
      const double angle = 3 * rng.uniform();
      vectors_.put(id, angle);
      cosines_.back() = std::cos(angle);
    }
  }

  // Of each the mean and the deviation by themselves.
  static void add_plainly(const std::vector<std::optional<double>>& values, std::vector<double>& sums) {
    double count = 0, sum = 0, squares = 0;
    for (const auto& x : values) {
      if (x) ++count, sum += *x;
    }
    for (const auto& x : values) {
      if (x) squares += (*x - sum / count) * (*x - sum / count);
    }
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (values[k] && squares > 0) sums[k] += (*values[k] - sum / count) / std::sqrt(squares / count);
    }
  }
  static std::vector<std::optional<double>> known(const auto& values) { return {values.begin(), values.end()}; }

  std::vector<double> plain_sums(const features::Signals& signals) const {
    std::vector<double> sums(kCandidates);
    std::vector<double> match;
    for (const index::Hit& hit : hits_) match.push_back(static_cast<double>(hit.score));
    add_plainly(known(match), sums);
    add_plainly(cosines_, sums);
    if (!signals.walk.empty()) add_plainly(known(walk_), sums);
    if (!signals.named.empty()) add_plainly(known(says_), sums);
    return sums;
  }

  features::Signals all_signals() const {
    return {.vectors = &vectors_, .query_vector = query_, .walk = walk_, .named = named_};
  }

  query::SmallCatalogue catalogue_{"first_pass"};
  std::shared_ptr<const index::Snapshot> snapshot_;
  std::vector<index::Hit> hits_;
  FewVectors vectors_;
  std::vector<float> walk_;
  std::vector<std::optional<double>> cosines_;
  std::vector<double> says_;
  const std::vector<float> query_ = {1, 0};
  const std::vector<query::NamedValue> named_ = {{.attribute = "color=sage", .share = 0.9, .words = {"sage"}}};
};

TEST_F(FirstPassTest, KeepsTheBestByAllThatIsKnown) {
  const features::Signals all = all_signals();
  features::Signals without_walk = all;
  without_walk.walk = {};
  features::Signals without_names = all;
  without_names.named = {};
  std::set<Numbers> different;
  for (const features::Signals& signals : {all, without_walk, without_names}) {
    const std::vector<double> sums = plain_sums(signals);
    Numbers order(kCandidates);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, std::greater<>(), [&](std::size_t k) { return sums[k]; });
    for (const std::size_t keep : {std::size_t{1}, std::size_t{20}, kCandidates - 1}) {
      const FirstPass pass = first_pass(*snapshot_, hits_, signals, keep, {});
      Numbers best(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(keep));
      std::ranges::sort(best);
      EXPECT_EQ(pass.kept, best);
      EXPECT_EQ(pass.left, Numbers(order.begin() + static_cast<std::ptrdiff_t>(keep), order.end()));
      if (keep == 20) different.insert(pass.kept);
    }
  }
  EXPECT_EQ(different.size(), 3u);  // each has a say
}

TEST_F(FirstPassTest, GuestsComeFromTheOthers) {
  const FirstPass pass = first_pass(*snapshot_, hits_, all_signals(), 10, {});
  const std::size_t last = pass.left.back();
  std::vector<index::DocRef> guests = {hits_[last].doc, hits_[pass.kept.front()].doc};
  std::ranges::sort(guests);
  const FirstPass with = first_pass(*snapshot_, hits_, all_signals(), 10, guests);
  EXPECT_EQ(with.kept, pass.kept);
  EXPECT_EQ(with.guests, Numbers{last});
  EXPECT_EQ(with.left, Numbers(pass.left.begin(), pass.left.end() - 1));
}

TEST_F(FirstPassTest, LeavesNothingWhereItKnowsTooLittle) {
  features::Signals words = all_signals();
  words.query_vector = {};
  EXPECT_EQ(first_pass(*snapshot_, hits_, words, 10, {}).kept.size(), kCandidates);
  EXPECT_EQ(first_pass(*snapshot_, hits_, all_signals(), kCandidates, {}).kept.size(), kCandidates);
  EXPECT_TRUE(first_pass(*snapshot_, {}, all_signals(), 10, {}).kept.empty());
}

}  // namespace
}  // namespace handsel::pipeline
