#include "views/index/keyword_reader.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

namespace handsel::index {
namespace {

// Each document's values are those of keyword_values(), the obvious twin, over several segments; each
// distinct value of a segment has one number.
TEST(KeywordReader, ReadsWhatTheDocumentsSay) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / fmt::format("handsel-keyword-reader-{}", ::getpid())).string();
  const text::Analyzer analyzer;
  auto opened = Index::open(real_file_system(), folder, analyzer, 1, {.tail_documents_max = 4, .background = false});
  ASSERT_TRUE(opened) << opened.error().message;
  constexpr int kDocuments = 10;
  for (int i = 0; i < kDocuments; ++i) {
    catalog::Listing listing{.id = fmt::format("id{}", i), .title = "mug"};
    if (i % 5 != 0) listing.tags = {"Gift for Mum", fmt::format("mug {}", i % 3)};
    (*opened)->upsert(listing, {.partition = 0, .offset = static_cast<std::uint64_t>(i)});
    (*opened)->refresh();
  }
  const auto snapshot = (*opened)->snapshot();
  ASSERT_GT(snapshot->segments.size(), 1u);
  KeywordReader reader(*snapshot, "tag");
  KeywordReader of_nothing(*snapshot, "attr.color");
  std::vector<std::uint32_t> numbers;
  std::set<std::pair<std::uint32_t, std::string>> distinct;
  for (int i = 0; i < kDocuments; ++i) {
    const DocRef doc = *find_document(*snapshot, fmt::format("id{}", i));
    reader.read(doc, numbers);
    std::vector<std::string> values;
    for (const std::uint32_t number : numbers) values.push_back(reader.value(number));
    EXPECT_EQ(values, keyword_values(*snapshot, doc, "tag")) << i;
    EXPECT_EQ(values.empty(), i % 5 == 0) << i;
    for (const std::string& value : values) distinct.emplace(doc.segment, value);
    of_nothing.read(doc, numbers);
    EXPECT_TRUE(numbers.empty());
  }
  EXPECT_EQ(reader.values(), distinct.size());
  opened->reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace handsel::index
