// This file is long because all tests of the index share one random catalogue and its twin.
#include "views/index/index.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "analysis/text/fold.h"
#include "base/core/hash.h"
#include "base/core/rng.h"
#include "views/index/filter_bits.h"
#include "views/index/merge_policy.h"
#include "views/index/segment.h"

namespace handsel::index {
namespace {

namespace fs = std::filesystem;
using catalog::Listing;

class IndexTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("handsel-index-{}-{}", ::getpid(),
                                                      ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<Index> open(IndexOptions options = {.background = false}, std::string_view name = "a") {
    auto index = Index::open(real_file_system(), (folder_ / name).string(), analyzer_, 2, options);
    EXPECT_TRUE(index.has_value()) << index.error().message;
    return std::move(*index);
  }

  void put(Index& index, const Listing& listing) {
    catalogue_[listing.id] = listing;
    index.upsert(listing, {.partition = 0, .offset = next_offset_++});
  }
  void remove(Index& index, const std::string& id) {
    catalogue_.erase(id);
    index.remove(id, {.partition = 0, .offset = next_offset_++});
  }

  Listing random_listing(Rng& rng, std::uint64_t id) const {
    static constexpr std::array kWords = {"linen", "apron", "mug",   "wool",  "scarf", "ring", "silver",
                                          "gold",  "oak",   "bowl",  "print", "moon",  "star", "blue",
                                          "green", "large", "small", "gift",  "the",   "for"};
    const auto words = [&](std::size_t count) {
      std::string text;
      for (std::size_t i = 0; i < count; ++i) {
        // The product of two draws favours the first words, as language does.
        text += kWords[rng.below(1 + rng.below(kWords.size()))];
        text += rng.chance(0.1) ? fmt::format(" n{} ", rng.below(300)) : " ";
      }
      return text;
    };
    Listing listing{.id = fmt::format("id{}", id),
                    .shop_name = fmt::format("Shop {}", rng.below(7)),
                    .title = words(2 + rng.below(6))};
    listing.description = words(rng.below(30));
    listing.tags = {words(1), words(2)};
    listing.taxonomy_path = {fmt::format("Root {}", rng.below(3)), fmt::format("Leaf {}", rng.below(9))};
    listing.attributes = {{"color", rng.chance(0.5) ? "Blue" : "blue"}};
    if (rng.chance(0.9)) listing.price_cents = rng.between(100, 9999);
    if (rng.chance(0.5)) listing.location = catalog::GeoPoint{rng.uniform() * 10, rng.uniform() * 10};
    return listing;
  }

  IndexQuery random_query(Rng& rng) const {
    static constexpr std::array kTerms = {"linen", "apron", "mug", "wool", "scarf", "ring",
                                          "moon",  "gift",  "n7",  "n42",  "absent"};
    IndexQuery query;
    for (std::uint64_t i = rng.below(5); i > 0; --i) {
      TermGroup group{.variants = {{kTerms[rng.below(kTerms.size())], 1.0}},
                      .weight = 0.5 + rng.uniform(),
                      .required = rng.chance(0.8)};
      if (rng.chance(0.3)) group.variants.push_back({kTerms[rng.below(kTerms.size())], 0.4});
      query.groups.push_back(group);
    }
    query.match = rng.chance(0.5) ? Match::kAll : Match::kAny;
    if (rng.chance(0.15)) query.phrases = {{.terms = {"linen", "apron"}}};
    if (rng.chance(0.2)) query.excluded = {kTerms[rng.below(kTerms.size())], "silver"};
    query.filter = random_filter(rng, 2);
    if (rng.chance(0.2)) query.sort = {.column = "price", .descending = rng.chance(0.5)};
    query.top = rng.below(40);
    query.exact_total = rng.chance(0.3);
    if (rng.chance(0.3)) {
      query.facets = {
          {.field = "taxonomy"}, {.field = "attr.color"}, {.field = "price", .limit = 10, .bounds = {0, 20, 50, 100}}};
    }
    return query;
  }

  Filter random_filter(Rng& rng, int depth) const {
    Filter filter;
    switch (rng.below(depth > 0 ? 9 : 6)) {
      case 0:
        filter = {.op = Filter::Op::kIn, .field = "attr.color", .values = {"BLUE"}};
        break;
      case 1:
        filter = {.op = Filter::Op::kSubtree, .field = "taxonomy", .values = {"root 1"}};
        break;
      case 2:
        filter = {.op = Filter::Op::kRange, .field = "price", .low = 10, .high = 50, .high_open = true};
        break;
      case 3:
        filter = {.op = Filter::Op::kExists, .field = "price"};
        break;
      case 4:
        filter = {.op = Filter::Op::kGeo, .latitude_deg = 5, .longitude_deg = 5, .radius_m = 400'000};
        break;
      case 6:
      case 7:
        filter.op = rng.chance(0.5) ? Filter::Op::kAnd : Filter::Op::kOr;
        filter.children = {random_filter(rng, depth - 1), random_filter(rng, depth - 1)};
        break;
      case 8:
        filter.op = Filter::Op::kNot;
        filter.children = {random_filter(rng, depth - 1)};
        break;
      default:
        break;
    }
    return filter;
  }

  // Ids and keys: what must not depend on how documents are spread over segments.
  static std::vector<std::pair<std::string, std::int64_t>> ids(const Snapshot& snapshot, const IndexAnswer& answer) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    for (const Hit& hit : answer.hits) out.emplace_back(doc_info(snapshot, hit.doc).id, hit.key);
    return out;
  }

  static void expect_same(const Snapshot& a, const IndexAnswer& x, const Snapshot& b, const IndexAnswer& y) {
    ASSERT_EQ(ids(a, x), ids(b, y));
    if (x.total_exact && y.total_exact) {
      ASSERT_EQ(x.total, y.total);
    }
    ASSERT_EQ(x.facets.size(), y.facets.size());
    for (std::size_t i = 0; i < x.facets.size(); ++i) {
      ASSERT_EQ(x.facets[i].distinct, y.facets[i].distinct);
      ASSERT_EQ(x.facets[i].values.size(), y.facets[i].values.size());
      for (std::size_t k = 0; k < x.facets[i].values.size(); ++k) {
        ASSERT_EQ(x.facets[i].values[k].value, y.facets[i].values[k].value);
        ASSERT_EQ(x.facets[i].values[k].count, y.facets[i].values[k].count);
      }
    }
  }

  fs::path folder_;
  text::Analyzer analyzer_;
  std::uint64_t next_offset_ = 0;
  std::map<std::string, Listing> catalogue_;
};

TEST_F(IndexTest, FindsRanksAndExplainsItself) {
  auto index = open();
  put(*index, {.id = "1", .title = "Linen apron", .description = "for the kitchen"});
  put(*index, {.id = "2", .title = "Cotton apron", .description = "with a linen band"});
  put(*index, {.id = "3", .title = "Mug"});
  index->refresh();
  const auto snapshot = index->snapshot();
  EXPECT_EQ(snapshot->live, 3);
  IndexQuery query{.groups = {{.variants = {{"linen", 1}}}, {.variants = {{"apron", 1}}}}};
  const auto answer = search(*snapshot, query);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hits.size(), 2);
  EXPECT_EQ(doc_info(*snapshot, answer->hits[0].doc).id, "1");
  EXPECT_EQ(answer->total, 2);
  EXPECT_TRUE(answer->total_exact);
  EXPECT_EQ(document_frequency(*snapshot, "linen"), 2);
  const auto first = *find_document(*snapshot, "1");
  const auto second = *find_document(*snapshot, "2");
  const std::vector<std::string> terms = {"linen", "absent", "kitchen"};
  const auto impacts = term_impacts(*snapshot, std::vector{second, first}, terms);
  ASSERT_EQ(impacts.size(), 6);
  EXPECT_GT(impacts[3], impacts[0]);  // a title is worth more than a description
  EXPECT_EQ(impacts[1], 0);
  EXPECT_EQ(impacts[2], 0);
  EXPECT_GT(impacts[5], 0);
  TitleMatcher matcher(*snapshot, {"apron", "nowhere"});
  EXPECT_EQ(matcher.positions(*find_document(*snapshot, "1")), (std::vector{-1, 0}));
}

TEST_F(IndexTest, FastSearchEqualsTheExhaustiveTwin) {
  auto index = open({.tail_documents_max = 700, .background = false});
  Rng rng(11);
  for (int i = 0; i < 6000; ++i) {
    put(*index, random_listing(rng, rng.below(4000)));
    if (rng.chance(0.05)) remove(*index, fmt::format("id{}", rng.below(4000)));
    if (i % 500 == 499) index->refresh();
  }
  index->refresh();
  const auto snapshot = index->snapshot();
  EXPECT_EQ(snapshot->live, catalogue_.size());
  EXPECT_GT(snapshot->segments.size(), 1);
  for (int i = 0; i < 400; ++i) {
    const IndexQuery query = random_query(rng);
    const auto fast = search(*snapshot, query);
    const auto plain = search_exhaustive(*snapshot, query);
    ASSERT_TRUE(fast) << fast.error().message;
    ASSERT_TRUE(plain);
    ASSERT_NO_FATAL_FAILURE(expect_same(*snapshot, *fast, *snapshot, *plain)) << "query " << i;
  }
}

TEST_F(IndexTest, AnswersDoNotDependOnTheSegments) {
  auto grown = open({.tail_documents_max = 300, .background = false}, "grown");
  Rng rng(12);
  for (int i = 0; i < 3000; ++i) {
    put(*grown, random_listing(rng, rng.below(1500)));
    if (rng.chance(0.1)) remove(*grown, fmt::format("id{}", rng.below(1500)));
    if (i % 100 == 99) grown->refresh();
  }
  grown->refresh();
  auto rebuilt = open({.background = false}, "rebuilt");
  std::vector<Index::Change> changes;
  for (const auto& [id, listing] : catalogue_) changes.push_back({&listing, id, {}});
  rebuilt->apply(changes, 3);
  rebuilt->refresh();
  ASSERT_TRUE(rebuilt->compact());
  const auto a = grown->snapshot();
  const auto b = rebuilt->snapshot();
  EXPECT_EQ(b->segments.size(), 1);
  ASSERT_EQ(a->live, b->live);
  std::map<std::string, std::uint64_t, std::less<>> terms_a, terms_b;
  visit_terms(*a, [&](std::string_view term, std::uint64_t df) { terms_a[std::string(term)] = df; });
  visit_terms(*b, [&](std::string_view term, std::uint64_t df) { terms_b[std::string(term)] = df; });
  EXPECT_EQ(terms_a, terms_b);
  for (int i = 0; i < 300; ++i) {
    const IndexQuery query = random_query(rng);
    const auto x = search(*a, query);
    const auto y = search(*b, query);
    ASSERT_NO_FATAL_FAILURE(expect_same(*a, *x, *b, *y)) << "query " << i;
  }
}

TEST_F(IndexTest, GivenDocumentsScoreAsInASearch) {
  auto index = open({.tail_documents_max = 300, .background = false});
  Rng rng(14);
  for (int i = 0; i < 1500; ++i) {
    put(*index, random_listing(rng, rng.below(800)));
    if (i % 100 == 99) index->refresh();
  }
  const auto snapshot = index->snapshot();
  std::vector<DocRef> all;
  const IndexAnswer everything = search(*snapshot, {.top = 5000}).value();
  for (const Hit& hit : everything.hits) all.push_back(hit.doc);
  ASSERT_EQ(all.size(), snapshot->live);
  std::size_t matched = 0;
  for (int i = 0; i < 200; ++i) {
    IndexQuery query = random_query(rng);
    query.sort = {};
    query.top = 5000;
    std::map<DocRef, std::int32_t> found;
    const IndexAnswer plain = search_exhaustive(*snapshot, query).value();
    for (const Hit& hit : plain.hits) found[hit.doc] = hit.score;
    auto matcher = FilterMatcher::create(*snapshot, query.filter);
    ASSERT_TRUE(matcher);
    const auto scores = score_documents(*snapshot, query, all);
    for (std::size_t d = 0; d < all.size(); ++d) {
      const auto hit = found.find(all[d]);
      ASSERT_EQ(scores[d].matches && matcher->passes(all[d]), hit != found.end()) << "query " << i;
      if (hit == found.end()) continue;
      ASSERT_EQ(scores[d].score, hit->second) << "query " << i;
      ASSERT_FALSE(scores[d].has_excluded);
      ++matched;
    }
  }
  EXPECT_GT(matched, 1000);
}

TEST_F(IndexTest, FacetsCountDocumentsFromElsewhereOnce) {
  auto index = open({.tail_documents_max = 300, .background = false});
  Rng rng(15);
  for (std::uint64_t i = 0; i < 900; ++i) put(*index, random_listing(rng, i));
  index->refresh();
  const auto snapshot = index->snapshot();
  // Those that say "mug", found elsewhere, beside those that say "wool": the same counts as "mug or wool".
  const auto facets_of = [&](std::vector<TermGroup> groups, std::vector<DocRef> also) {
    return search(*snapshot, {.groups = std::move(groups),
                              .match = Match::kAny,
                              .top = 5000,
                              .facets = {{.field = "taxonomy", .limit = 50}, {.field = "price", .bounds = {0, 20, 99}}},
                              .also = std::move(also)})
        .value();
  };
  const TermGroup wool{.variants = {{"wool", 1}}};
  const TermGroup mug{.variants = {{"mug", 1}}};
  std::vector<DocRef> with_mug;
  const IndexAnswer of_mug = facets_of({mug}, {});
  for (const Hit& hit : of_mug.hits) with_mug.push_back(hit.doc);
  std::ranges::sort(with_mug);
  const IndexAnswer joined = facets_of({wool}, with_mug);
  const IndexAnswer either = facets_of({wool, mug}, {});
  EXPECT_LT(joined.hits.size(), either.hits.size());
  for (std::size_t f = 0; f < 2; ++f) {
    ASSERT_EQ(joined.facets[f].values.size(), either.facets[f].values.size());
    for (std::size_t v = 0; v < joined.facets[f].values.size(); ++v) {
      EXPECT_EQ(joined.facets[f].values[v].value, either.facets[f].values[v].value);
      EXPECT_EQ(joined.facets[f].values[v].count, either.facets[f].values[v].count);
    }
  }
}

TEST_F(IndexTest, FacetsCountAsOneWouldByHand) {
  auto index = open();
  Rng rng(17);
  for (int i = 0; i < 700; ++i) {
    put(*index, random_listing(rng, static_cast<std::uint64_t>(i)));
    if (i % 90 == 0) index->refresh();
  }
  index->refresh();
  std::map<std::string, std::uint64_t> tags;
  std::map<std::string, std::uint64_t> colors;  // by the folded form
  std::uint64_t written_small = 0;
  for (const auto& [id, listing] : catalogue_) {
    std::set<std::string> own;
    for (const std::string& tag : listing.tags) own.insert(text::fold_keyword(tag));
    for (const std::string& tag : own) ++tags[tag];
    ++colors[text::fold_keyword(listing.attributes[0].value)];
    written_small += listing.attributes[0].value == "blue" ? 1 : 0;
  }
  const auto answer = search(*index->snapshot(), {.facets = {{.field = "tag", .limit = 5}, {.field = "attr.color"}}});
  ASSERT_TRUE(answer);
  const Facet& by_tag = answer->facets[0];
  EXPECT_EQ(by_tag.distinct, tags.size());
  ASSERT_EQ(by_tag.values.size(), 5u);
  std::vector<std::uint64_t> counts;
  for (const auto& [tag, count] : tags) counts.push_back(count);
  std::ranges::sort(counts, std::greater<>());
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(by_tag.values[i].count, counts[i]);
    EXPECT_EQ(by_tag.values[i].count, tags[text::fold_keyword(by_tag.values[i].value)]);
  }
  const Facet& by_color = answer->facets[1];
  ASSERT_EQ(by_color.values.size(), 1u);
  EXPECT_EQ(by_color.values[0].count, colors["blue"]);
  EXPECT_EQ(by_color.values[0].value, 2 * written_small > colors["blue"] ? "blue" : "Blue") << "as most write it";
}

TEST_F(IndexTest, PagesByCursorGiveTheWholeOrderOnce) {
  auto index = open();
  Rng rng(13);
  for (int i = 0; i < 900; ++i) put(*index, random_listing(rng, static_cast<std::uint64_t>(i)));
  index->refresh();
  const auto snapshot = index->snapshot();
  for (const std::string column : {"", "price"}) {
    IndexQuery query{.groups = {{.variants = {{"linen", 1}}}, {.variants = {{"mug", 1}}}},
                     .match = Match::kAny,
                     .sort = {.column = column, .descending = false},
                     .top = 5000};
    const auto whole = search(*snapshot, query);
    ASSERT_TRUE(whole);
    ASSERT_GT(whole->hits.size(), 100);
    std::vector<std::pair<std::string, std::int64_t>> paged;
    query.top = 7;
    for (;;) {
      const auto page = search(*snapshot, query);
      if (page->hits.empty()) break;
      for (const auto& entry : ids(*snapshot, *page)) paged.push_back(entry);
      query.after = After{page->hits.back().key, page->hits.back().id_hash};
    }
    EXPECT_EQ(paged, ids(*snapshot, *whole)) << "sorted by '" << column << "'";
  }
}

TEST_F(IndexTest, ReopenedItAnswersAsBefore) {
  Rng rng(14);
  std::vector<std::pair<std::string, std::int64_t>> before;
  const IndexQuery query{.groups = {{.variants = {{"wool", 1}}}}, .top = 50};
  {
    auto index = open();
    for (int i = 0; i < 800; ++i) put(*index, random_listing(rng, static_cast<std::uint64_t>(i)));
    ASSERT_TRUE(index->commit());  // without the pending ones: they are not applied yet
    index->refresh();
    for (int i = 0; i < 50; ++i) remove(*index, fmt::format("id{}", i * 3));
    index->refresh();
    ASSERT_TRUE(index->commit());
    before = ids(*index->snapshot(), *search(*index->snapshot(), query));
    EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{next_offset_, 0}));
    put(*index, {.id = "uncommitted", .title = "wool"});
    index->refresh();
  }
  auto index = open();
  EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{next_offset_ - 1, 0}));
  EXPECT_EQ(ids(*index->snapshot(), *search(*index->snapshot(), query)), before);
}

TEST_F(IndexTest, FindsManyDocumentsAsItFindsOne) {
  Rng rng(22);
  auto index = open({.tail_documents_max = 300, .background = false});
  for (int i = 0; i < 700; ++i) {
    put(*index, random_listing(rng, static_cast<std::uint64_t>(i)));
    if (i % 100 == 0) index->refresh();
  }
  for (int i = 0; i < 700; i += 3) remove(*index, fmt::format("id{}", i));
  index->refresh();
  const auto snapshot = index->snapshot();
  ASSERT_GT(snapshot->segments.size(), 1u);
  std::vector<std::string> ids = {"", "nobody"};
  for (int i = 0; i < 800; ++i) ids.push_back(fmt::format("id{}", i));
  std::vector<IdAsked> asked;
  for (const std::string& id : ids) asked.push_back({id, hash64(id)});
  const auto found = find_documents(*snapshot, asked);
  ASSERT_EQ(found.size(), ids.size());
  for (std::size_t k = 0; k < ids.size(); ++k) {
    EXPECT_EQ(found[k], find_document(*snapshot, ids[k])) << ids[k];
    const std::size_t number = k - 2;
    EXPECT_EQ(found[k].has_value(), k >= 2 && number < 700 && number % 3 != 0) << ids[k];
    if (found[k]) EXPECT_EQ(doc_info(*snapshot, *found[k]).id, ids[k]);
  }
  EXPECT_TRUE(find_documents(*snapshot, {}).empty());
}

TEST_F(IndexTest, HashesOfAttributesAreThoseOfTheirWords) {
  Rng rng(23);
  auto index = open({.tail_documents_max = 300, .background = false});
  for (int i = 0; i < 700; ++i) {
    Listing listing = random_listing(rng, static_cast<std::uint64_t>(i));
    listing.shop_name = fmt::format("Shop & Co {}", rng.below(5));
    listing.personalizable = rng.below(2) == 0;
    listing.attributes = {{.name = "Color", .value = rng.below(2) == 0 ? "Sage" : "teal"}};
    put(*index, listing);
    if (i % 100 == 0) index->refresh();
  }
  index->refresh();
  const auto snapshot = index->snapshot();
  ASSERT_GT(snapshot->segments.size(), 1u);
  for (int round = 0; round < 2; ++round) {  // the second time they are known
    for (int i = 0; i < 700; ++i) {
      const DocRef doc = *find_document(*snapshot, fmt::format("id{}", i));
      std::vector<std::uint64_t> expected = {7};
      for (const std::string& attribute : document_attributes(*snapshot, doc)) expected.push_back(hash64(attribute));
      EXPECT_GT(expected.size(), 2u);
      std::vector<std::uint64_t> hashes = {7};  // they are put behind what is there
      append_attribute_hashes(*snapshot, doc, hashes);
      EXPECT_EQ(hashes, expected) << i;
    }
  }
}

TEST_F(IndexTest, WithLittleMemoryAnswersAreTheSame) {
  Rng rng(21);
  auto index = open();
  const auto grow = [&](int from, int to) {
    for (int i = from; i < to; ++i) put(*index, random_listing(rng, static_cast<std::uint64_t>(i)));
    index->refresh();
    EXPECT_TRUE(index->commit());
  };
  const auto answers = [&](std::uint64_t seed) {
    Rng draws(seed);
    std::vector<std::vector<std::pair<std::string, std::int64_t>>> all;
    const auto snapshot = index->snapshot();
    for (int i = 0; i < 100; ++i) all.push_back(ids(*snapshot, *search(*snapshot, random_query(draws))));
    return all;
  };
  const auto of_documents = [&] {
    const auto snapshot = index->snapshot();
    std::string all;
    TitleMatcher matcher(*snapshot, {"linen", "mug"});
    for (int i = 0; i < 900; ++i) {
      const auto doc = find_document(*snapshot, fmt::format("id{}", i));
      if (!doc) continue;
      for (const int position : matcher.positions(*doc)) all += fmt::format(" {}", position);
      for (const DocTerm& term : document_terms(*snapshot, *doc)) all += fmt::format(" {}:{}", term.term, term.impact);
    }
    return all;
  };
  grow(0, 900);
  const auto before = answers(1);
  const std::string documents_before = of_documents();
  index->release_pages();
  EXPECT_EQ(answers(1), before);
  EXPECT_EQ(of_documents(), documents_before);
  grow(900, 1200);  // files that come later, and a merge of both
  const auto with_more = answers(2);
  index.reset();
  index = open();  // in place again
  EXPECT_EQ(answers(2), with_more);
}

TEST_F(IndexTest, DamageMeansStartingEmptyNotWrongAnswers) {
  const auto make = [&](std::string_view name) {
    auto index = open({.background = false}, name);
    put(*index, {.id = "1", .title = "linen"});
    index->refresh();
    EXPECT_TRUE(index->commit());
  };
  make("flipped");
  for (const auto& entry : fs::directory_iterator(folder_ / "flipped")) {
    if (entry.path().extension() != ".hseg") continue;
    std::string bytes = *real_file_system().read_file(entry.path().string());
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(real_file_system().write_file(entry.path().string(), bytes));
  }
  make("scoring");
  make("cut");
  fs::resize_file(folder_ / "cut" / "manifest", 10);
  IndexOptions other{.background = false};
  other.scoring.k1 = 2;
  for (const auto& [name, options] :
       {std::pair("flipped", IndexOptions{.background = false}), {"scoring", other}, {"cut", {.background = false}}}) {
    auto index = open(options, name);
    EXPECT_EQ(index->snapshot()->live, 0) << name;
    EXPECT_EQ(index->applied(), (std::vector<std::uint64_t>{0, 0})) << name;
    EXPECT_NE(index->stats().last_error, "") << name;
    EXPECT_EQ(fs::exists(folder_ / name / "00000001.hseg"), false) << name;
  }
}

TEST_F(IndexTest, WritersMergersAndReadersTogether) {
  auto index = open({.tail_documents_max = 500, .background = true});
  std::atomic<bool> done{false};
  std::jthread reader([&] {
    const IndexQuery query{.groups = {{.variants = {{"linen", 1}}}}, .match = Match::kAny, .top = 10};
    while (!done) {
      const auto snapshot = index->snapshot();
      const auto fast = search(*snapshot, query);
      const auto plain = search_exhaustive(*snapshot, query);
      EXPECT_EQ(ids(*snapshot, *fast), ids(*snapshot, *plain));
    }
  });
  Rng rng(15);
  for (int i = 0; i < 8000; ++i) {
    put(*index, random_listing(rng, rng.below(2000)));
    if (i % 100 == 0) index->refresh();
    if (i % 2500 == 0) {
      EXPECT_TRUE(index->commit());
    }
  }
  index->refresh();
  done = true;
  reader.join();
  EXPECT_EQ(index->snapshot()->live, catalogue_.size());
  ASSERT_TRUE(index->compact());
  EXPECT_EQ(index->snapshot()->live, catalogue_.size());
  EXPECT_EQ(index->stats().documents_dead, 0);
  EXPECT_EQ(index->stats().last_error, "");
}

TEST_F(IndexTest, UnknownColumnsAreNamed) {
  auto index = open();
  const struct {
    IndexQuery query;
    std::string_view names;
  } rows[] = {
      {{.filter = {.op = Filter::Op::kIn, .field = "colour", .values = {"x"}}}, "'colour'"},
      {{.filter = {.op = Filter::Op::kRange, .field = "tag"}}, "'tag' holds keywords"},
      {{.filter = {.op = Filter::Op::kIn, .field = "price", .values = {"1"}}}, "'price' holds numbers"},
      {{.sort = {.column = "shop"}}, "'shop' is not a column of numbers"},
      {{.facets = {{.field = "attr."}}}, "'attr.'"},
      {{.facets = {{.field = "price"}}}, "needs two bounds"},
  };
  for (const auto& row : rows) {
    const auto answer = search(*index->snapshot(), row.query);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kInvalidArgument);
    EXPECT_NE(answer.error().message.find(row.names), std::string::npos) << answer.error().message;
  }
}

TEST(MergePolicy, ManySmallOnesAndTheMostlyDead) {
  using Sizes = std::vector<PartSize>;
  EXPECT_TRUE(choose_merge(Sizes(7, {10, 10})).empty());
  EXPECT_EQ(choose_merge(Sizes(8, {10, 10})).size(), 8);
  EXPECT_EQ(choose_merge(Sizes{{100'000, 100'000}, {5'000, 3'000}}), (std::vector<std::size_t>{1}));
  EXPECT_TRUE(choose_merge(Sizes{{100'000, 80'000}}).empty());
}

TEST(Distance, BerlinToHamburg) {
  EXPECT_NEAR(distance_m(52.5200, 13.4050, 53.5511, 9.9937), 255'250, 1'000);
}

}  // namespace
}  // namespace handsel::index
