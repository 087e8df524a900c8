#include "app/engine/log_stamp.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/core/clock.h"
#include "facts/log/embedded_log.h"

namespace handsel {
namespace {

namespace fs = std::filesystem;

class LogStampTest : public testing::Test {
 protected:
  LogStampTest() { fs::remove_all(root_); }
  ~LogStampTest() override { fs::remove_all(root_); }

  std::unique_ptr<log::Log> open(const std::string& name) {
    auto log = log::open_embedded_log({.folder = root_ / name, .partitions = 2}, clock_);
    EXPECT_TRUE(log) << log.error().message;
    return log ? std::move(*log) : nullptr;
  }
  void append(log::Log& log, log::Topic topic, const std::string& key, const std::string& payload) {
    clock_.advance_ms(1);
    const log::NewRecord record{.key = key, .payload = payload, .idempotency_key = ""};
    ASSERT_TRUE(log.append(topic, {&record, 1}));
  }

  const fs::path root_ = fs::temp_directory_path() / fmt::format("handsel-log-stamp-{}", ::getpid());
  ManualClock clock_{1'767'225'600'000};
};

TEST_F(LogStampTest, TellsALogThatGrewFromAnotherOne) {
  const auto log = open("log");
  const std::string of_nothing = *log_stamp(*log);
  for (const char* key : {"a", "b", "c"}) append(*log, log::Topic::kListings, key, "listing");
  append(*log, log::Topic::kEvents, "s", "click");
  ASSERT_TRUE(log->backup(root_ / "backup"));
  for (const char* key : {"a", "b", "c"}) append(*log, log::Topic::kListings, key, "newer");
  append(*log, log::Topic::kEvents, "s", "purchase");
  const std::string stamp = *log_stamp(*log);
  EXPECT_TRUE(*is_stamp_of(*log, of_nothing));
  EXPECT_TRUE(*is_stamp_of(*log, stamp));
  for (const char* key : {"a", "b", "c", "d", "e"}) append(*log, log::Topic::kListings, key, "newest");
  EXPECT_TRUE(*is_stamp_of(*log, stamp));

  const auto older = open("backup");
  EXPECT_TRUE(*is_stamp_of(*older, of_nothing));
  EXPECT_FALSE(*is_stamp_of(*older, stamp)) << "it has less";
  for (int i = 0; i < 20; ++i) append(*older, log::Topic::kListings, std::string(1, static_cast<char>('a' + i)), "new");
  append(*older, log::Topic::kEvents, "s", "favourite");
  EXPECT_FALSE(*is_stamp_of(*older, stamp)) << "it has more, but others";
}

TEST_F(LogStampTest, WhatTheLogForgotIsNoSignOfAnother) {
  const auto log = open("log");
  append(*log, log::Topic::kListings, "a", "listing");
  const std::string stamp = *log_stamp(*log);
  append(*log, log::Topic::kListings, "a", "newer");
  const log::Position first{.partition = log::partition_of("a", 2), .offset = 0};
  ASSERT_TRUE(log->forget(log::Topic::kListings, {&first, 1}));
  EXPECT_TRUE(*is_stamp_of(*log, stamp));
}

TEST_F(LogStampTest, WhatIsNoStampIsOfNoLog) {
  const auto log = open("log");
  append(*log, log::Topic::kEvents, "s", "click");
  for (const char* text : {"", "log 2\n", "log 1\n1 0\n", "log 1\n9 0 1 1\n", "log 1\n1 0 0 1\n", "log 1\nx\n"}) {
    EXPECT_FALSE(*is_stamp_of(*log, text)) << text;
  }
}

}  // namespace
}  // namespace handsel
