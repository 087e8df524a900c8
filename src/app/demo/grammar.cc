#include "app/demo/internal/grammar.h"

#include <algorithm>
#include <utility>

#include "app/demo/internal/vocabulary.h"
#include "base/core/result.h"

namespace handsel::demo {
namespace {

constexpr std::pair<std::string_view, Slot> kSlotNames[] = {
    {"product", Slot::kProduct},
    {"products", Slot::kProducts},
    {"material", Slot::kMaterial},
    {"technique", Slot::kTechnique},
    {"colour", Slot::kColour},
    {"style", Slot::kStyle},
    {"motif", Slot::kMotif},
    {"size", Slot::kSize},
    {"occasion", Slot::kOccasion},
    {"recipient", Slot::kRecipient},
    {"leaf", Slot::kLeaf},
    {"shop", Slot::kShop},
    {"town", Slot::kTown},
    {"series", Slot::kSeries},
    {"number", Slot::kNumber},
    {"days", Slot::kDays},
    {"adjective", Slot::kAdjective},
    {"room", Slot::kRoom},
    {"inspiration", Slot::kInspiration},
    {"tool", Slot::kTool},
    {"a", Slot::kSmallArticle},
    {"A", Slot::kLargeArticle},
};

constexpr std::uint32_t bit(Slot slot) {
  return 1u << static_cast<unsigned>(slot);
}

// Slots that are drawn rather than given.
constexpr std::uint32_t kDrawn = bit(Slot::kAdjective) | bit(Slot::kRoom) | bit(Slot::kInspiration) | bit(Slot::kTool) |
                                 bit(Slot::kSmallArticle) | bit(Slot::kLargeArticle);

Slot slot_named(std::string_view name) {
  const auto* found = std::ranges::find(kSlotNames, name, &std::pair<std::string_view, Slot>::first);
  HANDSEL_CHECK(found != std::end(kSlotNames));
  return found->second;
}

std::string_view draw(Slot slot, Rng& rng) {
  switch (slot) {
    case Slot::kAdjective:
      return rng.pick(adjectives());
    case Slot::kRoom:
      return rng.pick(rooms());
    case Slot::kInspiration:
      return rng.pick(inspirations());
    case Slot::kTool:
      return rng.pick(tools());
    default:
      return {};
  }
}

bool is_vowel(char c) {
  return std::string_view("aeiouAEIOU").contains(c);
}
bool is_plural(std::string_view word) {
  return word.ends_with('s') && !word.ends_with("ss");
}

// The article before `next`, with its blank; none before a plural.
std::string_view article(bool large, std::string_view next) {
  if (is_plural(next)) return large ? "Our " : "our ";
  const bool vowel = is_vowel(next.front()) && !next.starts_with("uni") && !next.starts_with("one");
  if (large) return vowel ? "An " : "A ";
  return vowel ? "an " : "a ";
}

}  // namespace

Sentence::Sentence(std::string_view pattern) {
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    if (open > 0) pieces_.push_back({Slot::kLiteral, std::string(pattern.substr(0, open))});
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    HANDSEL_CHECK(close != std::string_view::npos);
    const Slot slot = slot_named(pattern.substr(open + 1, close - open - 1));
    pieces_.push_back({slot, {}});
    needs_ |= bit(slot) & ~kDrawn;
    pattern.remove_prefix(close + 1);
    const bool is_article = slot == Slot::kSmallArticle || slot == Slot::kLargeArticle;
    if (is_article && pattern.starts_with(' ')) pattern.remove_prefix(1);
  }
}

void Sentence::append(const SlotWords& words, Rng& rng, std::string& out) const {
  Slot pending = Slot::kLiteral;  // an article that waits for its word
  for (const Piece& piece : pieces_) {
    if (piece.slot == Slot::kSmallArticle || piece.slot == Slot::kLargeArticle) {
      pending = piece.slot;
      continue;
    }
    std::string_view text = piece.literal;
    if (piece.slot != Slot::kLiteral) {
      text = (bit(piece.slot) & kDrawn) ? draw(piece.slot, rng) : words.words[static_cast<std::size_t>(piece.slot)];
    }
    if (pending != Slot::kLiteral && !text.empty()) out += article(pending == Slot::kLargeArticle, text);
    pending = Slot::kLiteral;
    out += text;
  }
}

Bank make_bank(std::span<const std::string_view> patterns, bool american) {
  Bank bank;
  for (const std::string_view pattern : patterns) {
    // The names of slots are British, so only what stands between them changes.
    std::string text;
    for (std::string_view rest = pattern; !rest.empty();) {
      const std::size_t open = std::min(rest.find('{'), rest.size());
      const std::size_t close = open == rest.size() ? open : rest.find('}', open) + 1;
      text += american ? americanise(rest.substr(0, open)) : std::string(rest.substr(0, open));
      text += rest.substr(open, close - open);
      rest.remove_prefix(close);
    }
    bank.emplace_back(text);
  }
  return bank;
}

const Sentence* pick_fitting(const Bank& bank, const SlotWords& words, Rng& rng) {
  for (int tries = 0; tries < 6; ++tries) {
    const Sentence& sentence = bank[rng.below(bank.size())];
    if (sentence.fits(words)) return &sentence;
  }
  return nullptr;
}

void capitalise(std::string& text, std::size_t at) {
  if (at < text.size() && text[at] >= 'a' && text[at] <= 'z') text[at] = static_cast<char>(text[at] - 'a' + 'A');
}

void append_title_case(std::string_view words, std::string& out) {
  const std::size_t begin = out.size();
  out += words;
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (i == begin || out[i - 1] == ' ' || out[i - 1] == '-') capitalise(out, i);
  }
}

}  // namespace handsel::demo
