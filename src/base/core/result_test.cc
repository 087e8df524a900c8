#include "base/core/result.h"

#include <memory>
#include <set>

#include <gtest/gtest.h>

namespace handsel {
namespace {

constexpr Code kAllCodes[] = {Code::kInvalidArgument, Code::kInvalidData,  Code::kNotFound,  Code::kAlreadyExists,
                              Code::kConflict,        Code::kUnauthorized, Code::kForbidden, Code::kTooLarge,
                              Code::kOverloaded,      Code::kTimedOut,     Code::kCancelled, Code::kIo,
                              Code::kCorrupt,         Code::kUnsupported};

TEST(Result, EveryCodeHasANameAnExitCodeAndAStatus) {
  std::set<std::string_view> names;
  for (const Code code : kAllCodes) {
    EXPECT_TRUE(names.insert(code_name(code)).second) << code_name(code);
    EXPECT_GE(exit_code(code), 2) << code_name(code);
    EXPECT_LE(exit_code(code), 4) << code_name(code);
    EXPECT_GE(http_status(code), 400) << code_name(code);
    EXPECT_LT(http_status(code), 600) << code_name(code);
  }
  EXPECT_EQ(code_name(Code::kInvalidArgument), "invalid_argument");
  EXPECT_EQ(exit_code(Code::kInvalidArgument), 2);
  EXPECT_EQ(exit_code(Code::kInvalidData), 3);
  EXPECT_EQ(exit_code(Code::kIo), 4);
  EXPECT_EQ(http_status(Code::kNotFound), 404);
  EXPECT_EQ(http_status(Code::kOverloaded), 429);
}

TEST(Result, FailFormatsTheMessage) {
  const Result<int> failed = fail(Code::kNotFound, "no {} in {}", "key", 7);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::kNotFound);
  EXPECT_EQ(failed.error().message, "no key in 7");
}

Result<std::unique_ptr<int>> positive(int value) {
  if (value <= 0) return fail(Code::kInvalidArgument, "{} is not positive", value);
  return std::make_unique<int>(value);
}

Result<int> sum(int first, int second, int& evaluated) {
  HANDSEL_ASSIGN(const std::unique_ptr<int> left, positive(first));
  ++evaluated;
  HANDSEL_ASSIGN(const std::unique_ptr<int> right, positive(second));
  ++evaluated;
  HANDSEL_TRY(positive(*left - *right + 10));
  ++evaluated;
  return *left + *right;
}

TEST(Result, AssignAndTryReturnTheFirstError) {
  struct Row {
    int first;
    int second;
    int evaluated;
    std::string outcome;
  };
  for (const Row& row : {Row{2, 3, 3, "5"}, Row{0, 3, 0, "0 is not positive"}, Row{2, -3, 1, "-3 is not positive"},
                         Row{1, 20, 2, "-9 is not positive"}}) {
    int evaluated = 0;
    const Result<int> outcome = sum(row.first, row.second, evaluated);
    EXPECT_EQ(outcome ? std::to_string(*outcome) : outcome.error().message, row.outcome);
    EXPECT_EQ(evaluated, row.evaluated);
  }
}

TEST(Result, AFailedCheckNamesExpressionAndPlace) {
  EXPECT_DEATH(HANDSEL_CHECK(1 + 1 == 3), "internal check failed: 1 \\+ 1 == 3 \\(.*result_test.cc:[0-9]+\\)");
  HANDSEL_CHECK(true);
}

}  // namespace
}  // namespace handsel
