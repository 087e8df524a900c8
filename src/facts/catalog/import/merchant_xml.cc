#include "facts/catalog/import/merchant_xml.h"

#include <algorithm>
#include <deque>
#include <string_view>

#include "facts/catalog/import/internal/xml_items.h"

namespace handsel::catalog {
namespace {

constexpr std::size_t kItemTagBytesMax = 7;  // "<entry>"

// Position of the next "<item" or "<entry" tag; npos where there is none. A tag that
// the end of `text` cuts in two is not found.
std::size_t find_item_tag(std::string_view text) {
  for (std::size_t at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    for (const std::string_view tag : {"<item", "<entry"}) {
      const std::string_view rest = text.substr(at);
      if (!rest.starts_with(tag) || rest.size() == tag.size()) continue;
      if (std::string_view("> \t\r\n").contains(rest[tag.size()])) return at;
    }
  }
  return text.npos;
}

std::uint64_t count_lines(std::string_view text) {
  return static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

}  // namespace

// Feeds a parser until it breaks. Then the text is searched for the next item, and a
// new parser is given the prologue (everything before the first item) again, so that
// it knows the root, the namespaces and the encoding, and goes on from there.
struct MerchantXmlReader::Impl {
  explicit Impl(ByteSource& from) : source(from) {}

  Result<void> read_more();
  Result<void> consume(std::string_view bytes);
  Result<void> give_up_item();
  void drop_from_window(std::uint64_t index);
  bool find_next_item(std::string_view bytes);
  void restart(std::string_view inside);
  Result<void> finish();
  void deliver();
  Error broken() const;

  ByteSource& source;
  std::unique_ptr<internal::XmlItemParser> parser = std::make_unique<internal::XmlItemParser>();
  std::deque<XmlItem> ready;
  bool finished = false;
  std::optional<Error> error;  // returned once `ready` is empty
  std::string head;            // the first bytes of the file
  std::string prologue;        // empty: no item began yet, or it is too long
  // What the present parser was given since its newest event: expat may see an error
  // (or the start of an item) in bytes that it was given several calls ago.
  std::string window;
  std::uint64_t window_start = 0;  // index of its first byte among those the parser was given
  std::uint64_t lines = 0;         // line feeds of the file before the window, or before `searched`
  std::int64_t line_offset = 0;    // from a line of the parser to one of the file
  bool searching = false;
  std::string searched;  // where the next item is looked for, then what is read from it on
  std::string resumed;   // what is to be read again after a broken item
  std::uint64_t broken_items = 0;
};

Result<void> MerchantXmlReader::Impl::read_more() {
  HANDSEL_ASSIGN(const std::string_view bytes, source.next());
  if (bytes.empty()) return finish();
  if (head.size() < kXmlPrologueBytesMax) head += bytes.substr(0, kXmlPrologueBytesMax - head.size());
  return consume(bytes);
}

Result<void> MerchantXmlReader::Impl::consume(std::string_view bytes) {
  for (;;) {
    if (searching) {
      if (!find_next_item(bytes)) return {};
      restart({});
      bytes = resumed;
    }
    window += bytes;
    const bool fine = parser->feed(bytes, false);
    deliver();
    if (fine) {
      drop_from_window(parser->progress());
      return {};
    }
    HANDSEL_TRY(give_up_item());
    bytes = resumed;
  }
}

void MerchantXmlReader::Impl::drop_from_window(std::uint64_t index) {
  const std::uint64_t ahead = index > window_start ? index - window_start : 0;
  const std::size_t dropped = std::min<std::size_t>(ahead, window.size());
  lines += count_lines(std::string_view(window).substr(0, dropped));
  window.erase(0, dropped);
  window_start += dropped;
}

// Refuses what the parser broke on and leaves in `resumed` what comes after.
Result<void> MerchantXmlReader::Impl::give_up_item() {
  if (prologue.empty() || parser->is_hostile() || ++broken_items > kBrokenItemsMax) return std::unexpected(broken());
  const std::uint64_t line = parser->inside_item() ? parser->item_line() : parser->line();
  ready.push_back({.line = static_cast<std::uint64_t>(static_cast<std::int64_t>(line) + line_offset),
                   .problem = parser->problem()});
  drop_from_window(parser->resume_at());
  resumed = std::exchange(window, {});
  if (const std::string inside = parser->resume_inside(); !inside.empty()) {
    restart(fmt::format("<{}>", inside));
  } else {
    searching = true;
    searched.clear();
  }
  return {};
}

// False where there is none in what was read so far. Otherwise `resumed` starts with it.
bool MerchantXmlReader::Impl::find_next_item(std::string_view bytes) {
  searched += bytes;
  const std::size_t at = find_item_tag(searched);
  const std::size_t kept = std::min(searched.size(), kItemTagBytesMax - 1);
  const std::size_t passed = at == searched.npos ? searched.size() - kept : at;
  lines += count_lines(std::string_view(searched).substr(0, passed));
  searched.erase(0, passed);
  if (at == searched.npos) return false;
  resumed = std::exchange(searched, {});
  searching = false;
  return true;
}

// `inside` is the start tag of an item that was read already.
void MerchantXmlReader::Impl::restart(std::string_view inside) {
  parser = std::make_unique<internal::XmlItemParser>();
  parser->feed(prologue, false);
  if (!inside.empty()) parser->feed(inside, false);
  window_start = prologue.size() + inside.size();
  line_offset = static_cast<std::int64_t>(lines) - static_cast<std::int64_t>(count_lines(prologue));
}

void MerchantXmlReader::Impl::deliver() {
  if (prologue.empty() && parser->first_item_at() > 0 && parser->first_item_at() <= head.size()) {
    prologue = head.substr(0, parser->first_item_at());
  }
  for (XmlItem& item : parser->take_items()) {
    item.line = static_cast<std::uint64_t>(static_cast<std::int64_t>(item.line) + line_offset);
    ready.push_back(std::move(item));
  }
}

Result<void> MerchantXmlReader::Impl::finish() {
  finished = true;
  if (searching) return {};
  const bool fine = parser->feed({}, true);
  deliver();
  // Expat may put off the last bytes until now.
  if (!fine && !parser->is_torn()) {
    finished = false;
    HANDSEL_TRY(give_up_item());
    return consume(resumed);
  }
  if (!fine) return std::unexpected(broken());
  if (!parser->root_is_feed()) {
    return fail(Code::kInvalidData, "{} is XML, but neither RSS nor Atom: its first element is not rss, feed or RDF",
                source.name());
  }
  return {};
}

Error MerchantXmlReader::Impl::broken() const {
  const std::int64_t line = static_cast<std::int64_t>(parser->line()) + line_offset;
  return {Code::kInvalidData, fmt::format("{}, line {}: {}", source.name(), line, parser->problem())};
}

MerchantXmlReader::MerchantXmlReader(ByteSource& source) : impl_(std::make_unique<Impl>(source)) {}
MerchantXmlReader::~MerchantXmlReader() = default;

Result<std::optional<XmlItem>> MerchantXmlReader::next() {
  while (impl_->ready.empty()) {
    if (impl_->error) return std::unexpected(*impl_->error);
    if (impl_->finished) return std::nullopt;
    if (Result<void> read = impl_->read_more(); !read) impl_->error = std::move(read).error();
  }
  XmlItem item = std::move(impl_->ready.front());
  impl_->ready.pop_front();
  return item;
}

}  // namespace handsel::catalog
