#include "analysis/models/safetensors.h"

#include <bit>
#include <cstring>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/core/bytes.h"

namespace handsel::models {
namespace {

using Json = nlohmann::json;

struct NamedType {
  std::string_view name;
  TensorType type;
  std::size_t bytes;
};

constexpr NamedType kTypes[] = {
    {"F32", TensorType::kFloat32, 4},   {"F16", TensorType::kFloat16, 2},   {"BF16", TensorType::kBfloat16, 2},
    {"F64", TensorType::kOther, 8},     {"I64", TensorType::kOther, 8},     {"U64", TensorType::kOther, 8},
    {"I32", TensorType::kOther, 4},     {"U32", TensorType::kOther, 4},     {"I16", TensorType::kOther, 2},
    {"U16", TensorType::kOther, 2},     {"I8", TensorType::kOther, 1},      {"U8", TensorType::kOther, 1},
    {"F8_E4M3", TensorType::kOther, 1}, {"F8_E5M2", TensorType::kOther, 1}, {"BOOL", TensorType::kOther, 1},
};

const NamedType* type_of(const Json& json) {
  if (!json.is_string()) return nullptr;
  for (const NamedType& type : kTypes) {
    if (json.get_ref<const std::string&>() == type.name) return &type;
  }
  return nullptr;
}

std::optional<std::size_t> size_of(const Json& json) {
  if (!json.is_number_unsigned()) return std::nullopt;
  return json.get<std::size_t>();
}

// Bytes that a tensor of that shape takes; nothing where that overflows.
std::optional<std::size_t> bytes_of(const std::vector<std::size_t>& shape, std::size_t element_bytes) {
  std::size_t bytes = element_bytes;
  for (const std::size_t extent : shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) return std::nullopt;
  }
  return bytes;
}

// What is wrong with the entry, or nothing and `tensor` filled.
const char* read_tensor(const Json& entry, std::string_view data, Tensor& tensor) {
  if (!entry.is_object()) return "is not an object";
  const auto dtype = entry.find("dtype");
  const auto shape = entry.find("shape");
  const auto offsets = entry.find("data_offsets");
  if (dtype == entry.end() || shape == entry.end() || offsets == entry.end()) {
    return "lacks dtype, shape or data_offsets";
  }
  const NamedType* type = type_of(*dtype);
  if (type == nullptr) return "has a type that is not known";
  if (!shape->is_array() || shape->size() > kTensorRanksMax) return "has a shape that is not one";
  for (const Json& extent : *shape) {
    const auto size = size_of(extent);
    if (!size) return "has a shape that is not one";
    tensor.shape.push_back(*size);
  }
  if (!offsets->is_array() || offsets->size() != 2) return "has offsets that are not two numbers";
  const auto begin = size_of((*offsets)[0]);
  const auto end = size_of((*offsets)[1]);
  if (!begin || !end || *begin > *end) return "has offsets that are not two numbers in order";
  if (*end > data.size()) return "ends after the file does: the file is cut short";
  if (bytes_of(tensor.shape, type->bytes) != *end - *begin) return "has another size than its shape says";
  tensor.type = type->type;
  tensor.bytes = data.substr(*begin, *end - *begin);
  return nullptr;
}

template <typename T>
T element(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

std::size_t Tensor::size() const {
  std::size_t size = 1;
  for (const std::size_t extent : shape) size *= extent;
  return size;
}

Result<Safetensors> Safetensors::parse(std::string_view bytes, std::string_view name) {
  ByteReader reader(bytes);
  const auto header_bytes = reader.fixed<std::uint64_t>();
  if (!reader.ok() || header_bytes > kSafetensorsHeaderBytesMax || header_bytes > reader.remaining()) {
    return fail(Code::kInvalidData, "{} is no safetensors file, or its beginning is damaged", name);
  }
  const Json header = Json::parse(reader.bytes(header_bytes), nullptr, false);
  if (!header.is_object()) return fail(Code::kInvalidData, "{}: its header is not a JSON object", name);
  if (header.size() > kTensorsMax) return fail(Code::kTooLarge, "{}: more than {} tensors", name, kTensorsMax);
  const std::string_view data = reader.bytes(reader.remaining());
  Safetensors result;
  for (const auto& [tensor_name, entry] : header.items()) {
    if (tensor_name == "__metadata__") continue;
    Tensor tensor;
    if (const char* complaint = read_tensor(entry, data, tensor)) {
      return fail(Code::kInvalidData, "{}: tensor {} {}", name, tensor_name, complaint);
    }
    result.tensors_.emplace(tensor_name, std::move(tensor));
  }
  return result;
}

const Tensor* Safetensors::find(std::string_view tensor) const {
  const auto found = tensors_.find(tensor);
  return found == tensors_.end() ? nullptr : &found->second;
}

float float_of_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits.
float float_of_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (fraction << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
  const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
  return sign != 0 ? -magnitude : magnitude;
}

void read_floats(const Tensor& tensor, std::size_t begin, std::span<float> out) {
  HANDSEL_CHECK(tensor.type != TensorType::kOther && begin + out.size() <= tensor.size());
  if (tensor.type == TensorType::kFloat32) {
    if (!out.empty()) std::memcpy(out.data(), tensor.bytes.data() + begin * 4, out.size() * 4);
    return;
  }
  const bool half = tensor.type == TensorType::kFloat16;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto bits = element<std::uint16_t>(tensor.bytes, begin + i);
    out[i] = half ? float_of_half(bits) : float_of_bfloat(bits);
  }
}

}  // namespace handsel::models
