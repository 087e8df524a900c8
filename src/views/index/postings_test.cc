#include "views/index/postings.h"

#include <algorithm>
#include <bit>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/bytes.h"
#include "base/core/rng.h"

namespace handsel::index {
namespace {

std::vector<Posting> random_postings(Rng& rng, std::size_t count, std::uint32_t gap_max) {
  std::vector<Posting> postings;
  std::uint32_t doc = static_cast<std::uint32_t>(rng.below(gap_max));
  for (std::size_t i = 0; i < count; ++i) {
    postings.push_back({doc, static_cast<std::uint8_t>(rng.between(1, 255))});
    doc += 1 + static_cast<std::uint32_t>(rng.below(gap_max));
  }
  return postings;
}

TEST(Postings, VectorUnpackingEqualsTheScalarTwin) {
  Rng rng(1);
  for (unsigned bits = 0; bits <= 32; ++bits) {
    std::array<std::uint32_t, kBlockPostings> deltas;
    for (auto& delta : deltas) delta = bits == 0 ? 0 : static_cast<std::uint32_t>(rng() >> (64 - bits));
    std::string packed;
    pack_block(deltas.data(), bits, packed);
    ASSERT_EQ(packed.size(), 16 * bits);
    std::array<std::uint32_t, kBlockPostings> fast, plain;
    unpack_block(packed.data(), bits, 7, fast.data());
    unpack_block_scalar(packed.data(), bits, 7, plain.data());
    EXPECT_EQ(fast, plain) << bits << " bits";
    EXPECT_EQ(plain[0], 7 + deltas[0]) << bits << " bits";
  }
}

TEST(Postings, WhatIsWrittenIsRead) {
  Rng rng(2);
  for (const std::size_t count : {1, 2, 127, 128, 129, 255, 256, 257, 1000, 5000}) {
    for (const std::uint32_t gap : {1u, 3u, 1000u}) {
      const std::vector<Posting> postings = random_postings(rng, count, gap);
      std::string list;
      encode_postings(postings, list);
      EXPECT_EQ(posting_count(list), count);
      const std::uint32_t documents = postings.back().doc + 1;
      std::vector<Posting> by_next, by_visit;
      for (PostingCursor cursor(list, documents); cursor.doc() != kEndOfPostings; cursor.next()) {
        by_next.push_back({cursor.doc(), cursor.impact()});
      }
      PostingCursor cursor(list, documents);
      for (std::uint32_t end = 0; cursor.doc() != kEndOfPostings; end += 97) {
        cursor.visit_before(end, [&](std::uint32_t doc, std::uint8_t impact) { by_visit.push_back({doc, impact}); });
      }
      EXPECT_EQ(by_next, postings) << count << " postings, gap " << gap;
      EXPECT_EQ(by_visit, postings) << count << " postings, gap " << gap;
    }
  }
}

TEST(Postings, AdvanceFindsTheFirstAtOrAfter) {
  Rng rng(3);
  for (int round = 0; round < 200; ++round) {
    const std::vector<Posting> postings =
        random_postings(rng, 1 + rng.below(2000), 1 + static_cast<std::uint32_t>(rng.below(50)));
    std::string list;
    encode_postings(postings, list);
    PostingCursor cursor(list, postings.back().doc + 1);
    std::uint32_t target = 0;
    while (cursor.doc() != kEndOfPostings) {
      target += static_cast<std::uint32_t>(rng.below(round % 2 == 0 ? 20 : 5000));
      cursor.advance(target);
      const auto expected = std::ranges::lower_bound(postings, target, {}, &Posting::doc);
      if (expected == postings.end()) {
        EXPECT_EQ(cursor.doc(), kEndOfPostings);
      } else {
        ASSERT_EQ(cursor.doc(), expected->doc) << "target " << target;
        EXPECT_EQ(cursor.impact(), expected->impact);
      }
    }
  }
}

TEST(Postings, BlockMaximaAreUpperBounds) {
  Rng rng(4);
  for (const std::size_t count : {100, 1000, 4000}) {
    const std::vector<Posting> postings = random_postings(rng, count, 30);
    std::string list;
    encode_postings(postings, list);
    PostingCursor cursor(list, postings.back().doc + 1);
    for (std::uint32_t begin = 0; begin < postings.back().doc; begin += 512) {
      int truth = 0;
      for (const Posting& posting : postings) {
        if (posting.doc >= begin && posting.doc < begin + 512) truth = std::max<int>(truth, posting.impact);
      }
      EXPECT_GE(cursor.max_impact_in(begin, begin + 512), truth);
    }
    EXPECT_EQ(cursor.max_impact(), std::ranges::max(postings, {}, &Posting::impact).impact);
  }
}

TEST(Postings, DamagedBytesStayInBounds) {
  Rng rng(5);
  const std::vector<Posting> postings = random_postings(rng, 700, 9);
  const std::uint32_t documents = postings.back().doc + 1;
  std::string list;
  encode_postings(postings, list);
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = list.substr(0, round % 3 == 0 ? rng.below(list.size()) : list.size());
    for (int i = 0; i < 3 && !damaged.empty(); ++i) damaged[rng.below(damaged.size())] = static_cast<char>(rng());
    std::uint32_t previous = 0;
    std::size_t seen = 0;
    PostingCursor cursor(damaged, documents);
    cursor.advance(static_cast<std::uint32_t>(rng.below(documents)));
    for (; cursor.doc() != kEndOfPostings; cursor.next(), ++seen) {
      ASSERT_LT(cursor.doc(), documents);
      ASSERT_GE(cursor.doc(), previous);
      ASSERT_LE(seen, documents);
      previous = cursor.doc();
    }
  }
}

}  // namespace
}  // namespace handsel::index
