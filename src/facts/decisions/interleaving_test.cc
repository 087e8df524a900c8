#include "facts/decisions/interleaving.h"

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::decisions {
namespace {

InterleavedSearch example() {
  return {.query_id = "19b5-2a",
          .serving = "ranker-1",
          .challenger = "ranker-2",
          .unit = 0xfedc'ba98'7654'3210,
          .places = {{"L1", Side::kServing}, {"L2", Side::kChallenger}, {"L3", Side::kNone}}};
}

log::Record stored(const InterleavedSearch& search) {
  const auto record = to_record(search);
  EXPECT_TRUE(record) << record.error().message;
  return {.key = record->key, .payload = record->payload};
}

TEST(InterleavedSearch, ComesBackAsItWas) {
  EXPECT_EQ(*parse_interleaved(stored(example())), example());
  EXPECT_EQ(stored(example()).key, "i/19b5-2a");
}

TEST(InterleavedSearch, SaysWhatIsWrong) {
  auto search = example();
  search.query_id.clear();
  EXPECT_EQ(to_record(search).error().code, Code::kInvalidArgument);
  search = example();
  search.challenger.clear();
  EXPECT_EQ(to_record(search).error().code, Code::kInvalidArgument);
  search = example();
  search.places.resize(kInterleavedMax + 1);
  EXPECT_EQ(to_record(search).error().code, Code::kInvalidArgument);
}

TEST(InterleavedSearch, DamageIsNamedNotBelieved) {
  const log::Record whole = stored(example());
  log::Record record = whole;
  for (std::size_t size = 1; size < whole.payload.size(); ++size) {
    record.payload = whole.payload.substr(0, size);
    EXPECT_EQ(parse_interleaved(record).error().code, Code::kCorrupt) << size;
  }
  record.payload = whole.payload + "x";
  EXPECT_EQ(parse_interleaved(record).error().code, Code::kCorrupt);
  record.payload = whole.payload;
  record.payload.back() = 3;  // a side that there is not
  EXPECT_EQ(parse_interleaved(record).error().code, Code::kCorrupt);
  record.payload = whole.payload;
  record.payload[0] = 9;
  EXPECT_EQ(parse_interleaved(record).error().code, Code::kUnsupported);
  record.key = "j/something else";
  EXPECT_EQ(parse_interleaved(record).error().code, Code::kUnsupported);
}

TEST(InterleavedSearch, WhatIsReadFromChangedBytesCanBeWrittenAgain) {
  Rng rng(7);
  const log::Record whole = stored(example());
  for (int round = 0; round < 5'000; ++round) {
    log::Record record = whole;
    record.payload[rng.below(record.payload.size())] = static_cast<char>(rng.below(256));
    const auto read = parse_interleaved(record);
    if (!read) continue;
    EXPECT_LE(read->places.size(), kInterleavedMax);
    if (!to_record(*read)) continue;  // an id that became empty
    EXPECT_EQ(*parse_interleaved(stored(*read)), *read);
  }
}

}  // namespace
}  // namespace handsel::decisions
