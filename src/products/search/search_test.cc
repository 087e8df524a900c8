// The file is long because the whole read path is tested here, over one catalogue, with a
// twin that reads every listing.
#include "products/search/search.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "analysis/text/fold.h"
#include "base/core/rng.h"
#include "ranking/pipeline/rank.h"
#include "ranking/query/query_model.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel::search {
namespace {

using catalog::Listing;
using query::SmallCatalogue;
using Ids = std::vector<std::string>;

class SearchTest : public testing::Test {
 protected:
  SearchContext context() {
    snapshot_ = snapshots_.emplace_back(catalogue_.snapshot());
    return {.snapshot = *snapshot_,
            .analyzer = catalogue_.analyzer(),
            .query_model = model_.get(),
            .load_listing = [this](const index::DocInfo& info) { return catalogue_.load(info); }};
  }

  void build_model() {
    const auto snapshot = catalogue_.snapshot();
    model_ = query::build_query_model({.snapshot = *snapshot,
                                       .analyzer = catalogue_.analyzer(),
                                       .load_listing = [this](const auto& info) { return catalogue_.load(info); },
                                       .searches = {},
                                       .synonyms = {}});
  }

  SearchResponse ask(const SearchRequest& request) {
    auto response = search(context(), request);
    EXPECT_TRUE(response.has_value()) << response.error().message;
    return response ? std::move(*response) : SearchResponse{};
  }

  std::string error_of(const SearchRequest& request) {
    const auto response = search(context(), request);
    EXPECT_FALSE(response.has_value());
    return response ? "" : response.error().message;
  }

  static Ids ids(const SearchResponse& response) {
    Ids out;
    for (const SearchHit& hit : response.hits) out.push_back(hit.listing.id);
    return out;
  }

  // Page after page by cursor; each page's ids.
  std::vector<Ids> walk(SearchRequest request) {
    std::vector<Ids> pages;
    for (int guard = 0; guard < 2'000; ++guard) {
      const SearchResponse response = ask(request);
      pages.push_back(ids(response));
      if (response.next_cursor.empty()) return pages;
      request.cursor = response.next_cursor;
      request.offset = 0;
    }
    ADD_FAILURE() << "the walk does not end";
    return pages;
  }

  static Ids all_of(const std::vector<Ids>& pages) {
    Ids out;
    for (const Ids& page : pages) out.insert(out.end(), page.begin(), page.end());
    return out;
  }

  void put_random_listings(int count) {
    Rng rng(17);
    static constexpr std::array kWords = {"linen", "apron", "mug",  "wool", "ring",  "silver", "oak",
                                          "bowl",  "moon",  "blue", "gift", "small", "the",    "without"};
    const auto words = [&](std::uint64_t n) {
      std::string text;
      for (; n > 0; --n) text += std::string(kWords[rng.below(1 + rng.below(kWords.size()))]) + " ";
      return text;
    };
    for (int i = 0; i < count; ++i) {
      Listing listing{.id = fmt::format("id{}", i),
                      .shop_name = fmt::format("Shop {}", rng.below(9)),
                      .title = words(2 + rng.below(5)),
                      .description = words(rng.below(12)),
                      .language = "en"};
      if (rng.chance(0.7)) listing.tags = {words(1), words(2)};
      if (rng.chance(0.8))
        listing.taxonomy_path = {fmt::format("Root {}", rng.below(3)), fmt::format("Leaf {}", rng.below(5))};
      if (rng.chance(0.8)) listing.attributes = {{"color", rng.chance(0.5) ? "Blue" : "Ivory"}};
      if (rng.chance(0.9)) listing.price_cents = rng.between(100, 3000);
      catalogue_.put(listing);
    }
    for (int i = 0; i < count; i += 17) catalogue_.remove(fmt::format("id{}", i));
  }

  SmallCatalogue catalogue_{"search"};
  std::shared_ptr<const index::Snapshot> snapshot_;                // of the last context
  std::vector<std::shared_ptr<const index::Snapshot>> snapshots_;  // contexts borrow them
  std::shared_ptr<const query::QueryModel> model_;
};

// --- the obvious twin ---------------------------------------------------------

// Filters in the language, and what they mean.
struct NamedFilter {
  const char* text;
  std::function<bool(const Listing&)> passes;
};
const std::vector<NamedFilter>& filters() {
  static const std::vector<NamedFilter> all = {
      {"", [](const Listing&) { return true; }},
      {"price < 15", [](const Listing& l) { return l.price_cents && *l.price_cents < 1500; }},
      {"attr.Color = BLUE", [](const Listing& l) { return !l.attributes.empty() && l.attributes[0].value == "Blue"; }},
      {"not taxonomy: \"Root 1\"",
       [](const Listing& l) { return l.taxonomy_path.empty() || l.taxonomy_path[0] != "Root 1"; }},
      {"taxonomy: \"Root 0 > Leaf 2\" or shop in (\"Shop 1\", \"Shop 2\")",
       [](const Listing& l) {
         return l.taxonomy_path == std::vector<std::string>{"Root 0", "Leaf 2"} || l.shop_name == "Shop 1" ||
                l.shop_name == "Shop 2";
       }},
  };
  return all;
}

// Reads every listing with the analyser, and counts by hand.
class Twin {
 public:
  Twin(const SmallCatalogue& catalogue, const index::Snapshot& snapshot, const query::QueryModel* model)
      : catalogue_(catalogue), snapshot_(snapshot), model_(model) {}

  struct Answer {
    std::vector<Listing> matches;
    bool relaxed = false;
    Ids order;  // all matches, best first
  };

  Answer answer(const SearchRequest& request, const std::function<bool(const Listing&)>& passes) const {
    const auto parsed = query::parse_query(catalogue_.analyzer(), request.query, request.language);
    const query::QueryPlan plan = query::plan_query(parsed, model_, catalogue_.analyzer(), snapshot_,
                                                    {.unknown_words_required = request.match == MatchRule::kAll});
    Answer answer;
    bool any = request.match == MatchRule::kAny ||
               (request.match == MatchRule::kAuto && !plan.negation.empty() && request.sort.column.empty());
    answer.matches = matches(plan, passes, any);
    const std::size_t enough = request.sort.column.empty() ? kRelaxBelow : 1;
    const bool looser = std::ranges::count_if(plan.groups, &index::TermGroup::required) > 1;
    if (request.match == MatchRule::kAuto && !any && answer.matches.size() < enough && looser) {
      any = true;
      answer.matches = matches(plan, passes, any);
    }
    answer.relaxed = any && request.match == MatchRule::kAuto;
    answer.order = order(request, plan, any, answer.matches);
    return answer;
  }

 private:
  std::set<std::string> terms_of(const Listing& listing) const {
    std::set<std::string> terms;
    const auto add = [&](std::string_view text) {
      catalogue_.analyzer().visit_tokens(text, "en", [&](const text::TokenView& t) { terms.emplace(t.term); });
    };
    add(listing.title);
    add(listing.description);
    add(listing.shop_name);
    for (const auto& tag : listing.tags) add(tag);
    for (const auto& name : listing.taxonomy_path) add(name);
    for (const auto& attribute : listing.attributes) add(attribute.value);
    return terms;
  }

  std::vector<Listing> matches(const query::QueryPlan& plan, const std::function<bool(const Listing&)>& passes,
                               bool any) const {
    std::vector<Listing> out;
    const bool none_required = std::ranges::none_of(plan.groups, &index::TermGroup::required);
    for (const Listing& listing : catalogue_.listings()) {
      const auto terms = terms_of(listing);
      if (!passes(listing)) continue;
      if (std::ranges::any_of(plan.excluded, [&](const auto& term) { return terms.contains(term); })) continue;
      std::size_t required = 0;
      std::size_t found = 0;
      for (std::size_t i = 0; i < plan.groups.size(); ++i) {
        const bool counts = plan.groups[i].required || none_required ||
                            (any && std::ranges::find(plan.sequence, i) != plan.sequence.end());
        if (!counts) continue;
        ++required;
        found += std::ranges::any_of(plan.groups[i].variants, [&](const auto& v) { return terms.contains(v.term); });
      }
      if (plan.groups.empty() || (any ? found > 0 : found == required)) out.push_back(listing);
    }
    return out;
  }

  // The index's order by its own twin; then the features for the best.
  Ids order(const SearchRequest& request, const query::QueryPlan& plan, bool any,
            const std::vector<Listing>& matches) const {
    index::IndexQuery query{.groups = plan.groups,
                            .excluded = plan.excluded,
                            .match = any ? index::Match::kAny : index::Match::kAll,
                            .sort = request.sort,
                            .top = 100'000};
    if (any) {
      for (const std::size_t i : plan.sequence) query.groups[i].required = true;
    }
    std::set<std::string> wanted;
    for (const Listing& listing : matches) wanted.insert(listing.id);
    std::vector<index::Hit> hits = index::search_exhaustive(snapshot_, query).value().hits;
    std::erase_if(hits, [&](const index::Hit& hit) {
      return !wanted.contains(std::string(index::doc_info(snapshot_, hit.doc).id));
    });
    if (request.sort.column.empty() && !plan.groups.empty()) {
      const std::size_t head = std::min(hits.size(), pipeline::kRankedMax);
      const auto ranked = pipeline::rank(snapshot_, plan, std::span(hits).first(head), {}, nullptr);
      for (std::size_t i = 0; i < head; ++i) hits[i] = ranked.items[i].hit;
    }
    Ids ids;
    for (const index::Hit& hit : hits) ids.emplace_back(index::doc_info(snapshot_, hit.doc).id);
    return ids;
  }

  const SmallCatalogue& catalogue_;
  const index::Snapshot& snapshot_;
  const query::QueryModel* model_;
};

std::map<std::string, std::uint64_t> counts_of(const std::vector<Listing>& listings, std::string_view field) {
  std::map<std::string, std::uint64_t> counts;
  for (const Listing& listing : listings) {
    if (field == "attr.color") {
      for (const auto& attribute : listing.attributes) ++counts[attribute.value];
    } else if (field == "shop") {
      ++counts[listing.shop_name];
    } else {
      std::string path;
      for (const auto& name : listing.taxonomy_path) ++counts[path += (path.empty() ? "" : " > ") + name];
    }
  }
  return counts;
}

TEST_F(SearchTest, AgreesWithReadingEveryListing) {
  put_random_listings(900);
  build_model();
  const SearchContext context = this->context();
  const Twin twin(catalogue_, *snapshot_, model_.get());
  Rng rng(23);
  static constexpr std::array kQueries = {"linen apron",
                                          "mug",
                                          "the moon",
                                          "ring without silver",
                                          "linen -apron",
                                          "oak bowl gift",
                                          "small gift blue",
                                          "linen xyzzy",
                                          "",
                                          "lnien apron",
                                          "gift the small moon wool"};
  for (int round = 0; round < 120; ++round) {
    const NamedFilter& filter = filters()[rng.below(filters().size())];
    SearchRequest request{.query = kQueries[rng.below(kQueries.size())], .language = "en", .filter = filter.text};
    request.match = static_cast<MatchRule>(rng.below(3));
    if (rng.chance(0.3)) request.sort = {.column = "price", .descending = rng.chance(0.5)};
    request.facets = {{.field = "shop", .limit = 100}, {.field = "taxonomy", .limit = 100}, {.field = "attr.Color"}};
    request.limit = 1 + rng.below(60);
    const std::string named = fmt::format("'{}' {} sort '{}' match {} limit {}", request.query, request.filter,
                                          request.sort.column, static_cast<int>(request.match), request.limit);

    const Twin::Answer wanted = twin.answer(request, filter.passes);
    ASSERT_EQ(wanted.order.size(), wanted.matches.size()) << named;
    const SearchResponse first = search(context, request).value();
    EXPECT_EQ(first.total, wanted.matches.size()) << named;
    EXPECT_TRUE(first.total_exact) << named;
    EXPECT_EQ(first.relaxed, wanted.relaxed) << named;
    for (const index::Facet& facet : first.facets) {
      std::map<std::string, std::uint64_t> counts;
      for (const auto& value : facet.values) counts[value.value] = value.count;
      EXPECT_EQ(counts, counts_of(wanted.matches, facet.field)) << named << " " << facet.field;
    }
    ASSERT_EQ(all_of(walk(request)), wanted.order) << named;

    request.offset = rng.below(wanted.order.size() + 3);
    const std::size_t begin = std::min(request.offset, wanted.order.size());
    const std::size_t end = std::min(begin + request.limit, wanted.order.size());
    const SearchResponse page = ask(request);
    ASSERT_EQ(ids(page), Ids(wanted.order.begin() + static_cast<std::ptrdiff_t>(begin),
                             wanted.order.begin() + static_cast<std::ptrdiff_t>(end)))
        << named << " offset " << request.offset;
    ASSERT_EQ(page.next_cursor.empty(), end == wanted.order.size()) << named;
    if (!page.next_cursor.empty()) {
      request.cursor = page.next_cursor;
      request.offset = 0;
      request.limit = 1;
      ASSERT_EQ(ids(ask(request)), Ids{wanted.order[end]}) << named;
    }
  }
}

// --- pages --------------------------------------------------------------------

TEST_F(SearchTest, CapsAndGroupsKeepTheOrderAndLoseNothing) {
  put_random_listings(700);
  std::map<std::string, Listing> by_id;
  for (const Listing& listing : catalogue_.listings()) by_id[listing.id] = listing;
  const Ids whole = all_of(walk({.query = "linen", .limit = 100}));
  ASSERT_GT(whole.size(), pipeline::kRankedMax);

  SearchRequest capped{.query = "linen", .limit = 20, .per_shop_max = 3};
  const auto pages = walk(capped);
  Ids sorted = all_of(pages);
  std::ranges::sort(sorted);
  Ids wanted = whole;
  std::ranges::sort(wanted);
  EXPECT_EQ(sorted, wanted);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    std::map<std::string, int> of_shop;
    for (const std::string& id : pages[i]) EXPECT_LE(++of_shop[by_id[id].shop_name], 3);
    capped.offset = i * capped.limit;
    EXPECT_EQ(ids(ask(capped)), pages[i]);
  }

  SearchRequest grouped{.query = "linen", .limit = 2, .group_by = "Shop"};
  Ids best;
  std::set<std::string> shops;
  for (const std::string& id : whole) {
    if (shops.insert(by_id[id].shop_name).second) best.push_back(id);
  }
  EXPECT_EQ(all_of(walk(grouped)), best);
  EXPECT_EQ(ask(grouped).total, whole.size());
  grouped.offset = 3;
  EXPECT_EQ(ids(ask(grouped)), Ids(best.begin() + 3, best.begin() + 5));
}

TEST_F(SearchTest, WalksGoOnWhereTheIndexChanged) {
  put_random_listings(500);
  SearchRequest request{.query = "linen", .limit = 40};
  Ids shown;
  for (int page = 0;; ++page) {
    const SearchResponse response = ask(request);  // each time of the newest snapshot
    for (const std::string& id : ids(response)) shown.push_back(id);
    if (response.next_cursor.empty()) break;
    request.cursor = response.next_cursor;
    EXPECT_EQ(cursor_generation(request.cursor).value(), snapshot_->generation);
    catalogue_.put({.id = fmt::format("new{}", page), .title = "silver ring", .language = "en"});
    catalogue_.remove(shown.back());
    ASSERT_LT(page, 100);
  }
  // Frequencies changed with every page, so a few listings may change places; a page is never empty.
  EXPECT_GT(std::set<std::string>(shown.begin(), shown.end()).size(), shown.size() * 9 / 10);
}

TEST_F(SearchTest, CursorsOfOtherSearchesAreRefused) {
  put_random_listings(200);
  const SearchResponse page = ask({.query = "linen", .limit = 5});
  ASSERT_FALSE(page.next_cursor.empty());
  EXPECT_EQ(error_of({.query = "mug", .limit = 5, .cursor = page.next_cursor}),
            "cursor: it belongs to another search; keep query, filter, sort and the other rules as they were");
  EXPECT_EQ(error_of({.query = "linen", .offset = 5, .cursor = page.next_cursor}),
            "offset: with a cursor it must be 0");
  EXPECT_EQ(error_of({.query = "linen", .cursor = "nonsense"}),
            "cursor: it is damaged or not ours; pass next_cursor on unchanged");
}

// --- requests -----------------------------------------------------------------

TEST_F(SearchTest, SaysWhatIsWrongWithARequest) {
  put_random_listings(20);
  EXPECT_EQ(error_of({.limit = 501}), "limit: 501 is more than 500");
  EXPECT_EQ(error_of({.limit = 24, .offset = 9'990}),
            "offset: 9990 and limit reach beyond 10000; narrow the search, or go on by cursor");
  EXPECT_EQ(error_of({.filter = "prise < 3"}), "filter: column 1: unknown column 'prise'; did you mean price?");
  EXPECT_EQ(error_of({.key_filter = "prise < 3"}),
            "the filter of the API key cannot be read: filter: column 1: unknown column 'prise'; did you mean price?");
  EXPECT_EQ(error_of({.group_by = "price"}), "group_by: 'price' is not a column of keywords");
  EXPECT_EQ(error_of({.facets = {{.field = "nope"}}}), "facet: unknown column 'nope'");
  EXPECT_EQ(error_of({.sort = {.column = "tag"}}), "sort: 'tag' is not a column of numbers");
}

TEST_F(SearchTest, TheFilterOfAKeyCannotBeEscaped) {
  put_random_listings(300);
  for (const char* filter :
       {"", "shop = \"Shop 2\"", "shop = \"Shop 1\" or shop = \"Shop 2\"", "not shop = \"Shop 1\""}) {
    const SearchResponse response =
        ask({.filter = filter, .key_filter = "shop = \"Shop 1\"", .limit = 500, .explain = true});
    for (const SearchHit& hit : response.hits) EXPECT_EQ(hit.listing.shop_name, "Shop 1");
    for (const ExplainStep& step : response.explain) {
      if (*filter == '\0') {
        EXPECT_EQ(step.json.find("shop 1"), std::string::npos) << step.json;
      }
    }
  }
}

TEST_F(SearchTest, OnlyWhatIsForSaleIsShown) {
  using catalog::ListingState;
  catalogue_.put({.id = "a", .title = "mug"});
  catalogue_.put({.id = "b", .title = "mug", .state = ListingState::kSoldOut});
  catalogue_.put({.id = "c", .title = "mug", .state = ListingState::kDraft});
  const auto found = [&](const char* filter, const char* key_filter = "") {
    Ids found = ids(ask({.query = "mug", .filter = filter, .key_filter = key_filter}));
    std::ranges::sort(found);
    return found;
  };
  EXPECT_EQ(found(""), Ids{"a"});
  EXPECT_EQ(found("price > 3 or quantity > 0"), Ids{"a"});
  EXPECT_EQ(found("state in (active, sold_out)"), (Ids{"a", "b"}));
  EXPECT_EQ(found("not (state = active)"), (Ids{"b", "c"}));
  EXPECT_EQ(found("exists(state)"), (Ids{"a", "b", "c"}));
  // That of a key only takes away.
  EXPECT_EQ(found("", "state in (active, sold_out)"), Ids{"a"});
  EXPECT_EQ(found("exists(state)", "state in (active, sold_out)"), (Ids{"a", "b"}));
}

TEST_F(SearchTest, SpellingPhrasesAndHighlights) {
  for (int i = 0; i < 5; ++i) {
    catalogue_.put({.id = fmt::format("n{}", i),
                    .title = i == 0 ? "Silver <necklace> with moon" : "Moon silver necklace",
                    .description = "A necklace.",
                    .language = "en"});
  }
  build_model();
  const SearchResponse corrected = ask({.query = "silver neclace", .highlight = true});
  EXPECT_EQ(corrected.corrected_query, "silver necklace");
  EXPECT_EQ(corrected.hits.size(), 5u);
  const auto first = std::ranges::find(corrected.hits, "n0", [](const SearchHit& hit) { return hit.listing.id; });
  EXPECT_EQ(first->title_highlighted, "<em>Silver</em> &lt;<em>necklace</em>&gt; with moon");
  EXPECT_EQ(first->description_highlighted, "A <em>necklace</em>.");

  EXPECT_EQ(ask({.query = "silver neclace", .spell = false}).corrected_query, "");
  EXPECT_EQ(ids(ask({.query = "\"necklace with\""})), Ids{"n0"});
  const SearchResponse nowhere = ask({.query = "\"moon necklace\""});
  EXPECT_EQ(nowhere.hits.size(), 5u);
  EXPECT_EQ(nowhere.complaints, std::vector<std::string>{"no title has the quoted words next to each other"});
  EXPECT_TRUE(ask({.query = "\"moon necklace\"", .match = MatchRule::kAll}).hits.empty());
}

TEST_F(SearchTest, AsksForAnyWordWhereTooFewHaveAll) {
  struct Row {
    std::uint64_t both;
    MatchRule match;
    const char* sort;
    bool relaxed;
    std::uint64_t total;
  };
  const auto rows = std::to_array<Row>({
      {1, MatchRule::kAuto, "", true, 46},
      {kRelaxBelow - 1, MatchRule::kAuto, "", true, kRelaxBelow + 44},
      {kRelaxBelow, MatchRule::kAuto, "", false, kRelaxBelow},
      {kRelaxBelow, MatchRule::kAny, "", false, kRelaxBelow + 45},
      {1, MatchRule::kAll, "", false, 1},
      {1, MatchRule::kAuto, "price", false, 1},
      {0, MatchRule::kAuto, "price", true, 45},
      {0, MatchRule::kAll, "", false, 0},
  });
  std::uint64_t both = 0;
  for (int i = 0; i < 40; ++i) catalogue_.put_title("oak table");
  for (int i = 0; i < 5; ++i) catalogue_.put_title("birch bowl");
  const auto put_until = [&](std::uint64_t count) {
    for (; both < count; ++both)
      catalogue_.put({.id = fmt::format("b{}", both), .title = "oak bowl", .language = "en"});
    for (; both > count; --both) catalogue_.remove(fmt::format("b{}", both - 1));
  };
  for (const Row& row : rows) {
    put_until(row.both);
    const SearchResponse response =
        ask({.query = "oak bowl", .sort = {.column = row.sort}, .match = row.match, .exact_total = true});
    EXPECT_EQ(response.relaxed, row.relaxed) << row.both << row.sort;
    EXPECT_EQ(response.total, row.total) << row.both << row.sort;
  }
}

TEST_F(SearchTest, EmptyAndUnreadableQueries) {
  put_random_listings(60);
  const SearchResponse browse = ask({.limit = 500, .exact_total = true});
  EXPECT_EQ(browse.hits.size(), catalogue_.listings().size());
  EXPECT_EQ(browse.total, catalogue_.listings().size());
  const SearchResponse unreadable = ask({.query = "!!!"});
  EXPECT_TRUE(unreadable.hits.empty());
  EXPECT_TRUE(unreadable.total_exact);
  EXPECT_EQ(unreadable.complaints, std::vector<std::string>{"there is no word to search for in '!!!'"});
  EXPECT_TRUE(ask({.query = "linen", .limit = 0}).hits.empty());
  EXPECT_EQ(ask({.query = std::string(10'000, 'x')}).hits.size(), 0u);
}

TEST_F(SearchTest, ListingsThatAreGoneAreLeftOut) {
  put_random_listings(60);
  SearchContext context = this->context();
  context.load_listing = [&](const index::DocInfo& info) -> Result<Listing> {
    if (info.id == "id3") return fail(Code::kNotFound, "gone");
    return catalogue_.load(info);
  };
  EXPECT_EQ(search(context, {.limit = 500})->hits.size(), catalogue_.listings().size() - 1);
  context.load_listing = [](const index::DocInfo&) -> Result<Listing> { return fail(Code::kIo, "disk"); };
  EXPECT_EQ(search(context, {.limit = 5}).error().code, Code::kIo);
}

TEST_F(SearchTest, ExplainsEveryStage) {
  put_random_listings(100);
  const SearchResponse response = ask({.query = "linen mug", .limit = 3, .explain = true});
  std::string stages;
  for (const ExplainStep& step : response.explain) {
    stages += step.stage + " ";
    EXPECT_TRUE(step.json.starts_with('{') && step.json.ends_with('}')) << step.json;
  }
  EXPECT_EQ(stages, "parse plan candidates sources rank page load ");
  EXPECT_NE(response.explain[4].json.find("\"title_pairs\":"), std::string::npos);
  EXPECT_NE(response.explain[4].json.find("\"found_by\":[\"words\"]"), std::string::npos);
  EXPECT_TRUE(ask({.query = "linen"}).explain.empty());
}

}  // namespace
}  // namespace handsel::search
