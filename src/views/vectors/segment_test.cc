#include "views/vectors/segment.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "base/core/file_system.h"
#include "base/core/rng.h"
#include "views/vectors/segment_writer.h"

namespace handsel::vectors {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

// Finding a row begins with a guess by its hash: it ends at the row however hashes lie.
TEST(VectorSegment, FindsEveryRowHoweverHashesLie) {
  const struct {
    std::string_view what;
    std::uint64_t (*hash)(Rng& rng, std::uint64_t i);
  } rows[] = {
      {"even", [](Rng& rng, std::uint64_t) { return rng(); }},
      {"all the same", [](Rng&, std::uint64_t) { return std::uint64_t{7}; }},
      {"few different", [](Rng& rng, std::uint64_t) { return rng() >> 60 << 60; }},
      {"near the beginning", [](Rng&, std::uint64_t i) { return i; }},
      {"near the end", [](Rng&, std::uint64_t i) { return kMost - i; }},
      {"at both ends", [](Rng&, std::uint64_t i) { return i % 2 == 0 ? i : kMost - i; }},
      {"ever farther apart", [](Rng&, std::uint64_t i) { return i < 64 ? std::uint64_t{1} << i : 3 * i; }},
      {"one far away", [](Rng& rng, std::uint64_t i) { return i == 0 ? kMost : rng() >> 40; }},
  };
  Rng rng(1);
  const std::vector<std::uint16_t> halves = {0, 0};
  for (const auto& row : rows) {
    for (const std::size_t count : {0, 1, 2, 9, 1000}) {
      std::vector<std::string> ids;
      for (std::size_t i = 0; i < count; ++i) ids.push_back(fmt::format("l{}", i));
      std::vector<Row> written;
      for (std::size_t i = 0; i < count; ++i) {
        written.push_back({.hash = row.hash(rng, i), .id = ids[i], .halves = halves.data()});
      }
      sort_rows(written);
      auto bytes = segment_bytes(1, written);
      ASSERT_TRUE(bytes) << bytes.error().message;
      const auto segment = Segment::open(std::make_shared<HeapBytes>(std::move(*bytes)), 1);
      ASSERT_TRUE(segment) << segment.error().message;
      for (std::uint32_t i = 0; i < count; ++i) {
        EXPECT_EQ((*segment)->find(written[i].id, written[i].hash), i) << row.what << " " << count;
        EXPECT_FALSE((*segment)->find("another", written[i].hash)) << row.what << " " << count;
        const auto is_other = [&](const Row& one) { return one.hash == written[i].hash + 1; };
        if (std::ranges::any_of(written, is_other)) continue;
        EXPECT_FALSE((*segment)->find(written[i].id, written[i].hash + 1)) << row.what << " " << count;
      }
      for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{1} << 63, kMost}) {
        EXPECT_FALSE((*segment)->find("another", hash)) << row.what << " " << count;
      }
    }
  }
}

}  // namespace
}  // namespace handsel::vectors
