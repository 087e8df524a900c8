// Files of graph vectors. The first byte says how many zeros follow the rest, so that a small input can stand for wide
// rows; magic and seal are put on here, so that what lies behind them is reached. Of vectors that open every listing
// can be asked, and what is found is finite.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/models/graph_vectors.h"
#include "base/core/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)models::GraphVectors::open(std::make_shared<HeapBytes>(std::string(input)));

  std::string file = "HSGRVEC1" + std::string(input) + std::string(data[0], '\0');
  put_fixed(file, crc32c(file));
  const auto vectors = models::GraphVectors::open(std::make_shared<HeapBytes>(std::move(file)));
  if (!vectors) {
    HANDSEL_CHECK(vectors.error().code == Code::kCorrupt);
    return 0;
  }
  std::vector<float> out((*vectors)->dimensions());
  for (const std::string_view id : {std::string_view("l-1"), input}) {
    const bool found = (*vectors)->find(id, out);
    HANDSEL_CHECK(std::ranges::all_of(out, [&](float value) { return std::isfinite(value) && (found || value == 0); }));
  }
  return 0;
}
