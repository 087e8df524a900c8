// Sentences with holes, and what fills them.
//
//   "{A} {adjective} {product} in {colour}."   ->   "A calm apron in sage green."
//
// {a} and {A} become the article that the next word needs. A sentence that names
// something which the listing does not have ({occasion}, {recipient}, {size},
// {motif}) is not used for it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/demo/internal/words.h"
#include "base/core/rng.h"

namespace handsel::demo {

enum class Slot : std::uint8_t {
  kProduct,
  kProducts,
  kMaterial,
  kTechnique,
  kColour,
  kStyle,
  kMotif,
  kSize,
  kOccasion,
  kRecipient,
  kLeaf,
  kShop,
  kTown,
  kSeries,
  kNumber,
  kDays,
  kAdjective,
  kRoom,
  kInspiration,
  kTool,
  kSmallArticle,
  kLargeArticle,
  kLiteral
};
inline constexpr std::size_t kSlots = static_cast<std::size_t>(Slot::kLiteral);

// The words of one listing; those of a draw (adjective, room, ...) are drawn anew
// at every use.
struct SlotWords {
  std::string_view words[kSlots];  // empty: the listing has none
  std::uint32_t present = 0;       // a bit for each slot that is filled

  void set(Slot slot, std::string_view word) {
    words[static_cast<std::size_t>(slot)] = word;
    if (!word.empty()) present |= 1u << static_cast<unsigned>(slot);
  }
};

class Sentence {
 public:
  // Ends the program where a hole has no name that we know: templates are ours.
  explicit Sentence(std::string_view pattern);

  bool fits(const SlotWords& words) const { return (needs_ & ~words.present) == 0; }
  void append(const SlotWords& words, Rng& rng, std::string& out) const;

 private:
  struct Piece {
    Slot slot;
    std::string literal;
  };
  std::vector<Piece> pieces_;
  std::uint32_t needs_ = 0;
};

using Bank = std::vector<Sentence>;
Bank make_bank(std::span<const std::string_view> patterns, bool american = false);
// One of the bank that fits; null where none of a few draws does.
const Sentence* pick_fitting(const Bank& bank, const SlotWords& words, Rng& rng);

// Upper case for the first letter of every word; bytes beyond ASCII stay as they are.
void append_title_case(std::string_view words, std::string& out);
// Upper case for the first letter, where it is ASCII.
void capitalise(std::string& text, std::size_t at);

}  // namespace handsel::demo
