// The files of the vector index: the manifest, and segments, which are read in place
// without looking at their checksums first. The input's checksum of the footer is put
// right, so that the readers meet what it says; then all that they offer is asked for.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/bytes.h"
#include "base/core/file_system.h"
#include "base/core/hash.h"
#include "views/vectors/manifest.h"
#include "views/vectors/search.h"
#include "views/vectors/segment.h"

namespace {

using namespace handsel;
using namespace handsel::vectors;

constexpr std::size_t kDimensions = 8;

std::string with_right_end(std::string_view bytes) {
  const std::size_t footer_bytes = encode_footer({}).size();
  std::string out(bytes);
  if (out.size() < kLineBytes + footer_bytes) return out;
  out.resize(out.size() - 8);
  put_fixed(out, crc32c(std::string_view(out).substr(out.size() + 8 - footer_bytes)));
  return out + "CEVH";
}

void ask(const Part& part, std::size_t effort) {
  std::vector<float> vector(kDimensions);
  for (std::size_t i = 0; i < kDimensions; ++i) vector[i] = static_cast<float>(i) - 3;
  const VectorQuery query{.vector = vector, .quality_weight = 0.1f, .top = effort, .effort = effort};
  TopHits walked(effort);
  if (part.segment->has_graph()) walk(part, query, walked);
  for (const VectorHit& hit : walked.take_sorted()) HANDSEL_CHECK(hit.id.size() <= part.segment->bytes().size());
  TopHits scanned(effort);
  scan(part, query, scanned);
  HANDSEL_CHECK(scanned.size() <= part.segment->rows());
}

void read_segment(std::string_view bytes) {
  const auto opened = Segment::open(std::make_shared<HeapBytes>(with_right_end(bytes)), kDimensions);
  if (!opened) return;
  const Segment& segment = **opened;
  (void)segment.verify();
  for (std::uint32_t row = 0; row < segment.rows(); ++row) {
    const auto found = segment.find(segment.id(row), segment.hash(row));
    HANDSEL_CHECK(!found || *found < segment.rows());
    if (segment.has_graph()) HANDSEL_CHECK(segment.row_of_node(row) < segment.rows());
  }
  (void)segment.find("l1", hash64("l1"));
  for (const std::size_t effort : {1, 2, 4}) ask({.segment = *opened}, effort);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    (void)decode_manifest(bytes);
  } else {
    read_segment(bytes);
  }
  return 0;
}
