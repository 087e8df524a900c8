#include "facts/catalog/import/internal/xml_items.h"

#include <algorithm>
#include <utility>

#include "facts/catalog/import/values.h"

namespace handsel::catalog::internal {
namespace {

constexpr std::string_view kGoogleNamespace = "http://base.google.com/ns/1.0";
constexpr char kNamespaceSeparator = '|';
constexpr std::size_t kFieldsMax = 1000;

struct QualifiedName {
  std::string_view space;
  std::string_view local;
};

QualifiedName qualified(std::string_view name) {
  const std::size_t separator = name.rfind(kNamespaceSeparator);
  if (separator == name.npos) return {"", name};
  return {name.substr(0, separator), name.substr(separator + 1)};
}

bool is_item(const QualifiedName& name) {
  return name.space != kGoogleNamespace && (name.local == "item" || name.local == "entry");
}

// Atom says <link href="..."/>; only the page itself counts.
std::string_view link_of(const char** attributes) {
  std::string_view href;
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view name = attributes[0];
    if (name == "href") href = attributes[1];
    if (name == "rel" && std::string_view(attributes[1]) != "alternate") return {};
  }
  return href;
}

}  // namespace

XmlItemParser::XmlItemParser() : parser_(::XML_ParserCreateNS(nullptr, kNamespaceSeparator)) {
  ::XML_SetUserData(parser_.get(), this);
  ::XML_SetElementHandler(
      parser_.get(),
      [](void* data, const char* name, const char** attributes) { self(data).start_element(name, attributes); },
      [](void* data, const char*) { self(data).end_element(); });
  ::XML_SetCharacterDataHandler(parser_.get(), [](void* data, const char* text, int length) {
    self(data).add_text({text, static_cast<std::size_t>(length)});
  });
  ::XML_SetCommentHandler(parser_.get(), [](void* data, const char*) { self(data).progress_ = self(data).here(); });
  ::XML_SetStartDoctypeDeclHandler(parser_.get(), [](void* data, const char*, const char*, const char*, int) {
    self(data).hostile_ = true;
    self(data).stop("has a document type declaration, which a feed does not need; remove it", 1);
  });
}

bool XmlItemParser::feed(std::string_view bytes, bool last) {
  fed_ += bytes.size();
  const XML_Status status = ::XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last);
  if (status != XML_STATUS_ERROR) {
    if (last || fed_ - progress_ <= kXmlTagBytesMax + bytes.size()) return true;
    problem_ = fmt::format("has a tag or comment of more than {} bytes", kXmlTagBytesMax);
    resume_at_ = fed_;
    return false;
  }
  if (problem_.empty()) {
    const XML_Error code = ::XML_GetErrorCode(parser_.get());
    torn_ = last && (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
                     code == XML_ERROR_UNCLOSED_CDATA_SECTION || code == XML_ERROR_PARTIAL_CHAR);
    problem_ = fmt::format("is not well-formed XML: {}", ::XML_ErrorString(code));
    resume_at_ = here() + 1;
  }
  return false;
}

std::uint64_t XmlItemParser::here() const {
  return static_cast<std::uint64_t>(std::max<XML_Index>(::XML_GetCurrentByteIndex(parser_.get()), 0));
}

std::uint64_t XmlItemParser::line() const {
  return ::XML_GetCurrentLineNumber(parser_.get());
}

void XmlItemParser::stop(std::string problem, std::uint64_t resume_at) {
  problem_ = std::move(problem);
  resume_at_ = resume_at;
  ::XML_StopParser(parser_.get(), XML_FALSE);
}

void XmlItemParser::start_element(std::string_view full_name, const char** attributes) {
  if (!problem_.empty()) return;
  progress_ = here();
  ++depth_;
  const QualifiedName name = qualified(full_name);
  if (depth_ > kXmlDepthMax) return stop(fmt::format("is nested more than {} levels deep", kXmlDepthMax), here() + 1);
  if (depth_ == 1) root_is_feed_ = name.local == "rss" || name.local == "feed" || name.local == "RDF";

  if (is_item(name) && depth_ > 1) {
    if (item_depth_ > 0) {
      resume_inside_ = name.local;
      const auto tag_bytes = static_cast<std::uint64_t>(::XML_GetCurrentByteCount(parser_.get()));
      return stop("is not closed before the next one begins", here() + tag_bytes);
    }
    item_depth_ = depth_;
    item_ = {.line = line()};
    fields_.clear();
    item_bytes_ = 0;
    if (first_item_at_ == 0) first_item_at_ = here();
    return;
  }
  if (item_depth_ == 0 || depth_ != item_depth_ + 1) return;
  if (fields_.size() == kFieldsMax) {
    item_.problem = fmt::format("has more than {} fields", kFieldsMax);
    return;
  }
  fields_.push_back({std::string(name.local), "", name.space == kGoogleNamespace});
  if (name.local == "link") fields_.back().text = link_of(attributes);
}

void XmlItemParser::end_element() {
  if (!problem_.empty()) return;
  progress_ = here();
  if (depth_ == item_depth_) finish_item();
  // Words of neighbouring nested elements stay apart.
  if (item_depth_ > 0 && depth_ > item_depth_ + 1) add_text(" ");
  --depth_;
}

void XmlItemParser::add_text(std::string_view text) {
  if (!problem_.empty()) return;
  progress_ = here();
  if (item_depth_ == 0 || depth_ <= item_depth_ || fields_.empty() || !item_.problem.empty()) return;
  item_bytes_ += text.size();
  if (item_bytes_ > kXmlTextBytesMax) {
    item_.problem = fmt::format("has more than {} bytes of text", kXmlTextBytesMax);
    return;
  }
  fields_.back().text += text;
}

// Google's own element says it better than the RSS or Atom one of the same name.
void XmlItemParser::finish_item() {
  for (const Field& field : fields_) {
    const std::string_view text = trim(field.text);
    const bool overruled = !field.is_google && std::ranges::any_of(fields_, [&](const Field& other) {
      return other.is_google && other.name == field.name;
    });
    if (!overruled && !text.empty()) item_.fields.emplace_back(field.name, text);
  }
  items_.push_back(std::move(item_));
  item_depth_ = 0;
}

}  // namespace handsel::catalog::internal
