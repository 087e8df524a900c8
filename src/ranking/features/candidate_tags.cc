#include "ranking/features/candidate_tags.h"

#include <algorithm>
#include <utility>

#include "views/index/keyword_reader.h"

namespace handsel::features {
namespace {

// Languages of listings as the lexicon numbers them.
class Languages {
 public:
  Languages(const index::Snapshot& snapshot, TagLexicon& lexicon) : lexicon_(lexicon), reader_(snapshot, "language") {}

  TagLexicon::Language of(index::DocRef doc) {
    reader_.read(doc, numbers_);
    const std::size_t place = numbers_.empty() ? 0 : numbers_.front() + 1;  // 0: none
    while (known_.size() <= place) {
      known_.push_back(
          lexicon_.language(known_.empty() ? "" : reader_.value(static_cast<std::uint32_t>(known_.size() - 1))));
    }
    return known_[place];
  }

 private:
  TagLexicon& lexicon_;
  index::KeywordReader reader_;
  std::vector<std::uint32_t> numbers_;
  std::vector<TagLexicon::Language> known_;
};

}  // namespace

CandidateTags::CandidateTags(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                             std::shared_ptr<TagLexicon> lexicon)
    : lexicon_(std::move(lexicon)) {
  if (lexicon_ != nullptr) read(snapshot, candidates);
  begins_.resize(candidates.size() + 1);
}

void CandidateTags::read(const index::Snapshot& snapshot, std::span<const index::Hit> candidates) {
  const index::KeywordOrdinals tags(snapshot, "tag");
  for (std::uint32_t i = 0; i < snapshot.segments.size(); ++i) {
    of_segments_.push_back(lexicon_->tags_of(snapshot.segments[i].segment, tags.count(i)));
  }
  Languages languages(snapshot, *lexicon_);
  std::vector<std::uint32_t> ordinals;
  for (const index::Hit& hit : candidates) {
    TagLexicon::SegmentTags& known = *of_segments_[hit.doc.segment];
    const TagLexicon::Language language = languages.of(hit.doc);
    tags.read(hit.doc, ordinals);
    std::ranges::sort(ordinals);  // by the tags' texts
    for (const std::uint32_t ordinal : ordinals) {
      const Tag* tag = TagLexicon::find(known, ordinal, language);
      if (tag == nullptr) tag = lexicon_->add(known, ordinal, language, tags.value(hit.doc.segment, ordinal));
      tags_.push_back(tag);
    }
    begins_.push_back(tags_.size());
  }
}

}  // namespace handsel::features
