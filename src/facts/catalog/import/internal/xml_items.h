// The expat side of merchant_xml.h: one well-formed stretch of a feed becomes items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <expat.h>

#include "facts/catalog/import/merchant_xml.h"

namespace handsel::catalog::internal {

// Fed with bytes until feed() says that the document is broken. One thread.
class XmlItemParser {
 public:
  XmlItemParser();
  XmlItemParser(const XmlItemParser&) = delete;
  XmlItemParser& operator=(const XmlItemParser&) = delete;

  // False where the document is broken; problem() and broken_at() then say how and
  // where. `last` closes the document.
  bool feed(std::string_view bytes, bool last);

  // Items completed since the last call.
  std::vector<XmlItem> take_items() { return std::exchange(items_, {}); }

  const std::string& problem() const { return problem_; }
  // A document that holds declarations of entities is not read on, whatever follows.
  bool is_hostile() const { return hostile_; }
  // The document ended too early.
  bool is_torn() const { return torn_; }
  // Index, among all bytes fed, at which reading may go on; greater than 0.
  std::uint64_t resume_at() const { return resume_at_; }
  // Not empty where reading may go on inside an item of this name, whose start tag is
  // before resume_at(), and not only at the next start tag.
  const std::string& resume_inside() const { return resume_inside_; }
  // Index, among all bytes fed, of the newest event; resume_at() is never before it.
  std::uint64_t progress() const { return progress_; }
  std::uint64_t line() const;
  bool inside_item() const { return item_depth_ > 0; }
  std::uint64_t item_line() const { return item_.line; }
  // Bytes before the first item; 0 where none began yet.
  std::uint64_t first_item_at() const { return first_item_at_; }
  bool root_is_feed() const { return root_is_feed_; }

 private:
  static XmlItemParser& self(void* data) { return *static_cast<XmlItemParser*>(data); }
  void start_element(std::string_view name, const char** attributes);
  void end_element();
  void add_text(std::string_view text);
  void stop(std::string problem, std::uint64_t resume_at);
  std::uint64_t here() const;
  void finish_item();

  struct Field {
    std::string name;
    std::string text;
    bool is_google = false;
  };
  struct ParserDeleter {
    void operator()(XML_Parser parser) const { ::XML_ParserFree(parser); }
  };

  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter> parser_;
  std::vector<XmlItem> items_;
  XmlItem item_;
  std::vector<Field> fields_;
  std::size_t item_bytes_ = 0;
  std::size_t depth_ = 0;
  std::size_t item_depth_ = 0;  // 0: outside
  std::uint64_t first_item_at_ = 0;
  std::uint64_t fed_ = 0;
  std::uint64_t progress_ = 0;  // index of the newest event
  bool root_is_feed_ = false;
  bool hostile_ = false;
  bool torn_ = false;
  std::string problem_;
  std::uint64_t resume_at_ = 0;
  std::string resume_inside_;
};

}  // namespace handsel::catalog::internal
