// Everything of a segment that is read in place: the container, posting lists,
// dictionaries, forward records, columns, the manifest. Checksums guard them in files; here the
// readers meet the bytes without that guard.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/file_system.h"
#include "views/index/columns.h"
#include "views/index/dictionary.h"
#include "views/index/forward_record.h"
#include "views/index/manifest.h"
#include "views/index/postings.h"
#include "views/index/segment.h"

namespace {

using namespace handsel;
using namespace handsel::index;

constexpr std::uint32_t kDocuments = 1000;

void read_postings(std::string_view bytes) {
  PostingCursor all(bytes, kDocuments);
  std::uint32_t previous = 0;
  all.visit_before(kEndOfPostings, [&](std::uint32_t doc, std::uint8_t) {
    HANDSEL_CHECK(doc < kDocuments && doc >= previous);
    previous = doc;
  });
  PostingCursor skipping(bytes, kDocuments);
  for (std::uint32_t doc = 0; doc < kDocuments; doc += 37) {
    (void)skipping.max_impact_in(doc, doc + 37);
    skipping.advance(doc);
    HANDSEL_CHECK(skipping.doc() >= doc);
  }
}

void read_dictionary(std::string_view bytes) {
  const Dictionary dictionary(bytes);
  std::size_t read = 0;
  for (Dictionary::Iterator it(dictionary); it.valid() && read < 10'000; it.next()) ++read;
  (void)dictionary.find("linen");
  (void)dictionary.at(dictionary.size() / 2);
}

void read_columns(std::string_view bytes) {
  const Columns columns(bytes, kDocuments);
  for (const auto& [name, column] : columns.keywords()) {
    for (std::uint32_t doc = 0; doc < kDocuments; ++doc) column.visit(doc, [](std::uint32_t) {});
  }
  for (const auto& [name, column] : columns.numbers()) {
    for (std::uint32_t doc = 0; doc < kDocuments; ++doc) (void)column.at(doc);
  }
}

void read_forward_record(std::string_view bytes) {
  std::vector<std::uint32_t> title;
  decode_title(bytes, title);
  HANDSEL_CHECK(title.size() <= 8 * bytes.size());
  std::vector<ForwardTerm> terms;
  decode_terms(bytes, terms);
  HANDSEL_CHECK(terms.size() <= bytes.size());
}

void read_segment(std::string_view bytes) {
  const std::uint64_t fingerprint = scoring_fingerprint({});
  const auto segment = Segment::open(std::make_shared<HeapBytes>(std::string(bytes)), fingerprint);
  if (!segment) return;
  (void)(*segment)->verify();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      read_postings(bytes);
      break;
    case 1:
      read_dictionary(bytes);
      break;
    case 2:
      read_columns(bytes);
      break;
    case 3:
      read_segment(bytes);
      break;
    case 4:
      (void)decode_manifest(bytes);
      break;
    case 5:
      read_forward_record(bytes);
      break;
  }
  return 0;
}
