// Any bytes as a file of tensors: what parses can be read to its last number.
#include <cstdint>
#include <string_view>
#include <vector>

#include "analysis/models/safetensors.h"

using namespace handsel;
using namespace handsel::models;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = Safetensors::parse({reinterpret_cast<const char*>(data), size}, "file");
  if (!file) return 0;
  for (const auto& [name, tensor] : file->tensors()) {
    if (tensor.type == TensorType::kOther) continue;
    std::vector<float> values(tensor.size());
    read_floats(tensor, 0, values);
    HANDSEL_CHECK(file->find(name) == &tensor && tensor.bytes.size() <= size);
  }
  return 0;
}
