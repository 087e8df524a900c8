// What the words of titles and tags name: "petrol" a colour, "dark academia" a style, "mum" a
// recipient, in whatever language sellers write, learnt from listings that say the same in their
// attributes.
//
// Titles and tags are cut into units: two neighbouring words of which one leans on the other (at least
// kPhraseShareMin of all places with it have them side by side), else single words. A word that is mostly
// (kOwnUnitShareMin) there is a unit of its own besides: "sage green" tells of "sage green" and of "sage", but says
// nothing of "green", which is mostly elsewhere. Two words are passed over where one of them says it all and the other
// nothing of the kind: "plum apron" is a plum thing, and an apron; unless the other, by itself, names what the two
// together do not: "needle felted" is not of felt. Two that lean on each other less (kWeakPhraseShareMin) are a unit
// beside their words, where neither of these says what they say together: "cotton paper". A unit u names a value v of
// an attribute n where
//   the Wilson lower bound (90 %, one-sided) of
//     listings with u and n=v / listings with u that say n at all
// is at least kNamedMin, where that is kLiftMin times as much as of all listings, and where
// kShopsMin shops and kNamingListingsMin listings write it (kWeakNamingListingsMin, where two words lean on
// each other less): what one seller writes beside all their work names nothing. Where u
// names a category, v must be kLiftMin times as usual as it is there: a journal is a thing, and
// that journals are bound by hand says nothing of the word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace handsel::query {

inline constexpr double kPhraseShareMin = 0.4;
inline constexpr double kWeakPhraseShareMin = 0.1;
inline constexpr double kOwnUnitShareMin = 0.5;
inline constexpr double kNamedMin = 0.7;
inline constexpr std::size_t kNamingListingsMin = 5;
inline constexpr std::size_t kWeakNamingListingsMin = 20;
inline constexpr std::size_t kShopsMin = 3;

// One thread. About 200 bytes a listing and 40 a pair of neighbouring words, of which at most a
// million are kept.
class NamingsBuilder {
 public:
  static constexpr std::uint32_t kNoWord = 0xffff'ffff;
  static constexpr std::uint32_t kCategoryKind = 0x8000'0000;  // the kind of what is no attribute but a category
  struct Told {                                                // by one listing
    std::span<const std::uint32_t> words;       // numbers, in their order; kNoWord between title and tags
    std::span<const std::uint32_t> attributes;  // numbers of "name=value"
    std::uint64_t shop = 0;                     // a hash; listings of the same one count as one voice
    std::uint64_t language = 0;                 // a hash
  };
  void add(const Told& listing);

  struct Naming {
    std::uint32_t first = 0;
    std::uint32_t second = 0;  // kNoWord: a single word
    bool is_foreign = false;   // most listings with it are not in the language that most listings are in
    bool by_one_word = false;  // of two, that names the first of the attributes alone
    std::vector<std::pair<std::uint32_t, double>> attributes;  // and the bound, most first
  };
  // `kind_of`: the same number for all values of the same attribute name. By words, ascending.
  std::vector<Naming> build(const std::function<std::uint32_t(std::uint32_t attribute)>& kind_of) const;

 private:
  using Unit = std::uint64_t;  // first << 32 | second
  void drop_what_one_word_says(std::vector<Naming>& namings,
                               const std::function<std::uint32_t(std::uint32_t)>& kind_of) const;
  enum class Lean : std::uint8_t { kNone, kWeak, kStrong };
  Lean lean(std::uint32_t first, std::uint32_t second) const;
  std::uint32_t places_together(std::uint32_t first, std::uint32_t second) const;
  double share_together(std::uint32_t word, std::uint32_t first, std::uint32_t second) const;  // of the word's places
  // Each once.
  std::vector<Unit> units_of(std::size_t listing) const;
  std::span<const std::uint32_t> attributes_of(std::size_t listing) const;

  struct Ends {
    std::size_t words;
    std::size_t attributes;
    std::uint64_t shop;
    std::uint64_t language;
  };
  std::uint64_t usual_language() const;
  std::vector<Ends> listings_;
  std::vector<std::uint32_t> words_;
  std::vector<std::uint32_t> attributes_;
  std::unordered_map<std::uint32_t, std::uint32_t> count_of_word_;
  std::unordered_map<Unit, std::uint32_t> count_of_pair_;
  std::uint32_t pairs_floor_ = 0;
};

}  // namespace handsel::query
