// Two experiments planted in the last weeks of the demo, whose effects are known. For this room only.
//
// Each buyer but the regulars (the kRegularShare who come most often, some of them daily: a handful of people would
// outweigh thousands) meets both once, on their first visit after the tests begin, where the home page opens with a
// shelf of recommendations. "recommendations-v2" changes that visit in two ways:
//   direct    the shelf is better: each of its kShelfPlaces places is clicked with 0.05 in control and 0.21 in the
//             treated arm, and a click is bought with kShelfPurchaseChance;
//   indirect  who finds something there searches less: each query of that visit stays untyped with
//             kSparedChance.
// "aa-check" changes nothing.
//
// Both outcomes of every buyer are drawn, whichever arm they are in, from the same random numbers: the visit is
// planned whole, and what the arm leaves out is only not written. A search that is written is what it would have been
// without the tests, so position bias and relevance stay as they are. What happens on the shelf is independent of
// how much a buyer searches, within an arm, and what a click in the search brings on average does not depend on how
// many there are; so mediation's assumptions hold (METHODS of docs/explanation/causal-mediation.md, point 3).
//
// Prices have a heavy tail, as in life: of the value of purchases a few buyers make up most of the variance, and the
// delta method's intervals of the indirect effect cover the truth less often than they say even with 25,000 buyers
// an arm. So there is a truth with a cap on each purchase as well, for which they come within
// two points of what they say from 1,000 an arm (docs/reference/measured.md). A cap on the purchase, unlike one on the
// buyer's sum, keeps the outcome a sum over clicks: the equations stay straight lines.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "app/demo/demo.h"
#include "base/core/rng.h"
#include "proof/assignment/experiment.h"

namespace handsel::demo {

inline constexpr std::size_t kShelfPlaces = 8;
inline constexpr std::array<double, 2> kShelfClickChance = {0.05, 0.21};  // by arm
inline constexpr double kShelfPurchaseChance = 0.06;                      // given a click
inline constexpr double kRegularShare = 0.05;  // of the buyers; those with the smallest numbers come most often
inline constexpr double kSparedChance = 0.7;

// Outcomes of one visit by arm, one of which never comes to be. Money is what the clicks bring on average, by the
// chances above and those of the searches: whether a click was bought in the end is noise that a truth need not have.
struct PotentialMoney {
  std::array<double, 2> shelf_cents{};
  std::array<double, 2> search_cents{};
};
struct PotentialVisit {
  PotentialMoney gms;
  PotentialMoney capped;  // a purchase counts with at most kCapCents
  std::array<double, 2> search_clicks{};
};

// Who has met the tests, in which arm, and what would have become of them in the other. One thread.
class PlantedTests {
 public:
  explicit PlantedTests(const DemoOptions& options);

  struct Meeting {
    bool is_treated = false;
    std::array<std::string_view, 2> variants;  // of kPlantedTests
  };
  // The first visit of this buyer since the tests began; nothing otherwise.
  std::optional<Meeting> meet(std::uint64_t buyer, std::int64_t now_ms);
  void add(const Meeting& meeting, const PotentialVisit& visit);

  PlantedTruth truth() const;

 private:
  const assignment::Assignments assignments_;
  const std::int64_t begin_ms_;
  const std::uint64_t regulars_;
  std::vector<bool> has_met_;  // by buyer
  std::uint64_t units_ = 0;
  std::uint64_t treated_ = 0;
  PotentialVisit sums_;
};

}  // namespace handsel::demo
