#include "app/engine/unfinished_training.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace handsel {
namespace {

namespace fs = std::filesystem;
using Made = std::map<std::string, std::string>;

constexpr UnfinishedTraining::Run kFirst{.task = 7, .started_ms = 1'767'225'600'000, .records = 1'000};
constexpr std::int64_t kDayMs = UnfinishedTraining::kAgeMaxMs;

class UnfinishedTrainingTest : public testing::Test {
 protected:
  UnfinishedTrainingTest() { fs::remove(path_); }
  ~UnfinishedTrainingTest() override { fs::remove(path_); }
  UnfinishedTraining open(UnfinishedTraining::Run run) const { return {real_file_system(), path_, run}; }

  const fs::path path_ = fs::temp_directory_path() / fmt::format("handsel-unfinished-{}", ::getpid());
};

TEST_F(UnfinishedTrainingTest, IsGoneOnFromWhereItStillFits) {
  EXPECT_TRUE(open(kFirst).made().empty());
  ASSERT_TRUE(open(kFirst).add("encoder", "e1"));
  struct Row {
    UnfinishedTraining::Run run;
    bool fits;
    std::string words;
  };
  for (const Row& row : {
           Row{{7, kFirst.started_ms, 1'000}, true, "the same"},
           Row{{7, kFirst.started_ms + kDayMs, 1'100}, true, "a day and a tenth later"},
           Row{{8, kFirst.started_ms, 1'000}, false, "asked for something else"},
           Row{{7, kFirst.started_ms + kDayMs + 1, 1'000}, false, "too old"},
           Row{{7, kFirst.started_ms, 1'101}, false, "the log grew too much"},
           Row{{7, kFirst.started_ms, 999}, false, "the log is another one"},
       }) {
    EXPECT_EQ(open(row.run).made(), row.fits ? (Made{{"encoder", "e1"}}) : Made{}) << row.words;
  }
}

TEST_F(UnfinishedTrainingTest, GrowsFromTheFirstRunUntilItIsFinished) {
  ASSERT_TRUE(open(kFirst).add("encoder", "e1"));
  UnfinishedTraining second = open({7, kFirst.started_ms + kDayMs, 1'090});
  ASSERT_TRUE(second.add("propensities", "p1"));
  EXPECT_EQ(open(kFirst).made(), (Made{{"encoder", "e1"}, {"propensities", "p1"}}));
  EXPECT_TRUE(open({7, kFirst.started_ms + kDayMs + 1, 1'090}).made().empty()) << "the age is that of the first";
  ASSERT_TRUE(second.finish());
  EXPECT_TRUE(open(kFirst).made().empty());
  EXPECT_TRUE(second.finish()) << "once more changes nothing";
}

TEST_F(UnfinishedTrainingTest, WhatCannotBeReadIsNothing) {
  for (const char* text : {"", "7", "1 1767225600000\nencoder e1\n", "x y z\nencoder e1\n"}) {
    std::ofstream(path_) << text;
    EXPECT_TRUE(open(kFirst).made().empty()) << text;
  }
}

}  // namespace
}  // namespace handsel
