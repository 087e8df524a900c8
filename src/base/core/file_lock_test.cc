#include "base/core/file_lock.h"

#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace handsel {
namespace {

TEST(FileLock, HasOneHolderWhoseNumberIsKnown) {
  const std::string path = testing::TempDir() + "/handsel_file_lock_test";
  std::filesystem::remove(path);
  EXPECT_EQ(FileLock::holder(path), "unknown");
  {
    const auto held = FileLock::try_acquire(path);
    ASSERT_TRUE(held && *held);
    const auto second = FileLock::try_acquire(path);
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
    EXPECT_EQ(FileLock::holder(path), std::to_string(::getpid()));
  }
  EXPECT_TRUE(FileLock::try_acquire(path)->has_value());
  EXPECT_EQ(FileLock::try_acquire("/no/such/folder/lock").error().code, Code::kIo);
}

TEST(FileLock, WhoAcquiresWaits) {
  const std::string path = testing::TempDir() + "/handsel_file_lock_wait_test";
  int counted = 0;  // guarded by the lock alone
  const auto count = [&] {
    for (int i = 0; i < 200; ++i) {
      const auto lock = FileLock::acquire(path);
      ASSERT_TRUE(lock);
      const int before = counted;
      std::this_thread::yield();
      counted = before + 1;
    }
  };
  {
    const std::jthread other(count);
    count();
  }
  EXPECT_EQ(counted, 400);
}

}  // namespace
}  // namespace handsel
