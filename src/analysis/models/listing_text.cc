#include "analysis/models/listing_text.h"

#include <functional>
#include <string_view>

#include "base/core/utf8.h"

namespace handsel::models {
namespace {

void append_part(std::string& text, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += ". ";
  text += part;
}

template <typename Values, typename Projection>
std::string listed(const Values& values, const Projection& projection) {
  std::string text;
  std::size_t count = 0;
  for (const auto& value : values) {
    const std::string& word = projection(value);
    if (word.empty()) continue;
    if (count == kListingTextValuesMax) break;
    if (count++ > 0) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace

std::string listing_text(const catalog::Listing& listing) {
  const std::identity itself;
  const auto value = [](const catalog::Attribute& attribute) -> const std::string& { return attribute.value; };
  std::string text = listing.title;
  if (!listing.taxonomy_path.empty()) append_part(text, listing.taxonomy_path.back());
  append_part(text, listed(listing.attributes, value));
  append_part(text, listed(listing.materials, itself));
  append_part(text, listed(listing.tags, itself));
  append_part(text, utf8_prefix(listing.description, kListingTextDescriptionBytesMax));
  return text;
}

}  // namespace handsel::models
