#include "facts/catalog/internal/limits.h"

#include <string_view>

#include "facts/log/log.h"

namespace handsel::catalog {
namespace {

// What listing.h leaves open.
constexpr std::size_t kStoredUrlBytesMax = 4096;
constexpr std::size_t kStoredNameBytesMax = kTitleBytesMax;
constexpr std::size_t kStoredCodeBytesMax = 64;  // languages, countries, currencies, listing types

// The largest listing has five lists of keywords (an attribute counts twice).
static_assert(kDescriptionBytesMax + 5 * kKeywordsMax * (kKeywordBytesMax + 8) +
                  kImagesMax * (kStoredUrlBytesMax + kTitleBytesMax) + (16 << 10) <
              log::kRecordBytesMax);

// Checks field after field and keeps the first complaint.
class Checker {
 public:
  explicit Checker(std::string_view thing) : thing_(thing) {}

  Checker& id(std::string_view value) {
    if (result_ && value.empty()) result_ = fail(Code::kInvalidArgument, "{}: id is missing", thing_);
    return text("id", value, kIdBytesMax);
  }
  Checker& text(std::string_view field, std::string_view value, std::size_t bytes_max) {
    if (result_ && value.size() > bytes_max) {
      result_ =
          fail(Code::kTooLarge, "{}: {} has {} bytes; at most {} are allowed", thing_, field, value.size(), bytes_max);
    }
    return *this;
  }
  Checker& count(std::string_view field, std::size_t count, std::size_t count_max) {
    if (result_ && count > count_max) {
      result_ = fail(Code::kTooLarge, "{}: {} has {} entries; at most {} are allowed", thing_, field, count, count_max);
    }
    return *this;
  }
  Checker& keywords(std::string_view field, const std::vector<std::string>& words) {
    count(field, words.size(), kKeywordsMax);
    for (const std::string& word : words) text(field, word, kKeywordBytesMax);
    return *this;
  }
  Checker& attributes(const std::vector<Attribute>& attributes) {
    count("attributes", attributes.size(), kKeywordsMax);
    for (const Attribute& attribute : attributes) {
      text("attributes", attribute.name, kKeywordBytesMax).text("attributes", attribute.value, kKeywordBytesMax);
    }
    return *this;
  }
  Checker& images(const std::vector<Image>& images) {
    count("images", images.size(), kImagesMax);
    for (const Image& image : images) {
      text("images", image.url, kStoredUrlBytesMax).text("images", image.alt_text, kTitleBytesMax);
    }
    return *this;
  }

  Result<void> result() && { return std::move(result_); }

 private:
  const std::string_view thing_;
  Result<void> result_;
};

}  // namespace

Result<void> check_limits(const Listing& listing) {
  Checker checker("listing");
  checker.id(listing.id)
      .text("shop_id", listing.shop_id, kIdBytesMax)
      .text("shop_name", listing.shop_name, kStoredNameBytesMax)
      .text("title", listing.title, kTitleBytesMax)
      .text("description", listing.description, kDescriptionBytesMax)
      .text("url", listing.url, kStoredUrlBytesMax)
      .text("language", listing.language, kStoredCodeBytesMax)
      .keywords("tags", listing.tags)
      .keywords("materials", listing.materials)
      .attributes(listing.attributes)
      .keywords("taxonomy_path", listing.taxonomy_path)
      .images(listing.images)
      .text("currency", listing.currency, kStoredCodeBytesMax)
      .text("listing_type", listing.listing_type, kStoredCodeBytesMax)
      .text("ships_from", listing.ships_from, kStoredCodeBytesMax);
  return std::move(checker).result();
}

Result<void> check_limits(const Shop& shop) {
  Checker checker("shop");
  checker.id(shop.id)
      .text("name", shop.name, kStoredNameBytesMax)
      .text("title", shop.title, kTitleBytesMax)
      .text("announcement", shop.announcement, kDescriptionBytesMax)
      .text("url", shop.url, kStoredUrlBytesMax)
      .text("country", shop.country, kStoredCodeBytesMax)
      .text("currency", shop.currency, kStoredCodeBytesMax);
  return std::move(checker).result();
}

Result<void> check_limits(const TaxonomyNode& node) {
  Checker checker("taxonomy node");
  checker.id(node.id).text("parent_id", node.parent_id, kIdBytesMax).text("name", node.name, kStoredNameBytesMax);
  return std::move(checker).result();
}

Result<void> check_limits(const Review& review) {
  Checker checker("review");
  checker.id(review.id)
      .text("listing_id", review.listing_id, kIdBytesMax)
      .text("shop_id", review.shop_id, kIdBytesMax)
      .text("user_id", review.user_id, kIdBytesMax)
      .text("text", review.text, kDescriptionBytesMax)
      .text("language", review.language, kStoredCodeBytesMax);
  return std::move(checker).result();
}

Result<void> check_limits(const User& user) {
  Checker checker("user");
  checker.id(user.id)
      .text("country", user.country, kStoredCodeBytesMax)
      .text("language", user.language, kStoredCodeBytesMax);
  return std::move(checker).result();
}

}  // namespace handsel::catalog
