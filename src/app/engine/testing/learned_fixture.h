// For tests of what was learned: an engine in a folder of its own, with a clock that stands.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "analysis/models/import_transformer.h"
#include "app/engine/engine.h"
#include "app/engine/learned_views.h"
#include "base/core/clock.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel {

inline constexpr std::int64_t kNow = 1'767'225'600'000;

inline catalog::Listing make_listing(std::string id, std::string title, std::int64_t price_cents) {
  return {
      .id = std::move(id), .title = std::move(title), .language = "en", .price_cents = price_cents, .currency = "EUR"};
}

inline std::vector<catalog::Listing> few_listings() {
  return {make_listing("1", "blue mug", 300), make_listing("2", "blue bowl", 100),
          make_listing("3", "kitchen mug", 500), make_listing("4", "handmade bowl", 200)};
}

class LearnedTest : public testing::Test {
 protected:
  LearnedTest()
      : root_(std::filesystem::temp_directory_path() /
              fmt::format("handsel-learned-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  ~LearnedTest() override {
    engine_.reset();  // which writes in the background
    std::filesystem::remove_all(root_);
  }

  std::string data() const { return root_ / "data"; }
  void open(std::size_t threads = 1) {
    engine_.reset();
    auto opened = Engine::open({.folder = data(), .threads = threads, .refresh_every_ms = 10}, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
  }
  void open_with(const std::vector<catalog::Listing>& listings) {
    open();
    ASSERT_TRUE(engine_->put_listings(listings));
    ASSERT_TRUE(engine_->catch_up());
  }

  // As another process would: with a store of its own.
  storage::ArtefactStore store() const { return {real_file_system(), clock_, data() + "/models"}; }

  std::string put_ranker(std::string bytes) {
    clock_.advance_ms(1);  // ids tell moments apart
    const auto id = store().put({.kind = std::string(kRankerModel)}, {{std::string(kRankerFile), std::move(bytes)}});
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }
  static std::string linear(const std::string& feature, float weight) {
    return trees::TreeEnsemble::build({.features = {feature}, .linear = {{0, weight, 0}}})->serialise();
  }
  void promote(std::string_view kind, const std::string& id) {
    const auto promoted = store().promote(kind, id);
    ASSERT_TRUE(promoted) << promoted.error().message;
  }
  // promote() refuses what is damaged, so the damage comes behind its back.
  void promote_damaged(std::string_view kind, const std::string& id) const {
    EXPECT_FALSE(store().promote(kind, id));
    std::ofstream(fmt::format("{}/models/{}/promoted", data(), kind), std::ios::app) << id << "\n";
  }
  // The tiny model knows nothing of the world: whatever has a vector is near enough.
  std::string put_encoder() {
    auto imported = models::import_transformer(real_file_system(), HANDSEL_SOURCE_DIR "/tests/models/tiny_bert");
    EXPECT_TRUE(imported) << imported.error().message;
    imported->manifest.metrics["similarity_min"] = -1;
    clock_.advance_ms(1);
    const auto id = store().put(imported->manifest, imported->files);
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }

  search::SearchResponse ask(const search::SearchRequest& request) const {
    auto response = engine_->search(request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? std::move(*response) : search::SearchResponse{};
  }
  std::vector<std::string> find(const search::SearchRequest& request) const {
    std::vector<std::string> ids;
    for (const search::SearchHit& hit : ask(request).hits) ids.push_back(hit.listing.id);
    return ids;
  }
  bool is_degraded(std::string_view words) const {
    const std::vector<std::string> reasons = engine_->health().degraded;
    return std::ranges::any_of(reasons, [&](const std::string& reason) { return reason.contains(words); });
  }
  static bool soon(const std::function<bool()>& happened) {
    const Stopwatch watch;
    while (!happened()) {
      if (watch.elapsed_ms() > 20'000) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  events::Event event(events::EventKind kind, const std::string& session, std::string listing) {
    const std::string id = fmt::format("e{}", ++events_made_);
    return {
        .id = id, .kind = kind, .time_ms = clock_.now_ms(), .session_id = session, .listing_id = std::move(listing)};
  }
  void happen(const std::vector<events::Event>& events) {
    const auto put = engine_->put_events(events);
    ASSERT_TRUE(put) << put.error().message;
    for (const WriteStatus& status : *put) EXPECT_FALSE(status.error) << status.error->message;
  }

  const std::filesystem::path root_;
  ManualClock clock_{kNow};
  int events_made_ = 0;
  std::unique_ptr<Engine> engine_;
};

}  // namespace handsel
