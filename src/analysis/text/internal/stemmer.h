// Snowball stems with a bounded memory of those made before.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sb_stemmer;

namespace handsel::text::internal {

// "pt-BR" and "PT_br" to "pt"; what is no language tag to "". At most 8 letters.
std::string primary_language(std::string_view tag);

// One thread. A word that was stemmed lately costs a hash and a comparison.
class Stemmer {
 public:
  // Null where Snowball has none for that language (an ISO 639 code).
  static std::unique_ptr<Stemmer> make(const std::string& language);
  ~Stemmer();

  // Whether the endings that it knows are told apart by accents (vowel harmony), so that
  // it must see them. The others are given words without.
  bool needs_accents() const { return needs_accents_; }

  // Lives until the next call. Never empty where `surface` is not.
  std::string_view stem(std::string_view surface);

 private:
  static constexpr std::size_t kWordMax = 30;  // longer words are stemmed anew
  struct Entry {
    std::uint8_t surface_size = 0;
    std::uint8_t term_size = 0;
    char surface[kWordMax];
    char term[kWordMax + 2];  // some stems are longer than their word
  };
  static constexpr std::size_t kEntries = 4096;  // 256 KB

  Stemmer(sb_stemmer* stemmer, const std::string& language);
  std::string_view stem_anew(std::string_view surface);

  sb_stemmer* const stemmer_;
  const bool needs_accents_;
  const bool french_;
  std::vector<Entry> cache_;  // by hash of the surface; the newer stays
};

}  // namespace handsel::text::internal
