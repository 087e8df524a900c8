// Which shop sells a listing, and which tags it has.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "views/graph/builder.h"
#include "views/graph/internal/name_set.h"

namespace handsel::graph::internal {

// Listings by a number that the caller gives, without gaps. One thread.
class CatalogueLinks {
 public:
  explicit CatalogueLinks(const GraphOptions& options);

  // What was said of the listing before is forgotten. Names beyond a limit, and links that
  // there is no room for, are left out: then the answer is false.
  bool set(std::uint32_t listing, const ListingLinks& links);
  void clear(std::uint32_t listing);

  std::size_t links() const { return live_; }
  const NameSet& shops() const { return shops_; }
  const NameSet& tags() const { return tags_; }
  // visit(listing, shop), visit(listing, tag)
  template <typename VisitShop, typename VisitTag>
  void visit(VisitShop visit_shop, VisitTag visit_tag) const {
    for (std::uint32_t listing = 0; listing < places_.size(); ++listing) {
      const Place& place = places_[listing];
      if (place.shop != kNone) visit_shop(listing, place.shop);
      for (std::uint32_t i = 0; i < place.tags; ++i) visit_tag(listing, tag_numbers_[place.begin + i]);
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Place {
    std::uint32_t shop = kNone;
    std::uint32_t begin = 0;  // in tag_numbers_
    std::uint32_t tags = 0;
  };
  void close_gaps();

  const std::size_t links_max_;
  const std::size_t shops_max_;
  const std::size_t tags_max_;
  NameSet shops_;
  NameSet tags_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> tag_numbers_;
  std::size_t live_ = 0;
};

}  // namespace handsel::graph::internal
