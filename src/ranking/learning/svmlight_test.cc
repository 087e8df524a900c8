#include "ranking/learning/svmlight.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::learning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Svmlight, ReadsRowsAndGroupsBySize) {
  const auto rows = parse_svmlight("2 1:0.5 3:-1e3\n0 0:7 # why\r\n\n1 2:+4\n", "2\n1\n");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_THAT(rows->features, ElementsAre("0", "1", "2", "3"));
  EXPECT_THAT(rows->gains, ElementsAre(3, 0, 1));
  EXPECT_THAT(rows->values, ElementsAre(0, 0.5, 0, -1000, 7, 0, 0, 0, 0, 0, 4, 0));
  EXPECT_THAT(rows->ends, ElementsAre(2, 3));
}

TEST(Svmlight, ReadsGroupsByQid) {
  const auto rows = parse_svmlight("1 qid:7 0:1\n0 qid:7 0:2\n3 qid:3 0:3\n", "", {.gain = GainKind::kLinear});
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_THAT(rows->gains, ElementsAre(1, 0, 3));
  EXPECT_THAT(rows->ends, ElementsAre(2, 3));
}

TEST(Svmlight, TakesTheColumnsOfTheModel) {
  const auto rows = parse_svmlight("1 qid:1 0:1 5:2\n", "", {.columns = 3});
  ASSERT_TRUE(rows);
  EXPECT_THAT(rows->values, ElementsAre(1, 0, 0));
}

TEST(Svmlight, NamesTheLineThatDoesNotParse) {
  const auto check = [](std::string_view text, std::string_view groups, std::string_view message) {
    const auto rows = parse_svmlight(text, groups);
    ASSERT_FALSE(rows) << text;
    EXPECT_THAT(rows.error().message, HasSubstr(message)) << text;
  };
  check("1 qid:1 0:1\nx qid:1 0:1\n", "", "line 2: expected a grade");
  check("1.5 qid:1\n", "", "line 1: expected a grade");
  check("-1 qid:1\n", "", "line 1: expected a grade");
  check("nan qid:1\n", "", "line 1: expected a grade");
  check("32 qid:1\n", "", "line 1: expected a grade");
  check("1 qid:1 a:1\n", "", "line 1: expected COLUMN:VALUE, found 'a:1'");
  check("1 qid:1 1\n", "", "line 1: expected COLUMN:VALUE");
  check("1 qid:1 1:1e999\n", "", "line 1: expected COLUMN:VALUE");
  check("1 qid:1 99999999:1\n", "", "line 1: column 99999999");
  check("1 qid:1\n1 qid:2\n1 qid:1\n", "", "line 3: qid 1 was there before");
  check("1 qid:x\n", "", "line 1: expected a number after qid:");
  check("1 0:1\n", "", "no qid");
  check("1 0:1\n", "2\n", "the groups have 2 rows, the lines are 1");
  check("1 0:1\n", "1 1\n", "groups, line 1");
  check("1 0:1\n", "18446744073709551615\n2\n", "groups, line 1");
  check("", "", "0 features");
}

}  // namespace
}  // namespace handsel::learning
