#include "views/index/forward_record.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "base/core/bytes.h"
#include "base/core/rng.h"

namespace handsel::index {
namespace {

std::vector<ForwardTerm> random_terms(Rng& rng, std::size_t count, std::uint32_t ordinals) {
  std::set<std::uint32_t> drawn;
  while (drawn.size() < count) {
    // The product of two draws favours small ordinals, as language does.
    drawn.insert(static_cast<std::uint32_t>(rng.below(1 + rng.below(ordinals))));
  }
  std::vector<ForwardTerm> terms;
  for (const std::uint32_t ordinal : drawn) terms.push_back({ordinal, static_cast<std::uint8_t>(rng.between(1, 255))});
  return terms;
}

void expect_read_as_written(const std::vector<std::uint32_t>& title, const std::vector<ForwardTerm>& terms) {
  std::string record;
  encode_forward(title, terms, record);
  std::vector<std::uint32_t> title_read = {99};
  std::vector<ForwardTerm> terms_read = {{99, 9}};
  decode_title(record, title_read);
  decode_terms(record, terms_read);
  EXPECT_EQ(title_read, title);
  EXPECT_EQ(terms_read, terms);
}

TEST(ForwardRecord, WhatIsWrittenIsRead) {
  Rng rng(1);
  expect_read_as_written({}, {});
  expect_read_as_written({7}, {{7, 255}});
  expect_read_as_written({}, {{0, 1}, {0xfffffffe, 2}});
  for (const std::size_t count : {1, 7, 8, 9, 15, 16, 17, 68, 300, 2000}) {
    for (const std::uint32_t ordinals : {3000u, 200'000u, 4'000'000'000u}) {
      const std::vector<ForwardTerm> terms = random_terms(rng, count, ordinals);
      std::vector<std::uint32_t> title;
      for (std::uint64_t i = rng.below(12); i > 0; --i) title.push_back(terms[rng.below(count)].ordinal);
      expect_read_as_written(title, terms);
    }
  }
}

TEST(ForwardRecord, EveryWidthOfGaps) {
  for (unsigned bits = 0; bits < 32; ++bits) {
    std::vector<ForwardTerm> terms;
    std::uint64_t ordinal = 0;
    for (int i = 0; i < 11 && ordinal < 0xffffffff; ++i, ordinal += (std::uint64_t{1} << bits) - i % 2) {
      terms.push_back({static_cast<std::uint32_t>(ordinal), static_cast<std::uint8_t>(i + 1)});
      if (bits == 0) ++ordinal;
    }
    expect_read_as_written({}, terms);
  }
}

TEST(ForwardRecord, FrequentTermsTakeFewBytes) {
  std::vector<ForwardTerm> terms;
  for (std::uint32_t i = 0; i < 80; ++i) terms.push_back({i * 3, 100});  // gaps of 2: two bits each
  std::string record;
  encode_forward({}, terms, record);
  EXPECT_EQ(record.size(), 2 + 1 + 5 + 20 + 80);
}

TEST(ForwardRecord, DamagedBytesGiveAnAnswerOrNone) {
  Rng rng(2);
  for (int round = 0; round < 20'000; ++round) {
    std::string record;
    encode_forward(std::vector<std::uint32_t>{1, 2, 3}, random_terms(rng, 1 + rng.below(40), 5000), record);
    std::string damaged = record.substr(0, round % 3 == 0 ? rng.below(record.size()) : record.size());
    for (int i = 0; i < 3 && !damaged.empty(); ++i) damaged[rng.below(damaged.size())] = static_cast<char>(rng());
    const std::string exact(damaged.begin(), damaged.end());  // no spare bytes: sanitizers see a read beyond the end
    std::vector<std::uint32_t> title;
    std::vector<ForwardTerm> terms;
    decode_title(exact, title);
    decode_terms(exact, terms);
    EXPECT_LE(title.size(), 8 * exact.size());
    EXPECT_LE(terms.size(), exact.size());
  }
}

}  // namespace
}  // namespace handsel::index
