// This file is long because all tests of the index share one random catalogue and its twin.
#include "views/vectors/vector_index.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/core/hash.h"
#include "base/core/rng.h"

namespace handsel::vectors {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDimensions = 24;
using Vector = std::vector<float>;

// Around one of `centres` centres, as listings of a category are.
Vector random_vector(Rng& rng, std::size_t dimensions = kDimensions, std::uint64_t centres = 50) {
  Rng centre = Rng(7).split(rng.below(centres));
  Vector v(dimensions);
  double square = 0;
  for (float& value : v) {
    value = static_cast<float>(static_cast<double>(centre.between(-1000, 1000)) / 1000.0 +
                               static_cast<double>(rng.between(-1000, 1000)) / 1500.0);
    square += static_cast<double>(value) * value;
  }
  for (float& value : v) value = static_cast<float>(value / std::sqrt(square));
  return v;
}

std::vector<std::string> ids_of(const std::vector<VectorHit>& hits) {
  std::vector<std::string> ids;
  for (const VectorHit& hit : hits) ids.emplace_back(hit.id);
  return ids;
}

double recall_of(const std::vector<VectorHit>& found, const std::vector<VectorHit>& exact) {
  std::set<std::string_view> wanted;
  for (const VectorHit& hit : exact) wanted.insert(hit.id);
  double both = 0;
  for (const VectorHit& hit : found) both += wanted.contains(hit.id) ? 1 : 0;
  return wanted.empty() ? 1 : both / static_cast<double>(wanted.size());
}

class VectorIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("handsel-vectors-{}-{}", ::getpid(),
                                                      ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static VectorOptions small(std::size_t dimensions = kDimensions) {
    return {.dimensions = dimensions, .fingerprint = "encoder 1", .background = false, .build_threads = 1};
  }
  static VectorOptions with_graphs() {
    VectorOptions options = small();
    options.exact_max = 1000;
    options.tail_max = 1000;
    return options;
  }

  std::unique_ptr<VectorIndex> open(const VectorOptions& options, std::string_view name = "a") {
    auto index = VectorIndex::open(real_file_system(), (folder_ / name).string(), 2, options);
    EXPECT_TRUE(index.has_value()) << index.error().message;
    return std::move(*index);
  }

  void put(VectorIndex& index, const std::string& id, const Vector& vector, float quality = 0) {
    const auto done = index.upsert(id, vector, quality, 0, next_offset_++);
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }
  void fill(VectorIndex& index, std::size_t count, std::uint64_t seed = 1) {
    Rng rng(seed);
    for (std::size_t i = 0; i < count; ++i) {
      const Vector vector = random_vector(rng);
      put(index, fmt::format("l{}", i), vector, static_cast<float>(rng.below(101)) / 100);
    }
    index.refresh();
  }

  void damage(const std::string& file, std::size_t offset) {
    const std::string path = (folder_ / "a" / file).string();
    std::string bytes = *real_file_system().read_file(path);
    bytes[offset % bytes.size()] = static_cast<char>(bytes[offset % bytes.size()] ^ 0x41);
    ASSERT_TRUE(real_file_system().write_file(path, bytes));
  }
  std::string segment_file() {
    const auto names = real_file_system().list_folder((folder_ / "a").string());
    for (const std::string& name : *names) {
      if (name != "manifest") return name;
    }
    return {};
  }

  fs::path folder_;
  std::uint64_t next_offset_ = 0;
};

TEST_F(VectorIndexTest, FindsTheNearestFirst) {
  auto index = open(small(2));
  put(*index, "east", {1, 0});
  put(*index, "north", {0, 1});
  put(*index, "north-east", {5, 5});  // brought to unit length
  index->refresh();
  const Vector query = {1, 0};
  const auto snapshot = index->snapshot();
  const auto hits = snapshot->search({.vector = query});
  EXPECT_EQ(ids_of(hits), (std::vector<std::string>{"east", "north-east", "north"}));
  EXPECT_NEAR(hits[0].score, 1, 1e-3);
  EXPECT_NEAR(hits[1].score, std::sqrt(0.5), 1e-3);
  EXPECT_EQ(hits[0].id_hash, hash64("east"));
  Vector out(2);
  EXPECT_TRUE(snapshot->vector_of("north-east", out));
  EXPECT_NEAR(out[1], std::sqrt(0.5), 1e-3);
  EXPECT_FALSE(snapshot->vector_of("west", out));
  EXPECT_FALSE(snapshot->vector_of("east", std::span(out).first(1)));
}

TEST_F(VectorIndexTest, QualityIsAddedByItsWeight) {
  auto index = open(small(2));
  put(*index, "near", {1, 0}, 0);
  put(*index, "good", {0.8f, 0.6f}, 1);
  index->refresh();
  const Vector query = {1, 0};
  const auto best = [&](float weight) {
    return ids_of(index->snapshot()->search({.vector = query, .quality_weight = weight, .top = 1}));
  };
  EXPECT_EQ(best(0), std::vector<std::string>{"near"});
  EXPECT_EQ(best(0.1f), std::vector<std::string>{"near"});
  EXPECT_EQ(best(0.3f), std::vector<std::string>{"good"});
}

TEST_F(VectorIndexTest, AnEmptyIndexHasNoHits) {
  auto index = open(small());
  index->refresh();
  const Vector query(kDimensions, 1.0f);
  EXPECT_TRUE(index->snapshot()->search({.vector = query}).empty());
  EXPECT_TRUE(index->commit());
  EXPECT_TRUE(index->compact());
  EXPECT_EQ(index->stats().live, 0u);
  EXPECT_EQ(index->stats().recall_at_100, 1);
}

TEST_F(VectorIndexTest, QuestionsThatAreNoneHaveNoHits) {
  auto index = open(small());
  fill(*index, 10);
  const auto check = [&](const Vector& query, float weight = 0, std::size_t top = 10) {
    EXPECT_TRUE(index->snapshot()->search({.vector = query, .quality_weight = weight, .top = top}).empty());
  };
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  check(Vector(kDimensions, 0.0f));
  check(Vector(kDimensions - 1, 1.0f));
  check(Vector(kDimensions, kNan));
  check(Vector(kDimensions, std::numeric_limits<float>::infinity()));
  check(Vector(kDimensions, 1.0f), kNan);
  check(Vector(kDimensions, 1.0f), 0, 0);
  check({});
}

TEST_F(VectorIndexTest, BadVectorsAreRefusedAndTheLogGoesOn) {
  auto index = open(small());
  put(*index, "kept", Vector(kDimensions, 1.0f));
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const auto check = [&](const Vector& vector, float quality) {
    const auto refused = index->upsert("kept", vector, quality, 1, next_offset_++);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
    EXPECT_NE(refused.error().message.find("kept"), std::string::npos);
  };
  check(Vector(kDimensions, kNan), 0);
  check(Vector(kDimensions, -std::numeric_limits<float>::infinity()), 0);
  check(Vector(kDimensions, 1.0f), kNan);
  check(Vector(kDimensions + 1, 1.0f), 0);
  check({}, 0);
  index->refresh();
  EXPECT_EQ(index->snapshot()->size(), 1u);
  EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{1, next_offset_}));
  EXPECT_TRUE(index->upsert("huge", Vector(kDimensions, 1e30f), 2, 0, next_offset_++));
  index->refresh();
  EXPECT_EQ(index->snapshot()->size(), 2u);
}

TEST_F(VectorIndexTest, AZeroVectorIsNoVector) {
  auto index = open(small());
  fill(*index, 3);
  put(*index, "l1", Vector(kDimensions, 0.0f));
  put(*index, "new", Vector(kDimensions, 0.0f));
  index->refresh();
  Vector out(kDimensions);
  EXPECT_EQ(index->snapshot()->size(), 2u);
  EXPECT_FALSE(index->snapshot()->vector_of("l1", out));
}

TEST_F(VectorIndexTest, OfSeveralChangesOfOneIdTheLastCounts) {
  auto index = open(small(2));
  put(*index, "a", {1, 0});
  put(*index, "a", {0, 1});
  put(*index, "b", {1, 0});
  index->remove("b", 1, 0);
  index->remove("nobody", 1, 1);
  index->refresh();
  put(*index, "a", {-1, 0});
  const auto before = index->snapshot();
  index->refresh();
  const Vector query = {0, 1};
  EXPECT_NEAR(before->search({.vector = query})[0].score, 1, 1e-3);
  const auto hits = index->snapshot()->search({.vector = query});
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_NEAR(hits[0].score, 0, 1e-3);
}

TEST_F(VectorIndexTest, SmallOnesAreExactHoweverTheyCame) {
  auto one = open(small(), "one");
  fill(*one, 3000);
  auto other = open(small(), "other");
  Rng rng(1);
  std::vector<std::pair<Vector, float>> rows;
  for (std::size_t i = 0; i < 3000; ++i) {
    Vector vector = random_vector(rng);
    rows.emplace_back(std::move(vector), static_cast<float>(rng.below(101)) / 100);
  }
  for (std::size_t i = rows.size(); i-- > 0;) {
    put(*other, fmt::format("l{}", i), rows[(i * 7) % rows.size()].first);  // replaced below
    put(*other, fmt::format("l{}", i), rows[i].first, rows[i].second);
    if (i % 217 == 0) other->refresh();
    if (i % 1001 == 0) {
      EXPECT_TRUE(other->commit());
    }
  }
  other->refresh();
  Rng questions(5);
  for (int i = 0; i < 20; ++i) {
    const Vector vector = random_vector(questions);
    const VectorQuery query{.vector = vector, .quality_weight = 0.1f * static_cast<float>(i % 3), .top = 100};
    const auto hits = one->snapshot()->search(query);
    const auto exact = one->snapshot()->search_exact(query);
    const auto again = other->snapshot()->search(query);
    ASSERT_EQ(hits.size(), 100u);
    EXPECT_EQ(ids_of(hits), ids_of(exact));
    EXPECT_EQ(ids_of(hits), ids_of(again));
    EXPECT_TRUE(std::ranges::equal(hits, again, {}, &VectorHit::score, &VectorHit::score));
  }
}

TEST_F(VectorIndexTest, TiesGoToTheSmallerHash) {
  auto index = open(small(2));
  for (int i = 0; i < 50; ++i) put(*index, fmt::format("t{}", i), {1, 0});
  index->refresh();
  const Vector query = {1, 0};
  const auto hits = index->snapshot()->search({.vector = query, .top = 20});
  ASSERT_EQ(hits.size(), 20u);
  EXPECT_TRUE(std::ranges::is_sorted(hits, {}, &VectorHit::id_hash));
  std::size_t smaller = 0;
  for (int i = 0; i < 50; ++i) smaller += hash64(fmt::format("t{}", i)) <= hits.back().id_hash ? 1 : 0;
  EXPECT_EQ(smaller, 20u);
}

TEST_F(VectorIndexTest, TheGraphFindsNearlyAllOfTheExactAnswer) {
  auto index = open(with_graphs());
  fill(*index, 12'000);
  EXPECT_LT(index->stats().tail, 1000u);
  EXPECT_GE(index->stats().recall_at_100, 0.97);
  EXPECT_LE(index->stats().recall_at_100, 1);
  Rng rng(5);
  for (const float weight : {0.0f, 0.05f, 0.3f}) {
    double recall = 0;
    for (int i = 0; i < 50; ++i) {
      const Vector vector = random_vector(rng);
      const VectorQuery query{.vector = vector, .quality_weight = weight, .top = 100};
      recall += recall_of(index->snapshot()->search(query), index->snapshot()->search_exact(query)) / 50;
    }
    EXPECT_GE(recall, 0.97) << weight;
  }
}

TEST_F(VectorIndexTest, FiltersAreKeptWhateverTheirShare) {
  auto index = open(with_graphs());
  fill(*index, 12'000);
  Rng rng(5);
  for (const std::uint64_t one_in : {2, 5, 20, 200, 5000}) {
    for (const bool is_known : {true, false}) {
      double recall = 0;
      for (int i = 0; i < 20; ++i) {
        const Vector vector = random_vector(rng);
        const auto passes = [&](const VectorHit& hit) { return hit.id_hash % one_in == 0; };
        const auto accepts = [&](std::span<const VectorHit> asked, std::span<bool> yes) {
          EXPECT_TRUE(std::ranges::none_of(yes, [](bool one) { return one; }));
          std::ranges::transform(asked, yes.begin(), passes);
        };
        const VectorQuery query{.vector = vector,
                                .top = 100,
                                .accept = accepts,
                                .accept_share = is_known ? 1.0 / static_cast<double>(one_in) : 1.0};
        const auto hits = index->snapshot()->search(query);
        const auto exact = index->snapshot()->search_exact(query);
        EXPECT_TRUE(std::ranges::all_of(hits, passes));
        EXPECT_EQ(hits.size(), exact.size());
        recall += recall_of(hits, exact) / 20;
      }
      EXPECT_GE(recall, 0.97) << one_in << " " << is_known;
    }
  }
}

TEST_F(VectorIndexTest, AFilterThatOnlyFarListingsPassIsAnswered) {
  auto index = open(with_graphs());
  fill(*index, 8000);
  Rng rng(9);
  const Vector vector = random_vector(rng);
  std::map<std::string, float, std::less<>> scores;
  for (const VectorHit& hit : index->snapshot()->search_exact({.vector = vector, .top = 8000})) {
    scores.emplace(hit.id, hit.score);
  }
  const auto far = [&](std::span<const VectorHit> asked, std::span<bool> yes) {
    std::ranges::transform(asked, yes.begin(), [&](const VectorHit& hit) { return scores.find(hit.id)->second < 0; });
  };
  const VectorQuery query{.vector = vector, .top = 50, .accept = far, .accept_share = 0.5};
  EXPECT_GE(recall_of(index->snapshot()->search(query), index->snapshot()->search_exact(query)), 0.97);
}

TEST_F(VectorIndexTest, AgreesWithAMapThroughUpsertsRemovalsBuildsAndReopening) {
  std::map<std::string, std::pair<Vector, float>> expected;
  auto index = open(with_graphs());
  Rng rng(3);
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 300; ++i) {
      const std::string id = fmt::format("l{}", rng.below(6000));
      if (rng.chance(0.25)) {
        index->remove(id, 1, next_offset_++);
        expected.erase(id);
      } else {
        Vector vector = random_vector(rng);
        put(*index, id, vector, 0.5f);
        expected[id] = {std::move(vector), 0.5f};
      }
    }
    index->refresh();
    if (round % 7 == 3) {
      ASSERT_TRUE(index->commit());
    }
    if (round % 13 == 12) {
      ASSERT_TRUE(index->commit());
      const auto applied = index->applied();
      index = open(with_graphs());
      EXPECT_EQ(index->applied(), applied);
      EXPECT_EQ(index->stats().last_error, "");
    }
    ASSERT_EQ(index->snapshot()->size(), expected.size());
    auto twin = open(small(), "twin");
    for (const auto& [id, row] : expected) put(*twin, id, row.first, row.second);
    twin->refresh();
    const Vector vector = random_vector(rng);
    // Few hits with little effort: these graphs are small, and more would be found by scanning.
    const VectorQuery query{.vector = vector, .quality_weight = 0.1f, .top = 20, .effort = 40};
    const auto exact = index->snapshot()->search_exact(query);
    EXPECT_EQ(ids_of(exact), ids_of(twin->snapshot()->search_exact(query)));
    EXPECT_GE(recall_of(index->snapshot()->search(query), exact), 0.85);
  }
  EXPECT_GT(index->stats().dead, 0u);
  ASSERT_TRUE(index->compact());
  EXPECT_EQ(index->stats().dead, 0u);
  EXPECT_EQ(index->stats().segments, 1u);
  EXPECT_EQ(index->stats().live, expected.size());
  EXPECT_EQ(index->stats().tail, 0u);
}

TEST_F(VectorIndexTest, WhatWasNotCommittedIsForgottenAndAskedForAgain) {
  auto index = open(small());
  fill(*index, 100);
  ASSERT_TRUE(index->commit());
  const std::uint64_t committed = next_offset_;
  put(*index, "late", Vector(kDimensions, 1.0f));
  index->remove("l5", 0, next_offset_++);
  index->refresh();
  EXPECT_EQ(index->snapshot()->size(), 100u);
  index = open(small());
  EXPECT_EQ(index->snapshot()->size(), 100u);
  EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{committed, 0}));
  Vector out(kDimensions);
  EXPECT_TRUE(index->snapshot()->vector_of("l5", out));
  EXPECT_FALSE(index->snapshot()->vector_of("late", out));
}

TEST_F(VectorIndexTest, FilesThatNoManifestNamesGoAway) {
  auto index = open(small());
  fill(*index, 100);
  ASSERT_TRUE(index->commit());
  index.reset();
  ASSERT_TRUE(real_file_system().write_file((folder_ / "a" / "00000099.hvec").string(), "half a build"));
  index = open(small());
  EXPECT_FALSE(fs::exists(folder_ / "a" / "00000099.hvec"));
  EXPECT_EQ(index->snapshot()->size(), 100u);
}

TEST_F(VectorIndexTest, DamagedFilesStartEmpty) {
  const VectorOptions options = with_graphs();
  const auto check = [&](const std::function<void()>& harm, std::string_view what) {
    fs::remove_all(folder_);
    {
      auto index = open(options);
      fill(*index, 2000);
      ASSERT_TRUE(index->compact());
    }
    harm();
    auto index = open(options);
    EXPECT_EQ(index->snapshot()->size(), 0u) << what;
    EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{0, 0})) << what;
    EXPECT_NE(index->stats().last_error.find("start empty"), std::string::npos) << what;
    EXPECT_EQ(segment_file(), "") << what;
    put(*index, "again", Vector(kDimensions, 1.0f));
    index->refresh();
    EXPECT_TRUE(index->commit());
    EXPECT_EQ(open(options)->snapshot()->size(), 1u) << what;
  };
  for (const std::size_t at : {0, 5, 8, 20, 60, 90}) {
    check([&] { damage("manifest", at); }, fmt::format("manifest {}", at));
  }
  for (const std::size_t at : {0, 5, 64, 20'000, 100'000, 200'000, 300'000}) {
    check([&] { damage(segment_file(), at); }, fmt::format("segment {}", at));
  }
  check([&] { fs::resize_file(folder_ / "a" / "manifest", 30); }, "manifest cut short");
  check([&] { fs::resize_file(folder_ / "a" / segment_file(), 100'000); }, "segment cut short");
  check([&] { fs::resize_file(folder_ / "a" / segment_file(), 0); }, "segment empty");
  check([&] { fs::remove(folder_ / "a" / segment_file()); }, "segment gone");
  check([&] { EXPECT_TRUE(real_file_system().write_file((folder_ / "a" / "manifest").string(), "foreign")); },
        "foreign manifest");
}

// As after kill -9: nothing was committed, but files of the names that the old manifest listed are there again.
TEST_F(VectorIndexTest, WhatWasWrittenSinceADamageIsNotTakenForWhatWasThereBefore) {
  {
    auto index = open(with_graphs());
    fill(*index, 2000);
    ASSERT_TRUE(index->compact());
  }
  const std::string file = segment_file();
  damage(file, 20'000);
  {
    auto index = open(with_graphs());
    EXPECT_FALSE(fs::exists(folder_ / "a" / "manifest"));
    fill(*index, 2000, 2);
    ASSERT_TRUE(fs::exists(folder_ / "a" / file));
  }
  auto index = open(with_graphs());
  EXPECT_EQ(index->snapshot()->size(), 0u);
  EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{0, 0}));
}

TEST_F(VectorIndexTest, WhatCannotBeReadNowIsKept) {
  {
    auto index = open(small());
    fill(*index, 100);
    ASSERT_TRUE(index->commit());
  }
  const fs::path file = folder_ / "a" / segment_file();
  fs::rename(file, folder_ / "aside");
  fs::create_symlink(file, file);  // no open succeeds, whoever asks
  const auto refused = VectorIndex::open(real_file_system(), (folder_ / "a").string(), 2, small());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kIo);
  fs::rename(folder_ / "aside", file);
  EXPECT_EQ(open(small())->snapshot()->size(), 100u);
}

TEST_F(VectorIndexTest, AnotherEncoderStartsEmpty) {
  const auto check = [&](const VectorOptions& options, std::uint32_t partitions) {
    fs::remove_all(folder_);
    {
      auto index = open(small());
      fill(*index, 100);
      ASSERT_TRUE(index->commit());
    }
    auto index = VectorIndex::open(real_file_system(), (folder_ / "a").string(), partitions, options);
    ASSERT_TRUE(index.has_value());
    EXPECT_EQ((*index)->snapshot()->size(), 0u);
    EXPECT_EQ((*index)->applied(), std::vector<std::uint64_t>(partitions));
  };
  VectorOptions other = small();
  other.fingerprint = "encoder 2";
  check(other, 2);
  check(small(kDimensions + 1), 2);
  check(small(), 3);
}

TEST_F(VectorIndexTest, DimensionsHaveBounds) {
  for (const std::size_t dimensions : {0, 4097}) {
    const auto index = VectorIndex::open(real_file_system(), (folder_ / "a").string(), 1, small(dimensions));
    ASSERT_FALSE(index.has_value());
    EXPECT_EQ(index.error().code, Code::kInvalidArgument);
  }
  for (const std::size_t dimensions : {1, 7, 4096}) {
    auto index = open(small(dimensions), fmt::format("{}", dimensions));
    put(*index, "a", Vector(dimensions, 1.0f));
    index->refresh();
    EXPECT_TRUE(index->compact());
    const Vector query(dimensions, 1.0f);
    EXPECT_EQ(index->snapshot()->search({.vector = query}).size(), 1u);
  }
}

TEST_F(VectorIndexTest, ManyEqualVectorsAreSearched) {
  auto index = open(with_graphs());
  for (int i = 0; i < 3000; ++i) put(*index, fmt::format("l{}", i), Vector(kDimensions, 1.0f));
  index->refresh();
  const Vector query(kDimensions, 1.0f);
  EXPECT_EQ(index->snapshot()->search({.vector = query, .top = 300}).size(), 300u);
  EXPECT_EQ(index->snapshot()->search({.vector = query, .top = 100'000}).size(), 3000u);
}

TEST_F(VectorIndexTest, ReadersSeeWholeSnapshotsWhileTheBackgroundBuilds) {
  VectorOptions options = with_graphs();
  options.background = true;
  auto index = open(options);
  std::atomic<bool> is_done{false};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&, reader] {
      Rng rng(static_cast<std::uint64_t>(reader));
      while (!is_done) {
        const auto snapshot = index->snapshot();
        const Vector vector = random_vector(rng);
        const auto hits = snapshot->search({.vector = vector, .top = 50});
        EXPECT_EQ(hits.size(), std::min<std::size_t>(50, snapshot->size()));
        std::set<std::string_view> ids;
        for (const VectorHit& hit : hits) EXPECT_TRUE(ids.insert(hit.id).second);
        (void)index->stats();
      }
    });
  }
  Rng rng(1);
  std::set<std::string> expected;
  for (int i = 0; i < 6000; ++i) {
    const std::string id = fmt::format("l{}", rng.below(4000));
    put(*index, id, random_vector(rng));
    expected.insert(id);
    if (i % 100 == 99) {
      index->refresh();
      EXPECT_EQ(index->snapshot()->size(), expected.size());
    }
    if (i % 1000 == 999) {
      EXPECT_TRUE(index->commit());
    }
  }
  is_done = true;
  readers.clear();
  EXPECT_TRUE(index->compact());
  EXPECT_EQ(index->snapshot()->size(), expected.size());
  EXPECT_EQ(index->stats().last_error, "");
  index.reset();
  EXPECT_EQ(open(options)->snapshot()->size(), expected.size());
}

TEST_F(VectorIndexTest, ABuildStopsWhenTheIndexCloses) {
  VectorOptions options = with_graphs();
  options.background = true;
  auto index = open(options);
  fill(*index, 20'000);
  index.reset();
  EXPECT_EQ(open(options)->snapshot()->size(), 0u);  // nothing was committed
}

}  // namespace
}  // namespace handsel::vectors
