#include "base/core/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel {
namespace {

using testing::ContainsRegex;

TEST(Progress, GroupsDigits) {
  struct Row {
    std::uint64_t value;
    std::string text;
  };
  for (const Row& row : {Row{0, "0"}, Row{999, "999"}, Row{1000, "1,000"}, Row{123456, "123,456"},
                         Row{1234567, "1,234,567"}, Row{~0ull, "18,446,744,073,709,551,615"}}) {
    EXPECT_EQ(with_commas(row.value), row.text);
  }
}

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() : out_(std::tmpfile()) {}
  ~ProgressTest() override { std::fclose(out_); }

  std::string written() const {
    std::rewind(out_);
    std::string text(1000, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), out_));
    return text;
  }

  std::FILE* const out_;
};

TEST_F(ProgressTest, APlainFileGetsOneLineAtTheEnd) {
  {
    Progress progress("import", "listings", 5000, false, out_);
    for (int i = 0; i < 1500; ++i) progress.add(2);
    progress.finish();
  }
  EXPECT_THAT(written(), ContainsRegex("^import: 3,000 listings, [0-9,]+/s, [0-9.]+ s\n$"));
}

TEST_F(ProgressTest, TheDestructorFinishes) {
  {
    Progress("import", "listings", 0, false, out_).set(7);
  }
  EXPECT_THAT(written(), ContainsRegex("^import: 7 listings, "));
}

TEST_F(ProgressTest, QuietIsQuiet) {
  {
    Progress("import", "listings", 0, true, out_).add(7);
  }
  EXPECT_EQ(written(), "");
}

}  // namespace
}  // namespace handsel
