#include "views/profiles/listing_facts.h"

#include <algorithm>

#include "analysis/text/fold.h"

namespace handsel::profiles {
namespace {

void add_attribute(ListingFacts& facts, const std::string& name, const std::string& value) {
  if (facts.attributes.size() >= kListingAttributesMax) return;
  const std::string folded = text::fold_keyword(value);
  std::string attribute = text::fold_keyword(name) + "=" + folded;
  if (folded.empty() || attribute.size() > kNameBytesMax) return;
  if (std::ranges::find(facts.attributes, attribute) == facts.attributes.end()) {
    facts.attributes.push_back(std::move(attribute));
  }
}

}  // namespace

ListingFacts facts_of(const catalog::Listing& listing) {
  ListingFacts facts{.id = listing.id, .shop_id = listing.shop_id, .price_cents = listing.price_cents};
  for (const std::string& name : listing.taxonomy_path) {
    if (facts.taxonomy_path.size() < kTaxonomyDepthMax) facts.taxonomy_path.push_back(text::fold_keyword(name));
  }
  for (const catalog::Attribute& attribute : listing.attributes) add_attribute(facts, attribute.name, attribute.value);
  for (const std::string& material : listing.materials) add_attribute(facts, "material", material);
  if (listing.personalizable) add_attribute(facts, "personalizable", "true");
  add_attribute(facts, "shop", listing.shop_name.empty() ? listing.shop_id : listing.shop_name);
  for (const std::string& tag : listing.tags) add_attribute(facts, "tag", tag);
  for (const std::string& attribute : facts.attributes) facts.attribute_keys.push_back(attribute_key(attribute));
  return facts;
}

}  // namespace handsel::profiles
