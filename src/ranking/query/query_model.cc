#include "ranking/query/query_model.h"

#include <algorithm>

#include "analysis/text/completion.h"
#include "analysis/text/fold.h"
#include "analysis/text/vocabulary.h"
#include "ranking/query/internal/phrase_counter.h"
#include "ranking/query/internal/word_counter.h"
#include "views/index/segment.h"

namespace handsel::query {
namespace {

constexpr std::size_t kCandidates = 16;  // corrections looked at
constexpr std::size_t kCompletionBytesMax = 60;
constexpr std::size_t kDescriptionBytesRead = 300;  // of a description, for spelling

class Model final : public QueryModel {
 public:
  Model(text::Vocabulary vocabulary, PairCounts pairs, text::Completion searches, text::Completion phrases,
        Synonyms synonyms)
      : vocabulary_(std::move(vocabulary)),
        pairs_(std::move(pairs)),
        searches_(std::move(searches)),
        phrases_(std::move(phrases)),
        synonyms_(std::move(synonyms)) {}

  std::optional<Correction> correct(std::string_view surface) const override {
    if (!is_spelt_word(surface)) return std::nullopt;
    const std::size_t edits_max = letters_in(surface) < kTwoEditsFrom ? 1 : 2;
    for (const text::SpellingCandidate& candidate : vocabulary_.lookup(surface, edits_max, kCandidates)) {
      if (candidate.edits == 0 || candidate.word.front() != surface.front()) continue;
      return Correction{std::string(candidate.word), candidate.edits};
    }
    return std::nullopt;
  }

  std::optional<Halves> split(std::string_view term) const override { return pairs_.best_split(term); }
  std::uint64_t neighbours(std::string_view left, std::string_view right_term) const override {
    return pairs_.titles(left, right_term);
  }
  const Synonyms& synonyms() const override { return synonyms_; }

  std::vector<Completion> complete(std::string_view prefix, std::size_t limit) const override {
    std::vector<Completion> out;
    for (const text::Completion* source : {&searches_, &phrases_}) {
      for (const text::Completed& completed : source->complete(prefix, limit)) {
        if (out.size() == limit) return out;
        const bool known = std::ranges::any_of(out, [&](const auto& other) { return other.text == completed.text; });
        if (!known) out.push_back({std::string(completed.text), completed.weight});
      }
    }
    return out;
  }

  std::size_t bytes() const override {
    return vocabulary_.memory_bytes() + pairs_.bytes() + searches_.memory_bytes() + phrases_.memory_bytes();
  }

 private:
  const text::Vocabulary vocabulary_;
  const PairCounts pairs_;
  const text::Completion searches_;
  const text::Completion phrases_;
  const Synonyms synonyms_;
};

// The documents that the model learns from: all, or every so many-th by the hash of the
// id; in the order of the log, so that reads go forward and segments do not matter.
std::vector<index::DocRef> draw_sample(const index::Snapshot& snapshot) {
  const std::uint64_t step = std::max<std::uint64_t>(1, (snapshot.live + kModelListingsMax - 1) / kModelListingsMax);
  std::vector<index::DocRef> sample;
  for (std::uint32_t i = 0; i < snapshot.segments.size(); ++i) {
    const index::SegmentView& view = snapshot.segments[i];
    for (std::uint32_t doc = 0; doc < view.segment->documents(); ++doc) {
      if (view.deletions->contains(doc) || view.segment->id_hash(doc) % step != 0) continue;
      sample.push_back({i, doc});
    }
  }
  std::ranges::sort(sample, [&](index::DocRef a, index::DocRef b) {
    return index::doc_info(snapshot, a).position < index::doc_info(snapshot, b).position;
  });
  return sample;
}

class Builder {
 public:
  explicit Builder(QueryModelSources& sources) : sources_(sources), words_(sources.snapshot) {}

  std::shared_ptr<const QueryModel> build() {
    std::uint64_t learnt = 0;
    for (const index::DocRef doc : draw_sample(sources_.snapshot)) {
      const auto listing = sources_.load_listing(index::doc_info(sources_.snapshot, doc));
      if (!listing) continue;
      learn(*listing);
      ++learnt;
    }
    const double rate =
        static_cast<double>(sources_.snapshot.live) / static_cast<double>(std::max<std::uint64_t>(1, learnt));
    return std::make_shared<Model>(text::Vocabulary::build(words_.finish(kModelWordsMax)), phrases_.pairs(rate),
                                   text::Completion::build(searches()),
                                   text::Completion::build(phrases_.phrases(kModelCompletionsMax, rate)),
                                   std::move(sources_.synonyms));
  }

 private:
  void learn(const catalog::Listing& listing) {
    const auto read = [&](std::string_view text) {
      sources_.analyzer.visit_tokens(text, listing.language,
                                     [&](const text::TokenView& token) { words_.add(token.surface, token.term); });
    };
    phrases_.begin_title();
    sources_.analyzer.visit_tokens(listing.title, listing.language, [&](const text::TokenView& token) {
      words_.add(token.surface, token.term);
      phrases_.add_word(token.surface, token.term, sources_.analyzer.is_stop_word(token.surface, listing.language));
    });
    phrases_.end_title();
    for (const std::string& tag : listing.tags) read(tag);
    for (const std::string& name : listing.taxonomy_path) {
      read(name);
      phrases_.add_name(text::fold_keyword(name));
    }
    for (const catalog::Attribute& attribute : listing.attributes) read(attribute.value);
    std::string_view description(listing.description);
    if (description.size() > kDescriptionBytesRead) {
      description = description.substr(0, description.rfind(' ', kDescriptionBytesRead));
    }
    read(description.substr(0, kDescriptionBytesRead));
  }

  // Searches that more than a few people made, and that would find something.
  std::vector<text::WeightedPhrase> searches() const {
    std::vector<text::WeightedPhrase> phrases;
    for (const auto& [query, count] : sources_.searches) {
      if (count < kCompletionSearchesMin || query.size() > kCompletionBytesMax) continue;
      bool any = false;
      bool known = true;
      sources_.analyzer.visit_tokens(query, "", [&](const text::TokenView& token) {
        any = true;
        known = known && index::document_frequency(sources_.snapshot, token.term) > 0;
      });
      if (any && known) phrases.push_back({text::fold_keyword(query), count});
    }
    std::ranges::sort(phrases, [](const auto& a, const auto& b) {
      return a.weight != b.weight ? a.weight > b.weight : a.text < b.text;
    });
    if (phrases.size() > kModelCompletionsMax) phrases.resize(kModelCompletionsMax);
    return phrases;
  }

  QueryModelSources& sources_;
  WordCounter words_;
  PhraseCounter phrases_;
};

}  // namespace

std::shared_ptr<const QueryModel> build_query_model(QueryModelSources sources) {
  return Builder(sources).build();
}

}  // namespace handsel::query
