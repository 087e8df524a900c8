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

  // Lives until the next call. Never empty where `surface` is not.
  std::string_view stem(std::string_view surface);

 private:
  static constexpr std::size_t kWordMax = 30;  // longer words are stemmed anew
  struct Entry {
    std::uint8_t surface_size = 0;
    std::uint8_t term_size = 0;
    char surface[kWordMax];
    char term[kWordMax + 2];  // a stem may be longer than its word: "hop" from "hopp", but "e" put back
  };
  static constexpr std::size_t kEntries = 4096;  // 256 KB

  explicit Stemmer(sb_stemmer* stemmer);
  std::string_view stem_anew(std::string_view surface);

  sb_stemmer* const stemmer_;
  std::vector<Entry> cache_;  // by hash of the surface; the newer stays
};

}  // namespace handsel::text::internal
