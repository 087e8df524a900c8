// The floor under the untrained search: real products and real judgments, through
// the mapping that examples/esci shows and the engine that serves.
//
// Measured when the floors were set: NDCG@10 0.698 (95 % of bootstraps 0.641 to
// 0.756), recall@100 0.909 (0.860 to 0.949), 75 queries. What is known from
// elsewhere on the same queries: plain BM25 over one field 0.585 and 0.793.
#include <filesystem>

#include <gtest/gtest.h>

#include "app/engine/engine.h"
#include "facts/catalog/import/import.h"
#include "facts/catalog/import/mapping.h"
#include "proof/evaluate/evaluation.h"

namespace handsel {
namespace {

constexpr double kNdcgFloor = 0.65;
constexpr double kRecallFloor = 0.87;
constexpr std::uint64_t kFingerprint = 0x5c816faeaefeb009;  // of the judged data that the floors belong to

const std::string kData = HANDSEL_SOURCE_DIR "/../shared/data/esci-us-sample";

Result<void> import_products(Engine& engine) {
  HANDSEL_ASSIGN(const catalog::Mapping mapping,
                 catalog::load_mapping(real_file_system(), HANDSEL_SOURCE_DIR "/examples/esci/mapping.toml"));
  HANDSEL_ASSIGN(const auto source, catalog::open_source(kData + "/products.jsonl.gz"));
  const auto put = [&](std::span<catalog::Row<catalog::Listing>> rows) -> Result<void> {
    std::vector<catalog::Listing> listings;
    for (catalog::Row<catalog::Listing>& row : rows) listings.push_back(std::move(row.value));
    HANDSEL_TRY(engine.put_listings(listings));
    return {};
  };
  const auto refuse = [](const catalog::RefusedRow& row) -> Result<void> {
    return fail(Code::kInvalidData, "line {}: {}", row.line, row.reason);
  };
  const catalog::ImportSummary summary = catalog::import_listings(*source, {.mapping = &mapping}, put, refuse);
  if (summary.error) return std::unexpected(*summary.error);
  EXPECT_EQ(summary.accepted, 6764u);
  return engine.catch_up();
}

Result<evaluate::JudgedSet> read_set() {
  HANDSEL_ASSIGN(const evaluate::Gains gains, evaluate::parse_gains("E=1,S=0.1,C=0.01,I=0"));
  HANDSEL_ASSIGN(const std::string queries, real_file_system().read_file(kData + "/query.csv"));
  HANDSEL_ASSIGN(const std::string judgments, real_file_system().read_file(kData + "/label.dev.csv"));
  return evaluate::read_judged_set(queries, judgments, gains);
}

TEST(Quality, EsciUntrained) {
  if (!std::filesystem::exists(kData + "/products.jsonl.gz")) GTEST_SKIP() << "no data";
  const std::string folder = testing::TempDir() + "/quality-esci";
  std::filesystem::remove_all(folder);
  const SystemClock clock;
  const auto engine = Engine::open({.folder = folder}, clock);
  ASSERT_TRUE(engine) << engine.error().message;
  const auto imported = import_products(**engine);
  ASSERT_TRUE(imported) << imported.error().message;
  const auto set = read_set();
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->fingerprint, kFingerprint) << "other judgments: the floors say nothing about them";

  const evaluate::Ranker ranker = [&](const evaluate::JudgedQuery& query) -> Result<std::vector<std::string>> {
    HANDSEL_ASSIGN(const search::SearchResponse response, (*engine)->search({.query = query.text, .limit = 100}));
    std::vector<std::string> ids;
    for (const search::SearchHit& hit : response.hits) ids.push_back(hit.listing.id);
    return ids;
  };
  const auto run = evaluate::measure(*set, ranker, {.name = "untrained", .cutoffs = {10, 100}});
  ASSERT_TRUE(run) << run.error().message;
  for (const evaluate::MetricSummary& summary : evaluate::summarise(*run)) {
    if (summary.metric == "ndcg@10") EXPECT_GE(summary.mean, kNdcgFloor) << evaluate::to_table(*run);
    if (summary.metric == "recall@100") EXPECT_GE(summary.mean, kRecallFloor) << evaluate::to_table(*run);
  }
}

}  // namespace
}  // namespace handsel
