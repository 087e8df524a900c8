// For tests of search by several sources: a small catalogue with vectors, walks and a ranker, each known by heart.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "analysis/models/text_encoder.h"
#include "base/core/rng.h"
#include "products/search/ranked_heads.h"
#include "products/search/search.h"
#include "ranking/pipeline/rank.h"
#include "ranking/query/testing/small_catalogue.h"
#include "views/graph/builder.h"
#include "views/graph/graph.h"
#include "views/vectors/vector_index.h"

namespace handsel::search {

using catalog::Listing;
using Ids = std::vector<std::string>;

inline constexpr std::size_t kDimensions = 3;
inline constexpr std::int64_t kNow = 1'767'225'600'000;

// Words that mean the same share a direction; the second of a pair leans a little aside.
class SynonymEncoder final : public models::TextEncoder {
 public:
  std::size_t dimensions() const override { return dimensions_; }
  std::string fingerprint() const override { return "synonyms"; }
  Result<void> encode_queries(std::span<const models::QueryInput> queries, std::span<float> out) const override {
    if (failing_) return fail(Code::kIo, "no encoder today");
    for (const models::QueryInput& query : queries) {
      asked_.push_back(fmt::format("{} {} {}", query.language, query.country, query.session.size()));
      texts_.emplace_back(query.text);
    }
    for (std::size_t i = 0; i < queries.size(); ++i) {
      encode(queries[i].text, out.subspan(i * dimensions_, dimensions_));
      if (nonsense_) out[i * dimensions_] = 0.1F;
      for (std::size_t k = 0; k < queries[i].session.size(); ++k) out[i * dimensions_ + k] += queries[i].session[k];
      if (broken_value_) out[i * dimensions_] = *broken_value_;
    }
    return {};
  }
  Result<void> encode_listings(std::span<const Listing* const> listings, std::span<float> out) const override {
    for (std::size_t i = 0; i < listings.size(); ++i) {
      encode(listings[i]->title, out.subspan(i * dimensions_, dimensions_));
    }
    return {};
  }

  std::size_t dimensions_ = kDimensions;
  bool is_quick() const override { return quick_; }
  bool quick_ = false;
  bool failing_ = false;
  std::optional<float> broken_value_;
  bool nonsense_ = false;                   // queries lie near to nothing
  mutable std::vector<std::string> asked_;  // language, country and numbers of the session
  mutable std::vector<std::string> texts_;

 private:
  static void encode(std::string_view text, std::span<float> out) {
    std::ranges::fill(out, 0.0F);
    const auto add = [&](std::string_view word, std::size_t axis, float aside) {
      if (text.find(word) == std::string_view::npos) return;
      out[axis] += 1;
      out[(axis + 1) % out.size()] += aside;
    };
    add("mug", 0, 0);
    add("cup", 0, 0.2F);
    add("beaker", 0, 0.4F);
    add("ring", 1, 0);
    add("band", 1, 0.2F);
    double squares = 0;
    for (const float x : out) squares += static_cast<double>(x) * x;
    for (float& x : out) x = squares > 0 ? static_cast<float>(x / std::sqrt(squares)) : 0;
  }
};

class SourcesTest : public testing::Test {
 protected:
  SourcesTest()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("handsel-sources-{}-{}", ::getpid(),
                            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
  }
  ~SourcesTest() override { std::filesystem::remove_all(folder_); }

  void put(Listing listing) {
    if (listing.language.empty()) listing.language = "en";
    catalogue_.put(std::move(listing));
  }
  void put(std::string id, std::string title) { put({.id = std::move(id), .title = std::move(title)}); }

  // All that was put becomes visible, with its vectors.
  void publish() {
    snapshot_ = catalogue_.snapshot();
    auto opened = vectors::VectorIndex::open(
        real_file_system(), folder_.string(), 1,
        {.dimensions = kDimensions, .fingerprint = "synonyms", .background = false, .build_threads = 1});
    ASSERT_TRUE(opened) << opened.error().message;
    std::vector<float> vector(kDimensions);
    std::uint64_t offset = 0;
    for (const Listing& listing : catalogue_.listings()) {
      const Listing* one = &listing;
      ASSERT_TRUE(encoder_.encode_listings({&one, 1}, vector));
      ASSERT_TRUE((*opened)->upsert(listing.id, vector, 0, 0, offset++));
    }
    (*opened)->refresh();
    vectors_ = (*opened)->snapshot();
    learned_.encoder = &encoder_;
    learned_.vectors = vectors_.get();
    learned_.similarity_min = 0.5F;
  }

  // Two people asked `query` and clicked each of the listings.
  void click(const std::string& query, const Ids& clicked) {
    for (int person = 0; person < 2; ++person) {
      const std::string asked = fmt::format("q{}", events_.size());
      const std::string who = fmt::format("person {}", person);
      events_.push_back({.id = asked,
                         .kind = events::EventKind::kSearch,
                         .time_ms = kNow,
                         .session_id = who,
                         .query_id = asked,
                         .query = query,
                         .shown = clicked});
      for (const std::string& id : clicked) {
        events_.push_back({.id = asked + id,
                           .kind = events::EventKind::kClick,
                           .time_ms = kNow,
                           .session_id = who,
                           .query_id = asked,
                           .listing_id = id});
      }
    }
    graph::GraphBuilder builder({});
    for (const events::Event& event : events_) builder.observe(event);
    auto bytes = builder.build();
    ASSERT_TRUE(bytes) << bytes.error().message;
    graph_ = graph::open_graph(std::make_shared<HeapBytes>(std::move(*bytes))).value();
    learned_.graph = graph_.get();
  }

  SearchContext context() {
    return {.snapshot = *snapshot_,
            .analyzer = catalogue_.analyzer(),
            .load_listing = [this](const index::DocInfo& info) { return catalogue_.load(info); },
            .learned = learned_,
            .heads = heads_.get(),
            .parameters = parameters_,
            .now_ms = kNow};
  }

  SearchResponse ask(const SearchRequest& request) {
    auto response = search(context(), request);
    EXPECT_TRUE(response.has_value()) << response.error().message;
    return response ? std::move(*response) : SearchResponse{};
  }

  static Ids ids(const SearchResponse& response) {
    Ids out;
    for (const SearchHit& hit : response.hits) out.push_back(hit.listing.id);
    return out;
  }
  Ids found(const SearchRequest& request) {
    Ids out = ids(ask(request));
    std::ranges::sort(out);
    return out;
  }

  // Page after page by cursor; `between` is called before each page but the first.
  std::vector<Ids> walk(SearchRequest request, const std::function<void()>& between = [] {}) {
    std::vector<Ids> pages;
    for (int guard = 0; guard < 500; ++guard) {
      const SearchResponse response = ask(request);
      pages.push_back(ids(response));
      if (response.next_cursor.empty()) return pages;
      request.cursor = response.next_cursor;
      request.offset = 0;
      between();
    }
    ADD_FAILURE() << "the walk does not end";
    return pages;
  }
  static Ids all_of(const std::vector<Ids>& pages) {
    Ids out;
    for (const Ids& page : pages) out.insert(out.end(), page.begin(), page.end());
    return out;
  }

  void rank_by(const std::string& feature, float weight) {
    auto trees = trees::TreeEnsemble::build({.features = {feature}, .linear = {{0, weight, 0}}});
    ASSERT_TRUE(trees) << trees.error().message;
    auto model = pipeline::RankModel::create(std::move(*trees));
    ASSERT_TRUE(model) << model.error().message;
    ranker_ = std::make_unique<pipeline::RankModel>(std::move(*model));
    learned_.ranker = ranker_.get();
  }

  // Some have the word, more only mean it; some are bought after it alone.
  void put_many(int count) {
    Rng rng(5);
    static constexpr std::array kNouns = {"mug", "mug", "cup", "beaker", "ring", "mug with band", "box"};
    Ids bought;
    for (int i = 0; i < count; ++i) {
      const char* noun = kNouns[rng.below(kNouns.size())];
      std::string title = noun;
      for (std::uint64_t n = rng.below(6); n > 0; --n) title += fmt::format(" word{}", rng.below(40));
      Listing listing{.id = fmt::format("id{}", i),
                      .shop_name = fmt::format("Shop {}", rng.below(40)),
                      .title = std::move(title),
                      .attributes = {{"color", rng.chance(0.5) ? "Blue" : "Ivory"}},
                      .price_cents = rng.between(100, 3000)};
      if (std::string_view(noun) == "box" && bought.size() < 20) bought.push_back(listing.id);
      put(std::move(listing));
    }
    publish();
    click("mug", bought);
  }

  const std::filesystem::path folder_;
  query::SmallCatalogue catalogue_{"sources"};
  SynonymEncoder encoder_;
  std::shared_ptr<const index::Snapshot> snapshot_;
  std::shared_ptr<const vectors::VectorSnapshot> vectors_;
  std::vector<events::Event> events_;
  std::shared_ptr<const graph::Graph> graph_;
  std::unique_ptr<pipeline::RankModel> ranker_;
  std::unique_ptr<RankedHeads> heads_ = std::make_unique<RankedHeads>();
  Learned learned_;
  SearchParameters parameters_;
};

}  // namespace handsel::search
