// A ranker's file: the input as it is, and the input as the body of a file whose frame and
// checksum are right. What parses must survive a round trip and score alike by both ways.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/bytes.h"
#include "ranking/trees/tree_ensemble.h"

namespace {

std::string sealed(std::string_view body) {
  std::string bytes = "HTRE";
  handsel::put_fixed(bytes, std::uint32_t{1});
  bytes += body;
  handsel::put_fixed(bytes, handsel::crc32c(bytes));
  return bytes;
}

void look_at(std::string_view bytes) {
  using handsel::trees::TreeEnsemble;
  const auto ensemble = TreeEnsemble::parse(bytes);
  if (!ensemble) return;
  const auto again = TreeEnsemble::parse(ensemble->serialise());
  if (!again || again->parts() != ensemble->parts()) std::abort();

  constexpr std::size_t kRows = 9;  // more than are walked
  std::vector<float> rows(kRows * ensemble->features().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::uint32_t bits = static_cast<std::uint32_t>(i * 2654435761u);
    if (!bytes.empty()) bits ^= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i % bytes.size()])) << 24;
    std::memcpy(&rows[i], &bits, sizeof(bits));  // any float: NaN and infinities too
  }
  std::vector<float> fast(kRows);
  std::vector<float> plain(kRows);
  ensemble->predict(rows, fast);
  ensemble->predict_plain(rows, plain);
  // To the bit where the scores are numbers; a sum of infinities is not one either way.
  for (std::size_t i = 0; i < kRows; ++i) {
    if (fast[i] != plain[i] && !(fast[i] != fast[i] && plain[i] != plain[i])) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  look_at(bytes);
  look_at(sealed(bytes));
  return 0;
}
