#include "app/demo/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "app/demo/internal/leaves.h"
#include "app/demo/internal/picture_words.h"
#include "app/demo/internal/words.h"

namespace handsel::demo {
namespace {

// Every element closed, in order; every attribute quoted. Enough of XML for what we write.
std::string why_not_well_formed(std::string_view svg) {
  std::vector<std::string> open;
  while (!svg.empty()) {
    if (svg.front() != '<') return "text outside of elements: " + std::string(svg.substr(0, 40));
    const std::size_t end = svg.find('>');
    if (end == std::string_view::npos) return "no end of tag";
    std::string_view tag = svg.substr(1, end - 1);
    svg.remove_prefix(end + 1);
    if (std::ranges::count(tag, '"') % 2 != 0) return "quotes: " + std::string(tag);
    const std::string name(
        tag.substr(tag.starts_with('/') ? 1 : 0, tag.find_first_of(" /", 1) - (tag.starts_with('/') ? 1 : 0)));
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != name) return "closes " + name;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "left open: " + open.back();
}

TEST(PictureTest, EveryKindWithEveryMotif) {
  std::set<std::string> kinds;
  for (const RootSpec& root : roots()) {
    for (const LeafSpec& leaf : root.leaves) kinds.insert(std::string(leaf.picture));
  }
  for (const std::string& kind : kinds) {
    for (const Motif& motif : motifs()) {
      for (const char seed : {'1', 'z'}) {
        const std::string token = kind + "-" + std::string(motif.token) + "-teal-boho-" + seed;
        const std::optional<std::string> svg = paint_svg(token);
        ASSERT_TRUE(svg) << token;
        EXPECT_EQ(why_not_well_formed(*svg), "") << token;
        EXPECT_LT(svg->size(), 48'000u) << token;
        EXPECT_THAT(*svg, testing::Not(testing::AnyOf(testing::HasSubstr("script"), testing::HasSubstr("href"),
                                                      testing::HasSubstr("nan"), testing::HasSubstr("{"))))
            << token;
      }
    }
  }
}

TEST(PictureTest, EveryWordOfTheCatalogueIsKnown) {
  for (const Colour& colour : colours()) EXPECT_NE(find_palette(colour.token), nullptr) << colour.token;
  for (const Style& style : styles()) EXPECT_NE(find_mood(style.token), nullptr) << style.token;
  std::size_t kind_bytes = 0, motif_bytes = 0, colour_bytes = 0, style_bytes = 0;
  for (const RootSpec& root : roots()) {
    for (const LeafSpec& leaf : root.leaves) kind_bytes = std::max(kind_bytes, leaf.picture.size());
  }
  for (const Motif& motif : motifs()) motif_bytes = std::max(motif_bytes, motif.token.size());
  for (const Colour& colour : colours()) colour_bytes = std::max(colour_bytes, colour.token.size());
  for (const Style& style : styles()) style_bytes = std::max(style_bytes, style.token.size());
  EXPECT_LE(kind_bytes + motif_bytes + colour_bytes + style_bytes + 4 + 4, kPictureTokenBytesMax);
}

TEST(PictureTest, TheSameTokenIsTheSamePicture) {
  EXPECT_EQ(paint_svg("mug-fern-sage-boho-k3f9"), paint_svg("mug-fern-sage-boho-k3f9"));
  EXPECT_NE(paint_svg("mug-fern-sage-boho-k3f9"), paint_svg("mug-fern-sage-boho-k3f8"));
}

TEST(PictureTest, WhatIsNoToken) {
  for (const std::string_view token :
       {"", "-", "----", "mug", "mug-fern-sage-boho", "mug-fern-sage-boho-", "mug-fern-sage-boho-12345",
        "mug-fern-sage-boho-1-2", "MUG-fern-sage-boho-1", "mug-fern-sage-boho-<", "mug-fern-sage-boho-1\n",
        "mugs-fern-sage-boho-1", "mug-ferns-sage-boho-1", "mug-fern-sages-boho-1", "mug-fern-sage-bohos-1",
        "../../etc/passwd", "mug-fern-sage-boho-\xc3\xbc",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_EQ(paint_svg(token), std::nullopt) << token;
  }
}

}  // namespace
}  // namespace handsel::demo
