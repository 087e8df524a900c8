#include "facts/decisions/judgment.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/core/clock.h"
#include "facts/log/embedded_log.h"

namespace handsel::decisions {
namespace {

TEST(Judgment, TheNewestCountsAndSurvivesARestart) {
  const std::string folder = testing::TempDir() + "/handsel_judgment_test";
  std::filesystem::remove_all(folder);
  const SystemClock clock;
  {
    const auto log = log::open_embedded_log({.folder = folder}, clock);
    ASSERT_TRUE(log);
    ASSERT_TRUE(put_judgments(**log, std::vector<Judgment>{{"linen apron", "L1", 1}, {"linen apron", "L2", 0.1}}));
    ASSERT_TRUE(put_judgments(**log, std::vector<Judgment>{{"linen apron", "L1", 0}}));
  }
  const auto log = log::open_embedded_log({.folder = folder}, clock);
  const auto read = read_judgments(**log);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, (JudgedQueries{{"linen apron", {{"L1", 0.0}, {"L2", 0.1}}}}));
  std::filesystem::remove_all(folder);
}

TEST(Judgment, SaysWhatIsWrong) {
  for (const Judgment& judgment :
       {Judgment{"", "L1", 1}, Judgment{"x", "", 1}, Judgment{"x", "L1", -1}, Judgment{"x", "L1", std::nan("")},
        Judgment{"x", "L1", 1e9}, Judgment{std::string(3'000, 'x'), "L1", 1}}) {
    EXPECT_EQ(to_record(judgment).error().code, Code::kInvalidArgument);
  }
  const auto record = to_record({"mug", "L1", 0.5});
  log::Record stored{.key = record->key, .payload = record->payload};
  EXPECT_EQ(*parse_judgment(stored), (Judgment{"mug", "L1", 0.5}));
  for (std::size_t size = 1; size < record->payload.size(); ++size) {
    stored.payload = record->payload.substr(0, size);
    EXPECT_EQ(parse_judgment(stored).error().code, Code::kCorrupt) << size;
  }
  stored.payload[0] = 9;
  EXPECT_EQ(parse_judgment(stored).error().code, Code::kUnsupported);
  stored.key = "something else";
  EXPECT_EQ(parse_judgment(stored).error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace handsel::decisions
