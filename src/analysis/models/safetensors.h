// Tensors as the machine-learning world stores them: model.safetensors.
//
//   8 bytes   size of the header, little-endian
//   header    JSON: name -> {"dtype": "F32", "shape": [30522, 384], "data_offsets": [begin, end]}
//   data      the tensors, little-endian; offsets count from here
//
// (https://huggingface.co/docs/safetensors, "Format".) The bytes come from outside:
// every name, shape and offset is checked before anything is read, and nothing is
// copied. Immutable after parsing; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::models {

inline constexpr std::size_t kSafetensorsHeaderBytesMax = 4u << 20;
inline constexpr std::size_t kTensorsMax = 20'000;
inline constexpr std::size_t kTensorRanksMax = 8;

enum class TensorType : std::uint8_t { kFloat32, kFloat16, kBfloat16, kOther };

// Borrows the file's bytes.
struct Tensor {
  TensorType type = TensorType::kOther;
  std::vector<std::size_t> shape;
  std::string_view bytes;  // may be unaligned

  std::size_t size() const;  // elements
};

class Safetensors {
 public:
  // `bytes` must outlive the result. `name` is what errors call the file. kInvalidData.
  static Result<Safetensors> parse(std::string_view bytes, std::string_view name);

  // Null where there is no such tensor.
  const Tensor* find(std::string_view tensor) const;
  const std::map<std::string, Tensor, std::less<>>& tensors() const { return tensors_; }

 private:
  std::map<std::string, Tensor, std::less<>> tensors_;
};

// Elements [begin, begin + out.size()) as floats. `tensor` is of a floating type, and has them.
void read_floats(const Tensor& tensor, std::size_t begin, std::span<float> out);

float float_of_half(std::uint16_t bits);
float float_of_bfloat(std::uint16_t bits);

}  // namespace handsel::models
