#include "analysis/text/internal/atoms.h"

#include <string_view>

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include "base/core/result.h"
#include "base/core/utf8.h"

namespace handsel::text::internal {
namespace {

bool is_ascii_word(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');  // folded text has no capitals
}

// Runs of word characters in bytes [at, end).
void find_runs(std::string_view bytes, std::uint32_t at, std::uint32_t end, std::vector<Atom>& out) {
  constexpr std::uint32_t kNone = ~0u;
  std::uint32_t begin = kNone;
  while (at < end) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    std::uint32_t size = 1;
    bool inside;
    if (byte < 0x80) {
      inside = is_ascii_word(byte);
    } else {
      const DecodedCharacter character = decode_utf8(bytes.substr(at, end - at));
      size = static_cast<std::uint32_t>(character.size);
      inside = begin == kNone ? begins_word(character.code) : is_word_character(character.code);
    }
    if (inside && begin == kNone) begin = at;
    if (!inside && begin != kNone) {
      out.push_back({begin, at});
      begin = kNone;
    }
    at += size;
  }
  if (begin != kNone) out.push_back({begin, end});
}

}  // namespace

class AtomFinder::Icu {
 public:
  Icu() {
    UErrorCode status = U_ZERO_ERROR;
    iterator_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    HANDSEL_CHECK(U_SUCCESS(status));  // ICU comes with its data
  }
  ~Icu() { utext_close(&text_); }
  Icu(const Icu&) = delete;
  Icu& operator=(const Icu&) = delete;

  void find(std::string_view bytes, std::uint32_t begin, std::uint32_t end, std::vector<Atom>& out) {
    UErrorCode status = U_ZERO_ERROR;
    utext_openUTF8(&text_, bytes.data() + begin, end - begin, &status);
    iterator_->setText(&text_, status);
    HANDSEL_CHECK(U_SUCCESS(status));
    auto from = static_cast<std::uint32_t>(iterator_->first());
    for (std::int32_t next = iterator_->next(); next != icu::BreakIterator::DONE; next = iterator_->next()) {
      const auto to = static_cast<std::uint32_t>(next);
      find_runs(bytes, begin + from, begin + to, out);
      from = to;
    }
  }

 private:
  UText text_ = UTEXT_INITIALIZER;
  std::unique_ptr<icu::BreakIterator> iterator_;
};

AtomFinder::AtomFinder() = default;
AtomFinder::~AtomFinder() = default;

AtomFinder::Icu& AtomFinder::icu() {
  if (!icu_) icu_ = std::make_unique<Icu>();
  return *icu_;
}

void AtomFinder::find(const FoldedText& text, std::vector<Atom>& out) {
  out.clear();
  const auto size = static_cast<std::uint32_t>(text.bytes.size());
  for (std::size_t i = 0; i < text.chunks.size(); ++i) {
    const Chunk chunk = text.chunks[i];
    const std::uint32_t end = i + 1 < text.chunks.size() ? text.chunks[i + 1].folded_begin : size;
    if (chunk.simple) {
      find_runs(text.bytes, chunk.folded_begin, end, out);
    } else {
      icu().find(text.bytes, chunk.folded_begin, end, out);
    }
  }
}

void AtomFinder::find_by_icu(const FoldedText& text, std::vector<Atom>& out) {
  out.clear();
  if (!text.bytes.empty()) icu().find(text.bytes, 0, static_cast<std::uint32_t>(text.bytes.size()), out);
}

}  // namespace handsel::text::internal
