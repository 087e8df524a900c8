#include "facts/catalog/import/refusal_writer.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

class RefusalWriterTest : public testing::Test {
 protected:
  RefusalWriterTest() { std::filesystem::remove_all(folder_); }
  ~RefusalWriterTest() override { std::filesystem::remove_all(folder_); }

  const std::string folder_ = (std::filesystem::temp_directory_path() / "handsel_refusal_writer_test").string();
  const ManualClock clock_{1733790364625};
};

TEST_F(RefusalWriterTest, WritesALineForEachRow) {
  RefusalWriter writer(real_file_system(), clock_, folder_, "/some where/cata logue.csv.gz");
  ASSERT_TRUE(writer.write({17, "price", "is \"free\"", "a\tb"}).has_value());
  ASSERT_TRUE(writer.write({18, "", "is not JSON", "{"}).has_value());
  const Result<std::string> path = writer.finish();
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(*path, folder_ + "/20241210T002604.625Z-cata-logue.csv.gz.jsonl");
  EXPECT_EQ(*real_file_system().read_file(*path),
            "{\"line\":17,\"field\":\"price\",\"reason\":\"is \\\"free\\\"\",\"row\":\"a\\tb\"}\n"
            "{\"line\":18,\"field\":\"\",\"reason\":\"is not JSON\",\"row\":\"{\"}\n");
}

TEST_F(RefusalWriterTest, WritesNothingWhereNothingWasRefused) {
  RefusalWriter writer(real_file_system(), clock_, folder_, "x");
  EXPECT_EQ(*writer.finish(), "");
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(RefusalWriterTest, StopsWritingButNotCounting) {
  RefusalWriter writer(real_file_system(), clock_, folder_, "x");
  for (std::uint64_t i = 0; i < kRefusalsWrittenMax + 5; ++i) ASSERT_TRUE(writer.write({i, "", "", ""}).has_value());
  EXPECT_EQ(writer.refused(), kRefusalsWrittenMax + 5);
  const std::string written = *real_file_system().read_file(*writer.finish());
  EXPECT_EQ(static_cast<std::uint64_t>(std::ranges::count(written, '\n')), kRefusalsWrittenMax + 1);
  EXPECT_TRUE(written.ends_with("{\"reason\":\"5 more rows were refused and are not listed\"}\n"));
}

}  // namespace
}  // namespace handsel::catalog
