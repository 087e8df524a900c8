#include "facts/catalog/import/merchant_xml.h"

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

struct Found {
  std::vector<std::string> items;  // "line:name=text;name=text;" or "line!problem"
  std::string error;
};

Found items_of(std::string_view text, std::size_t buffer_bytes = 4096) {
  const std::unique_ptr<ByteSource> source = memory_source("test", text, buffer_bytes);
  MerchantXmlReader reader(*source);
  Found found;
  for (;;) {
    const Result<std::optional<XmlItem>> item = reader.next();
    if (!item) {
      found.error = item.error().message;
      return found;
    }
    if (!*item) return found;
    std::string text_of_item = fmt::format("{}:", (*item)->line);
    for (const auto& [name, value] : (*item)->fields) text_of_item += fmt::format("{}={};", name, value);
    if (!(*item)->problem.empty()) text_of_item = fmt::format("{}!{}", (*item)->line, (*item)->problem);
    found.items.push_back(std::move(text_of_item));
  }
}

constexpr std::string_view kHead =
    "<?xml version=\"1.0\"?>\n"
    "<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\">\n"
    "<channel><title>A shop</title><link>https://shop.example</link>\n";
constexpr std::string_view kTail = "</channel></rss>\n";

std::string feed(std::string_view items) {
  return std::string(kHead) + std::string(items) + std::string(kTail);
}

TEST(MerchantXml, ReadsRssAndAtom) {
  const std::string rss = feed(
      "<item><g:id>1</g:id><title>Plain</title><g:title>Blue &amp; white mug</g:title>\n"
      "<g:image_link>https://x/1.jpg</g:image_link><g:additional_image_link>https://x/2.jpg</g:additional_image_link>"
      "<g:additional_image_link>https://x/3.jpg</g:additional_image_link>"
      "<g:shipping><g:country>US</g:country><g:price>5 USD</g:price></g:shipping>"
      "<description><![CDATA[<b>Hand</b> thrown]]></description><g:color></g:color></item>\n"
      "<item><g:id>2</g:id></item>");
  const std::vector<std::string> expected = {
      "4:id=1;title=Blue & white mug;image_link=https://x/1.jpg;additional_image_link=https://x/2.jpg;"
      "additional_image_link=https://x/3.jpg;shipping=US 5 USD;description=<b>Hand</b> thrown;",
      "6:id=2;"};
  for (const std::size_t buffer_bytes : {1, 3, 50, 4096}) {
    const Found found = items_of(rss, buffer_bytes);
    EXPECT_EQ(found.items, expected);
    EXPECT_EQ(found.error, "");
  }
  const Found atom = items_of(
      "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:g='http://base.google.com/ns/1.0'><title>t</title>"
      "<entry><g:id>7</g:id><link rel='self' href='https://no'/><link href='https://yes'/></entry></feed>");
  EXPECT_EQ(atom.items, std::vector<std::string>{"1:id=7;link=https://yes;"});
  EXPECT_EQ(atom.error, "");
}

TEST(MerchantXml, ABrokenItemIsRefusedAlone) {
  const std::string text = feed(
      "<item><g:id>1</g:id></item>\n"
      "<item><g:id>2</g:id><g:title>Salt & Pepper</g:title></item>\n"
      "<item><g:id>3</g:id></item>\n"
      "<item><g:id>4</g:title></item>\n"
      "<item><g:id>5</g:id>\n"
      "<item><g:id>6</g:id></item>\n"
      "<item><g:id>7</g:id>&nbsp;</item>\n"
      "<item><g:id>8</g:id></item>\n");
  for (const std::size_t buffer_bytes : {1, 2, 13, 64, 4096}) {
    const Found found = items_of(text, buffer_bytes);
    EXPECT_EQ(found.error, "");
    ASSERT_EQ(found.items.size(), 8u) << buffer_bytes << "\n" << fmt::format("{}", fmt::join(found.items, "\n"));
    EXPECT_EQ(found.items[0], "4:id=1;");
    EXPECT_TRUE(found.items[1].starts_with("5!is not well-formed XML")) << found.items[1];
    EXPECT_EQ(found.items[2], "6:id=3;");
    EXPECT_TRUE(found.items[3].starts_with("7!is not well-formed XML: mismatched tag")) << found.items[3];
    EXPECT_EQ(found.items[4], "8!is not closed before the next one begins");
    EXPECT_EQ(found.items[5], "9:id=6;") << buffer_bytes;
    EXPECT_TRUE(found.items[6].starts_with("10!is not well-formed XML: undefined entity")) << found.items[6];
    EXPECT_EQ(found.items[7], "11:id=8;");
  }
}

// Expat puts off small pieces that follow a large unfinished token.
TEST(MerchantXml, WhatTheParserPutsOffIsDeliveredAtTheEnd) {
  const std::string text = feed("<item><g:id>0</g:id></item><!--" + std::string(5000, 'x') +
                                "--><item><g:id>1</g:id></item><item>&</item>\n");
  for (std::size_t buffer_bytes = 4000; buffer_bytes < 5400; buffer_bytes += 37) {
    const Found found = items_of(text, buffer_bytes);
    EXPECT_EQ(found.error, "");
    ASSERT_EQ(found.items.size(), 3u) << buffer_bytes;
    EXPECT_EQ(found.items[1], "4:id=1;");
    EXPECT_TRUE(found.items[2].starts_with("4!is not well-formed")) << found.items[2];
  }
}

TEST(MerchantXml, HostileOrTornDocumentsEndWithAReason) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"
      "<rss><channel><item><title>&b;</title></item></channel></rss>";
  std::string deep = feed("");
  deep.insert(kHead.size(), [] {
    std::string tags;
    for (int i = 0; i < 100; ++i) tags += "<d>";
    return tags;
  }());
  const std::pair<std::string, std::string_view> cases[] = {
      {bomb, "has a document type declaration"},
      {deep, "is nested more than 32 levels deep"},
      {std::string(kHead) + "<item><g:id>1</g:id></item><item>", "line 4: is not well-formed XML"},
      {"<html><body></body></html>", "neither RSS nor Atom"},
      {"<", "test, line 1: is not well-formed XML"},
      {std::string(kHead) + "<item><g:id>1</g:id></item><item><g:id>2</", "line 4: is not well-formed XML"},
      {"<rss></rdf>", "mismatched tag"},
      {"<rss>" + std::string(3 << 20, 'x').insert(0, "<channel a='"), "has a tag or comment of more than"},
  };
  for (const auto& [text, expected] : cases) {
    const Found found = items_of(text, 64 * 1024);
    EXPECT_TRUE(found.error.contains(expected)) << found.error;
  }
  EXPECT_EQ(items_of(std::string(kHead) + "<item><g:id>1</g:id></item><item>").items.size(), 1u);
}

TEST(MerchantXml, AnItemMayNotBeHuge) {
  const Found found = items_of(feed("<item><g:id>1</g:id><description>" + std::string(2 << 20, 'x') +
                                    "</description></item><item><g:id>2</g:id></item>"));
  ASSERT_EQ(found.items.size(), 2u);
  EXPECT_EQ(found.items[0], "4!has more than 1048576 bytes of text");
  EXPECT_EQ(found.items[1], "4:id=2;");
}

}  // namespace
}  // namespace handsel::catalog
