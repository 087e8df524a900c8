#include "analysis/models/joined_encoder.h"

#include <cmath>

#include <gtest/gtest.h>

namespace handsel::models {
namespace {

// One direction a word it knows; nothing for others.
class OneWord final : public TextEncoder {
 public:
  OneWord(std::string word, std::size_t dimensions) : word_(std::move(word)), dimensions_(dimensions) {}
  std::size_t dimensions() const override { return dimensions_; }
  std::string fingerprint() const override { return word_; }
  Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const override {
    for (std::size_t i = 0; i < queries.size(); ++i) {
      session_sizes.push_back(queries[i].session.size());
      set(queries[i].text, out.subspan(i * dimensions_, dimensions_));
    }
    return {};
  }
  Result<void> encode_listings(std::span<const catalog::Listing* const> listings, std::span<float> out) const override {
    for (std::size_t i = 0; i < listings.size(); ++i)
      set(listings[i]->title, out.subspan(i * dimensions_, dimensions_));
    return {};
  }
  bool reads_text_alone() const override { return text_alone; }
  bool text_alone = false;
  mutable std::vector<std::size_t> session_sizes;

 private:
  void set(std::string_view text, std::span<float> out) const {
    std::ranges::fill(out, 0.0F);
    if (text.find(word_) != std::string_view::npos) out.back() = 1;
  }
  const std::string word_;
  const std::size_t dimensions_;
};

TEST(JoinedEncoder, TheCosineIsTheMeanOfBoth) {
  const auto linen = std::make_shared<OneWord>("linen", 2);
  const auto apron = std::make_shared<OneWord>("apron", 3);
  const auto made = JoinedEncoder::create(linen, apron);
  ASSERT_TRUE(made) << made.error().message;
  const JoinedEncoder& joined = **made;
  ASSERT_EQ(joined.dimensions(), 5u);
  const std::vector<float> session(5, 0.5F);
  const std::vector<QueryInput> queries = {
      {.text = "linen apron", .session = session}, {.text = "linen"}, {.text = "mug"}};
  std::vector<float> out(15);
  ASSERT_TRUE(joined.encode_queries(queries, out));
  const float half = std::sqrt(0.5F);
  EXPECT_EQ(out, (std::vector<float>{0, half, 0, 0, half, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(linen->session_sizes, (std::vector<std::size_t>{2, 0, 0}));
  EXPECT_EQ(apron->session_sizes, (std::vector<std::size_t>{3, 0, 0}));
  const catalog::Listing listing{.title = "linen apron"};
  const catalog::Listing* pointer = &listing;
  std::vector<float> of_listing(5);
  ASSERT_TRUE(joined.encode_listings({&pointer, 1}, of_listing));
  EXPECT_EQ(of_listing, std::vector<float>(out.begin(), out.begin() + 5));
}

TEST(JoinedEncoder, ReadsTheTextAloneWhereBothDo) {
  const auto linen = std::make_shared<OneWord>("linen", 2);
  const auto apron = std::make_shared<OneWord>("apron", 3);
  const auto joined = JoinedEncoder::create(linen, apron);
  ASSERT_TRUE(joined) << joined.error().message;
  for (const int which : {0, 1, 2, 3}) {
    linen->text_alone = which % 2 == 1;
    apron->text_alone = which >= 2;
    EXPECT_EQ((*joined)->reads_text_alone(), which == 3) << which;
  }
}

TEST(JoinedEncoder, HasABoundOfDimensions) {
  struct Row {
    std::size_t first, second;
    std::string error;
  };
  for (const Row& row : {
           Row{1'024, 128, ""},
           Row{1'024, 1'024, ""},
           Row{1'024, 1'025, "encoders of 1024 and 1025 dimensions are 2049 together, more than 2048"},
       }) {
    const auto joined = JoinedEncoder::create(std::make_shared<OneWord>("linen", row.first),
                                              std::make_shared<OneWord>("apron", row.second));
    EXPECT_EQ(joined ? "" : joined.error().message, row.error);
    if (!joined) {
      EXPECT_EQ(joined.error().code, Code::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace handsel::models
