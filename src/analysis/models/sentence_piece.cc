#include "analysis/models/sentence_piece.h"

#include <algorithm>

#include "analysis/models/unigram.h"
#include "base/core/utf8.h"

namespace handsel::models {
namespace {

class SentencePiece final : public Tokenizer {
 public:
  explicit SentencePiece(const text::SentenceRules& rules) : rules_(rules) {}

  Result<void> load(std::string_view model, std::string_view name) {
    auto unigram = Unigram::parse(model);
    if (!unigram) return fail(unigram.error().code, "{}: {}", name, unigram.error().message);
    unigram_ = std::move(*unigram);
    first_ = unigram_.find("[CLS]");
    last_ = unigram_.find("[SEP]");
    space_ = unigram_.find("\u2581");
    if (first_ < 0 || last_ < 0) return fail(Code::kInvalidData, "{}: it has no [CLS] or no [SEP]", name);
    return {};
  }

  bool append_tokens(std::string_view text, std::size_t tokens_max, std::vector<std::int32_t>& out) const override {
    const std::string prepared = repair_utf8(text::prepare_sentence(utf8_prefix(text, kTokenizerTextBytesMax), rules_));
    const std::vector<std::int32_t> pieces = unigram_.encode(prepared);
    const std::size_t count = std::min(pieces.size(), tokens_max - 2);
    out.push_back(first_);
    const auto is_known = [&](std::int32_t piece) { return piece != unigram_.unknown() && piece != space_; };
    const bool known = std::any_of(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count), is_known);
    out.insert(out.end(), pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count));
    out.push_back(last_);
    return known;
  }

  std::size_t vocabulary_size() const override { return unigram_.size(); }

 private:
  Unigram unigram_;
  text::SentenceRules rules_;
  std::int32_t first_ = 0;
  std::int32_t last_ = 0;
  std::int32_t space_ = 0;  // stands before every text, and says nothing of it
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> open_sentence_piece(std::string_view model, std::string_view name,
                                                       const text::SentenceRules& rules) {
  if (model.size() > kVocabularyBytesMax)
    return fail(Code::kTooLarge, "{}: more than {} bytes", name, kVocabularyBytesMax);
  auto tokenizer = std::make_unique<SentencePiece>(rules);
  HANDSEL_TRY(tokenizer->load(model, name));
  return tokenizer;
}

}  // namespace handsel::models
