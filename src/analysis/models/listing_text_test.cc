#include "analysis/models/listing_text.h"

#include <gtest/gtest.h>

namespace handsel::models {
namespace {

TEST(ListingText, FollowsTheTemplate) {
  const catalog::Listing listing{.title = "Linen apron",
                                 .description = "Sewn to order.",
                                 .tags = {"gift", "", "kitchen"},
                                 .materials = {"linen"},
                                 .attributes = {{"color", "Ivory"}, {"size", ""}, {"style", "Rustic"}},
                                 .taxonomy_path = {"Home", "Aprons"}};
  EXPECT_EQ(listing_text(listing), "Linen apron. Aprons. Ivory, Rustic. linen. gift, kitchen. Sewn to order.");
}

TEST(ListingText, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(listing_text({}), "");
  EXPECT_EQ(listing_text({.description = "Only this"}), "Only this");
  EXPECT_EQ(listing_text({.title = "Mug", .tags = {"blue"}}), "Mug. blue");
}

TEST(ListingText, IsBounded) {
  catalog::Listing listing{.description = std::string(599, 'a') + "é"};
  for (int i = 0; i < 20; ++i) listing.tags.push_back("t" + std::to_string(i));
  EXPECT_EQ(listing_text(listing), "t0, t1, t2, t3, t4, t5, t6, t7. " + std::string(599, 'a'));
}

}  // namespace
}  // namespace handsel::models
