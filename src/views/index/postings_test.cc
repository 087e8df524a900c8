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

// Hands out copies that are gone at the next call: whoever keeps an old one reads rubbish.
class CopiedBytes final : public FileBytes {
 public:
  explicit CopiedBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return bytes_; }
  std::string_view fetch(std::string_view range, std::string& buffer) const override {
    std::ranges::fill(buffer, '\xee');
    buffer = std::string(range.size(), '\0');
    std::ranges::copy(range, buffer.begin());
    most_ = std::max(most_, range.size());
    return buffer;
  }
  std::size_t most() const { return most_; }

 private:
  std::string bytes_;
  mutable std::size_t most_ = 0;
};

TEST(Postings, CopiesOfAFileReadAsTheFileItself) {
  Rng rng(6);
  for (int round = 0; round < 300; ++round) {
    const std::vector<Posting> postings = random_postings(rng, 1 + rng.below(round % 10 == 0 ? 30'000 : 600),
                                                          1 + static_cast<std::uint32_t>(rng.below(300)));
    const std::uint32_t documents = postings.back().doc + 1;
    std::string list;
    encode_postings(postings, list);
    const CopiedBytes file("before" + list + "after");
    const std::string_view in_file = file.bytes().substr(6, list.size());
    EXPECT_EQ(posting_count(in_file, &file), postings.size());
    PostingCursor plain(list, documents);
    std::vector<PostingCursor> cursors;  // a cursor may be moved
    cursors.emplace_back(in_file, documents, &file);
    cursors.emplace_back();
    std::swap(cursors[0], cursors[1]);
    PostingCursor& copied = cursors[1];
    EXPECT_EQ(copied.max_impact(), plain.max_impact());
    std::uint32_t target = 0;
    while (plain.doc() != kEndOfPostings) {
      ASSERT_EQ(copied.doc(), plain.doc());
      ASSERT_EQ(copied.impact(), plain.impact());
      target = plain.doc() + static_cast<std::uint32_t>(rng.below(round % 3 == 0 ? 50'000 : 500));
      ASSERT_EQ(copied.max_impact_in(plain.doc(), target), plain.max_impact_in(plain.doc(), target));
      std::vector<Posting> from_plain, from_copied;
      switch (rng.below(3)) {
        case 0:
          plain.next();
          copied.next();
          break;
        case 1:
          plain.advance(target);
          copied.advance(target);
          break;
        default:
          plain.visit_before(target, [&](auto doc, auto impact) { from_plain.push_back({doc, impact}); });
          copied.visit_before(target, [&](auto doc, auto impact) { from_copied.push_back({doc, impact}); });
      }
      ASSERT_EQ(from_copied, from_plain);
    }
    EXPECT_EQ(copied.doc(), kEndOfPostings);
    EXPECT_LE(file.most(), std::max(PostingCursor::kFetchBytes, 10 * (postings.size() / kBlockPostings + 1)));
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
    const CopiedBytes file(damaged);
    PostingCursor cursor(file.bytes(), documents, round % 2 == 0 ? &file : nullptr);
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
