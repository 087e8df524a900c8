#include "facts/catalog/import/json_records.h"

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

// "line:text" of every record, "!" before the text of one that is too long.
std::vector<std::string> records_of(std::string_view text, std::size_t buffer_bytes, std::size_t bytes_max = 1 << 20) {
  const std::unique_ptr<ByteSource> source = memory_source("test", text, buffer_bytes);
  JsonRecordReader reader(*source, bytes_max);
  std::vector<std::string> found;
  for (;;) {
    const Result<std::optional<JsonRecord>> record = reader.next();
    EXPECT_TRUE(record.has_value());
    if (!record || !*record) return found;
    found.push_back(fmt::format("{}:{}{}", (*record)->line, (*record)->too_long ? "!" : "", (*record)->text));
  }
}

TEST(JsonRecords, AreCutAtBracketsAndBrokenOnesEndWithTheirLine) {
  struct Case {
    std::string_view text;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {"", {}},
      {" \n\t\n", {}},
      // Lines.
      {"{\"a\":1}\n{\"a\":2}\n", {"1:{\"a\":1}", "2:{\"a\":2}"}},
      {"\xef\xbb\xbf{\"a\":1}\r\n\r\n{\"a\":2}", {"1:{\"a\":1}", "3:{\"a\":2}"}},
      {"{\"a\":\"}{][\\\"\\\\\"}\n{}", {"1:{\"a\":\"}{][\\\"\\\\\"}", "2:{}"}},
      {"{\"a\":1}{\"a\":2} , {\"a\":3}", {"1:{\"a\":1}", "1:{\"a\":2}", "1:{\"a\":3}"}},
      // One array.
      {"[]", {}},
      {"[{\"a\":1},{\"a\":[2]}]", {"1:{\"a\":1}", "1:{\"a\":[2]}"}},
      {"[\n  {\n    \"a\": 1\n  },\n  {\"b\": 2}\n]\n", {"2:{\n    \"a\": 1\n  }", "5:{\"b\": 2}"}},
      {"[1, \"x,]\", null]", {"1:1", "1:\"x,]\"", "1:null"}},
      {"[{\"a\":\"\\\\\"},{\"b\":1}]", {"1:{\"a\":\"\\\\\"}", "1:{\"b\":1}"}},
      // An array later on is a record like any other.
      {"{}\n[1,2]\n", {"1:{}", "2:[1,2]"}},
      // Pretty-printed objects one after another, indented or not.
      {"{\n  \"a\": {\n  }\n}\n{\n  \"b\": 1\n}\n", {"1:{\n  \"a\": {\n  }\n}", "5:{\n  \"b\": 1\n}"}},
      {"{\n\"a\": [\n{\n\"b\": 1\n}\n]\n}\n{}", {"1:{\n\"a\": [\n{\n\"b\": 1\n}\n]\n}", "8:{}"}},
      // Broken rows take nothing else with them.
      {"{\"a\":1\n{\"a\":2}\n", {"1:{\"a\":1", "2:{\"a\":2}"}},
      {"{\"a\":\"x}\n{\"a\":2}\n", {"1:{\"a\":\"x}", "2:{\"a\":2}"}},
      {"{\"a\":1}}\n{\"a\":2}\n", {"1:{\"a\":1}", "1:}", "2:{\"a\":2}"}},
      {"nonsense\n{\"a\":2}\n", {"1:nonsense", "2:{\"a\":2}"}},
      {"[{\"a\":[},\n{\"a\":2}]", {"1:{\"a\":[},", "2:{\"a\":2}"}},
      {"{\"a\":", {"1:{\"a\":"}},
      {"\"unclosed", {"1:\"unclosed"}},
  };
  for (const Case& c : cases) {
    for (const std::size_t buffer_bytes : {1, 2, 3, 7, 4096}) {
      EXPECT_EQ(records_of(c.text, buffer_bytes), c.expected) << c.text << " in buffers of " << buffer_bytes;
    }
  }
}

TEST(JsonRecords, ALongOneIsCutAndTheNextIsRead) {
  const std::string text = "{\"a\":\"" + std::string(5000, 'x') + "\"}\n{\"b\":1}\n";
  for (const std::size_t buffer_bytes : {1, 100, 8192}) {
    const std::vector<std::string> found = records_of(text, buffer_bytes, 1000);
    ASSERT_EQ(found.size(), 2u) << buffer_bytes;
    EXPECT_TRUE(found[0].starts_with("1:!{\"a\":\"xxx"));
    EXPECT_LE(found[0].size(), 1010u);
    EXPECT_EQ(found[1], "2:{\"b\":1}");
  }
}

TEST(JsonRecords, ASourceThatBreaksEndsThem) {
  const std::unique_ptr<ByteSource> source = memory_source("test", "\x1f\x8b broken");
  JsonRecordReader reader(*source);
  EXPECT_FALSE(reader.next().has_value());
}

}  // namespace
}  // namespace handsel::catalog
