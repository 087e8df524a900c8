#include "analysis/models/cached_encoder.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "base/core/hash.h"

namespace handsel::models {
namespace {

// Two numbers from the query's bytes; counts what it was asked.
class HashEncoder final : public TextEncoder {
 public:
  std::size_t dimensions() const override { return 2; }
  std::string fingerprint() const override { return "hash"; }
  bool reads_text_alone() const override { return text_alone; }
  Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const override {
    if (fails) return fail(Code::kIo, "no");
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const std::uint64_t hash = hash64(queries[i].text, text_alone ? 0 : hash64(queries[i].language));
      out[2 * i] = static_cast<float>(hash & 0xffff);
      out[2 * i + 1] = text_alone || queries[i].session.empty() ? 0.0f : queries[i].session[0];
      ++asked;
    }
    return {};
  }
  Result<void> encode_listings(std::span<const catalog::Listing* const>, std::span<float>) const override { return {}; }

  mutable std::atomic<int> asked = 0;
  bool fails = false;
  bool text_alone = false;
};

std::vector<float> encode(const TextEncoder& encoder, const std::vector<QueryInput>& queries) {
  std::vector<float> out(queries.size() * 2);
  EXPECT_TRUE(encoder.encode_queries(queries, out));
  return out;
}

TEST(CachedEncoder, AnswersAsTheEncoderDoes) {
  const auto plain = std::make_shared<HashEncoder>();
  const CachedEncoder cached(plain, 3);
  const std::vector<QueryInput> queries = {
      {.text = "mug"}, {.text = "apron"}, {.text = "mug"}, {.text = ""}, {.text = "mug", .language = "de"}};
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(encode(cached, queries), encode(*plain, queries));
    for (const QueryInput& query : queries) EXPECT_EQ(encode(cached, {query}), encode(*plain, {query}));
  }
  EXPECT_LE(cached.counts().queries, 3u);
}

TEST(CachedEncoder, AsksOnce) {
  const auto plain = std::make_shared<HashEncoder>();
  const CachedEncoder cached(plain, 10);
  for (int i = 0; i < 4; ++i) encode(cached, {{.text = "mug"}});
  EXPECT_EQ(plain->asked, 1);
  EXPECT_EQ(cached.counts().hits, 3u);
  EXPECT_EQ(cached.counts().misses, 1u);
}

TEST(CachedEncoder, TheLeastRecentlyUsedGoesFirst) {
  const auto plain = std::make_shared<HashEncoder>();
  const CachedEncoder cached(plain, 2);
  for (const char* text : {"a", "b", "a", "c", "a"}) encode(cached, {{.text = text}});
  EXPECT_EQ(plain->asked, 3);
  encode(cached, {{.text = "b"}});
  EXPECT_EQ(plain->asked, 4);
  EXPECT_EQ(cached.counts().queries, 2u);
}

TEST(CachedEncoder, SessionsAndLongQueriesAreNotKept) {
  const auto plain = std::make_shared<HashEncoder>();
  const CachedEncoder cached(plain, 10);
  const float one[] = {1.0f};
  const float two[] = {2.0f};
  EXPECT_EQ(encode(cached, {{.text = "mug", .session = one}})[1], 1.0f);
  EXPECT_EQ(encode(cached, {{.text = "mug", .session = two}})[1], 2.0f);
  const std::string text(10'000, 'x');
  encode(cached, {{.text = text}});
  EXPECT_EQ(cached.counts().queries, 0u);
}

TEST(CachedEncoder, WhoReadsTheTextAloneIsAskedOnceWhoeverAsks) {
  const auto plain = std::make_shared<HashEncoder>();
  plain->text_alone = true;
  const CachedEncoder cached(plain, 10);
  EXPECT_TRUE(cached.reads_text_alone());
  const float one[] = {1.0f};
  const std::vector<QueryInput> queries = {{.text = "mug"},
                                           {.text = "mug", .session = one},
                                           {.text = "mug", .language = "de"},
                                           {.text = "mug", .country = "PT", .session = one}};
  const std::vector<float> wanted = encode(*plain, {queries[0]});
  plain->asked = 0;
  for (const QueryInput& query : queries) EXPECT_EQ(encode(cached, {query}), wanted);
  EXPECT_EQ(plain->asked, 1);
  EXPECT_EQ(cached.counts().hits, 3u);
}

TEST(CachedEncoder, AFailureIsNotKept) {
  const auto plain = std::make_shared<HashEncoder>();
  const CachedEncoder cached(plain, 10);
  plain->fails = true;
  std::vector<float> out(2);
  const QueryInput query{.text = "mug"};
  EXPECT_FALSE(cached.encode_queries({&query, 1}, out));
  plain->fails = false;
  EXPECT_EQ(encode(cached, {query}), encode(*plain, {query}));
}

TEST(CachedEncoder, ManyThreads) {
  const auto plain = std::make_shared<HashEncoder>();
  const CachedEncoder cached(plain, 7);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const std::string text = std::to_string(i * 31 % 20);
        EXPECT_EQ(encode(cached, {{.text = text}}), encode(*plain, {{.text = text}}));
      }
    });
  }
  threads.clear();
  EXPECT_LE(cached.counts().queries, 7u);
}

}  // namespace
}  // namespace handsel::models
