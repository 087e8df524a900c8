#include "facts/events/log_mark.h"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/core/clock.h"
#include "facts/events/event_reader.h"
#include "facts/events/event_store.h"
#include "facts/log/embedded_log.h"

namespace handsel::events {
namespace {

class LogMarkTest : public testing::Test {
 protected:
  ~LogMarkTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<log::Log> open(const std::string& name, std::uint32_t partitions = 2) {
    auto log = log::open_embedded_log({.folder = folder_ + name, .partitions = partitions}, clock_);
    EXPECT_TRUE(log) << log.error().message;
    return std::move(*log);
  }
  void put(log::Log& log, int first, int count) {
    clock_.advance_ms(1);
    std::vector<Event> events;
    for (int i = first; i < first + count; ++i) {
      events.push_back({.id = "e" + std::to_string(i), .session_id = "s" + std::to_string(i), .listing_id = "L1"});
    }
    EventStore store(log, clock_);
    ASSERT_TRUE(store.put(events, [](std::string_view) { return true; }));
  }
  static LogMark mark_of_all(const log::Log& log) {
    EventReader reader(log);
    EXPECT_TRUE(reader.read());
    const auto mark = mark_log(log, reader.next());
    EXPECT_TRUE(mark) << mark.error().message;
    return mark.value_or(LogMark());
  }

  const std::string folder_ = testing::TempDir() + "handsel_log_mark_test/";
  ManualClock clock_{1'700'000'000'000};
};

TEST_F(LogMarkTest, KnowsTheLogThatWasReadAndNoOther) {
  const auto log = open("log");
  EXPECT_TRUE(check_log(*log, mark_of_all(*log))) << "an empty one";
  put(*log, 0, 10);
  ASSERT_TRUE(log->backup(folder_ + "older"));
  const LogMark before = mark_of_all(*log);
  EXPECT_EQ(before.next(), (std::vector<std::uint64_t>{log->end_offset(log::Topic::kEvents, 0),
                                                       log->end_offset(log::Topic::kEvents, 1)}));
  put(*log, 10, 10);
  EXPECT_TRUE(check_log(*log, before)) << "it only grew";
  const LogMark mark = mark_of_all(*log);

  const auto older = open("older");
  EXPECT_TRUE(check_log(*older, before));
  EXPECT_EQ(check_log(*older, mark).error().code, Code::kConflict) << "it ends before";
  put(*older, 20, 40);
  EXPECT_TRUE(check_log(*older, before));
  EXPECT_EQ(check_log(*older, mark).error().code, Code::kConflict) << "it went on otherwise";

  const auto other = open("other");
  put(*other, 0, 10);
  EXPECT_EQ(check_log(*other, before).error().code, Code::kConflict) << "the same at another time";
  const auto wider = open("wider", 3);
  EXPECT_EQ(check_log(*wider, before).error().code, Code::kConflict);
  EXPECT_EQ(check_log(*wider, LogMark()).error().code, Code::kConflict);
}

TEST_F(LogMarkTest, WhatIsNotThereCannotBeMarked) {
  const auto log = open("log");
  put(*log, 0, 4);
  const std::vector<std::uint64_t> next = {1'000, 1'000};
  EXPECT_FALSE(mark_log(*log, next));
}

}  // namespace
}  // namespace handsel::events
