#include "analysis/text/internal/stemmer.h"

#include <cstring>

#include <libstemmer.h>

#include "base/core/hash.h"

namespace handsel::text::internal {

std::string primary_language(std::string_view tag) {
  constexpr std::size_t kLettersMax = 8;  // BCP 47
  std::string out;
  for (const char c : tag) {
    if (c == '-' || c == '_') break;
    const char letter = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (letter < 'a' || letter > 'z' || out.size() == kLettersMax) return {};
    out.push_back(letter);
  }
  if (out == "nb" || out == "nn") return "no";  // the two written forms of Norwegian
  return out;
}

std::unique_ptr<Stemmer> Stemmer::make(const std::string& language) {
  if (language.size() > 3) return nullptr;  // Snowball also knows names: "porter" is not a language
  sb_stemmer* stemmer = sb_stemmer_new(language.c_str(), "UTF_8");
  return stemmer == nullptr ? nullptr : std::unique_ptr<Stemmer>(new Stemmer(stemmer, language));
}

Stemmer::Stemmer(sb_stemmer* stemmer, const std::string& language)
    : stemmer_(stemmer),
      needs_accents_(language == "hu" || language == "tr"),
      french_(language == "fr"),
      cache_(kEntries) {}

Stemmer::~Stemmer() {
  sb_stemmer_delete(stemmer_);
}

std::string_view Stemmer::stem_anew(std::string_view surface) {
  // Without its accent "brodée" ends in two letters of which Snowball would take one.
  if (french_ && (surface.ends_with("ee") || surface.ends_with("ees")))
    surface = surface.substr(0, surface.rfind("ee") + 1);
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer_, reinterpret_cast<const sb_symbol*>(surface.data()), static_cast<int>(surface.size()));
  if (stem == nullptr) return surface;
  const int size = sb_stemmer_length(stemmer_);
  return size <= 0 ? surface : std::string_view(reinterpret_cast<const char*>(stem), static_cast<std::size_t>(size));
}

std::string_view Stemmer::stem(std::string_view surface) {
  if (surface.size() > kWordMax) return stem_anew(surface);
  Entry& entry = cache_[hash64(surface) % kEntries];
  if (entry.surface_size == surface.size() && std::memcmp(entry.surface, surface.data(), surface.size()) == 0)
    return {entry.term, entry.term_size};
  const std::string_view term = stem_anew(surface);
  if (term.size() > sizeof(entry.term)) return term;
  entry.surface_size = static_cast<std::uint8_t>(surface.size());
  entry.term_size = static_cast<std::uint8_t>(term.size());
  std::memcpy(entry.surface, surface.data(), surface.size());
  std::memcpy(entry.term, term.data(), term.size());
  return {entry.term, entry.term_size};
}

}  // namespace handsel::text::internal
