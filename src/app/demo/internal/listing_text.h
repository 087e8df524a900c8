// The words of one listing: title, description and tags, in the voice of its shop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/demo/internal/world.h"

namespace handsel::demo {

// Holds the strings that the slots of one listing point into. Lives on the stack of
// make_listing; moves nowhere.
class ListingWriter {
 public:
  ListingWriter(const World& world, const Traits& traits, const ShopTraits& shop, std::string_view shop_name, Rng& rng);
  ListingWriter(const ListingWriter&) = delete;

  std::string title();
  std::string description();
  std::vector<std::string> tags();

 private:
  void append_topic(std::size_t topic, std::string& out);
  void add_mistakes(std::string& text);
  std::string tag(std::size_t pattern) const;

  const Traits& traits_;
  const ShopTraits& shop_;
  const Sentences& sentences_;
  const Leaf& leaf_;
  Rng& rng_;
  SlotWords words_;
  std::string series_;
  std::string number_;
  std::string days_;
  std::string town_;
};

}  // namespace handsel::demo
