#include "analysis/models/graph_vectors.h"

#include <array>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/bytes.h"
#include "base/core/rng.h"

namespace handsel::models {
namespace {

constexpr std::size_t kDimensions = 5;

std::string id_of(std::size_t number) {
  return "listing " + std::to_string(number);
}

struct Drawn {
  std::vector<std::uint64_t> keys;
  std::vector<float> vectors;
  std::string file() const { return write_graph_vectors(kDimensions, keys, vectors); }
};

Drawn draw(std::size_t count) {
  Rng rng(3);
  Drawn drawn;
  for (std::size_t i = 0; i < count; ++i) drawn.keys.push_back(graph_key(id_of(i)));
  for (std::size_t i = 0; i < count * kDimensions; ++i) drawn.vectors.push_back(static_cast<float>(rng.normal()));
  return drawn;
}

std::unique_ptr<GraphVectors> open(const std::string& bytes) {
  auto opened = GraphVectors::open(std::make_shared<HeapBytes>(bytes));
  EXPECT_TRUE(opened) << opened.error().message;
  return std::move(*opened);
}

TEST(GraphVectors, AreFoundAsTheyWereWritten) {
  for (const std::size_t count : {0, 1, 2, 100}) {
    const Drawn drawn = draw(count);
    const auto vectors = open(drawn.file());
    ASSERT_EQ(vectors->size(), count);
    ASSERT_EQ(vectors->dimensions(), kDimensions);
    for (std::size_t i = 0; i < count; ++i) {
      std::array<float, kDimensions> found{};
      EXPECT_TRUE(vectors->find(id_of(i), found));
      // Half a step of a code, of the row's largest number.
      const auto row = std::span(drawn.vectors).subspan(i * kDimensions, kDimensions);
      float largest = 0;
      for (const float value : row) largest = std::max(largest, std::fabs(value));
      for (std::size_t d = 0; d < kDimensions; ++d) EXPECT_NEAR(found[d], row[d], largest / 253) << i;
    }
    std::array<float, kDimensions> found{1, 1, 1, 1, 1};
    EXPECT_FALSE(vectors->find(id_of(count), found));
    EXPECT_THAT(found, testing::Each(0.0F));
  }
}

TEST(GraphVectors, AnEmptyRowIsZero) {
  const auto vectors = open(write_graph_vectors(2, std::array{graph_key("a")}, std::array{0.0F, 0.0F}));
  std::array<float, 2> found{1, 1};
  EXPECT_TRUE(vectors->find("a", found));
  EXPECT_THAT(found, testing::Each(0.0F));
}

TEST(GraphVectors, OfTwoWithOneKeyTheFirstCounts) {
  const auto vectors =
      open(write_graph_vectors(1, std::array{graph_key("a"), graph_key("a")}, std::array{127.0F, 0.0F}));
  std::array<float, 1> found{};
  EXPECT_EQ(vectors->size(), 1u);
  EXPECT_TRUE(vectors->find("a", found));
  EXPECT_EQ(found[0], 127.0F);
}

TEST(GraphVectors, FingerprintsTellThemApart) {
  EXPECT_EQ(open(draw(3).file())->fingerprint(), open(draw(3).file())->fingerprint());
  EXPECT_NE(open(draw(3).file())->fingerprint(), open(draw(4).file())->fingerprint());
}

std::string sealed(std::string body) {
  put_fixed(body, crc32c(body));
  return body;
}

TEST(GraphVectors, RefuseDamage) {
  constexpr std::size_t kHead = 8 + 1 + 8;  // magic, dimensions, how many
  const std::string good = draw(3).file();
  const std::string body = good.substr(0, good.size() - sizeof(std::uint32_t));
  const auto changed = [&](std::size_t at, std::string_view bytes) {
    std::string bad = body;
    bad.replace(at, bytes.size(), bytes);
    return sealed(bad);
  };
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  std::string too_large;
  put_fixed(too_large, std::numeric_limits<float>::max());
  const struct {
    std::string bytes;
    std::string_view reason;
  } rows[] = {
      {"", "no graph vectors"},
      {"HSGRVEC1", "no graph vectors"},
      {"HSTOWER1" + good.substr(8), "no graph vectors"},
      {good.substr(0, good.size() - 1), "damaged"},
      {good + "x", "damaged"},
      {flipped, "damaged"},
      {sealed("HSGRVEC1"), "have not"},
      {sealed(body.substr(0, body.size() - 1)), "have not"},
      {sealed(body + "x"), "have not"},
      {changed(8, std::string(1, '\0')), "have not"},
      {changed(8, "\x06"), "have not"},
      {changed(9, "\xff\xff\xff\xff\xff\xff\xff\xff"), "have not"},
      {changed(kHead, body.substr(kHead + 8, 8)), "do not ascend"},
      {changed(kHead + std::size_t{3} * 8, too_large), "not finite"},
  };
  for (const auto& row : rows) {
    const auto opened = GraphVectors::open(std::make_shared<HeapBytes>(row.bytes));
    ASSERT_FALSE(opened) << row.reason << " " << row.bytes.size();
    EXPECT_EQ(opened.error().code, Code::kCorrupt);
    EXPECT_THAT(opened.error().message, testing::HasSubstr(row.reason));
  }
}

}  // namespace
}  // namespace handsel::models
