// Files of two-tower models. The first byte says how many KiB of zeros follow the rest,
// so that a small input can stand for a whole table; the seal is put on here, so that
// what lies behind it is reached. A model that opens answers with vectors of length 1
// or 0.
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/models/two_tower.h"
#include "base/core/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)models::TwoTower::open(std::make_shared<HeapBytes>(std::string(input)));

  for (const std::string_view magic : {"HSTOWER1", "HSTOWER2"}) {
    std::string file = std::string(magic) + std::string(input) + std::string(std::size_t{data[0]} * 1024, '\0');
    put_fixed(file, crc32c(file));
    const auto model = models::TwoTower::open(std::make_shared<HeapBytes>(std::move(file)));
    if (!model) {
      HANDSEL_CHECK(model.error().code == Code::kCorrupt);
      continue;
    }
    std::vector<float> out((*model)->dimensions());
    const models::QueryInput query{.text = input, .language = "en", .country = "PT", .session = {}};
    HANDSEL_CHECK((*model)->encode_queries({&query, 1}, out).has_value());
    double squares = 0;
    for (const float value : out) squares += static_cast<double>(value) * value;
    HANDSEL_CHECK(squares == 0 || std::fabs(squares - 1) < 1e-3);
  }
  return 0;
}
