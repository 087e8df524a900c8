#include "app/engine/ranking_data.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/hash.h"

namespace handsel {
namespace {

// Candidates a, b, ... of which `listing_shown` is 1 where the letter stands in `shown_before`.
search::CandidateRows candidates(std::string_view letters, std::string_view shown_before,
                                 std::string_view not_drawn = "") {
  search::CandidateRows rows{.names = {"match", "listing_shown", "similarity"}};
  for (const char letter : letters) {
    rows.ids.emplace_back(1, letter);
    rows.values.push_back(static_cast<float>(letter - 'a'));
    rows.values.push_back(shown_before.contains(letter) ? 1 : 0);
    rows.values.push_back(0.5F);
    rows.drawn.push_back(!not_drawn.contains(letter));
  }
  return rows;
}

struct Row {
  float gain, weight, offset;
  int unseen;
  bool operator==(const Row&) const = default;
};

// By the letter of the candidate.
std::map<char, Row> rows_of(const RankingData& data) {
  std::map<char, Row> out;
  const trees::RankingRows& rows = data.rows();
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    out[static_cast<char>('a' + rows.row(r)[0])] = {rows.gains[r], rows.weights[r], rows.offsets[r], rows.unseen[r]};
  }
  return out;
}

RankingData one_search(std::string_view query_id = "q") {
  RankingData data;
  data.add_search(candidates("abcdefg", "abcdfg", "ag"),
                  {.query_id = std::string(query_id),
                   .rows = {{.listing_id = "a", .place = 0, .gain = 0, .offset = 0},
                            {.listing_id = "b", .place = 1, .gain = 4, .offset = -0.7F},
                            {.listing_id = "gone", .place = 2, .gain = 0, .offset = -1.1F}},
                   .shown = {hash64("a"), hash64("b"), hash64("gone"), hash64("c")}});
  return data;
}

TEST(RankingData, KnowsWhatAPageShowedFromWhatItDidNot) {
  const RankingData data = one_search();
  EXPECT_EQ(data.rows().features, (std::vector<std::string>{"match", "similarity"})) << "what was shown is not learned";
  // `c` was shown and has no label, `e` never had a chance, `g` was not drawn, `gone` is no candidate any more.
  EXPECT_EQ(rows_of(data), (std::map<char, Row>{{'a', {0, 1, 0, 0}},
                                                {'b', {4, 1, -0.7F, 0}},
                                                {'d', {0, kUnseenWeight, -1.1F, 1}},
                                                {'f', {0, kUnseenWeight, -1.1F, 1}}}));
  EXPECT_TRUE(trees::check(data.rows()));
}

TEST(RankingData, TakesABoundedSampleOfWhatWasNotShown) {
  std::string letters;
  for (int i = 0; i < 90; ++i) letters.push_back(static_cast<char>('!' + i));
  RankingData data;
  data.add_search(candidates(letters, letters),
                  {.query_id = "q", .rows = {{.listing_id = "a", .gain = 1}}, .shown = {hash64("a")}});
  EXPECT_EQ(data.rows().rows(), 1 + kUnseenMax);
  EXPECT_EQ(std::ranges::count(data.rows().unseen, 1), static_cast<std::ptrdiff_t>(kUnseenMax));
}

TEST(RankingData, JudgedQueriesAreSeenWhole) {
  RankingData data;
  data.add_judged(candidates("ab", ""), {{"a", 0.5}});
  EXPECT_EQ(rows_of(data), (std::map<char, Row>{{'a', {kJudgedGain / 2, 1, 0, 0}}, {'b', {0, kUnjudgedWeight, 0, 0}}}));
}

TEST(RankingData, PartsAreAddedInTurns) {
  RankingData data;
  data.add_judged(candidates("a", ""), {{"a", 1}});
  const std::vector<RankingData> parts = {one_search("1"), one_search("2")};
  EXPECT_EQ(data.add_in_turns(parts), 2u);
  ASSERT_EQ(data.rows().ends, (std::vector<std::size_t>{1, 5, 9}));
  const trees::RankingRows first = trees::select_groups(data.rows(), std::vector<std::size_t>{1});
  EXPECT_EQ(first.unseen, parts[0].rows().unseen);
  EXPECT_EQ(first.values, parts[0].rows().values);
  EXPECT_TRUE(trees::check(data.rows()));
}

}  // namespace
}  // namespace handsel
