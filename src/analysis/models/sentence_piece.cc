#include "analysis/models/sentence_piece.h"

#include <algorithm>
#include <exception>

#include <sentencepiece_processor.h>

#include "base/core/utf8.h"

namespace sentencepiece::logging {
// In the library, but not in its header: errors come back as a status, and must not be
// printed beside.
void SetMinLogLevel(int level);
}  // namespace sentencepiece::logging

namespace handsel::models {
namespace {

constexpr int kLogNothing = 4;

class SentencePiece final : public Tokenizer {
 public:
  explicit SentencePiece(const text::SentenceRules& rules) : rules_(rules) {}

  Result<void> load(std::string_view model, std::string_view name) {
    sentencepiece::logging::SetMinLogLevel(kLogNothing);
    const auto status = processor_.LoadFromSerializedProto({model.data(), model.size()});
    if (!status.ok()) {
      return fail(Code::kInvalidData, "{} is no SentencePiece model: {}", name, status.error_message());
    }
    const int size = processor_.GetPieceSize();
    if (size <= 0 || static_cast<std::size_t>(size) > kVocabularyMax) {
      return fail(Code::kTooLarge, "{}: its vocabulary has {} pieces", name, size);
    }
    size_ = static_cast<std::size_t>(size);
    unknown_ = processor_.unk_id();
    first_ = processor_.PieceToId("[CLS]");
    last_ = processor_.PieceToId("[SEP]");
    space_ = processor_.PieceToId("\u2581");
    if (unknown_ < 0 || first_ == unknown_ || last_ == unknown_) {
      return fail(Code::kInvalidData, "{}: it has no [CLS], no [SEP] or no unknown piece", name);
    }
    return {};
  }

  bool append_tokens(std::string_view text, std::size_t tokens_max, std::vector<std::int32_t>& out) const override {
    std::string prepared = repair_utf8(text::prepare_sentence(utf8_prefix(text, kTokenizerTextBytesMax), rules_));
    std::vector<int> pieces;
    if (!encode(prepared, pieces)) pieces.clear();
    const std::size_t count = std::min(pieces.size(), tokens_max - 2);
    out.push_back(first_);
    const auto is_known = [&](int piece) { return piece != unknown_ && piece != space_; };
    const bool known = std::any_of(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count), is_known);
    out.insert(out.end(), pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count));
    out.push_back(last_);
    return known;
  }

  std::size_t vocabulary_size() const override { return size_; }

 private:
  // The library may throw where memory or its own tables fail it.
  bool encode(const std::string& text, std::vector<int>& pieces) const {
    try {
      return processor_.Encode(text, &pieces).ok();
    } catch (const std::exception&) {
      return false;
    }
  }

  sentencepiece::SentencePieceProcessor processor_;
  text::SentenceRules rules_;
  std::size_t size_ = 0;
  int unknown_ = 0;
  int first_ = 0;
  int last_ = 0;
  int space_ = 0;  // stands before every text, and says nothing of it
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> open_sentence_piece(std::string_view model, std::string_view name,
                                                       const text::SentenceRules& rules) {
  if (model.size() > kVocabularyBytesMax)
    return fail(Code::kTooLarge, "{}: more than {} bytes", name, kVocabularyBytesMax);
  auto tokenizer = std::make_unique<SentencePiece>(rules);
  try {
    HANDSEL_TRY(tokenizer->load(model, name));
  } catch (const std::exception& error) {
    return fail(Code::kInvalidData, "{} is no SentencePiece model: {}", name, error.what());
  }
  return tokenizer;
}

}  // namespace handsel::models
