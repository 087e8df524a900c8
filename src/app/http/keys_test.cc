#include "app/http/keys.h"

#include <array>
#include <map>

#include <gtest/gtest.h>

#include "app/http/key_ring.h"
#include "app/http/rate_limit.h"
#include "app/http/testing/memory_files.h"

namespace handsel::http {
namespace {

constexpr std::string_view kPath = "DIR/keys.json";

struct World {
  MemoryFiles files;
  ManualClock clock{1'000'000};
  std::string path{kPath};

  NewKey make(Key wishes) {
    auto made = create_key(files, path, std::move(wishes), clock);
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }
  std::unique_ptr<KeyRing> ring() { return std::move(*KeyRing::open(files, path)); }
};

Key search_key() {
  return {.scopes = static_cast<Scopes>(Scope::kSearch)};
}

TEST(Keys, AKeyIsShownOnceAndOnlyItsHashIsKept) {
  World world;
  const NewKey made = world.make({.name = "the shop",
                                  .scopes = 3,
                                  .filter = "shop = clay",
                                  .origins = {"https://a.example"},
                                  .requests_per_s = 5,
                                  .expires_ms = 2'000'000});
  EXPECT_EQ(id_of_key(made.text), made.key.id);
  EXPECT_EQ(made.text.size(), 60u);
  const std::string file = *world.files.read_file(world.path);
  EXPECT_FALSE(file.contains(made.text.substr(17))) << file;

  const auto verified = world.ring()->verify(made.text, world.clock.now_ms());
  ASSERT_TRUE(verified) << verified.error().message;
  const Key& key = **verified;
  EXPECT_EQ(key.name, "the shop");
  EXPECT_EQ(key.scopes, 3);
  EXPECT_EQ(key.filter, "shop = clay");
  EXPECT_EQ(key.origins, std::vector<std::string>{"https://a.example"});
  EXPECT_EQ(key.requests_per_s, 5);
  EXPECT_EQ(key.created_ms, 1'000'000);
}

TEST(Keys, OnlyAKeyThatForbidsPersonalisationSaysSo) {
  World world;
  Key wishes = search_key();
  const std::string usual = world.make(wishes).text;
  // A file of before there was such a thing says nothing of it, and allows it.
  EXPECT_FALSE(world.files.read_file(world.path)->contains("personalisation"));
  wishes.personalisation = false;
  const std::string plain = world.make(wishes).text;
  EXPECT_TRUE((*world.ring()->verify(usual, 0))->personalisation);
  EXPECT_FALSE((*world.ring()->verify(plain, 0))->personalisation);
  EXPECT_FALSE(list_keys(world.files, world.path)->back().personalisation);
}

TEST(Keys, NothingElseVerifies) {
  World world;
  const std::string text = world.make(search_key()).text;
  const std::string other_id = world.make(search_key()).text;
  const auto ring = world.ring();
  std::string last_changed = text;
  last_changed.back() = last_changed.back() == 'A' ? 'B' : 'A';
  const std::array wrong = {std::string(),
                            std::string("hsk_"),
                            text.substr(1),
                            text + "x",
                            text.substr(0, 59),
                            last_changed,
                            other_id.substr(0, 17) + text.substr(17),  // the secret of another key
                            std::string(60, '_'),
                            std::string(1 << 20, 'a')};
  for (const std::string& one : wrong) {
    const auto verified = ring->verify(one, 0);
    ASSERT_FALSE(verified) << one.substr(0, 80);
    EXPECT_EQ(verified.error().code, Code::kUnauthorized);
  }
  EXPECT_TRUE(ring->verify(text, 0));
}

TEST(Keys, Expire) {
  World world;
  Key wishes = search_key();
  wishes.expires_ms = 5'000;
  const std::string text = world.make(wishes).text;
  EXPECT_TRUE(world.ring()->verify(text, 4'999));
  EXPECT_FALSE(world.ring()->verify(text, 5'000));
}

TEST(Keys, ListedByAgeAndRevoked) {
  World world;
  const NewKey first = world.make(search_key());
  const NewKey second = world.make(search_key());
  auto listed = list_keys(world.files, world.path);
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(listed->front().id, first.key.id);
  ASSERT_TRUE(revoke_key(world.files, world.path, first.key.id));
  EXPECT_EQ(list_keys(world.files, world.path)->front().id, second.key.id);
  const auto again = revoke_key(world.files, world.path, first.key.id);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kNotFound);
  EXPECT_FALSE(world.ring()->verify(first.text, 0));
}

TEST(Keys, WishesThatDoNotFitAreRefused) {
  struct Row {
    Key wishes;
    std::string_view message;
  };
  const auto rows = std::to_array<Row>({
      {{}, "key: needs at least one scope"},
      {{.scopes = 64}, "key: needs at least one scope"},
      {{.scopes = 4, .filter = "shop = a"},
       "key: a filter restricts what a key reads, and cannot hold one that writes listings; make two keys"},
      {{.scopes = 1, .origins = {"shop.example"}},
       "key: 'shop.example' is no origin; write it like https://shop.example, in lower case, without a path"},
      {{.scopes = 1, .origins = {"https://shop.example/"}},
       "key: 'https://shop.example/' is no origin; write it like https://shop.example, in lower case, without a path"},
      {{.scopes = 1, .requests_per_s = -1}, "key: requests_per_s is 0 to 1000000"},
      {{.scopes = 1, .expires_ms = -1}, "key: expires_ms is a time after 1970, or 0 for never"},
      {{.scopes = 16, .anonymous = true}, "key: visitors without a key cannot be admins"},
      {{.name = "\xff", .scopes = 1}, "key: name and filter are UTF-8 text"},
      {{.name = std::string(101, 'x'), .scopes = 1}, "key: the name is over 100 bytes"},
  });
  World world;
  for (const Row& row : rows) {
    const auto made = create_key(world.files, world.path, row.wishes, world.clock);
    ASSERT_FALSE(made) << row.message;
    EXPECT_EQ(made.error().message, row.message);
  }
  const auto bad_filter = create_key(world.files, world.path, {.scopes = 1, .filter = "shop = ("}, world.clock);
  ASSERT_FALSE(bad_filter);
  EXPECT_TRUE(bad_filter.error().message.starts_with("key: filter: ")) << bad_filter.error().message;
  EXPECT_FALSE(world.files.exists(world.path));
}

TEST(Keys, ScopesAreReadAndWritten) {
  EXPECT_EQ(*parse_scopes("all"), kAllScopes);
  EXPECT_EQ(*parse_scopes(" search , listings:write"), 5);
  EXPECT_EQ(scope_names(kAllScopes),
            (std::vector<std::string>{"search", "events", "listings:write", "metrics", "admin"}));
  for (const std::string_view wrong : {"", "search,", "admins", "Search"}) EXPECT_FALSE(parse_scopes(wrong)) << wrong;
}

TEST(Keys, DamagedFilesAreNamed) {
  const auto rows = std::to_array<std::string_view>({
      "",
      "[]",
      "{}",
      "{\"version\":2,\"keys\":[]}",
      "{\"version\":1,\"keys\":[{}]}",
      "{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaaaa\",\"scopes\":[\"search\"]}]}",
      "{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaaaa\",\"hash\":\"00\",\"scopes\":[\"search\"]}]}",
      "{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaaaa\",\"anonymous\":true,\"scopes\":[\"root\"]}]}",
      "{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaaaa\",\"anonymous\":true,\"scopes\":[\"search\"],\"fitler\":\"x\"}]"
      "}",
      "{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaaaa\",\"anonymous\":true,\"scopes\":[\"search\"]},"
      "{\"id\":\"aaaaaaaaaaaa\",\"anonymous\":true,\"scopes\":[\"search\"]}]}",
  });
  for (const std::string_view bytes : rows) {
    const auto keys = parse_keys(bytes, std::string(kPath));
    ASSERT_FALSE(keys) << bytes;
    EXPECT_EQ(keys.error().code, Code::kCorrupt) << bytes;
    EXPECT_TRUE(keys.error().message.starts_with(kPath)) << keys.error().message;
  }
}

TEST(KeyRing, SeesChangesWhenItLooks) {
  World world;
  const auto ring = world.ring();
  EXPECT_FALSE(ring->exists());
  const std::string text = world.make(search_key()).text;
  EXPECT_FALSE(ring->verify(text, 0));
  ASSERT_TRUE(ring->reload());
  EXPECT_TRUE(ring->exists());
  EXPECT_TRUE(ring->verify(text, 0));

  ASSERT_TRUE(world.files.write_file(world.path, "{"));
  EXPECT_FALSE(ring->reload());
  EXPECT_TRUE(ring->verify(text, 0)) << "a damaged file leaves the keys as they were";

  ASSERT_TRUE(world.files.remove_file(world.path));
  ASSERT_TRUE(ring->reload());
  EXPECT_FALSE(ring->verify(text, 0));
  EXPECT_TRUE(ring->exists()) << "a file that has gone does not open the server";
}

TEST(KeyRing, KnowsVisitorsAndOrigins) {
  World world;
  Key visitors = search_key();
  visitors.anonymous = true;
  visitors.origins = {"https://shop.example"};
  const NewKey made = world.make(visitors);
  EXPECT_EQ(made.text, "");
  EXPECT_FALSE(create_key(world.files, world.path, visitors, world.clock)) << "a second one";
  const auto ring = world.ring();
  ASSERT_NE(ring->anonymous(0), nullptr);
  EXPECT_EQ(ring->anonymous(0)->id, made.key.id);
  EXPECT_TRUE(ring->any_key_has_origin("https://shop.example"));
  EXPECT_FALSE(ring->any_key_has_origin("https://evil.example"));
}

TEST(RateLimit, KeepsASecondsWorth) {
  RateLimit limit;
  const auto take_all = [&limit](std::int64_t now_ms) {
    int taken = 0;
    while (taken < 100 && limit.take("key", 3, now_ms)) ++taken;
    return taken;
  };
  EXPECT_EQ(take_all(1'000), 3);
  EXPECT_EQ(take_all(1'000), 0);
  EXPECT_EQ(take_all(1'333), 0);
  EXPECT_EQ(take_all(1'334), 1);
  EXPECT_EQ(take_all(900), 0) << "a clock that steps back gives nothing";
  EXPECT_EQ(take_all(60'000), 3);
  EXPECT_TRUE(limit.take("key", 0, 60'000)) << "0: no limit";
  EXPECT_TRUE(limit.take("other", 1, 60'000));
}

}  // namespace
}  // namespace handsel::http
