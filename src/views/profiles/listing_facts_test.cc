#include "views/profiles/listing_facts.h"

#include <gtest/gtest.h>

namespace handsel::profiles {
namespace {

TEST(ListingFacts, AreFoldedAndBounded) {
  catalog::Listing listing{.id = "L1",
                           .shop_id = "S3",
                           .tags = {"Kitchen  Gift", "kitchen gift", ""},
                           .materials = {"Linen"},
                           .attributes = {{"Style", "BOHO"}, {"color", std::string(500, 'x')}},
                           .taxonomy_path = {"Home & Living", "Kitchen"},
                           .price_cents = 4200};
  const ListingFacts facts = facts_of(listing);
  EXPECT_EQ(facts.id, "L1");
  EXPECT_EQ(facts.shop_id, "S3");
  EXPECT_EQ(facts.price_cents, 4200);
  EXPECT_EQ(facts.taxonomy_path, (std::vector<std::string>{"home & living", "kitchen"}));
  EXPECT_EQ(facts.attributes,
            (std::vector<std::string>{"style=boho", "material=linen", "shop=s3", "tag=kitchen gift"}));
  ASSERT_EQ(facts.attribute_keys.size(), facts.attributes.size());
  EXPECT_EQ(facts.attribute_keys[1], attribute_key("material=linen"));
  for (int i = 0; i < 100; ++i) listing.tags.push_back("tag " + std::to_string(i));
  listing.taxonomy_path.assign(50, "deep");
  EXPECT_EQ(facts_of(listing).attributes.size(), kListingAttributesMax);
  EXPECT_EQ(facts_of(listing).taxonomy_path.size(), kTaxonomyDepthMax);
}

}  // namespace
}  // namespace handsel::profiles
