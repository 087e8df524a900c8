#include "base/core/file_system.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FileSystemTest : public testing::Test {
 protected:
  FileSystemTest() : folder_(testing::TempDir() + "handsel_file_system_test") {
    std::filesystem::remove_all(folder_);
    EXPECT_TRUE(files_.make_folders(folder_ + "/a/b"));
  }
  ~FileSystemTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  FileSystem& files_ = real_file_system();
  const std::string folder_;
};

TEST_F(FileSystemTest, ReadsAndMapsWhatWasWritten) {
  std::string large(200'000, 'x');
  large[100'000] = '\0';
  for (const std::string& bytes : {std::string(), std::string("text"), large}) {
    ASSERT_TRUE(files_.write_file(path("file"), bytes));
    EXPECT_EQ(*files_.read_file(path("file")), bytes);
    const auto mapped = files_.map_file(path("file"));
    ASSERT_TRUE(mapped);
    EXPECT_EQ((*mapped)->bytes(), bytes);
    (*mapped)->release();
    EXPECT_EQ((*mapped)->bytes(), bytes);
  }
}

TEST_F(FileSystemTest, WithLittleMemoryPartsAreCopied) {
  std::string content(1 << 20, 'a');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 7 % 251);
  ASSERT_TRUE(files_.write_file(path("file"), content));
  const auto mapped = files_.map_file(path("file"));
  ASSERT_TRUE(mapped.has_value());
  const std::string_view bytes = (*mapped)->bytes();
  std::string buffer;
  EXPECT_EQ((*mapped)->fetch(bytes.substr(77, 5), buffer).data(), bytes.data() + 77) << "in place";
  (*mapped)->use_little_memory();
  ASSERT_TRUE(files_.remove_file(path("file")));  // its name may go
  for (const auto& [offset, size] : {std::pair{0u, 1u}, {77u, 5u}, {4095u, 5000u}, {0u, 1u << 20}, {1u << 20, 0u}}) {
    const std::string_view copy = (*mapped)->fetch(bytes.substr(offset, size), buffer);
    EXPECT_EQ(copy, std::string_view(content).substr(offset, size));
    EXPECT_EQ(copy.data(), buffer.data());
  }
}

TEST_F(FileSystemTest, AMappedFileOutlivesItsName) {
  ASSERT_TRUE(files_.write_file(path("file"), "old"));
  const auto mapped = files_.map_file(path("file"));
  ASSERT_TRUE(files_.write_file(path("file"), "newer"));
  EXPECT_EQ((*mapped)->bytes(), "old");
  ASSERT_TRUE(files_.remove_file(path("file")));
  EXPECT_EQ((*mapped)->bytes(), "old");
}

TEST_F(FileSystemTest, AFileAppearsWholeOrNotAtAll) {
  ASSERT_TRUE(files_.write_file(path("file"), "old"));
  {
    const auto dropped = files_.create_file(path("file"));
    ASSERT_TRUE((*dropped)->append("half"));
    EXPECT_EQ(*files_.read_file(path("file")), "old");
  }
  EXPECT_EQ(*files_.read_file(path("file")), "old");
  EXPECT_THAT(*files_.list_folder(folder_), ElementsAre("a", "file"));  // no .tmp is left
  const auto kept = files_.create_file(path("file"));
  ASSERT_TRUE((*kept)->append("new"));
  ASSERT_TRUE((*kept)->append("er"));
  EXPECT_EQ(*files_.read_file(path("file")), "old");
  ASSERT_TRUE((*kept)->commit());
  EXPECT_EQ(*files_.read_file(path("file")), "newer");
}

TEST_F(FileSystemTest, ListsSortedAndRemoves) {
  for (const char* name : {"c", "b", "10", "2"}) ASSERT_TRUE(files_.write_file(path(name), ""));
  EXPECT_THAT(*files_.list_folder(folder_), ElementsAre("10", "2", "a", "b", "c"));
  EXPECT_TRUE(files_.exists(path("b")));
  EXPECT_TRUE(files_.remove_file(path("b")));
  EXPECT_FALSE(files_.exists(path("b")));
  EXPECT_TRUE(files_.remove_file(path("b")));  // gone is gone
}

TEST_F(FileSystemTest, ErrorsNameThePathAndTheReason) {
  ASSERT_TRUE(files_.write_file(path("file"), "text"));
  const auto check = [](const auto& result, Code code, const std::string& path) {
    ASSERT_FALSE(result) << path;
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr(path));
  };
  check(files_.read_file(path("none")), Code::kNotFound, path("none"));
  check(files_.read_file(path("a")), Code::kIo, path("a"));
  check(files_.map_file(path("none")), Code::kNotFound, path("none"));
  check(files_.list_folder(path("none")), Code::kNotFound, path("none"));
  check(files_.create_file(path("none/file")), Code::kNotFound, path("none/file"));
  check(files_.make_folders(path("file/below")), Code::kIo, path("file/below"));
  check(files_.remove_file(path("a")), Code::kIo, path("a"));
}

}  // namespace
}  // namespace handsel
