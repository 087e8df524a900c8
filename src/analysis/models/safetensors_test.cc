#include "analysis/models/safetensors.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/core/bytes.h"

namespace handsel::models {
namespace {

std::string file_of(std::string_view header, std::string_view data) {
  std::string bytes;
  put_fixed<std::uint64_t>(bytes, header.size());
  bytes.append(header);
  bytes.append(data);
  return bytes;
}

TEST(Safetensors, ReadsThreeKindsOfFloats) {
  std::string data;
  put_fixed(data, 1.5f);
  put_fixed(data, -2.0f);
  put_fixed<std::uint16_t>(data, 0x3e00);  // 1.5 in half precision
  put_fixed<std::uint16_t>(data, 0xc000);  // -2
  put_fixed<std::uint16_t>(data, 0x3fc0);  // 1.5 in bfloat16
  put_fixed<std::uint16_t>(data, 0xc000);  // -2
  const std::string bytes = file_of(R"({"__metadata__":{"format":"pt"},
      "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
      "b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},
      "c":{"dtype":"BF16","shape":[2,1],"data_offsets":[12,16]},
      "d":{"dtype":"I64","shape":[0,3],"data_offsets":[16,16]}})",
                                    data);
  const auto file = Safetensors::parse(bytes, "f");
  ASSERT_TRUE(file) << file.error().message;
  for (const char* name : {"a", "b", "c"}) {
    const Tensor* tensor = file->find(name);
    ASSERT_NE(tensor, nullptr);
    std::array<float, 2> values{};
    read_floats(*tensor, 0, values);
    EXPECT_EQ(values, (std::array<float, 2>{1.5f, -2.0f})) << name;
    read_floats(*tensor, 1, std::span(values).first(1));
    EXPECT_EQ(values[0], -2.0f) << name;
  }
  EXPECT_EQ(file->find("c")->shape, (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(file->find("d")->type, TensorType::kOther);
  EXPECT_EQ(file->find("e"), nullptr);
  EXPECT_EQ(file->find("__metadata__"), nullptr);
}

TEST(Safetensors, HalvesOfEveryKindAreRead) {
  EXPECT_EQ(float_of_half(0x0001), 0x1p-24f);  // the smallest subnormal
  EXPECT_EQ(float_of_half(0x03ff), 1023 * 0x1p-24f);
  EXPECT_EQ(float_of_half(0x0400), 0x1p-14f);
  EXPECT_EQ(float_of_half(0x7bff), 65504.0f);
  EXPECT_EQ(float_of_half(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(float_of_half(0x7e00)));
  EXPECT_TRUE(std::signbit(float_of_half(0x8000)));
}

TEST(Safetensors, DamageIsNamed) {
  struct Row {
    std::string header;
    std::string complaint;
  };
  const Row rows[] = {
      {"[]", "header"},
      {"{", "header"},
      {R"({"a":1})", "a is not an object"},
      {R"({"a":{}})", "lacks"},
      {R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", "type"},
      {R"({"a":{"dtype":3,"shape":[1],"data_offsets":[0,4]}})", "type"},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "shape"},
      {R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", "shape"},
      {R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})", "shape"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "offsets"},
      {R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", "cut short"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", "another size"},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}})", "another size"},
      {R"({"a":{"dtype":"F32","shape":[18446744073709551615,3],"data_offsets":[0,4]}})", "another size"},
  };
  for (const Row& row : rows) {
    const auto file = Safetensors::parse(file_of(row.header, "12345678"), "the.safetensors");
    ASSERT_FALSE(file) << row.header;
    EXPECT_EQ(file.error().code, Code::kInvalidData) << row.header;
    EXPECT_NE(file.error().message.find("the.safetensors"), std::string::npos) << file.error().message;
    EXPECT_NE(file.error().message.find(row.complaint), std::string::npos) << file.error().message;
  }
}

TEST(Safetensors, EveryPrefixOfAFileIsRefused) {
  const std::string bytes = file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "12345678");
  ASSERT_TRUE(Safetensors::parse(bytes, "f"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Safetensors::parse(std::string_view(bytes).substr(0, size), "f")) << size;
  }
}

}  // namespace
}  // namespace handsel::models
