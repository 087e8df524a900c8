#include "views/graph/internal/catalogue_links.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "analysis/text/normalised_query.h"
#include "views/graph/internal/graph_writer.h"

namespace handsel::graph::internal {
namespace {

constexpr std::size_t kGapsMin = 1024;  // fewer are left alone

// Nothing where the name is new and there is no room for it.
std::optional<std::uint32_t> number_of(NameSet& names, std::string_view name, std::size_t names_max) {
  if (names.size() >= names_max) return names.find(name);
  return names.insert(name);
}

}  // namespace

CatalogueLinks::CatalogueLinks(const GraphOptions& options)
    : links_max_(std::min<std::size_t>(options.links_max, std::numeric_limits<std::uint32_t>::max() / 4)),
      shops_max_(options.shops_max),
      tags_max_(options.tags_max) {}

bool CatalogueLinks::set(std::uint32_t listing, const ListingLinks& links) {
  clear(listing);
  bool all = true;
  Place place;
  place.begin = static_cast<std::uint32_t>(tag_numbers_.size());
  if (!links.shop.empty()) {
    const bool fits = links.shop.size() <= kNameBytesMax && live_ < links_max_;
    const auto shop = fits ? number_of(shops_, links.shop, shops_max_) : std::nullopt;
    if (shop) {
      place.shop = *shop;
      ++live_;
    }
    all = all && shop;
  }
  for (const std::string& tag : links.tags) {
    const std::string name = text::normalised_query(tag);
    if (name.empty()) continue;
    const bool fits = place.tags < kListingTagsMax && live_ < links_max_;
    const auto number = fits ? number_of(tags_, name, tags_max_) : std::nullopt;
    all = all && number;
    if (!number || std::find(tag_numbers_.begin() + place.begin, tag_numbers_.end(), *number) != tag_numbers_.end())
      continue;
    tag_numbers_.push_back(*number);
    ++place.tags;
    ++live_;
  }
  places_[listing] = place;
  if (tag_numbers_.size() > 2 * live_ + kGapsMin) close_gaps();
  return all;
}

void CatalogueLinks::clear(std::uint32_t listing) {
  if (listing >= places_.size()) places_.resize(listing + 1);
  Place& place = places_[listing];
  live_ -= place.tags + (place.shop != kNone ? 1 : 0);
  place = {};
}

void CatalogueLinks::close_gaps() {
  std::vector<std::uint32_t> closed;
  closed.reserve(live_);
  for (Place& place : places_) {
    const auto begin = tag_numbers_.begin() + place.begin;
    place.begin = static_cast<std::uint32_t>(closed.size());
    closed.insert(closed.end(), begin, begin + place.tags);
  }
  tag_numbers_ = std::move(closed);
}

}  // namespace handsel::graph::internal
