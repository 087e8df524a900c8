// Reads the items of a Google Merchant feed in XML: RSS 2.0 (`item`) or Atom
// (`entry`), as pairs of name and text. https://support.google.com/merchants/answer/7052112
//
// Streaming, with expat. A name of the Google namespace ("g:price") comes as "price"
// and stands before an RSS or Atom element of the same name; nested elements
// (g:shipping) are passed over. A document type, which feeds never need, is refused,
// so that no entity can grow. An item that is not well-formed ("Salt & Pepper") is
// refused alone: reading goes on at the next item, up to kBrokenItemsMax times.
// Memory: one item, and what one tag may hold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"

namespace handsel::catalog {

inline constexpr std::size_t kXmlDepthMax = 32;
inline constexpr std::size_t kXmlTextBytesMax = 1 << 20;        // of one item
inline constexpr std::size_t kXmlTagBytesMax = 1 << 20;         // of one tag or comment
inline constexpr std::size_t kXmlPrologueBytesMax = 16 * 1024;  // before the first item, to go on after a broken one
inline constexpr std::uint64_t kBrokenItemsMax = 10'000;

struct XmlItem {
  std::vector<std::pair<std::string, std::string>> fields;
  std::uint64_t line = 0;  // of its start tag, from 1
  std::string problem;     // not empty: the item cannot be used
};

class MerchantXmlReader {
 public:
  explicit MerchantXmlReader(ByteSource& source);
  ~MerchantXmlReader();

  // Nothing at the end. An error where the document ends early or is no feed.
  Result<std::optional<XmlItem>> next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::catalog
