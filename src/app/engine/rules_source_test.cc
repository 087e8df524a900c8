#include "app/engine/rules_source.h"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include <gtest/gtest.h>

#include "app/engine/engine.h"

namespace handsel {
namespace {

constexpr std::int64_t kNow = 1'767'225'600'000;
constexpr std::string_view kPin = "[[rule]]\ndo='pin'\nquery='cup'\nlisting='vase'\nplace=1\n";

class RulesSourceTest : public testing::Test {
 protected:
  RulesSourceTest() : folder_(std::filesystem::temp_directory_path() / fmt::format("handsel-rules-{}", ::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~RulesSourceTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return rules_path(folder_.string()); }
  void write(std::string_view text) { ASSERT_TRUE(real_file_system().write_file(path(), text)); }

  const std::filesystem::path folder_;
  const text::Analyzer analyzer_{"en"};
};

TEST_F(RulesSourceTest, AnEditIsInForceWithinSecondsAndABrokenOneIsNot) {
  RulesSource source(real_file_system(), path(), analyzer_);
  const auto count = [&](std::int64_t now_ms) { return source.current(now_ms)->rules.size(); };
  EXPECT_EQ(count(0), 0u);
  EXPECT_FALSE(source.trouble(0));
  write(kPin);
  EXPECT_EQ(count(kLookEveryMs - 1), 0u);
  EXPECT_EQ(count(kLookEveryMs), 1u);
  write(std::string(kPin) + "colour = 1\n");
  EXPECT_EQ(count(2 * kLookEveryMs), 1u);  // the last good ones
  const auto trouble = source.trouble(2 * kLookEveryMs);
  ASSERT_TRUE(trouble);
  EXPECT_NE(trouble->find("rules.toml: line 6: a rule has no 'colour'"), std::string::npos) << *trouble;
  EXPECT_TRUE(source.trouble(3 * kLookEveryMs));  // still
  write(std::string(kPin) + std::string(kPin));
  EXPECT_EQ(count(4 * kLookEveryMs), 2u);
  EXPECT_FALSE(source.trouble(4 * kLookEveryMs));
  // A clock that was set back.
  ASSERT_TRUE(real_file_system().remove_file(path()));
  EXPECT_EQ(count(1), 0u);
}

TEST_F(RulesSourceTest, TheEngineObeysThemAndSaysWhatIsWrong) {
  ManualClock clock(kNow);
  const auto engine = Engine::open({.folder = folder_.string(), .threads = 1, .refresh_every_ms = 10}, clock).value();
  const std::vector<catalog::Listing> listings = {{.id = "cup", .title = "cup"}, {.id = "vase", .title = "vase"}};
  ASSERT_TRUE(engine->put_listings(listings));
  ASSERT_TRUE(engine->catch_up());
  const auto found = [&] {
    std::vector<std::string> ids;
    const auto response = engine->search({.query = "cup"});
    EXPECT_TRUE(response.has_value());
    if (!response) return ids;
    for (const auto& hit : response->hits) ids.push_back(hit.listing.id);
    return ids;
  };
  EXPECT_EQ(found(), std::vector<std::string>{"cup"});
  write(kPin);
  clock.advance_ms(kLookEveryMs);
  EXPECT_EQ(found(), (std::vector<std::string>{"vase", "cup"}));
  write("[[rule]]\n");
  clock.advance_ms(kLookEveryMs);
  EXPECT_EQ(found(), (std::vector<std::string>{"vase", "cup"}));
  const auto degraded = engine->health().degraded;
  EXPECT_TRUE(std::ranges::any_of(degraded, [](const std::string& reason) {
    return reason.find("rules.toml: line 1: a rule needs 'do'") != std::string::npos;
  }));
}

}  // namespace
}  // namespace handsel
