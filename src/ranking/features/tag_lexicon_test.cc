#include "ranking/features/tag_lexicon.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/features/candidate_tags.h"
#include "ranking/features/testing/few_candidates.h"

namespace handsel::features {
namespace {

std::vector<std::string> terms(const TagLexicon& lexicon, const TagLexicon::Tag& tag) {
  std::vector<std::string> out;
  for (const TagLexicon::Word word : tag) out.push_back(lexicon.term(word));
  return out;
}

using TagLexiconTest = FewCandidates;

TEST_F(TagLexiconTest, SplitsTagsIntoTermsOfTheirLanguage) {
  const auto snapshot = [&] {
    put({.id = "1", .title = "mug", .tags = {"mug"}});
    return catalogue_.snapshot();
  }();
  TagLexicon lexicon(catalogue_.analyzer());
  const auto tags = lexicon.tags_of(snapshot->segments.front().segment, 10);
  const struct {
    std::uint32_t ordinal;
    std::string language;
    std::string tag;
    std::vector<std::string> terms;
  } rows[] = {
      {0, "en", "leather journals", {"leather", "journal"}},
      {1, "en", "gift for the mother", {"gift", "mother"}},  // less its stop words
      {2, "en", "mother-of-pearl/rings & things", {"mother", "pearl", "ring", "thing"}},
      {3, "en", "for the", {}},
      {4, "en", "", {}},
      {5, "en", "journals", {"journal"}},
      {6, "de", "journals", {"journal"}},
      {7, "de", "für mutter", {"mutt"}},
      {7, "en", "für mutter", {"fur", "mutter"}},
      {8, "xx", "leather journals", {"leather", "journal"}},  // a language that it does not know
  };
  for (const auto& row : rows) {
    const TagLexicon::Language language = lexicon.language(row.language);
    EXPECT_EQ(TagLexicon::find(*tags, row.ordinal, language), nullptr) << row.tag;
    const TagLexicon::Tag* tag = lexicon.add(*tags, row.ordinal, language, row.tag);
    EXPECT_EQ(terms(lexicon, *tag), row.terms) << row.tag << " " << row.language;
    EXPECT_EQ(TagLexicon::find(*tags, row.ordinal, language), tag);
    EXPECT_EQ(lexicon.add(*tags, row.ordinal, language, row.tag), tag);
  }
  EXPECT_EQ(lexicon.word("journal"), TagLexicon::find(*tags, 0, lexicon.language("en"))->back());
  EXPECT_FALSE(lexicon.word("for"));
  EXPECT_EQ(lexicon.tags_of(snapshot->segments.front().segment, 10), tags);
}

// Whatever was looked at before, a candidate has the tags that a lexicon of its own would give it.
TEST_F(TagLexiconTest, ManySearchesAtOnceReadWhatOneReads) {
  Rng rng(5);
  for (int i = 0; i < 300; ++i) {
    catalog::Listing listing{.id = fmt::format("l{}", i), .title = "thing"};
    for (std::uint64_t tag = rng.below(9); tag > 0; --tag) {
      listing.tags.push_back(fmt::format("w{} w{}s", rng.below(9), rng.below(40)));
    }
    put(listing);
    if (i % 100 == 0) (void)catalogue_.snapshot();  // so that there are several segments
  }
  const auto snapshot = catalogue_.snapshot();
  ASSERT_GT(snapshot->segments.size(), 1u);
  std::vector<index::Hit> hits;
  for (const std::string& id : ids_) hits.push_back({.doc = *index::find_document(*snapshot, id)});
  const auto tags_of = [&](std::span<const index::Hit> candidates, const std::shared_ptr<TagLexicon>& lexicon) {
    const CandidateTags tags(*snapshot, candidates, lexicon);
    std::vector<std::vector<std::string>> out;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      out.emplace_back();
      for (const CandidateTags::Tag* tag : tags.of(k)) {
        for (const std::string& term : terms(*lexicon, *tag)) out.back().push_back(term);
      }
    }
    return out;
  };
  std::vector<std::vector<std::string>> expected;
  for (const index::Hit& hit : hits) {
    expected.push_back(tags_of({&hit, 1}, std::make_shared<TagLexicon>(catalogue_.analyzer())).front());
  }
  const auto shared = std::make_shared<TagLexicon>(catalogue_.analyzer());
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] { EXPECT_EQ(tags_of(hits, shared), expected); });
  }
  threads.clear();
  EXPECT_EQ(tags_of(hits, shared), expected);
}

TEST_F(TagLexiconTest, BeginsAnewWhereItHasGrownOverItsLimit) {
  put({.id = "1", .title = "mug", .tags = {"mug"}});
  const auto snapshot = catalogue_.snapshot();
  KeptTagLexicon kept(catalogue_.analyzer(), 10'000);
  const auto first = kept.current();
  const auto tags = first->tags_of(snapshot->segments.front().segment, 1'000);
  EXPECT_EQ(kept.current(), first);
  const TagLexicon::Tag* blue = first->add(*tags, 0, first->language("en"), "blue mug");
  for (std::uint32_t i = 1; i < 100; ++i) first->add(*tags, i, first->language("en"), fmt::format("mug {}", i));
  EXPECT_GT(first->bytes(), 10'000u);
  const auto second = kept.current();
  EXPECT_NE(second, first);
  EXPECT_LT(second->bytes(), 1'000u);
  EXPECT_EQ(terms(*first, *blue), (std::vector<std::string>{"blue", "mug"}));  // for searches that still run
}

// A segment that is gone is let go of, and another one at its address is not taken for it.
TEST_F(TagLexiconTest, ForgetsSegmentsThatAreGone) {
  TagLexicon lexicon(catalogue_.analyzer());
  put({.id = "1", .title = "mug", .tags = {"mug"}});
  std::weak_ptr<const TagLexicon::SegmentTags> gone;
  {
    const auto snapshot = catalogue_.snapshot();
    gone = lexicon.tags_of(snapshot->segments.front().segment, 1);
  }
  for (int i = 0; i < 20; ++i) {  // the tail is merged again and again
    put({.id = fmt::format("m{}", i), .title = "mug", .tags = {"mug"}});
    const auto snapshot = catalogue_.snapshot();
    for (const index::SegmentView& view : snapshot->segments) (void)lexicon.tags_of(view.segment, 1);
  }
  EXPECT_TRUE(gone.expired());
}

}  // namespace
}  // namespace handsel::features
