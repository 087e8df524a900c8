#include "base/storage/artefact_store.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

namespace handsel::storage {
namespace {

namespace fs = std::filesystem;

class ArtefactStoreTest : public testing::Test {
 protected:
  ArtefactStoreTest() { fs::remove_all(folder_); }
  ~ArtefactStoreTest() override { fs::remove_all(folder_); }

  std::string put(const std::string& bytes) {
    clock_.advance_ms(1);
    auto id = store_.put({.kind = "ranker",
                          .seed = 7,
                          .data_fingerprint = "abc",
                          .features = {"match", "age"},
                          .metrics = {{"ndcg@10", 0.5}},
                          .details = {{"xgboost", "1.7.4"}}},
                         {{"trees.bin", bytes}, {"notes.txt", "x"}});
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }
  void overwrite(const std::string& id, const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / "ranker" / id / name, std::ios::trunc) << bytes;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "handsel_artefact_store_test";
  ManualClock clock_{1'767'225'600'123};
  ArtefactStore store_{real_file_system(), clock_, folder_.string()};
};

TEST_F(ArtefactStoreTest, KeepsWhatWasPut) {
  EXPECT_TRUE(store_.list()->artefacts.empty());
  const std::string id = put("trees");
  EXPECT_TRUE(id.starts_with("20260101T000000.124-")) << id;
  const auto artefact = store_.open("ranker", id);
  ASSERT_TRUE(artefact) << artefact.error().message;
  EXPECT_EQ(artefact->files.at("trees.bin")->bytes(), "trees");
  EXPECT_EQ(artefact->manifest.features, (std::vector<std::string>{"match", "age"}));
  EXPECT_EQ(artefact->manifest.seed, 7u);
  EXPECT_EQ(artefact->manifest.metrics.at("ndcg@10"), 0.5);
  EXPECT_EQ(store_.list()->artefacts.size(), 1u);
}

TEST_F(ArtefactStoreTest, PromotesAndRollsBack) {
  EXPECT_EQ(*store_.promoted("ranker"), std::nullopt);
  EXPECT_TRUE(store_.promotions("ranker")->empty());
  const std::string first = put("1");
  const std::string second = put("2");
  EXPECT_TRUE(store_.promote("ranker", first));
  EXPECT_EQ(*store_.rollback("ranker"), std::nullopt);
  EXPECT_EQ(*store_.promoted("ranker"), std::nullopt);
  EXPECT_EQ(store_.rollback("ranker").error().code, Code::kNotFound);
  EXPECT_TRUE(store_.promote("ranker", first));
  EXPECT_TRUE(store_.promote("ranker", second));
  EXPECT_TRUE(store_.promote("ranker", second));  // once more changes nothing
  EXPECT_EQ(*store_.promoted("ranker"), second);
  EXPECT_EQ(*store_.promotions("ranker"), (std::vector<std::string>{first, second}));
  EXPECT_EQ(*store_.rollback("ranker"), first);
  EXPECT_EQ(*store_.promoted("ranker"), first);
  EXPECT_EQ(*store_.promotions("ranker"), std::vector<std::string>{first});
}

TEST_F(ArtefactStoreTest, ACopyHasEverythingAndServesTheSame) {
  const std::string first = put("1");
  const std::string second = put("2");
  ASSERT_TRUE(store_.promote("ranker", first));
  ASSERT_TRUE(store_.promote("ranker", second));
  ASSERT_TRUE(store_.challenge("ranker", first, 0.25));
  const std::string folder = (folder_ / "copy").string();
  ASSERT_TRUE(store_.copy_to(folder));
  ArtefactStore copy(real_file_system(), clock_, folder);
  EXPECT_EQ(copy.list()->artefacts, store_.list()->artefacts);
  EXPECT_EQ(copy.open("ranker", second)->files.at("trees.bin")->bytes(), "2");
  EXPECT_EQ(*copy.promoted("ranker"), second);
  EXPECT_EQ(*copy.challenger("ranker"), *store_.challenger("ranker"));
  EXPECT_EQ(*copy.rollback("ranker"), first);
  // Nothing was ever learned: nothing to copy.
  EXPECT_TRUE(ArtefactStore(real_file_system(), clock_, folder + "/none").copy_to(folder + "/other"));
}

// The real files, with something that happens as soon as one is mapped.
class InterruptedFiles final : public FileSystem {
 public:
  explicit InterruptedFiles(std::function<void()> interrupt) : interrupt_(std::move(interrupt)) {}
  Result<std::shared_ptr<const FileBytes>> map_file(const std::string& path) override {
    if (interrupt_) std::exchange(interrupt_, nullptr)();
    return real_.map_file(path);
  }
  Result<std::string> read_file(const std::string& path) override { return real_.read_file(path); }
  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override { return real_.create_file(path); }
  Result<void> make_folders(const std::string& path) override { return real_.make_folders(path); }
  Result<std::vector<std::string>> list_folder(const std::string& path) override { return real_.list_folder(path); }
  Result<void> remove_file(const std::string& path) override { return real_.remove_file(path); }
  bool exists(const std::string& path) override { return real_.exists(path); }

 private:
  FileSystem& real_ = real_file_system();
  std::function<void()> interrupt_;
};

TEST_F(ArtefactStoreTest, ACopyNamesNoModelThatAnotherProcessMadeMeanwhile) {
  const std::string before = put("1");
  ASSERT_TRUE(store_.promote("ranker", before));
  std::string meanwhile;
  InterruptedFiles files([&] {
    meanwhile = put("2");
    ASSERT_TRUE(store_.promote("ranker", meanwhile));
  });
  const std::string folder = (folder_ / "copy").string();
  ASSERT_TRUE(ArtefactStore(files, clock_, folder_.string()).copy_to(folder));
  EXPECT_EQ(*store_.promoted("ranker"), meanwhile);
  const ArtefactStore copy(real_file_system(), clock_, folder);
  EXPECT_EQ(*copy.promoted("ranker"), before);
  EXPECT_TRUE(copy.open("ranker", before));
}

// A training and 'handsel model promote', say: each with a store of its own.
TEST_F(ArtefactStoreTest, NoPromotionOfTwoProcessesIsLost) {
  constexpr int kTimes = 40;
  const auto promote_in_turns = [&](const std::string& one, const std::string& other) {
    ArtefactStore own(real_file_system(), clock_, folder_.string());
    for (int i = 0; i < kTimes; ++i) ASSERT_TRUE(own.promote("ranker", i % 2 == 0 ? one : other));
  };
  const std::vector<std::string> ids = {put("1"), put("2"), put("3"), put("4")};
  {
    const std::jthread first([&] { promote_in_turns(ids[0], ids[1]); });
    promote_in_turns(ids[2], ids[3]);
  }
  std::ifstream file(folder_ / "ranker" / "promoted");
  std::map<std::string, int> promoted;
  for (std::string line; std::getline(file, line);) ++promoted[line];
  for (const std::string& id : ids) EXPECT_EQ(promoted[id], kTimes / 2) << id;
}

TEST_F(ArtefactStoreTest, RefusesWhatIsDamaged) {
  const std::string id = put("trees");
  overwrite(id, "trees.bin", "treez");
  EXPECT_EQ(store_.open("ranker", id).error().code, Code::kCorrupt);
  EXPECT_EQ(store_.promote("ranker", id).error().code, Code::kCorrupt);
  const fs::path file = folder_ / "ranker" / id / "trees.bin";
  fs::remove(file);
  EXPECT_EQ(store_.open("ranker", id).error().code, Code::kCorrupt);
  fs::create_symlink(file, file);  // no open succeeds, whoever asks: that may pass
  EXPECT_EQ(store_.open("ranker", id).error().code, Code::kIo);
  for (const char* manifest : {"", "{}", "[1]", "{\"kind\":\"ranker\"}", "\xff\xfe"}) {
    overwrite(id, "manifest.json", manifest);
    EXPECT_EQ(store_.open("ranker", id).error().code, Code::kCorrupt) << manifest;
    EXPECT_EQ(store_.list()->damaged.size(), 1u) << manifest;
  }
}

TEST_F(ArtefactStoreTest, HalfWrittenIsNotThere) {
  const std::string id = put("trees");
  fs::remove(folder_ / "ranker" / id / "manifest.json");  // killed before the last file
  EXPECT_TRUE(store_.list()->artefacts.empty());
  EXPECT_EQ(store_.open("ranker", id).error().code, Code::kNotFound);
}

TEST_F(ArtefactStoreTest, StrangeFilesBesideAreNamed) {
  const std::string id = put("trees");
  std::ofstream(folder_ / "notes.txt") << "not ours";
  const auto listing = store_.list();
  ASSERT_TRUE(listing) << listing.error().message;
  EXPECT_EQ(listing->artefacts.size(), 1u);
  EXPECT_EQ(listing->damaged.size(), 1u);
}

TEST_F(ArtefactStoreTest, NamesAreNotPaths) {
  for (const char* name : {"", "..", "../x", "a/b", ".hidden", "-x"}) {
    EXPECT_EQ(store_.open("ranker", name).error().code, Code::kInvalidArgument) << name;
    EXPECT_EQ(store_.put({.kind = name}, {}).error().code, Code::kInvalidArgument) << name;
    EXPECT_EQ(store_.put({.kind = "ranker"}, {{name, ""}}).error().code, Code::kInvalidArgument) << name;
  }
  EXPECT_EQ(store_.put({.kind = "ranker"}, {{"manifest.json", ""}}).error().code, Code::kInvalidArgument);
}

TEST_F(ArtefactStoreTest, AChallengerIsKeptUntilItEnds) {
  const std::string serving = put("trees");
  clock_.advance_ms(1000);
  const std::string other = put("other trees");
  ASSERT_TRUE(store_.promote("ranker", serving));
  EXPECT_EQ(*store_.challenger("ranker"), std::nullopt);
  EXPECT_FALSE(*store_.end_challenge("ranker"));
  for (const double share : {0.0, -1.0, 1.1, std::nan("")}) {
    EXPECT_EQ(store_.challenge("ranker", other, share).error().code, Code::kInvalidArgument) << share;
  }
  EXPECT_EQ(store_.challenge("ranker", serving, 0.2).error().code, Code::kInvalidArgument);
  EXPECT_EQ(store_.challenge("ranker", "no-such", 0.2).error().code, Code::kNotFound);
  ASSERT_TRUE(store_.challenge("ranker", other, 0.2));
  EXPECT_EQ(*store_.challenger("ranker"), (Challenger{other, 0.2, clock_.now_ms()}));
  EXPECT_EQ(store_.list()->artefacts.size(), 2u);
  EXPECT_TRUE(*store_.end_challenge("ranker"));
  EXPECT_EQ(*store_.challenger("ranker"), std::nullopt);
}

TEST_F(ArtefactStoreTest, ADamagedChallengerIsNamed) {
  const std::string id = put("trees");
  for (const std::string text : {"", "x", "x\n0.2\n", "../x\n0.2\n1\n", "x\nnan\n1\n", "x\n2\n1\n", "x\n0.2\n1y\n"}) {
    std::ofstream(folder_ / "ranker" / "challenger") << text;
    const auto read = store_.challenger("ranker");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
}

}  // namespace
}  // namespace handsel::storage
