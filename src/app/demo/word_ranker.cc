#include "app/demo/word_ranker.h"

#include <algorithm>
#include <charconv>
#include <thread>
#include <unordered_map>
#include <utility>

#include "analysis/text/analyzer.h"
#include "app/demo/internal/world.h"
#include "base/core/file_system.h"
#include "base/core/rng.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::demo {
namespace {

constexpr std::uint64_t kListingsAtOnce = 2'000;
constexpr std::size_t kFound = 200;  // of these a page is drawn
constexpr std::size_t kTextsMax = 100'000;
// Of the best score; so much that the first of a page is found at other places too, and so little
// that who has all the words stays before who has half of them.
constexpr double kNoise = 0.1;

// What was found for a text, best first.
struct Found {
  std::uint32_t sampled = 0;
  float score = 0;  // of the best: 1
};

class WordRanker {
 public:
  static Result<std::shared_ptr<WordRanker>> create(const Marketplace& marketplace, const std::string& folder,
                                                    std::uint64_t noise_seed) {
    auto made = std::shared_ptr<WordRanker>(new WordRanker(marketplace, noise_seed));
    HANDSEL_TRY(made->index_sample(folder));
    return made;
  }

  Page page(const Query& query) {
    if (found_.size() >= kTextsMax) found_.clear();
    const auto [found, is_new] = found_.try_emplace(query.language + '\n' + query.text);
    if (is_new) found->second = search(query);
    std::vector<std::pair<double, std::uint64_t>> drawn;
    drawn.reserve(found->second.size());
    for (const Found& hit : found->second)
      drawn.emplace_back(hit.score + kNoise * noise_.normal(), sampled_listing(marketplace_.options(), hit.sampled));
    const std::size_t top = std::min(drawn.size(), kPageSize);
    std::ranges::partial_sort(drawn, drawn.begin() + static_cast<std::ptrdiff_t>(top), std::greater<>());
    Page page;
    for (std::size_t i = 0; i < top; ++i) page.listings.push_back(drawn[i].second);
    return page;
  }

 private:
  WordRanker(const Marketplace& marketplace, std::uint64_t noise_seed)
      : marketplace_(marketplace), noise_(Rng(marketplace.options().seed ^ (noise_seed * 0x9e3779b97f4a7c15ull))) {}

  Result<void> index_sample(const std::string& folder) {
    HANDSEL_TRY(real_file_system().make_folders(folder));
    HANDSEL_ASSIGN(index_, index::Index::open(real_file_system(), folder, analyzer_, 1,
                                              {.tail_documents_max = kSampleMax + 1,
                                               .tail_bytes_max = std::size_t{4} << 30,
                                               .background = false}));
    const std::uint64_t count = sample_size(marketplace_.options());
    for (std::uint64_t begin = 0; begin < count; begin += kListingsAtOnce) {
      std::vector<catalog::Listing> listings;
      for (std::uint64_t i = begin; i < std::min(begin + kListingsAtOnce, count); ++i) {
        listings.push_back(marketplace_.listing(sampled_listing(marketplace_.options(), i)));
        listings.back().id = std::to_string(i);
      }
      std::vector<index::Index::Change> changes;
      for (const catalog::Listing& listing : listings)
        changes.push_back({.listing = &listing, .id = listing.id, .position = {.partition = 0, .offset = begin}});
      index_->apply(changes, std::max(1u, std::thread::hardware_concurrency()));
    }
    index_->refresh();
    snapshot_ = index_->snapshot();
    return {};
  }

  std::vector<Found> search(const Query& query) const {
    const query::ParsedQuery parsed = query::parse_query(analyzer_, query.text, query.language);
    const query::QueryPlan plan = query::plan_query(parsed, nullptr, analyzer_, *snapshot_, {});
    index::IndexQuery asked;
    asked.groups = plan.groups;
    asked.match = index::Match::kAny;
    asked.top = kFound;
    const auto answer = index::search(*snapshot_, asked);
    std::vector<Found> found;
    if (!answer || answer->hits.empty()) return found;
    const double best = std::max(1, answer->hits.front().score);  // 0 where nothing was asked for
    for (const index::Hit& hit : answer->hits) {
      const std::string_view id = index::doc_info(*snapshot_, hit.doc).id;
      std::uint32_t sampled = 0;
      std::from_chars(id.data(), id.data() + id.size(), sampled);
      found.push_back({.sampled = sampled, .score = static_cast<float>(hit.score / best)});
    }
    return found;
  }

  const Marketplace& marketplace_;
  Rng noise_;
  const text::Analyzer analyzer_;
  std::unique_ptr<index::Index> index_;
  std::shared_ptr<const index::Snapshot> snapshot_;
  std::unordered_map<std::string, std::vector<Found>> found_;  // by language and text
};

}  // namespace

Result<Ranker> make_word_ranker(const Marketplace& marketplace, const std::string& folder, std::uint64_t noise_seed) {
  HANDSEL_ASSIGN(const auto ranker, WordRanker::create(marketplace, folder, noise_seed));
  return Ranker([ranker](const Query& query) { return ranker->page(query); });
}

}  // namespace handsel::demo
