#include "facts/catalog/import/csv_reader.h"

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

// "line:cell|cell" of every row, "line!text" of one that is refused.
std::vector<std::string> rows_of(std::string_view text, CsvOptions options, std::size_t buffer_bytes) {
  const std::unique_ptr<ByteSource> source = memory_source("test", text, buffer_bytes);
  CsvReader reader(*source, options);
  std::vector<std::string> found;
  for (;;) {
    const Result<std::optional<CsvRow>> row = reader.next();
    EXPECT_TRUE(row.has_value());
    if (!row || !*row) return found;
    found.push_back((*row)->problem.empty() ? fmt::format("{}:{}", (*row)->line, fmt::join((*row)->cells, "|"))
                                            : fmt::format("{}!{}", (*row)->line, (*row)->text));
  }
}

TEST(CsvReader, ReadsRfc4180AndWhatCommonFilesMakeOfIt) {
  struct Case {
    std::string_view text;
    CsvOptions options;
    std::vector<std::string> expected;
  };
  const CsvOptions tabs{.delimiter = '\t'};
  const CsvOptions unquoted{.quotes = false};
  const Case cases[] = {
      {"", {}, {}},
      {"\n\r\n", {}, {}},
      {"a,b\n1,2", {}, {"1:a|b", "2:1|2"}},
      {"\xef\xbb\xbfid\r\n1\r\n", {}, {"1:id", "2:1"}},
      {"a,,\n", {}, {"1:a||"}},
      {"\"a\",\"b\"\n", {}, {"1:a|b"}},
      {"\"a,b\",\"say \"\"hi\"\"\"\nx,y\n", {}, {"1:a,b|say \"hi\"", "2:x|y"}},
      {"\"two\nlines\",b\r\nc,d\r\n", {}, {"1:two\nlines|b", "3:c|d"}},
      {"\"two\r\nlines\"\r\nc\r\n", {}, {"1:two\r\nlines", "3:c"}},
      {"\"\"\nx\n", {}, {"1:", "2:x"}},
      {"5\" ruler,\"6\"\" ruler\"\n", {}, {"1:5\" ruler|6\" ruler"}},
      {"\"a\" b,c\n", {}, {"1:a b|c"}},
      {"a\tb,c\n", tabs, {"1:a|b,c"}},
      {"\"a\",b\n", unquoted, {"1:\"a\"|b"}},
      {"a\n\n\nb\n", {}, {"1:a", "4:b"}},
      // A stray quote costs its line alone.
      {"\"open,b\nc,d\ne,f\n", {}, {"1!\"open,b", "2:c|d", "3:e|f"}},
      {"a,b\nc,\"", {}, {"1:a|b", "2!c,\""}},
  };
  for (const Case& c : cases) {
    for (const std::size_t buffer_bytes : {1, 2, 5, 4096}) {
      EXPECT_EQ(rows_of(c.text, c.options, buffer_bytes), c.expected) << c.text << " in buffers of " << buffer_bytes;
    }
  }
}

TEST(CsvReader, ALongLineIsRefusedAndTheNextIsRead) {
  const std::string text = "a,b\n" + std::string(3000, 'x') + ",b\nc,d\n\"" + std::string(3000, 'y') + "\ne,f\n";
  for (const std::size_t buffer_bytes : {10, 100, 8192}) {
    const std::vector<std::string> found = rows_of(text, {.row_bytes_max = 1000}, buffer_bytes);
    ASSERT_EQ(found.size(), 5u) << buffer_bytes;
    EXPECT_EQ(found[0], "1:a|b");
    EXPECT_TRUE(found[1].starts_with("2!xxx"));
    EXPECT_EQ(found[2], "3:c|d");
    EXPECT_TRUE(found[3].starts_with("4!\"yyy"));
    EXPECT_EQ(found[4], "5:e|f");
  }
}

TEST(CsvReader, ColumnsHaveALimit) {
  const std::string text = std::string(kColumnsMax, ',') + "\na\n";
  const std::vector<std::string> found = rows_of(text, {}, 4096);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(found[0].starts_with("1!"));
  EXPECT_EQ(found[1], "2:a");
}

}  // namespace
}  // namespace handsel::catalog
